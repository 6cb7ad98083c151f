"""What goes wrong on our own side loses no delivery, sends none twice and hammers no platform."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.measure import measure
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import recover
from content_queue.models import Channel, Payload
from content_queue.outcomes import NotSentError, Pending, Reading, Receipt, RefusedError, Staged
from content_queue.ports import Limit
from content_queue.store import attempts, notices, posts
from content_queue.store import deliveries as ledger
from content_queue.store.audit import Act
from content_queue.store.tables import deliveries, orphans
from tests.content_queue.world import DUE, NOW, WINDOW, World, a_post


async def deliver(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


def approved(world: World, *channels: str) -> None:
    world.plan(a_post(channels=channels))
    world.approve("B0001-2026")


def give_time(world: World, at: datetime) -> None:
    post = world.look(posts.find_post, "B0001-2026")
    act = Act(world.clock.at, "Lãnh", "cli", "new_time", post.id, {})
    world.do(posts.give_time, post, at, window=WINDOW, act=act)


def states(world: World) -> list[str]:
    return [state for (state,) in world.rows(deliveries, "state")]


@pytest.mark.parametrize("why", ["gone", "off"])
async def test_a_channel_taken_off_the_list_gets_nothing_and_people_hear_why(world: World, why: str) -> None:
    """The other channels get theirs; nothing is left hanging."""
    approved(world, "k0", "k1")
    world.clock.at = DUE
    claimed = await claim(world.works)
    channels: dict[str, Any] = world.works.channels  # type: ignore[assignment]
    if why == "gone":
        del channels["k0"]
    else:
        channels["k0"] = replace(channels["k0"], mode="off")
    await Dispatch(world.works).send(claimed)

    assert states(world) == ["failed", "published"]
    assert ["k0" in notice.message for notice in world.look(notices.untold)] == [True]


async def test_what_is_refused_while_it_is_prepared_is_not_asked_again_and_again(world: World) -> None:
    """Once while it is prepared, once at its time: it may have been mended there."""
    approved(world, "k0")
    world.platform.stagings = [RefusedError("ảnh hỏng")] * 9
    world.clock.at = DUE - timedelta(minutes=10)
    for _tick in range(3):
        await prepare(world.works)
        world.clock.at += timedelta(seconds=2)
    asked_before = len(world.platform.staged)
    world.clock.at = DUE
    await deliver(world)

    assert (asked_before, len(world.platform.staged), states(world)) == (1, 2, ["failed"])


async def test_a_platform_that_says_wait_is_left_alone_for_so_long(world: World) -> None:
    """Preparing comes back after the time it was told, not at the next tick."""
    approved(world, "k0")
    world.platform.stagings = [NotSentError("x", retry_after=timedelta(seconds=90))]
    world.clock.at = DUE - timedelta(minutes=10)
    asked = []
    for seconds in (0, 2, 80, 10):
        world.clock.at += timedelta(seconds=seconds)
        await prepare(world.works)
        asked.append(len(world.platform.staged))

    assert asked == [1, 1, 1, 2]


async def test_staging_of_an_old_text_is_not_taken_for_the_new_one(world: World) -> None:
    """Edited and approved again while the old one was still being uploaded."""
    approved(world, "k0")
    world.clock.at = DUE - timedelta(minutes=10)
    stage, going_on, go_on = world.platform.stage, asyncio.Event(), asyncio.Event()
    first = [True]

    async def slow(channel: Channel, payload: Payload, memo: Any) -> Staged | Pending:
        if first:
            first.clear()
            going_on.set()
            await go_on.wait()
            return Staged({"of": "the old text"})
        return await stage(channel, payload, memo)

    world.platform.stage = slow  # type: ignore[method-assign]
    preparing = asyncio.create_task(prepare(world.works))
    await going_on.wait()
    world.plan(a_post(text="Khác"))
    world.approve("B0001-2026")
    world.clock.at = DUE
    await deliver(world)
    go_on.set()
    await preparing

    assert world.platform.published == [("k0", "Khác", {"on": "k0"})]
    assert world.rows(orphans, "staged") == [({"of": "the old text"},)]


async def test_what_the_sweep_is_to_remove_is_no_part_of_what_goes_out(world: World) -> None:
    """Given a new time between two steps of its staging: what the first step made will be gone."""
    approved(world, "k0")
    made: list[str] = []

    async def in_two_steps(channel: Channel, payload: Payload, memo: Any) -> Staged | Pending:
        if memo:
            give_time(world, DUE)
            world.approve("B0001-2026")
            return Staged({"of": memo["part"]})
        made.append(f"h{len(made)}")
        return Pending({"part": made[-1]})

    stage, world.platform.stage = world.platform.stage, in_two_steps  # type: ignore[method-assign]
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)
    world.platform.stage = stage  # type: ignore[method-assign]
    await sweep(world.works)
    world.clock.at = DUE
    await deliver(world)

    assert {data.get("of", data.get("part")) for data in world.platform.discarded} == {"h0"}
    assert [staged for _name, _text, staged in world.platform.published] == [{"on": "k0"}]


async def test_what_was_staged_meanwhile_is_not_staged_again(world: World) -> None:
    """Claimed in the moment in which preparing finished: a second hidden object would stay for ever."""
    approved(world, "k0")
    world.clock.at = DUE
    claimed = await claim(world.works)
    [early] = claimed
    world.do(ledger.save_staged, early, Staged({"on": "k0"}), DUE)
    await Dispatch(world.works).send(claimed)

    assert (world.platform.staged, states(world)) == ([], ["published"])


async def test_what_lies_hidden_for_a_missed_post_is_removed(world: World) -> None:
    """It will go out as staged never more: a new time begins anew."""
    approved(world, "k0")
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)
    world.clock.at = DUE + WINDOW + timedelta(seconds=1)
    await deliver(world)
    await sweep(world.works)

    assert (states(world), world.platform.discarded) == (["missed"], [{"on": "k0"}])


async def test_an_orphan_that_is_refused_does_not_block_the_others(world: World) -> None:
    """What a platform will never remove is not asked for every minute."""
    approved(world, "k0")
    world.clock.at = DUE - timedelta(minutes=10)
    await prepare(world.works)
    world.plan(a_post(text="Khác"))
    tried = []

    async def refuse(channel: Channel, staged: Staged) -> None:
        tried.append(staged.data)
        raise RefusedError("không có quyền")

    world.platform.discard = refuse  # type: ignore[method-assign]
    for _sweep in range(3):
        await sweep(world.works)

    assert tried == [{"on": "k0"}]


async def test_numbers_are_asked_for_again_when_the_platform_said(world: World) -> None:
    """A key that is told to wait for seconds costs its numbers seconds, not a quarter of an hour."""
    approved(world, "k0")
    world.clock.at = DUE
    await deliver(world)
    busy, read = NotSentError("bận", retry_after=timedelta(seconds=9)), world.platform.measure

    async def measure_later(channel: Channel, receipt: Receipt) -> Any:
        world.platform.measure = read  # type: ignore[method-assign]
        raise busy

    world.platform.measure = measure_later  # type: ignore[method-assign]
    [[at]] = world.rows(deliveries, "measure_at")
    world.clock.at = at
    await measure(world.works)
    [[again]] = world.rows(deliveries, "measure_at")
    world.clock.at = again
    await measure(world.works)

    assert again == at + timedelta(seconds=9)
    assert [step for (step,) in world.rows(deliveries, "measure_step")] == [1]


async def test_numbers_that_cannot_be_kept_do_not_make_the_daemon_spin(world: World) -> None:
    """The others are kept, and the alarm does not stand in the past."""
    approved(world, "k0", "k1")
    world.clock.at = DUE
    await deliver(world)

    async def read(channel: Channel, receipt: Receipt) -> list[Reading]:
        value: Any = object() if channel.name == "k0" else 12
        return [Reading("views", value, "test")]

    world.platform.measure = read  # type: ignore[method-assign]
    world.clock.at = DUE + timedelta(hours=2)
    await measure(world.works)

    assert world.look(ledger.next_measure) > world.clock.at
    assert world.rows(deliveries, "measure_step") == [(0,), (1,)]


def test_the_alarm_stands_at_nothing_that_is_not_read(world: World) -> None:
    """Numbers of what was taken back are not read: its time must not ring for ever."""
    approved(world, "k0")
    values = {"state": "retracted", "measure_at": NOW}
    world.do(lambda c: c.execute(deliveries.update().values(**values)))

    assert world.look(ledger.next_measure) is None


@pytest.mark.parametrize("query", [ledger.next_ready, ledger.next_measure, ledger.ready, ledger.to_prepare])
def test_an_idle_daemon_reads_no_whole_ledger(world: World, query: Callable[..., Any]) -> None:
    """What is asked every two seconds goes by the small indexes, however long the ledger is."""
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        driver = connection.connection.driver_connection
        plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(world.ledger._engine, "before_cursor_execute", explain)
    world.look(query, *([DUE] if query in (ledger.ready, ledger.to_prepare) else []))

    assert ["ix_deliveries_" in step for step in plans if "deliveries" in step] == [True]


def test_a_person_cannot_move_what_is_under_way(world: World) -> None:
    """Its request has left; a second one would publish twice."""
    approved(world, "k0")
    moved: list[int] = []
    post = world.look(posts.find_post, "B0001-2026")

    def give_time() -> Receipt:
        act = Act(DUE, "Lãnh", "cli", "new_time", post.id, {})
        moved.append(world.do(posts.give_time, post, DUE + timedelta(hours=1), window=WINDOW, act=act))
        return Receipt("1")

    world.platform.answers = [give_time]
    world.clock.at = DUE
    asyncio.run(deliver(world))

    assert (moved, states(world)) == ([0], ["published"])


async def test_an_ending_daemon_lets_nothing_more_leave_and_keeps_what_has_left(world: World) -> None:
    """What waits for its turn is let go, so that nobody is asked about what never left."""
    world.platform.windows = [Limit("bot", 1, timedelta(minutes=1))]
    approved(world, "k0", "k1", "k2")
    world.clock.at = DUE
    dispatch = Dispatch(world.works)
    sending = asyncio.create_task(dispatch.send(await claim(world.works)))
    await world.clock.sleep(1)
    await dispatch.finish()
    await sending
    await recover(world.works)

    assert sorted(states(world)) == ["published", "scheduled", "scheduled"]
    assert len(world.platform.published) == 1


@pytest.mark.parametrize(
    ("back", "again"), [(timedelta(0), timedelta(seconds=1)), (timedelta(hours=1), timedelta(0))]
)
async def test_an_intent_taken_back_is_tried_again_at_a_moment_with_a_zone(
    world: World, back: timedelta, again: timedelta
) -> None:
    """Not before its time, also where the clock was set back meanwhile."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    [claimed] = await claim(world.works)
    wanted = DUE - back + timedelta(seconds=1)
    world.do(attempts.unsend, [claimed.delivery.id], begun=DUE, ready_at=wanted)

    assert world.look(ledger.next_ready) == DUE + again
