"""Limits and refusals are kept per key: who is throttled holds up nobody else of the same platform."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.pace import window
from content_queue.delivery.plan import plan_seconds
from content_queue.delivery.prepare import prepare
from content_queue.delivery.reconcile import reconcile
from content_queue.models import Attempt, Channel, Payload
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    Receipt,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from content_queue.store.tables import attempts, deliveries
from tests.content_queue.world import DUE, World, a_post, a_world


def two_bots(world: World, *, slow: int, quick: int, per_second: int = 0) -> None:
    """Give the first channels to a bot of so many messages a second, the others to one without limit."""
    keys = ["slow"] * slow + ["quick"] * quick
    counts = {"slow": per_second, "quick": 0}
    world.platform.windows_of = {f"k{n}": [Limit(key, counts[key])] for n, key in enumerate(keys)}
    world.plan(a_post(channels=[f"k{n}" for n in range(slow + quick)]))
    world.approve("B0001-2026")


async def deliver(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


def bots_called(world: World) -> list[str]:
    return [world.platform.windows_of[name][0].key for name, _text, _staged in world.platform.published]


@pytest.fixture
def wide(tmp_path: Any) -> Any:
    world = a_world(tmp_path, channels=500)
    yield world
    world.ledger.close()


async def test_hundreds_that_wait_for_one_bot_hold_no_lane_and_no_intent_of_another(wide: World) -> None:
    """450 of a bot with one message a second: the other bot's twenty are gone before its second one."""
    two_bots(wide, slow=450, quick=20, per_second=1)
    wide.clock.at = DUE
    await deliver(wide)

    called = bots_called(wide)
    assert Counter(called[:21]) == {"quick": 20, "slow": 1}
    assert Counter(called) == {"slow": len(called) - 20, "quick": 20}


async def test_a_refusal_of_one_bot_stops_that_bot_and_no_other(wide: World) -> None:
    """One 429: no call more of that bot until its wait is over, then all; the other bot's go on."""
    two_bots(wide, slow=100, quick=100)
    wide.platform.answers = [NotSentError("429", retry_after=timedelta(seconds=60), key="slow")]
    wide.clock.at = DUE
    await deliver(wide)
    first = Counter(bots_called(wide))
    states = Counter(state for (state,) in wide.rows(deliveries, "state"))
    wide.clock.at += timedelta(seconds=60)
    await deliver(wide)

    assert (first, states) == ({"slow": 1, "quick": 100}, {"retrying": 100, "published": 100})
    assert Counter(bots_called(wide)) == {"slow": 101, "quick": 100}
    assert Counter(state for (state,) in wide.rows(deliveries, "state")) == {"published": 200}


async def test_limits_hold_where_a_disk_is_slow_to_commit_intents(wide: World) -> None:
    """What got its turn long ago and leaves only now counts from now."""
    two_bots(wide, slow=12, quick=0, per_second=3)
    run, begun = wide.ledger.run, list[float]()

    async def slow(change: Any) -> Any:
        await wide.clock.sleep(2.5 if len(begun) < 6 else 0.0)
        return await run(change)

    async def publish(channel: Channel, payload: Payload, staged: Staged) -> Receipt:
        begun.append(wide.clock.monotonic())
        return Receipt("1")

    wide.platform.publish = publish  # type: ignore[method-assign]
    wide.clock.at = DUE - timedelta(minutes=20)
    await prepare(wide.works)
    wide.clock.at = DUE
    claimed = await claim(wide.works)
    wide.ledger.run = slow  # type: ignore[method-assign]
    await Dispatch(wide.works).send(claimed)

    assert len(begun) == 12
    assert all(later - earlier >= 1.0 for earlier, later in zip(begun, begun[3:], strict=False))


async def test_what_must_wait_longer_than_it_is_useful_is_told_at_once(world: World) -> None:
    """A platform that asks for a wait beyond the window makes people be asked now, not then."""
    two_bots(world, slow=1, quick=0)
    world.works.pacer.stop("slow", timedelta(hours=9))
    world.clock.at = DUE
    await deliver(world)

    assert (world.platform.published, world.rows(deliveries, "state")) == ([], [("missed",)])
    assert world.rows(attempts, "number") == []


async def test_staging_for_a_throttled_key_is_left_until_its_wait_is_over(wide: World) -> None:
    """And others are staged meanwhile."""
    two_bots(wide, slow=3, quick=3)
    wide.clock.at = DUE - timedelta(minutes=20)
    wide.works.pacer.stop("slow", timedelta(seconds=60))
    await prepare(wide.works)
    meanwhile = list(wide.platform.staged)
    wide.clock.at += timedelta(seconds=61)
    await prepare(wide.works)

    assert (meanwhile, wide.platform.staged) == (["k3", "k4", "k5"], ["k3", "k4", "k5", "k0", "k1", "k2"])


async def test_of_those_due_together_the_first_of_the_list_of_channels_goes_first(world: World) -> None:
    """The order of the list is the order of priority, whatever order the deliveries were made in."""
    world.platform.windows = [Limit("bot", 1)]
    world.plan(a_post(channels=("k0", "k1", "k2")))
    world.approve("B0001-2026")
    listed = {name: world.works.channels[name] for name in ("k2", "k0", "k1")}
    world.works = replace(world.works, channels=listed)
    await plan_seconds(world.works)
    planned = dict(world.rows(deliveries, "channel", "planned"))
    world.clock.at = max(planned.values())
    await deliver(world)

    assert sorted(planned, key=lambda name: planned[name]) == ["k2", "k0", "k1"]
    assert [name for name, _text, _staged in world.platform.published] == ["k2", "k0", "k1"]


async def test_several_posts_of_one_second_leave_no_window_half_empty(wide: World) -> None:
    """First every channel's first post, then the second ones: the chats wait for their second together."""
    names = [f"k{n}" for n in range(20)]
    wide.platform.windows_of = {name: [Limit(name, 1), Limit("bot", 30)] for name in names}
    codes = [f"B000{number}" for number in range(1, 6)]
    wide.plan(*(a_post(code, channels=names) for code in codes))
    for code in codes:
        wide.approve(f"{code}-2026")
    await plan_seconds(wide.works)
    seconds = Counter(planned for (planned,) in wide.rows(deliveries, "planned"))

    assert seconds == {DUE + number * window(Limit("bot", 30)): 20 for number in range(5)}


async def test_a_look_that_was_throttled_is_made_when_its_wait_is_over(world: World) -> None:
    """To ask sooner would prolong it."""
    await lose(world, "k0")
    world.works.pacer.stop("told", timedelta(hours=1))
    world.platform.windows = [Limit("told", 0)]
    await reconcile(world.works)

    assert [at - world.clock.at for (at,) in world.rows(deliveries, "ready_at")] == [timedelta(hours=1)]


async def test_a_channel_that_is_slow_to_read_back_holds_up_no_other(world: World) -> None:
    """Read-backs of one channel go one after another, those of all channels beside each other."""
    await lose(world, "k0", "k1")
    asked: list[str] = []

    async def find(channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        asked.append(channel.name)
        await world.clock.sleep(30 if channel.name == "k0" else 0)
        asked.append(f"{channel.name} answers")
        return Found(Receipt("1"))

    world.platform.find = find  # type: ignore[method-assign]
    await reconcile(world.works)

    assert asked == ["k0", "k1", "k1 answers", "k0 answers"]


async def lose(world: World, *channels: str) -> None:
    """Send to channels and get no answer; its time to settle is over."""
    world.plan(a_post(channels=channels))
    world.approve("B0001-2026")
    world.platform.answers = [UnknownOutcomeError("x") for _channel in channels]
    world.clock.at = DUE
    await deliver(world)
    world.clock.at += timedelta(seconds=301)


async def test_polls_of_what_finishes_later_are_inside_the_limits(world: World) -> None:
    """Three calls of one key that may be called once a second begin three seconds, not one, apart."""
    begun: list[float] = []

    async def publish(channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        begun.append(world.clock.monotonic())
        polls = int(staged.data.get("polls", 0))
        return Receipt("1") if polls == 2 else Pending({"polls": polls + 1}, timedelta(seconds=0))

    world.platform.publish = publish  # type: ignore[method-assign]
    limits: Sequence[Limit] = [Limit("oa", 1, every=True)]
    world.platform.windows = limits
    world.plan(a_post(channels=("k0", "k1")))
    world.approve("B0001-2026")
    world.clock.at = DUE - timedelta(minutes=20)
    await prepare(world.works)
    world.clock.at = DUE
    await deliver(world)

    assert len(begun) == 6
    assert all(later - earlier >= 1.02 for earlier, later in pairwise(begun))
