"""Time that passes only when nothing is left to do: an event loop and a clock of its own."""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

#: The first moment of every simulation: midnight of a Monday in the office's zone.
EPOCH = datetime(2027, 1, 3, 17, tzinfo=UTC)
DAY = 86_400.0


class _Deaf(selectors.SelectSelector):
    """Waits for nothing: in a simulation nothing comes from outside."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return at once that nothing came."""
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer whenever it would wait; work for other threads is done at once."""

    def __init__(self) -> None:
        super().__init__(_Deaf())
        self._present = 0.0
        # asyncio's own nanosecond is finer than a float of this size after 97 days: the loop would hang
        self._clock_resolution = 1e-3
        #: Called before and after work that a daemon does in a thread.
        self.beside: Callable[[str], None] = lambda _where: None

    def time(self) -> float:
        """Return the virtual seconds since `EPOCH`."""
        return self._present

    def run_in_executor(  # type: ignore[override] # a wider one
        self, executor: Any, func: Any, *args: Any
    ) -> "asyncio.Future[Any]":
        """Do the work now, in this thread."""
        done = self.create_future()
        self.beside("before a thread")
        try:
            result = func(*args)
        except Exception as error:  # noqa: BLE001 # whoever waits for it gets it
            done.set_exception(error)
        else:
            done.set_result(result)
        self.beside("after a thread")
        return done

    def add_signal_handler(  # type: ignore[override] # a wider one
        self, sig: int, callback: Any, *args: Any
    ) -> None:
        """Do nothing: simulated daemons are killed, not asked to end."""

    def _run_once(self) -> None:
        if not self._ready and not self._stopping:  # type: ignore[attr-defined]
            if not self._scheduled:  # type: ignore[attr-defined]
                raise RuntimeError("nothing will ever happen again")
            self._present = max(self._present, self._scheduled[0]._when)  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class VirtualClock:
    """The clock of platforms and people; the machine's own may be wrong for a while."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        #: (Since when, by how many seconds) the wall clock is wrong, the last at the end.
        self._wrong = [(0.0, 0.0)]

    def now(self) -> datetime:
        """Return the virtual wall time, aware, UTC."""
        return EPOCH + timedelta(seconds=self._loop.time() + self._wrong[-1][1])

    def jump(self, seconds: float) -> None:
        """Move the wall clock against the monotonic one."""
        self._wrong.append((self._loop.time(), self._wrong[-1][1] + seconds))

    def moment(self, wall: datetime) -> float:
        """Return when, in the loop's seconds, this clock shows a time, if it stays as it is."""
        return seconds_at(wall) - self._wrong[-1][1]

    def shown(self, within: float) -> list[datetime]:
        """Return what this clock shows, and would have shown without the jumps of the last seconds."""
        now = self._loop.time()
        since = max(place for place, (at, _by) in enumerate(self._wrong) if place == 0 or at <= now - within)
        return [EPOCH + timedelta(seconds=now + by) for _at, by in self._wrong[since:]]

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Let others work for `seconds`."""
        # timers ring up to `_clock_resolution` early: who waits for less would wait for ever
        await asyncio.sleep(max(seconds, 0.002))


def seconds_at(moment: datetime) -> float:
    """Return when, in the loop's seconds, a moment is."""
    return (moment - EPOCH).total_seconds()
