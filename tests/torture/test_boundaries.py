"""The process dies at every boundary, once, and again at every boundary of what follows."""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from content_queue.delivery.works import Works
from content_queue.states import DeliveryState
from content_queue.store.tables import attempts, deliveries
from tests.torture.life import CHANNELS, Lives, all_lives

Record = Callable[[str, object], None]


def test_dying_once_anywhere_doubles_nothing_and_loses_nothing(
    tmp_path: Path, record_property: Record
) -> None:
    """Every commit and every call, before and after."""
    ways = list(all_lives(tmp_path, pairs=False))
    record_property("table", summed("dying once", ways))

    assert [each for each in ways if each.fate.doubles or each.fate.lost] == []
    assert len(ways) > 40
    assert max(each.fate.asked for each in ways) == 1  # the one that cannot be read back


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_dying_again_while_recovering_changes_nothing_of_that(
    tmp_path: Path, record_property: Record
) -> None:
    """Every boundary of the second life, for each of the first."""
    bad, count = [], 0
    for each in all_lives(tmp_path, pairs=True):
        count += 1
        bad += [each] if each.fate.doubles or each.fate.lost else []
    record_property("table", f"dying twice: {count} ways, {len(bad)} bad")

    assert bad == []
    assert count > 1000


def test_a_recovery_that_sends_again_blindly_is_caught(tmp_path: Path) -> None:
    """A sweep that cannot fail proves nothing."""

    async def blindly(works: Works) -> None:
        published = deliveries.c.state == DeliveryState.PUBLISHING
        again = update(deliveries).where(published).values(state=DeliveryState.SCHEDULED)
        forgotten = update(attempts).where(attempts.c.ended_at.is_(None)).values(ended_at=works.clock.now())
        for change in (again, forgotten):
            await works.ledger.run(lambda connection, change=change: connection.execute(change))  # type: ignore[misc]

    with closing(all_lives(tmp_path, pairs=False, recovering=blindly)) as ways:
        assert any(each.fate.doubles for each in ways)


def summed(what: str, ways: Iterable[Lives]) -> str:
    """Return one line of the table."""
    fates = [each.fate for each in ways]
    names = ("doubles", "lost", "asked", "published")
    told = ", ".join(f"{sum(getattr(fate, name) for fate in fates)} {name}" for name in names)
    return f"{what}: {len(fates)} ways, {len(fates) * len(CHANNELS)} deliveries: {told}"
