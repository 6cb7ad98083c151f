"""A ledger that fails now and then: an error at COMMIT is unknown, and nothing hangs on it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import event

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.reconcile import recover
from content_queue.models import Channel
from content_queue.outcomes import Pending, Receipt
from content_queue.ports import Limit
from content_queue.states import DeliveryState
from content_queue.store import LedgerError
from content_queue.store import attempts as ledger
from content_queue.store.attempts import Ended
from content_queue.store.engine import open_ledger
from content_queue.store.tables import attempts, deliveries
from content_queue.store.writer import InlineWriter
from tests.content_queue.world import DUE, World, a_post

T = TypeVar("T")
CHANNELS = ("k0", "k1", "k2")


class FailingLedger:
    """Fails one commit, though `durable` may be all the same; the others go through."""

    def __init__(self, world: World, *, at: int, durable: bool) -> None:
        self._inner, self._left, self._durable = world.ledger, at, durable

    async def run(self, change: Callable[[Any], T]) -> T:
        self._left -= 1
        if self._left == 0:
            if self._durable:
                await self._inner.run(change)
            raise LedgerError("COMMIT", {}, Exception("disk I/O error"))
        return await self._inner.run(change)

    async def read(self, query: Callable[[Any], T]) -> T:
        return await self._inner.read(query)


async def deliver(world: World, *, at: int, durable: bool) -> None:
    """Let what is due go out as the daemon does, while the ledger fails at its `at`-th change."""
    object.__setattr__(world.works, "ledger", FailingLedger(world, at=at, durable=durable))
    for _ring in range(3):
        try:
            await Dispatch(world.works).send(await claim(world.works))
        except LedgerError:  # as the daemon: it is in the log, and the next ring comes
            world.clock.at += timedelta(seconds=1)
        await recover(world.works)
        world.clock.at += timedelta(seconds=6)


#: Claim, staging of three, intents, receipts.
@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("at", range(1, 8))
async def test_a_commit_that_fails_leaves_nothing_behind_and_no_question(
    world: World, at: int, *, durable: bool
) -> None:
    """Each delivery goes out once all the same, whichever commit failed and whether it was durable."""
    world.plan(a_post(channels=CHANNELS))
    world.approve("B0001-2026")
    world.clock.at = DUE
    await deliver(world, at=at, durable=durable)

    assert sorted(name for name, _text, _staged in world.platform.published) == list(CHANNELS)
    assert world.rows(deliveries, "state") == [("published",)] * 3
    assert world.works.hands == {}


@pytest.mark.parametrize("durable", [False, True])
async def test_how_far_a_call_came_is_kept_though_the_disk_was_full(world: World, *, durable: bool) -> None:
    """What the platform accepted is asked for again, not handed in again."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers = [Pending({"token": "a"}), Receipt("1")]
    world.clock.at = DUE
    await deliver(world, at=4, durable=durable)

    assert [staged for _name, _text, staged in world.platform.published] == [{"on": "k0"}, {"token": "a"}]
    assert world.rows(deliveries, "state", "remote_id") == [("published", "1")]


async def test_one_that_fails_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others of a burst end as they should, and what failed is tried again."""
    world.plan(a_post(channels=("k0", "k1")))
    world.approve("B0001-2026")
    world.clock.at = DUE
    claimed = await claim(world.works)

    def mistaken(channel: Channel) -> Sequence[Limit]:
        return {"k1": ()}[channel.name]

    with monkeypatch.context() as wrong:
        wrong.setattr(world.platform, "limits", mistaken)
        with pytest.raises(KeyError):
            await Dispatch(world.works).send(claimed)
    assert world.rows(deliveries, "state") == [("publishing",), ("published",)]

    assert await recover(world.works) == (1, 0)
    await Dispatch(world.works).send(await claim(world.works))
    assert world.rows(deliveries, "state") == [("published",)] * 2


async def test_an_end_written_twice_ends_no_later_attempt(world: World) -> None:
    """The first writing was durable after all, and the delivery has been taken again since."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    ended = Ended(1, 1, "not_sent", DUE, DeliveryState.RETRYING, DUE, "chưa gửi được")
    for _attempt in range(2):
        claimed = await claim(world.works)
        world.do(ledger.intend, claimed, world.clock.at)
        world.do(ledger.record, [ended])
        world.clock.at += timedelta(seconds=1)

    assert world.rows(attempts, "number", "outcome") == [(1, "not_sent"), (2, None)]
    assert world.rows(deliveries, "state") == [("publishing",)]


async def test_an_intent_taken_back_twice_takes_back_no_later_one(world: World) -> None:
    """The same of the taking back."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    for _attempt in range(2):
        claimed = await claim(world.works)
        world.do(ledger.intend, claimed, world.clock.at)
        world.do(ledger.unsend, [1], begun=DUE, ready_at=DUE)
        world.clock.at += timedelta(seconds=1)

    assert world.rows(attempts, "number", "outcome") == [(1, "not_sent"), (2, None)]
    assert world.rows(deliveries, "state") == [("publishing",)]


def test_a_ledger_that_cannot_begin_fails_like_any_other(tmp_path: Path) -> None:
    """Law: whoever mends a failed commit hears of a failed BEGIN too."""
    address = f"sqlite:///{tmp_path / 'loa.db'}"
    engine, other = open_ledger(address), open_ledger(address)
    event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA busy_timeout=0"))
    engine.dispose()  # the next connection does not wait

    with other.begin(), pytest.raises(LedgerError):
        InlineWriter(engine).run_now(lambda _connection: None)

    engine.dispose()
    other.dispose()
