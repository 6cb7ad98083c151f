"""The daemon: alarm clock and ticks around one ledger. What moves a delivery: `content_queue.delivery`."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bot.backup import back_up_nightly
from bot.desk import desk_of
from bot.house import House
from bot.planning.calendars import Calendars
from bot.telegram import ApprovalBot
from bot.web.reachable import Lookout
from content_queue.delivery.assist import look_after
from content_queue.delivery.check import check
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.figures import read_figures
from content_queue.delivery.jumps import ClockWatch
from content_queue.delivery.lapse import lapse, remind
from content_queue.delivery.measure import measure
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile, recover
from content_queue.delivery.retract import retract
from content_queue.delivery.risk import warn
from content_queue.store import audit, deliveries
from content_queue.store.deliveries import Standing
from content_queue.store.engine import Changes
from schedules.clock import Tick, Ticker

if TYPE_CHECKING:  # megabytes for those who write letters
    from bot.mail.rounds import Letters

log = logging.getLogger(__name__)
#: When the channels are looked at each day: before the office opens, so that it can still act.
CHECK_AT = time(6, 30)
#: Connections are opened this long before a due second.
WARM = timedelta(seconds=3)
#: How long opened connections are taken to stay open: a platform may close them before we do.
STAYS_WARM = timedelta(seconds=30)
#: A tick that waits for the ledger to change waits no longer, in seconds: time alone may give it work.
LULL = 30.0
#: How long what is under way may take when the daemon is told to end, in seconds.
GRACE = 20.0
#: How long a renewal may take then: cut off in the middle it would cost a person's authorisation.
RENEWING = 60.0


@dataclass(frozen=True, slots=True)
class Beside:
    """What an office may have besides: a look at pictures that the web fetches, letters to approvers."""

    lookout: Lookout | None = None
    letters: "Letters | None" = None


NOTHING_BESIDE = Beside()


class Daemon:
    """Everything that happens by itself, until SIGTERM."""

    def __init__(
        self, house: House, *, bot: ApprovalBot, ticker: Ticker, beside: Beside = NOTHING_BESIDE
    ) -> None:
        """Put the parts together; nothing runs yet."""
        self._house = house
        self._bot = bot
        self._ticker = ticker
        self._beside = beside
        self._dispatch = Dispatch(house.works)
        self._calendars = Calendars(house)
        self._changes = Changes(house.engine)
        self._watch = ClockWatch(house.works)
        self._due = ticker.bell("dispatch")
        self._reach = ticker.bell("reach")
        bot.changed = self._look_again
        self._sending: set[asyncio.Task[None]] = set()
        self._warm_until = house.clock.now()

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT; what was claimed is finished first."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        let_go, unknown = await recover(self._house.works)
        log.info("Daemon started", extra={"action": "daemon_started", "let_go": let_go, "unknown": unknown})
        await self._calendars.read_if_changed(self._replanned)
        self._tick()
        loops = [asyncio.create_task(one) for one in (self._deliver(), self._measure(), self._bot.run())]
        try:
            await _first_of(stop, loops)
        finally:  # also when a loop failed: what is under way gets its receipts
            await self._end(loops)

    def _tick(self) -> None:
        every, ticker, settings = self._ticker.every, self._ticker, self._house.settings
        every(2, "calendar", self._guarded(lambda: self._calendars.read_if_changed(self._replanned)))
        every(2, "prepare", self._guarded(self._on_change(self._keep_preparing)))
        every(2, "cards", self._guarded(self._on_change(self._bot.tick)))
        every(10, "read-back", self._guarded(self._on_change(self._look_back)))
        every(2, "tokens", self._guarded(self._on_change(self._house.renewals.tick)))
        every(2, "take-back", self._guarded(self._on_change(lambda: retract(self._house.works))))
        every(10, "by hand", self._guarded(self._on_change(self._look_after)))
        every(60, "reminders", self._guarded(self._bot.remind))
        every(30, "approvals", self._guarded(lambda: lapse(self._house.works)))
        every(600, "second looks", self._guarded(lambda: remind(self._house.works)))
        every(60, "sweep", self._guarded(lambda: sweep(self._house.works)))
        every(300, "risk", self._guarded(lambda: warn(self._house.works, self._house.renewals)))
        every(600, "figures", self._guarded(lambda: read_figures(self._house.works)))
        every(3600, "horizon", self._guarded(lambda: self._calendars.plan_again(self._replanned)))
        if (lookout := self._beside.lookout) and settings.media.public_url:
            every(300, "pictures", self._guarded(lookout.look))
        if letters := self._beside.letters:
            every(5, "letters", self._guarded(self._on_change(lambda: letters.go(self._bot.desk))))
        ticker.daily(CHECK_AT, "channels", self._guarded(self._look_over))
        ticker.daily(settings.backup.at, "backup", self._guarded(self._back_up))
        if settings.audit.witness_chat or settings.audit.witness_mail:
            ticker.daily(settings.audit.witness_at, "witness", self._guarded(self._witness))
        ticker.start()

    def _guarded(self, tick: Callable[[], Awaitable[object]]) -> Tick:
        """Let a failing tick be logged and run again at its next time."""

        async def guarded() -> None:
            try:
                await tick()
            except Exception:
                log.exception("Tick failed", extra={"action": "tick_failed"})

        return guarded

    def _on_change(self, tick: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """Let a tick run after the ledger changed, or after a lull.

        One that failed, or says that time alone gives it work, runs again the next time.
        """
        seen, until = -1, 0.0

        async def waiting() -> None:
            nonlocal seen, until
            count, now = self._changes.count(), self._house.clock.monotonic()
            if count != seen or now >= until:
                goes_on = await tick()
                seen, until = count, now if goes_on else now + LULL

        return waiting

    async def _replanned(self) -> None:
        """After the plan changed: the alarm moves, approvers hear of it at once."""
        if self._calendars.opened is not None:
            self._bot.desk = desk_of(self._calendars.opened)
        await self._arm()
        await self._guarded(self._bot.tick)()

    def _look_again(self) -> None:
        """After a person changed something: what was approved is prepared, and the alarm may move."""
        self._spawn(self._prepare(), self._arm)

    async def _keep_preparing(self) -> None:
        """Begin to prepare what is new: what a platform takes its time for holds up nothing else."""
        self._spawn(self._prepare(), self._arm)

    async def _prepare(self) -> None:
        if await self._watch.look():  # also where nothing is due: a pause begins and ends here
            await prepare(self._house.works)

    async def _look_back(self) -> bool:
        """Sort out what a failed commit left; read back what is unknown; tell whether some is open still."""
        await recover(self._house.works)
        await reconcile(self._house.works)
        return await self._house.ledger.read(deliveries.any_open)

    async def _look_over(self) -> None:
        await check(self._house.works, self._house.renewals)

    async def _look_after(self) -> bool:
        """Follow what officers post by hand; what they may no longer post is due again at once."""
        asked = await look_after(self._house.works)
        await self._arm()
        return asked

    async def _back_up(self) -> None:
        await asyncio.to_thread(back_up_nightly, self._house)

    async def _witness(self) -> None:
        """Send the audit's newest seal out of the house."""
        end, where = await self._house.ledger.read(audit.head), self._house.settings.audit
        if where.witness_chat:
            await self._bot.witness(where.witness_chat, end)
        if where.witness_mail:
            from bot.mail.seals import post_seal  # noqa: PLC0415 - megabytes for those who write letters

            await post_seal(self._house, end)

    async def _arm(self) -> None:
        """Set the alarm to the next second on which something is due; in a pause, to none."""
        at = await self._house.ledger.read(deliveries.next_ready) if self._watch.trusted else None
        self._warm_before(at)
        self._due.set(self._ring_at(at))

    def _ring_at(self, at: datetime | None) -> datetime | None:
        """Return when to ring for a due second: once before it, if its connections are still to be opened."""
        if at is None or self._warm_until >= at or self._house.clock.now() >= at - WARM:
            return at
        return at - WARM

    async def _arm_reach(self) -> None:
        """Set the alarm to the next moment at which numbers are to be read."""
        self._reach.set(await self._house.ledger.read(deliveries.next_measure))

    def _warm_before(self, at: datetime | None) -> None:
        """Shortly before a second, open the connections that its deliveries will take, if they lay idle."""
        now, cold = self._house.clock.now(), self._warm_until
        if at is not None and now < at <= now + WARM and now > cold:
            self._warm_until = now + STAYS_WARM
            for work in self._house.warming():
                self._spawn(work)

    async def _deliver(self) -> None:
        """Claim what is due whenever the alarm rings, and send it while the next is waited for."""
        await self._arm()
        while True:
            await self._due.rung()
            claimed = await self._claim()
            if claimed:
                # a retry may be due before anything else, and so may the numbers of what has just gone out
                self._spawn(self._dispatch.send(claimed), self._arm, self._arm_reach)
            await self._arm()

    async def _claim(self) -> Sequence[Standing]:
        try:
            return await claim(self._house.works) if await self._watch.look() else ()
        except Exception:
            log.exception("Claim failed", extra={"action": "claim_failed"})
            await self._house.clock.sleep(1)
            return ()

    async def _measure(self) -> None:
        """Read reach whenever it is due."""
        while True:
            await self._arm_reach()
            await self._reach.rung()
            try:
                await measure(self._house.works)
            except Exception:
                log.exception("Reading failed", extra={"action": "reading_failed"})
                await self._house.clock.sleep(1)  # its time is over and would ring at once

    def _spawn(self, work: Coroutine[Any, Any, None], *then: Callable[[], Awaitable[None]]) -> None:
        """Do work beside all else; when it is done or has failed, do `then`."""
        task = asyncio.create_task(self._logged(work, then))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _logged(
        self, work: Coroutine[Any, Any, None], then: Sequence[Callable[[], Awaitable[None]]]
    ) -> None:
        try:
            await work
        except Exception:
            log.exception("Sending failed", extra={"action": "sending_failed"})
        for each in then:
            await each()

    async def _end(self, loops: Sequence[asyncio.Task[None]]) -> None:
        log.info("Daemon ends", extra={"action": "daemon_ending", "under_way": len(self._sending)})
        self._ticker.stop()
        for task in loops:
            task.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await asyncio.gather(
            _within(GRACE, self._dispatch.finish()), _within(RENEWING, self._house.renewals.finish())
        )
        for task in self._sending:  # they wait for a turn, or for an answer that does not come
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        self._changes.close()
        await self._house.close()


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Let something end, but wait no longer than this."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, seconds)


async def _first_of(stop: asyncio.Event, loops: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the signal, or for a loop that ended though it never should: that is raised."""
    waiting = asyncio.create_task(stop.wait())
    done, _pending = await asyncio.wait([waiting, *loops], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in done - {waiting}:
        task.result()
