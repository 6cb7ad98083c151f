"""A wall clock that jumps: back, nothing leaves again; far ahead, a person is asked."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.jumps import FAR, ClockWatch, Moment, step
from content_queue.store import holds, notices
from content_queue.store.holds import active_holds, end_hold
from content_queue.store.tables import attempts, deliveries
from tests.content_queue.world import DUE, NOW, HandClock, World, a_post, a_world

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class SetClock(HandClock):
    """A clock whose hands somebody may set; the steady seconds do not notice."""

    set_by = timedelta(0)

    def monotonic(self) -> float:
        return super().monotonic() - self.set_by.total_seconds()

    def jump(self, by: timedelta) -> None:
        self.at += by
        self.set_by += by


@pytest.mark.parametrize(
    ("wall", "steady", "moved"),
    [
        pytest.param(HOUR, HOUR, timedelta(0), id="time passed"),
        pytest.param(9 * HOUR, 9 * HOUR, timedelta(0), id="a suspended machine"),
        pytest.param(MINUTE * 1.001, MINUTE, MINUTE * 0.001, id="small step"),
        pytest.param(3 * HOUR, MINUTE, 3 * HOUR - MINUTE, id="set ahead"),
        pytest.param(MINUTE - 3 * HOUR, MINUTE, -3 * HOUR, id="set back"),
    ],
)  # fmt: skip
def test_how_far_the_clock_moved_by_itself(wall: timedelta, steady: timedelta, moved: timedelta) -> None:
    """The wall's way minus the steady one's."""
    assert step(Moment(NOW, 5.0), Moment(NOW + wall, 5.0 + steady.total_seconds())) == moved


@pytest.fixture
def hands() -> SetClock:
    return SetClock()


@pytest.fixture
def world(tmp_path: Path, hands: SetClock) -> World:
    made = a_world(tmp_path)
    return World(replace(made.works, clock=hands), made.ledger, hands, made.platform)


async def ring(world: World, watch: ClockWatch) -> None:
    """Do what the daemon does when its alarm rings."""
    if await watch.look():
        await Dispatch(world.works).send(await claim(world.works))


def states(world: World) -> list[str]:
    return [state for (state,) in world.rows(deliveries, "state")]


def told(world: World) -> list[str]:
    return [notice.message for notice in world.look(notices.untold)]


def plan(world: World, *dues: datetime) -> None:
    for number, due in enumerate(dues):
        world.plan(a_post(f"B{number}", due=due, channels=(f"k{number}",)))
        world.approve(f"B{number}-2026")


@pytest.mark.parametrize("back", [timedelta(seconds=30), MINUTE * 59, 3 * HOUR, timedelta(days=40)])
async def test_a_clock_set_back_sends_nothing_again(world: World, hands: SetClock, back: timedelta) -> None:
    """The due second comes a second time; the ledger knows that it has left."""
    plan(world, DUE)
    watch = ClockWatch(world.works)
    hands.at = DUE
    await ring(world, watch)
    hands.jump(-back)
    for _look in range(5):
        await ring(world, watch)
        hands.at += back / 4
    assert (states(world), len(world.platform.published)) == (["published"], 1)
    assert world.rows(attempts, "number") == [(1,)]
    spans = {3 * HOUR: "3 giờ 0 phút", timedelta(days=40): "960 giờ 0 phút"}
    words = [f"vừa lùi lại {spans[back]}."] if back in spans else []
    assert [word in text for word, text in zip(words, told(world), strict=True)] == [True] * len(words)


async def test_a_clock_set_far_ahead_pauses_everything_and_tells_people(
    world: World, hands: SetClock
) -> None:
    """What is due by it stays as it is, neither sent nor missed nor held; who and why stands in the hold."""
    plan(world, DUE, DUE + 30 * HOUR)
    watch = ClockWatch(world.works)
    hands.jump(5 * HOUR)
    for _look in range(3):
        await ring(world, watch)
        hands.at += MINUTE
    [stop] = world.look(active_holds)
    assert (stop.person, stop.scope, stop.reason) == (
        "loa", {}, "đồng hồ máy chủ vừa nhảy tới trước 5 giờ 0 phút"
    )  # fmt: skip
    assert (states(world), world.platform.published, watch.trusted) == (["scheduled"] * 2, [], False)
    assert [f"/tiep_tuc {stop.id}" in text for text in told(world)] == [True]


async def test_a_clock_put_right_again_goes_on_where_it_was(world: World, hands: SetClock) -> None:
    """After a person let it go on: nothing was lost by the wrong time."""
    plan(world, DUE)
    watch = ClockWatch(world.works)
    hands.jump(5 * HOUR)
    await ring(world, watch)
    hands.jump(-5 * HOUR)
    hands.at = DUE
    await ring(world, watch)
    waiting = states(world)
    world.do(end_hold, 1, person="Võ Văn Quản", way="cli", now=hands.at)
    await ring(world, watch)
    assert (waiting, states(world)) == (["scheduled"], ["published"])


async def test_a_clock_that_was_right_goes_on_by_the_rule_of_windows(world: World, hands: SetClock) -> None:
    """What is still useful leaves, what is not is missed and asked about."""
    plan(world, DUE, DUE + 3 * HOUR)
    watch = ClockWatch(world.works)
    hands.jump(5 * HOUR)
    await ring(world, watch)
    world.do(end_hold, 1, person="Võ Văn Quản", way="cli", now=hands.at)
    await ring(world, watch)
    assert states(world) == ["missed", "published"]


async def test_people_hear_again_of_a_pause_that_nobody_ends(world: World, hands: SetClock) -> None:
    """With how much waits; not at each look, and no more when it has ended."""
    world.plan(a_post(channels=("k0", "k1", "k2")))
    world.approve("B0001-2026")
    watch = ClockWatch(world.works)
    hands.jump(5 * HOUR)
    heard = []
    for _look in range(6):
        await watch.look()
        heard.append(len(world.look(notices.untold)))
        hands.at += HOUR
    world.do(end_hold, 1, person="Lãnh", way="cli", now=hands.at)
    hands.at += 3 * HOUR
    await watch.look()
    told = [notice.message for notice in world.look(notices.untold)]

    assert heard == [1, 1, 2, 2, 3, 3]
    assert len(told) == 3
    assert "3 lượt đăng đã đến giờ mà chưa lên" in told[-1]


async def test_a_pause_outlives_the_daemon(world: World, hands: SetClock) -> None:
    """A restart is no way round it, and pauses nothing twice."""
    plan(world, DUE)
    hands.at = DUE
    before = ClockWatch(world.works)
    hands.jump(FAR + MINUTE)
    await ring(world, before)
    await ring(world, ClockWatch(world.works))
    assert (states(world), len(world.look(active_holds))) == (["scheduled"], 1)


@pytest.mark.parametrize("wrong", [timedelta(0), timedelta(seconds=2), FAR])
async def test_downtime_suspension_and_small_steps_pause_nothing(
    world: World, hands: SetClock, wrong: timedelta
) -> None:
    """Ten hours pass on both clocks; an hour more is the most that is let pass."""
    plan(world, DUE)
    watch = ClockWatch(world.works)
    hands.at += 10 * HOUR
    hands.jump(wrong)
    await ring(world, watch)
    assert (world.look(active_holds), states(world)) == ([], ["missed"])


async def test_a_jump_that_could_not_be_written_down_is_seen_again(
    world: World, hands: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not make the daemon believe a wrong clock."""
    plan(world, DUE)
    watch = ClockWatch(world.works)
    hands.jump(5 * HOUR)

    async def full(_change: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(type(world.ledger), "run", lambda _self, change: full(change))
        with pytest.raises(OSError, match="disk full"):
            await ring(world, watch)
    await ring(world, watch)
    assert (len(world.look(active_holds)), states(world)) == (1, ["scheduled"])
    assert world.look(holds.own_pause)
