"""A wait that a platform asks for outlives the daemon, and people can see until when it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.pacer import Pacer
from content_queue.delivery.pauses import note_pause, paused_until, pauses, resume
from content_queue.outcomes import NotSentError
from content_queue.ports import Limit
from content_queue.store import Connection
from tests.content_queue.world import DUE, NOW, World, a_post, a_world

HALF = timedelta(minutes=30)
PAGE = (Limit("page", 0), Limit("app", 0))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path)
    yield made
    made.ledger.close()


@pytest.mark.parametrize(("wait", "kept"), [(HALF, {"page": DUE + HALF}), (timedelta(seconds=30), {})])
async def test_a_long_wait_is_kept_and_a_short_one_is_not(
    world: World, wait: timedelta, kept: dict[str, object]
) -> None:
    """Law: what is over before anybody looks costs no commit."""
    world.platform.windows = PAGE
    world.platform.answers = [NotSentError("chờ", retry_after=wait, key="page")]
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    await Dispatch(world.works).send(await claim(world.works))
    assert world.look(pauses) == kept


async def test_the_next_daemon_waits_on(world: World) -> None:
    """Law: a restart is no way round a wait; calls made in it would prolong it."""
    world.do(note_pause, key="app", until=NOW + HALF, now=NOW)
    pacer = Pacer(world.clock)
    resume(pacer, world.look(pauses), world.clock.at)
    with pytest.raises(NotSentError) as refused:
        pacer.heed(PAGE)
    assert (refused.value.retry_after, refused.value.key) == (HALF, "app")

    world.clock.at = NOW + HALF
    later = Pacer(world.clock)
    resume(later, world.look(pauses), world.clock.at)
    later.heed(PAGE)


def test_the_longest_wait_counts_and_what_is_over_is_forgotten(world: World) -> None:
    """Law: people see when a channel goes on, not when the first of its waits ends."""

    def noted(connection: Connection) -> None:
        note_pause(connection, key="page", until=NOW + HALF, now=NOW)
        note_pause(connection, key="page", until=NOW + HALF / 2, now=NOW)
        note_pause(connection, key="app", until=NOW + 2 * HALF, now=NOW)

    world.do(noted)
    kept = world.look(pauses)
    assert paused_until(kept, PAGE, NOW) == NOW + 2 * HALF
    assert paused_until(kept, PAGE[:1], NOW) == NOW + HALF
    assert paused_until(kept, PAGE[:1], NOW + HALF) is None
    world.do(note_pause, key="oa", until=NOW + 3 * HALF, now=NOW + 2 * HALF)
    assert world.look(pauses).keys() == {"oa"}
