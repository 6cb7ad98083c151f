"""Send what was claimed: intent before the first byte, in small batches; receipts in groups."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from content_queue.delivery import claim as claiming
from content_queue.delivery.assist import ask, is_assisted
from content_queue.delivery.correct import Commit, NotEditedError, way_out
from content_queue.delivery.decide import Verdict, after_error, after_stage_error, measure_time
from content_queue.delivery.intents import Intents
from content_queue.delivery.pace import Turn
from content_queue.delivery.prepare import staged
from content_queue.delivery.works import Works
from content_queue.models import Channel, Payload
from content_queue.outcomes import (
    NotSentError,
    Pending,
    PublishError,
    Receipt,
    RefusedError,
    Staged,
    UnknownOutcomeError,
)
from content_queue.states import DeliveryState
from content_queue.store import Connection, attempts, deliveries
from content_queue.store.attempts import Ended
from content_queue.store.deliveries import Move, Standing
from content_queue.texts import _

log = logging.getLogger(__name__)
#: Failed questions after a call that finishes later, before its outcome is called unknown.
PATIENCE = 5
#: Seconds between two looks whether all has ended.
SOON = 0.05


class Dispatch:
    """Sends claimed deliveries and keeps their receipts."""

    def __init__(self, works: Works) -> None:
        self._works = works
        self._intents = Intents(works)
        self._ended: list[tuple[Ended, Standing]] = []
        self._recording: asyncio.Task[None] | None = None
        self._leaving = 0  # intents that were handed out and have not ended

    async def finish(self) -> None:
        """Let nothing more leave; return when what has left has ended and that is durable.

        Who still waits for a turn then waits for nothing: their claims are let go by the next daemon.
        """
        self._intents.close()
        while self._intents.busy or self._leaving or self._is_recording:
            await self._works.clock.sleep(SOON)

    @property
    def _is_recording(self) -> bool:
        return self._recording is not None and not self._recording.done()

    async def send(self, claimed: Sequence[Standing]) -> None:
        """Send deliveries in their order; return when each has ended and that is durable.

        What failed here is out of our hands and left to `recover`; the others go on.
        """
        try:
            await self._send_all(claimed)
        finally:
            for standing in claimed:
                _let_go(self._works.hands, standing.delivery.id)

    async def _send_all(self, claimed: Sequence[Standing]) -> None:
        wanted = {s.delivery.variant for s in claimed if s.delivery.variant}
        payloads = await self._works.ledger.read(lambda connection: deliveries.payloads(connection, wanted))
        sent = [self._send_one(s, payloads[s.delivery.variant or ""]) for s in claimed]
        ends = await asyncio.gather(*sent, return_exceptions=True)
        while self._recording is not None and self._is_recording:
            await self._recording
        for error in filter(None, ends):
            raise error

    async def _send_one(self, standing: Standing, payload: Payload) -> None:
        works, channel = self._works, self._works.open_channel(standing.delivery.channel)
        if is_assisted(works.channels.get(standing.delivery.channel)):
            await ask(works, standing)
            return
        if channel is None:
            told = _("Kênh {channel} đang tắt hoặc không còn trong danh sách kênh.")
            await self._put_off(standing, RefusedError(told.format(channel=standing.delivery.channel)))
            return
        try:
            await staged(works, standing, payload)  # at the last moment, if it was approved too late
            turn = await works.turn(channel)  # no intent while one waits: that may take long
        except PublishError as error:
            await self._put_off(standing, error)
            return
        try:
            going = await self._intents.intend(standing)
            if going is not None:
                await self._leave(channel, going, payload, turn)
        finally:
            turn.let_go()

    async def _leave(self, channel: Channel, going: Standing, payload: Payload, turn: Turn) -> None:
        self._leaving += 1
        try:
            await self._publish(channel, going, payload, turn)
        finally:
            self._leaving -= 1

    async def _put_off(self, standing: Standing, error: PublishError) -> None:
        now = self._works.clock.now()
        verdict = after_stage_error(error, standing.delivery, now=now, rules=self._works.rules)

        def change(connection: Connection) -> None:
            if deliveries.is_claimed(connection, standing):
                move = Move(standing.delivery.id, verdict.state, verdict.reason, verdict.ready_at)
                deliveries.move(connection, [move])
                claiming.tell_of(connection, standing, verdict, now)

        await self._works.ledger.run(change)

    async def _publish(self, channel: Channel, standing: Standing, payload: Payload, turn: Turn) -> None:
        begun: list[datetime] = []
        works = self._works
        act = way_out(works, channel, standing, payload)
        held = Staged(standing.delivery.staged or {})

        async def commit() -> Receipt | Pending:
            begun.append(works.clock.now())
            self._intents.has_begun()
            works.heed(channel)  # a refusal of another may have come since its turn
            return await act(held)

        outcome: Receipt | PublishError
        try:
            first = await works.in_lane(channel, commit, turn)
            outcome = await self._finish(channel, standing, act, first)
        except PublishError as error:
            outcome = error
        self._end(standing, outcome, begun)

    async def _finish(
        self, channel: Channel, standing: Standing, act: Commit, outcome: Receipt | Pending
    ) -> Receipt:
        """Ask until what was accepted has finished; each time, how far it came is kept."""
        works = self._works
        patience = PATIENCE
        while isinstance(outcome, Pending):
            memo = outcome.memo
            await works.keep(partial(deliveries.save_progress, delivery=standing.delivery.id, staged=memo))
            await works.rest(outcome.after)
            try:
                outcome = await works.call(channel, partial(act, Staged(memo)))
            except NotEditedError:
                raise
            except (NotSentError, UnknownOutcomeError) as error:
                patience -= 1
                outcome = _ask_again(memo, error, patience)
        return outcome

    def _end(self, standing: Standing, outcome: Receipt | PublishError, begun: list[datetime]) -> None:
        ended = _ended(self._works, standing, outcome, begun[0] if begun else None)
        log.info(
            "Delivery ended",
            extra={"action": f"delivery_{ended.state}", "delivery": ended.delivery, "post": standing.post.id},
        )
        self._ended.append((ended, standing))
        if not self._is_recording:
            self._recording = asyncio.create_task(self._record())

    async def _record(self) -> None:
        """Commit receipts in groups: while one commit is under way the next group gathers."""
        while self._ended:
            group, self._ended = self._ended, []
            await self._works.keep(partial(_record, group=group))


def _let_go(hands: Counter[int], delivery: int) -> None:
    hands[delivery] -= 1
    if not hands[delivery]:
        del hands[delivery]


def _ask_again(memo: Mapping[str, Any], error: PublishError, patience: int) -> Pending:
    """Wait and ask once more how a call ended; it did leave, so it can no more be "not sent"."""
    if patience <= 0:
        raise UnknownOutcomeError(str(error)) from error
    told = error.retry_after if isinstance(error, NotSentError) else None
    return Pending(memo, told or timedelta(seconds=10))


def _ended(
    works: Works, standing: Standing, outcome: Receipt | PublishError, begun: datetime | None
) -> Ended:
    now, delivery = works.clock.now(), standing.delivery
    number = delivery.attempts + 1
    if isinstance(outcome, PublishError):
        verdict = after_error(outcome, delivery, now=now, rules=works.rules)
        how = "unknown" if verdict.state == DeliveryState.UNCONFIRMED else "not_sent"
        return Ended(delivery.id, number, how, now, verdict.state, verdict.ready_at, verdict.reason)
    sent = begun or now
    return Ended(
        delivery.id,
        number,
        "sent",
        now,
        DeliveryState.PUBLISHED,
        now,
        outcome.told or None,
        remote_id=outcome.remote_id,
        link=outcome.link,
        published_at=sent,
        lateness_ms=round((sent - delivery.planned) / timedelta(milliseconds=1)),
        # an edit has no readers of its own
        measure_at=None if delivery.in_place else measure_time(delivery.id, sent, 0, works.rules),
    )


def _record(connection: Connection, group: Sequence[tuple[Ended, Standing]]) -> None:
    attempts.record(connection, [ended for ended, _standing in group])
    for ended, standing in group:
        if ended.state == DeliveryState.PUBLISHED:
            if ended.reason:
                claiming.tell_what_is_missing(connection, standing, ended.reason, ended.ended_at)
        elif ended.state != DeliveryState.UNCONFIRMED:  # first it is read back
            verdict = Verdict(ended.state, ended.ready_at, ended.reason)
            claiming.tell_of(connection, standing, verdict, ended.ended_at)
