"""What the delivery works with: everything it needs of the world, in one place."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from content_queue.delivery.decide import Rules
from content_queue.delivery.pace import Pace
from content_queue.models import Channel
from content_queue.outcomes import NotSentError, PublishError, UnknownOutcomeError
from content_queue.ports import Clock, Publisher, Writer
from content_queue.texts import _

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Works:
    """The ledger, the clock, the platforms and the channels, with the lanes all calls share.

    `channels` is looked up by name at each use, so that the daemon may change it.
    """

    ledger: Writer
    clock: Clock
    publishers: Mapping[str, Publisher]
    channels: Mapping[str, Channel]
    rules: Rules = field(default_factory=Rules)
    pace: Pace = field(default_factory=Pace)
    lanes: asyncio.Semaphore = field(init=False)
    room: asyncio.Semaphore = field(init=False)
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    staging: dict[int, "asyncio.Task[Any]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make as many lanes as the rules say, and room for two batches of intents that have not begun."""
        object.__setattr__(self, "lanes", asyncio.Semaphore(self.rules.lanes))
        object.__setattr__(self, "room", asyncio.Semaphore(2 * self.rules.batch))

    def publisher(self, channel: Channel) -> Publisher:
        """Return the adapter that speaks a channel's platform."""
        return self.publishers[channel.platform]

    async def call(self, channel: Channel, call: Callable[[], Awaitable[T]], *, publishes: bool = False) -> T:
        """Make one call to a channel's platform, in a lane and inside the limits that it counts in.

        Raises:
            PublishError: how it failed; a mistake of an adapter is an unknown outcome, never lost.
        """
        limits = [x for x in self.publisher(channel).limits(channel) if publishes or x.every]
        while True:
            async with self.lanes:
                wait = self.pace.enter(limits, self.clock.monotonic())
                if wait == 0:
                    return await self._made(call)
            await self.clock.sleep(wait)

    async def _made(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await call()
        except NotSentError as error:
            if error.key and error.retry_after is not None:
                self.pace.stop(error.key, self.clock.monotonic() + error.retry_after.total_seconds())
            raise
        except PublishError:
            raise
        except Exception as error:
            log.exception("Adapter failed", extra={"action": "adapter_failed"})
            told = _("Chương trình gặp lỗi khi gọi nền tảng ({kind}).").format(kind=type(error).__name__)
            raise UnknownOutcomeError(told) from error

    async def rest(self, wait: timedelta) -> None:
        """Wait for a platform to finish something."""
        await self.clock.sleep(wait.total_seconds())
