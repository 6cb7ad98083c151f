"""The process dies at every boundary, once, and again at boundaries of what follows."""

from collections import Counter
from unittest.mock import patch

import pytest
from sqlalchemy import update

from content_queue.delivery import intents
from content_queue.delivery.works import Works
from content_queue.states import DeliveryState
from content_queue.store.tables import attempts, deliveries
from tests.torture import life
from tests.torture.mortal import DIE, FAIL, Blow
from tests.torture.people import ACTS
from tests.torture.ways import SECOND, Way, once, twice


@pytest.mark.parametrize("kind", [DIE, FAIL, *ACTS])
def test_whatever_happens_once_anywhere_doubles_nothing_and_loses_nothing(kind: str) -> None:
    """Every commit and every call, before and after."""
    ways = list(once(kind))

    assert _unsound(ways) == []
    assert len(ways) > 50


@pytest.mark.parametrize("first", SECOND)
def test_a_process_that_dies_after_that_changes_nothing_of_it(first: str) -> None:
    """A sample of what `make torture` does at every boundary."""
    ways = list(twice(Blow(first, 30), DIE))

    assert _unsound(ways) == []
    assert Counter(len(way.blows) for way in ways) == {2: len(ways)}
    assert len(ways) > 20


@pytest.mark.parametrize(
    ("first", "second"), [("take back", "correct"), ("correct", "take back"), ("correct", "correct")]
)
def test_people_who_undo_twice_get_what_they_asked_for_last(first: str, second: str) -> None:
    """What goes is not corrected, what is corrected goes, and the last correction stands."""
    ways = list(twice(Blow(first, 43), second))

    assert _unsound(ways) == []
    assert len(ways) > 20


def test_of_dying_once_only_what_cannot_be_read_back_is_asked_about() -> None:
    """Everything else finds out by itself."""
    assert {way.fate.asked for way in once(DIE)} == {0, 1}


async def blindly(works: Works) -> None:
    """Send again whatever was under way."""
    published = deliveries.c.state == DeliveryState.PUBLISHING
    again = update(deliveries).where(published).values(state=DeliveryState.SCHEDULED)
    forgotten = update(attempts).where(attempts.c.ended_at.is_(None)).values(ended_at=works.clock.now())
    for change in (again, forgotten):
        await works.ledger.run(lambda connection, change=change: connection.execute(change))  # type: ignore[misc]


async def carelessly(_works: Works) -> None:
    """Leave what was under way alone."""


def test_a_recovery_that_sends_again_blindly_is_caught() -> None:
    """A sweep that cannot fail proves nothing."""
    assert any(way.fate.doubled for way in once(DIE, recovering=blindly))


def test_a_recovery_that_forgets_is_caught() -> None:
    """A sweep that cannot fail proves nothing."""
    assert any(way.fate.lost for way in once(DIE, recovering=carelessly))


def test_a_missing_last_look_is_caught() -> None:
    """A hold between claim and intent holds; a sweep that cannot fail proves nothing."""
    with patch.object(intents, "settle", lambda _connection, standings, _now: list(standings)):
        assert any(way.fate.defied for way in once("hold"))


def test_a_take_back_that_nobody_does_is_caught() -> None:
    """A sweep that cannot fail proves nothing."""
    with patch.object(life, "retract", carelessly):
        assert any(way.fate.lost for way in once("take back"))


def _unsound(ways: list[Way]) -> list[Way]:
    return [way for way in ways if not way.fate.sound]
