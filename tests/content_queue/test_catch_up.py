"""After an outage, late posts leave a channel one by one; windows, order and other channels stand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from content_queue.delivery.catch_up import must_wait
from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.models import Delivery
from content_queue.states import DeliveryState
from content_queue.store import deliveries, notices
from content_queue.store.tables import deliveries as table
from tests.content_queue.world import DUE, WINDOW, World, a_post

MINUTE = timedelta(minutes=1)
NOW = DUE + 10 * MINUTE
BASE = Delivery(
    1, "P", "k0", "telegram", "vi", DeliveryState.SCHEDULED, DUE, DUE, DUE + WINDOW, "x", 0, None, None, None,
    None, None, None,
)  # fmt: skip


def late(number: int, channel: str = "k0", *, by: timedelta = 10 * MINUTE) -> Delivery:
    return replace(BASE, id=number, channel=channel, planned=NOW - by)


@pytest.mark.parametrize(
    ("going", "last", "waits"),
    [
        pytest.param([late(1)], {}, {}, id="a single one goes at once"),
        pytest.param([late(1), late(2), late(3)], {}, {2: 60, 3: 60}, id="of three one goes"),
        pytest.param([late(1), late(2, "k1")], {}, {}, id="channels do not wait for each other"),
        pytest.param([late(1), late(2, by=20 * MINUTE)], {}, {1: 60}, id="the earliest planned goes first"),
        pytest.param([late(7), late(3)], {}, {3: 60}, id="of one second whichever stands first"),
        pytest.param([late(1, by=MINUTE), late(2, by=MINUTE)], {}, {}, id="a minute is not late yet"),
        pytest.param([late(1), late(2, by=timedelta(0))], {}, {}, id="what is on time waits for nobody"),
        pytest.param([late(1)], {"k0": 955.0}, {1: 15}, id="the rest of the time since the last one"),
        pytest.param([late(1)], {"k0": 940.0 + 1e-9}, {1: 1}, id="never so short a time that it is none"),
        pytest.param([late(1), late(2)], {"k0": 940.0}, {2: 60}, id="a minute after the last one goes"),
        pytest.param([late(1)], {"k1": 999.0}, {}, id="another channel's last one is no matter"),
    ],
)
def test_who_waits_and_until_when(
    going: list[Delivery], last: dict[str, float], waits: dict[int, int]
) -> None:
    """One late delivery a channel and a minute."""
    found = must_wait(going, NOW, clock=1000.0, last=last, spacing=MINUTE)
    assert found == {number: NOW + timedelta(seconds=s) for number, s in waits.items()}


def test_no_spacing_lets_all_go() -> None:
    """An office may set it so."""
    assert must_wait([late(1), late(2)], NOW, clock=0.0, last={}, spacing=timedelta(0)) == {}


async def live(world: World, rounds: int) -> list[tuple[str, float]]:
    """Ring whenever something is due; return (text, minutes after the start) of what left."""
    left: list[tuple[str, float]] = []
    for _round in range(rounds):
        at = world.look(deliveries.next_ready)
        if at is None:
            break
        world.clock.at = max(world.clock.at, at)
        before = len(world.platform.published)
        await Dispatch(world.works).send(await claim(world.works))
        minutes = (world.clock.at - NOW) / MINUTE
        left += [(text, minutes) for _channel, text, _data in world.platform.published[before:]]
    return left


def plan(world: World, *minutes: int) -> None:
    """Plan and approve posts that were due so many minutes after the first."""
    for number, minute in enumerate(minutes):
        code = f"B{number}"
        world.plan(a_post(code, due=DUE + minute * MINUTE, text=code))
        world.approve(f"{code}-2026")


async def test_after_an_outage_posts_leave_a_minute_apart_in_the_order_of_their_times(world: World) -> None:
    """Ten minutes away, five posts late; the ledger counts each once."""
    plan(world, 4, 0, 2, 1, 3)
    world.clock.at = NOW
    assert await live(world, 20) == [("B1", 0), ("B3", 1), ("B2", 2), ("B4", 3), ("B0", 4)]
    assert world.rows(table, "state") == [("published",)] * 5


async def test_what_is_on_time_meanwhile_leaves_on_its_second(world: World) -> None:
    """Catching up holds up nothing new."""
    plan(world, 0, 1, 11)
    world.clock.at = NOW
    assert await live(world, 20) == [("B0", 0), ("B1", 1), ("B2", 1)]


async def test_what_fell_out_of_its_window_meanwhile_is_missed_and_told(world: World) -> None:
    """Nobody's window is widened by the waiting; no burst at its end either."""
    plan(world, 0, 0, 0, 30)
    world.clock.at = DUE + WINDOW - MINUTE
    left = await live(world, 20)
    assert [text for text, _minutes in left] == ["B0", "B1", "B3"]
    assert world.rows(table, "state") == [("published",), ("published",), ("missed",), ("published",)]
    assert ["B2-2026" in told.message for told in world.look(notices.untold)] == [True]


async def test_a_daemon_that_starts_again_goes_on_waiting(world: World) -> None:
    """What waits has its time in the ledger; only one more may leave at once."""
    plan(world, 0, 0, 0, 0)
    world.clock.at = NOW
    await Dispatch(world.works).send(await claim(world.works))
    again = replace(world.works, caught_up={}, rules=Rules())
    assert await claim(again) == []


async def test_several_channels_catch_up_side_by_side(world: World) -> None:
    """Each keeps its own minute."""
    world.plan(a_post("B0", channels=("k0", "k1"), text="B0"), a_post("B1", channels=("k0", "k1"), text="B1"))
    for code in ("B0-2026", "B1-2026"):
        world.approve(code)
    world.clock.at = NOW
    assert await live(world, 20) == [("B0", 0), ("B0", 0), ("B1", 1), ("B1", 1)]
