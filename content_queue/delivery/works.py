"""What the delivery works with: everything it needs of the world, in one place."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from content_queue.delivery.decide import Rules
from content_queue.delivery.line import sparing
from content_queue.delivery.pace import Turn
from content_queue.delivery.pacer import Pacer
from content_queue.delivery.pauses import LONG, note_pause
from content_queue.delivery.tokens import Gate
from content_queue.models import Channel
from content_queue.outcomes import DeadTokenError, NotSentError, PublishError, UnknownOutcomeError
from content_queue.ports import Clock, Publisher, Writer
from content_queue.store import LedgerError
from content_queue.texts import _

T = TypeVar("T")
log = logging.getLogger(__name__)
#: Seconds after which a ledger that failed is tried again.
AGAIN = 1.0
#: Until a token is renewed that its platform refused.
REVIVED = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Works:
    """The ledger, the clock, the platforms and the channels, with the lanes that calls go in.

    `channels` is looked up by name at each use, so that the daemon may change it. Each platform has
    lanes of its own, so that a slow one holds up no other. `paced` is the pacer that the adapters ask too.
    """

    ledger: Writer
    clock: Clock
    publishers: Mapping[str, Publisher]
    channels: Mapping[str, Channel]
    rules: Rules = field(default_factory=Rules)
    paced: InitVar[Pacer | None] = None
    pacer: Pacer = field(init=False)
    lanes: Mapping[str, asyncio.Semaphore] = field(init=False)
    spare_lanes: Mapping[str, asyncio.Semaphore] = field(init=False)
    #: What is being staged, by delivery and variant.
    staging: dict[tuple[int, str | None], "asyncio.Task[Any]"] = field(default_factory=dict)
    #: Monotonic seconds until which staging that failed is left alone.
    resting: dict[tuple[int, str | None], float] = field(default_factory=dict)
    #: Delivery -> how many here work at a claim of it; whoever claims holds `claiming`.
    hands: Counter[int] = field(default_factory=Counter)
    #: Channel -> the monotonic second at which something late left it last.
    caught_up: dict[str, float] = field(default_factory=dict)
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Nothing is called with a token that is just being renewed.
    gate: Gate = field(default_factory=Gate)

    def __post_init__(self, paced: Pacer | None) -> None:
        """Make as many lanes to each platform as the rules say."""
        lanes = {platform: asyncio.Semaphore(self.rules.lanes) for platform in self.publishers}
        object.__setattr__(self, "lanes", lanes)
        half = {platform: asyncio.Semaphore(max(1, self.rules.lanes // 2)) for platform in self.publishers}
        object.__setattr__(self, "spare_lanes", half)
        object.__setattr__(self, "pacer", paced or Pacer(self.clock))

    def open_channel(self, name: str) -> Channel | None:
        """Return a channel that publishes by itself; None if it was switched off or taken off the list."""
        channel = self.channels.get(name)
        return channel if channel is not None and channel.mode == "api" else None

    def publisher(self, channel: Channel) -> Publisher:
        """Return the adapter that speaks a channel's platform."""
        return self.publishers[channel.platform]

    async def turn(self, channel: Channel) -> Turn:
        """Wait until a publish to a channel is inside its platform's limits, and count it.

        The turn is held until the call begins; whoever has it lets it go in the end.

        Raises:
            NotSentError: the platform has asked for a wait.
        """
        turn = await self.pacer.turn(self.publisher(channel).limits(channel))
        turn.hold()
        return turn

    def heed(self, channel: Channel) -> None:
        """Let nothing begin that the platform has meanwhile asked to wait.

        Raises:
            NotSentError: it has.
        """
        self.pacer.heed(self.publisher(channel).limits(channel))

    async def call(self, channel: Channel, call: Callable[[], Awaitable[T]], *, spare: bool = False) -> T:
        """Make a call that does not publish, inside the limits that it counts in.

        `spare` says that it can wait: it lets others go first, and leaves half the lanes to them.

        Raises:
            PublishError: how it failed.
        """
        limits = self.publisher(channel).limits(channel)
        async with self.spare_lanes[channel.platform] if spare else nullcontext():
            with sparing(spare=spare):
                self.pacer.heed(limits)
                turn = await self.pacer.turn([limit for limit in limits if limit.every])
                turn.hold()
                try:
                    return await self.in_lane(channel, call, turn)
                finally:
                    turn.let_go()

    async def in_lane(self, channel: Channel, call: Callable[[], Awaitable[T]], turn: Turn) -> T:
        """Make a call whose turn it is.

        Raises:
            PublishError: how it failed; a mistake of an adapter is an unknown outcome, never lost.
        """
        try:
            return await self._used(channel, call, turn)
        except DeadTokenError as error:  # nothing was done: with the next token it may be
            if not await self.gate.revive(channel.token):
                raise
            told = _("Khóa của kênh vừa hết hiệu lực; loa đang gia hạn rồi làm lại.")
            raise NotSentError(told, retry_after=REVIVED) from error

    async def _used(self, channel: Channel, call: Callable[[], Awaitable[T]], turn: Turn) -> T:
        """Make a call with a token that nobody renews meanwhile."""
        using, lane = self.gate.using(channel.token), self.lanes[channel.platform]
        async with using, lane, self.pacer.timed(turn, channel.platform):
            try:
                return await call()
            except NotSentError as error:
                if error.key and error.retry_after is not None:
                    await self._pause(error.key, error.retry_after)
                raise
            except PublishError:
                raise
            except Exception as error:
                log.exception("Adapter failed", extra={"action": "adapter_failed"})
                told = _("Chương trình gặp lỗi khi gọi nền tảng ({kind}).").format(kind=type(error).__name__)
                raise UnknownOutcomeError(told) from error

    async def _pause(self, key: str, wait: timedelta) -> None:
        """Let a key wait as its platform asks; long waits are kept for people and for the next daemon."""
        self.pacer.stop(key, wait)
        if wait >= LONG:
            now = self.clock.now()
            with suppress(LedgerError):  # then only a restart, or whoever looks, does not know of it
                await self.ledger.run(partial(note_pause, key=key, until=now + wait, now=now))

    async def keep(self, change: Callable[[Any], T]) -> T:
        """Make a change that is the same once and twice, as often as it takes to be durable.

        What a platform said must not be forgotten because a disk was full. And an error at COMMIT is
        unknown: the change may stand all the same.
        """
        while True:
            try:
                return await self.ledger.run(change)
            except LedgerError:
                log.warning("Ledger will be written again", extra={"action": "ledger_written_again"})
                await self.clock.sleep(AGAIN)

    async def rest(self, wait: timedelta) -> None:
        """Wait for a platform to finish something."""
        await self.clock.sleep(wait.total_seconds())
