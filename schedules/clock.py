"""The house's clock, and the only door to APScheduler: alarms that can be moved, and ticks.

APScheduler is the alarm clock, not the record: every due time stands in the ledger, so its jobs
live in memory, never misfire (`misfire_grace_time=None`; the default of one second silently drops
late jobs), and only ring.
"""

import asyncio
import time as _time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: An alarm rings at the latest after this: its timer runs on the monotonic clock and misses jumps.
LONGEST = timedelta(seconds=30)


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the wall time, aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that is injected

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return _time.monotonic()  # noqa: TID251 - this is the clock that is injected

    async def sleep(self, seconds: float) -> None:
        """Let others work for `seconds`."""
        await asyncio.sleep(seconds)  # noqa: TID251 - this is the clock that is injected


class Bell:
    """One alarm: `set` moves it, `rung` waits for it. It also rings when set to a time that is over."""

    def __init__(self, scheduler: AsyncIOScheduler, name: str, now: Callable[[], datetime]) -> None:
        self._scheduler = scheduler
        self._name = name
        self._now = now
        self._event = asyncio.Event()

    def set(self, at: datetime | None) -> None:
        """Ring at `at` (UTC), or after half a minute if that is sooner or nothing is due."""
        latest = self._now() + LONGEST
        self._scheduler.add_job(
            self.ring,
            DateTrigger(min(at, latest) if at else latest),
            id=self._name,
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=10,  # ringing takes no time, but several may be asked for in one turn of the loop
        )

    async def ring(self) -> None:
        """Ring now."""
        self._event.set()

    async def rung(self) -> None:
        """Wait until it rings; several rings before that are one."""
        await self._event.wait()
        self._event.clear()


class Ticker:
    """Runs alarms and ticks in the running event loop."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._now = now

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a tick under way is cut short, as by a crash, and its work is found again."""
        self._scheduler.shutdown(wait=False)

    def bell(self, name: str) -> Bell:
        """Make an alarm called `name`."""
        return Bell(self._scheduler, name, self._now)

    def every(self, seconds: float, name: str, tick: Callable[[], Awaitable[object]]) -> None:
        """Run `tick` every so many seconds, never twice at once."""
        self._add(IntervalTrigger(seconds=seconds), name, tick)

    def daily(self, at: time, name: str, tick: Callable[[], Awaitable[object]]) -> None:
        """Run `tick` each day at a local time."""
        self._add(CronTrigger(hour=at.hour, minute=at.minute, timezone=OFFICE_ZONE), name, tick)

    def _add(self, trigger: object, name: str, tick: Callable[[], Awaitable[object]]) -> None:
        self._scheduler.add_job(
            _unless_cut_short(tick),
            trigger,
            id=name,
            name=name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )


def _unless_cut_short(tick: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Let a tick be cut short without a word: APScheduler would log the end of every busy day as an error."""

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await tick()

    return run
