"""The house's clock, and the only door to APScheduler: alarms that can be moved, and ticks.

APScheduler is the alarm clock, not the record: every due time stands in the ledger, so its jobs
live in memory, never misfire (`misfire_grace_time=None`; the default of one second silently drops
late jobs), and only ring.
"""

import asyncio
import time as _time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: An alarm rings at the latest after this: its timer runs on the monotonic clock and misses jumps.
LONGEST = timedelta(seconds=30)
#: A wall clock set back by less is nothing.
STEP = timedelta(seconds=1)

#: The clock that never jumps; the plain monotonic one stops in a suspended machine.
_STEADY = getattr(_time, "CLOCK_BOOTTIME", _time.CLOCK_MONOTONIC)

Tick = Callable[[], Coroutine[Any, Any, None]]


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the wall time, aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that is injected

    def monotonic(self) -> float:
        """Return seconds that never jump, and go on while the machine is suspended."""
        return _time.clock_gettime(_STEADY)

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
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._looking: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()
        self._look(self._ahead())

    def _ahead(self) -> float:
        """Return how far the wall clock is ahead of the loop's, which never jumps, in seconds."""
        return self._now().timestamp() - asyncio.get_running_loop().time()

    def _look(self, before: float) -> None:
        """Look now and then whether the wall clock was set back: jobs would sleep until it has caught up."""
        now = self._ahead()
        if now < before - STEP.total_seconds():
            self._wake()
        self._looking = asyncio.get_running_loop().call_later(LONGEST.total_seconds(), self._look, now)

    def _wake(self) -> None:
        """Ring and tick now; what has a time of day finds it anew."""
        for job in self._scheduler.get_jobs():
            if isinstance(job.trigger, CronTrigger):
                job.reschedule(job.trigger)
            else:
                job.modify(next_run_time=self._now())

    def stop(self) -> None:
        """Tick no more; a tick under way is cut short, as by a crash, and its work is found again.

        The scheduler is paused and not shut down: it would log what it cuts short as an error.
        """
        self._scheduler.pause()
        if self._looking is not None:
            self._looking.cancel()
        for task in self._under_way.values():
            task.cancel()

    def bell(self, name: str) -> Bell:
        """Make an alarm called `name`."""
        return Bell(self._scheduler, name, self._now)

    def every(self, seconds: float, name: str, tick: Tick) -> None:
        """Run `tick` every so many seconds, never twice at once."""
        self._add(IntervalTrigger(seconds=seconds), name, tick)

    def daily(self, at: time, name: str, tick: Tick) -> None:
        """Run `tick` each day at a local time."""
        self._add(CronTrigger(hour=at.hour, minute=at.minute, timezone=OFFICE_ZONE), name, tick)

    def _add(self, trigger: object, name: str, tick: Tick) -> None:
        self._scheduler.add_job(
            self._tick,
            trigger,
            args=(name, tick),
            id=name,
            name=name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
        )

    async def _tick(self, name: str, tick: Tick) -> None:
        """Begin a tick, unless its last one is still under way."""
        if name not in self._under_way:
            self._under_way[name] = asyncio.create_task(tick())
            self._under_way[name].add_done_callback(lambda _task: self._under_way.pop(name))
