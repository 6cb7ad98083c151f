"""The daemon's ticker on virtual time, which leaves out the ticks that would find nothing to do.

A real daemon looks every two seconds whether a file was saved; in five years that is eighty million looks.
Here a tick runs after something gave it reason to: a file saved, a ledger changed, a platform that failed.
Each runs now and then without any, so that a reason we did not think of only makes it late.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time, timedelta

from schedules.clock import OFFICE_ZONE, Bell, Ticker
from tests.simulator.virtual import DAY, VirtualClock, VirtualLoop

HOUR = 3600.0
#: Tick -> seconds after which it runs without a reason; others: their own time, at least an hour.
IDLE: Mapping[str, float] = {
    "calendar": 6 * HOUR,
    "prepare": 3 * HOUR,
    "cards": 3 * HOUR,
    "read-back": 3 * HOUR,
    "sweep": 6 * HOUR,
    "figures": 7 * DAY,  # a reading of every channel each night would be most of the calls
    "horizon": DAY,
}
#: What happened -> tick -> after how many seconds it then runs.
REASONS: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "saved": {"calendar": (2, 4)},  # seen, then seen to keep still
    "to tell": {"cards": (60,)},
    "left over": {"sweep": (600,)},
    "trouble": {
        "cards": (60, 600),
        "prepare": (60, 600),
        "sweep": (60, 660),
    },
}
#: Daily tick -> days between its runs; a copy of a grown ledger each night would take longer than the rest.
EVERY_SO_MANY_DAYS: Mapping[str, int] = {"backup": 30, "channels": 7}
#: A tick comes so many seconds after there is something to do.
LATE = 5.0
#: A bell rings at the latest after this.
LONGEST = 2 * HOUR
#: Before a due time the daemon prepares.
AHEAD = (timedelta(minutes=29), timedelta(seconds=2))


class VirtualBell(Bell):
    """An alarm on the virtual loop."""

    def __init__(
        self, loop: VirtualLoop, moment: Callable[[datetime], float], told: Callable[[datetime], None]
    ) -> None:
        self._loop = loop
        self._moment = moment
        self._told = told
        self._event = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def set(self, at: datetime | None) -> None:
        """Ring at `at`, or after a while if nothing is due."""
        self.silence()
        latest = self._loop.time() + LONGEST
        self._timer = self._loop.call_at(min(self._moment(at), latest) if at else latest, self._event.set)
        if at is not None:
            self._told(at)

    async def ring(self) -> None:
        """Ring now."""
        self._event.set()

    def ring_within(self, seconds: float) -> None:
        """Ring after so many seconds instead of at the time that was set."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = self._loop.call_later(seconds, self._event.set)

    def silence(self) -> None:
        """Ring no more."""
        if self._timer is not None:
            self._timer.cancel()


class _Tick:
    """One tick: when it is wanted, and never twice at once."""

    def __init__(self, loop: VirtualLoop, idle: float, work: Callable[[], Awaitable[object]]) -> None:
        self._loop = loop
        self._idle = idle
        self._work = work
        self._wanted: list[float] = []
        self._timer: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[None] | None = None

    def want(self, at: float, *, lull: float = 0.5) -> None:
        """Run at `at`; a run wanted for up to `lull` seconds before is the same."""
        if not any(at - lull <= other <= at for other in self._wanted):
            heapq.heappush(self._wanted, at)
            self._arm()

    def stop(self) -> None:
        """Run no more."""
        self._wanted.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._wanted:
            self._timer = self._loop.call_at(self._wanted[0], self._ring)

    def _ring(self) -> None:
        if self._running is not None and not self._running.done():
            self._timer = self._loop.call_later(1, self._ring)
            return
        now = self._loop.time()
        while self._wanted and self._wanted[0] <= now + 0.5:
            heapq.heappop(self._wanted)
        self._running = self._loop.create_task(self._run())
        if not self._wanted or self._wanted[0] > now + self._idle:
            heapq.heappush(self._wanted, now + self._idle)
        self._arm()

    async def _run(self) -> None:
        await self._work()


class VirtualTicker(Ticker):
    """Runs a daemon's ticks when there is reason to."""

    def __init__(self, loop: VirtualLoop, clock: VirtualClock) -> None:
        self._loop = loop
        self._clock = clock
        self._ticks: dict[str, _Tick] = {}
        self._bells: list[VirtualBell] = []
        self._timers: list[asyncio.TimerHandle] = []
        self._started = False
        self._next: datetime | None = None

    def start(self) -> None:
        """Begin: each tick runs once, and something may have failed before the start."""
        self._started = True
        for tick in self._ticks.values():
            tick.want(self._loop.time() + 2)
        self.because("trouble")

    def stop(self) -> None:
        """Tick no more."""
        self._started = False
        for bell in self._bells:
            bell.silence()
        for tick in self._ticks.values():
            tick.stop()
        for timer in self._timers:
            timer.cancel()

    def bell(self, name: str) -> VirtualBell:
        """Make an alarm; what the one for due times is set to also tells when to prepare."""
        made = VirtualBell(
            self._loop, self._clock.moment, self._due_at if name == "dispatch" else lambda _at: None
        )
        self._bells.append(made)
        return made

    def every(self, seconds: float, name: str, tick: Callable[[], Awaitable[object]]) -> None:
        """Run `tick` when there is reason to, and now and then without."""
        self._ticks[name] = _Tick(self._loop, IDLE.get(name, max(seconds, HOUR)), tick)

    def daily(self, at: time, name: str, tick: Callable[[], Awaitable[object]]) -> None:
        """Run `tick` at a local time, each so many days."""
        local = self._clock.now().astimezone(OFFICE_ZONE)
        first = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        days = EVERY_SO_MANY_DAYS.get(name, 1)
        wait = (first - local).total_seconds() % DAY + DAY * (-(local.toordinal()) % days)
        made = _Tick(self._loop, days * DAY, tick)
        self._ticks[f"daily {name}"] = made
        self._timers.append(self._loop.call_later(wait, made.want, self._loop.time() + wait))

    def wish(self, name: str, at: float) -> None:
        """Run a tick when it has something to do, at the earliest now."""
        if self._started and name in self._ticks:
            self._ticks[name].want(max(at, self._loop.time()) + LATE, lull=LATE)

    def ring_all(self) -> None:
        """Ring every alarm within half a minute, as they do whatever the wall clock says."""
        for bell in self._bells:
            bell.ring_within(LATE)

    def because(self, reason: str) -> None:
        """Run the ticks that have reason to."""
        if self._started:
            now = self._loop.time()
            for name, waits in REASONS[reason].items():
                if name in self._ticks:
                    for wait in waits:
                        self._ticks[name].want(now + wait, lull=wait)

    def _due_at(self, at: datetime) -> None:
        if at != self._next and "prepare" in self._ticks:
            self._next = at
            now = self._loop.time()
            for ahead in AHEAD:
                when = self._clock.moment(at - ahead)
                if when > now:
                    self._ticks["prepare"].want(when)
