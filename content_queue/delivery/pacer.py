"""Let calls begin inside their limits: each key has a line in which they wait, in the order they came."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta

from content_queue.delivery.line import Line, can_wait
from content_queue.delivery.pace import Pace, Stop, Turn
from content_queue.outcomes import NotSentError
from content_queue.ports import Clock, Limit, Usage
from content_queue.texts import _

#: Seconds that a clock moves by at least; less would be waited for in vain.
TICK = 1e-6
#: The turn of the call that is being made, and its platform.
_making: ContextVar[tuple[Turn, str] | None] = ContextVar("making", default=None)


class Pacer:
    """The lines of all keys.

    A call waits at the head of the narrow line (its chat) before it joins the wide one (its bot), so that
    it holds up only what shares the narrow one.
    """

    def __init__(self, clock: Clock) -> None:
        """Count by the seconds of `clock` that never jump."""
        self.pace = Pace()
        self._clock = clock
        self._quickest: dict[str, float] = {}
        self._lines: defaultdict[str, Line] = defaultdict(Line)

    async def turn(self, limits: Sequence[Limit]) -> Turn:
        """Wait until a call is inside its limits, named from the narrowest to the widest, and count it.

        One that can wait (`sparing`) lets others go first, and waits until a budget has recovered. A call
        that asks for one more turn had its answer to the request before.

        Raises:
            NotSentError: the platform has asked for a wait, or its budget is nearly used up.
        """
        if (making := _making.get()) is not None:
            self._answered(*making)
        if not any(self._lines[limit.key].locked() for limit in limits):
            self.heed(limits)
            if not self.pace.wait(limits, now := self._clock.monotonic()):
                return self.pace.enter(limits, now)
        async with AsyncExitStack() as lines:
            for limit in limits:
                await lines.enter_async_context(self._lines[limit.key])
                await self._reach(limits, limit)
            return self.pace.enter(limits, self._clock.monotonic())

    def heed(self, limits: Sequence[Limit]) -> None:
        """Let no call through that its platform has asked to wait.

        Raises:
            NotSentError: it has, with the time that is left.
        """
        stop = self.pace.stopped(limits, self._clock.monotonic(), spare=can_wait())
        if stop is not None:
            raise NotSentError(_told(stop), retry_after=timedelta(seconds=stop.seconds), key=stop.key)

    @asynccontextmanager
    async def timed(self, turn: Turn, platform: str) -> AsyncIterator[None]:
        """Note when a call begins, and from its answer how late it may have come to its platform.

        While nobody knows how quick answers are, one is taken for late by all of its time.
        """
        begun, known = self._clock.monotonic(), self._quickest.get(platform, 0.0)
        turn.begin(begun)
        outer = _making.set((turn, platform))
        try:
            yield
            took = self._clock.monotonic() - begun
            self._quickest[platform] = min(took, self._quickest.get(platform, took))
        finally:
            _making.reset(outer)
            self._answered(turn, platform, known)

    def _answered(self, turn: Turn, platform: str, known: float | None = None) -> None:
        quickest = self._quickest.get(platform, 0.0)
        if not turn.answered:
            turn.end(self._clock.monotonic(), quickest if known is None else min(known, quickest))

    def told(self, key: str, usage: Usage) -> None:
        """Take note of what a platform said of a key's budget."""
        self.pace.told(key, usage, self._clock.monotonic())

    def stop(self, key: str, wait: timedelta) -> None:
        """Let no call of a key begin for so long."""
        self.pace.stop(key, self._clock.monotonic() + wait.total_seconds())

    async def _reach(self, limits: Sequence[Limit], limit: Limit) -> None:
        """Wait at the head of one line until its window has room."""
        self.heed(limits)
        while (wait := self.pace.wait([limit], self._clock.monotonic())) > 0:
            await self._clock.sleep(max(wait, TICK))
            self.heed(limits)


def _told(stop: Stop) -> str:
    if stop.asked:
        return _("Nền tảng đang yêu cầu chờ; hệ thống sẽ thử lại.")
    return _("Nền tảng báo sắp hết lượt gọi; việc chưa gấp được để lại sau.")
