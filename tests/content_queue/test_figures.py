"""Numbers of the channels themselves: once a night, with their source, or with the reason why not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from content_queue.delivery.decide import OFFICE_ZONE, Rules, figures_time
from content_queue.delivery.figures import AGAIN, read_figures
from content_queue.outcomes import ChannelClosedError, NotSentError, Reading, UnknownOutcomeError
from content_queue.store.figures import Figure, figures_of, keep_figures, newest_figures, planned_figures
from tests.content_queue.world import NOW, World, a_world

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path, channels=1)
    yield made
    made.ledger.close()


async def nights(world: World, count: int) -> None:
    """Let so many nights pass, with a look every ten minutes as the daemon has it."""
    end = world.clock.at + DAY * count
    while world.clock.at < end:
        await read_figures(world.works)
        world.clock.at += timedelta(minutes=10)


def told(world: World) -> list[tuple[int | None, str | None]]:
    return [(figure.value, figure.reason) for figure in world.look(figures_of, "k0")]


async def test_each_channel_is_read_once_a_night_at_its_own_moment(tmp_path: Path) -> None:
    """Spread from one to five; a new office is not read all at once."""
    world = a_world(tmp_path, channels=120)
    assert await read_figures(world.works) == 0
    await nights(world, 2)
    for name in world.works.channels:
        figures = world.look(figures_of, name)
        assert [(one.metric, one.value, one.source, one.reason) for one in figures] == [
            ("followers", 7, "test", None)
        ] * 2
        assert {one.read_at.astimezone(OFFICE_ZONE).hour for one in figures} <= {1, 2, 3, 4, 5}
    moments = {world.look(planned_figures)[name] for name in world.works.channels}
    assert len(moments) == 120
    world.ledger.close()


async def test_what_was_missed_is_read_when_the_daemon_is_back(world: World) -> None:
    """Once, not once for every night that it was away."""
    await read_figures(world.works)
    world.clock.at += 5 * DAY
    assert [await read_figures(world.works), await read_figures(world.works)] == [1, 0]
    assert told(world) == [(7, None)]


@pytest.mark.parametrize("error", [NotSentError("bận"), UnknownOutcomeError("không rõ")])
async def test_what_cannot_be_read_is_asked_again_and_then_its_reason_is_kept(
    world: World, error: Exception
) -> None:
    """A number of another hour is better than none; a day without one says why."""
    world.platform.figured = [error, error, [Reading("followers", 9, "test")]]
    await nights(world, 1)
    assert told(world) == [(9, None)]
    world.platform.figured = [error] * 1000
    await nights(world, 2)
    assert told(world)[1:] == [(None, str(error))]
    assert 1000 - len(world.platform.figured) < 2 * DAY / AGAIN + 2


async def test_the_wait_that_a_platform_asks_for_is_kept(world: World) -> None:
    """Nobody is asked before."""
    await read_figures(world.works)
    world.platform.figured = [NotSentError("chờ", retry_after=timedelta(hours=3))]
    [at] = world.look(planned_figures).values()
    world.clock.at = at
    await read_figures(world.works)
    assert world.look(planned_figures) == {"k0": at + timedelta(hours=3)}


async def test_a_closed_channel_says_so_once_a_night(world: World) -> None:
    """Its reason stands where its number would, and it is not asked all day."""
    world.platform.figured = [ChannelClosedError("đã đóng")] * 9
    await nights(world, 2)
    assert told(world) == [(None, "đã đóng")] * 2
    [newest] = world.look(newest_figures)
    expected = Figure("k0", "telegram", "figures", None, "đã đóng", newest.read_at, "telegram")
    assert newest == expected


@pytest.mark.parametrize("mode", ["off", "assisted"])
async def test_only_channels_that_loa_speaks_for_are_asked(world: World, mode: str) -> None:
    """Nobody gave us a key to the others."""
    channel = replace(world.works.channels["k0"], mode=mode)
    world = replace(world, works=replace(world.works, channels={"k0": channel}, paced=None))
    await nights(world, 2)
    assert (told(world), world.look(planned_figures)) == ([], {})


def test_the_next_moment_is_in_the_next_night() -> None:
    """Today's if it is still to come; always the same for a channel."""
    rules = Rules()
    for hours in range(48):
        now = NOW + timedelta(hours=hours)
        at = figures_time("k0", now, rules)
        assert now < at <= now + DAY
        assert rules.night[0] <= at.astimezone(OFFICE_ZONE).time() < rules.night[1]
        assert at.time() == figures_time("k0", NOW, rules).time()


def test_of_each_number_the_newest_is_shown(world: World) -> None:
    """However many nights there were."""

    def keep(value: int, at: datetime) -> None:
        readings = [Reading("followers", value, "a"), Reading("page_reach", value * 2, "b")]
        world.do(keep_figures, world.works.channels["k0"], readings, now=at)

    keep(1, NOW)
    keep(2, NOW + DAY)
    assert [(one.metric, one.value) for one in world.look(newest_figures)] == [
        ("followers", 2),
        ("page_reach", 4),
    ]
