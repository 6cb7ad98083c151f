"""A process that dies, or whose ledger and calls fail, at a boundary: before or after a commit or a call."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelHealth,
    Found,
    NotSentError,
    Pending,
    Reading,
    Receipt,
    Retraction,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from content_queue.store import LedgerError
from content_queue.store.writer import InlineWriter
from tests.torture.wall import Wall

T = TypeVar("T")
#: What may happen at a boundary besides what people do: the process dies; the commit or the call fails,
#: without effect at the boundary before it and with all its effect at the one after.
DIE, FAIL = "die", "fail"


class Killed(BaseException):
    """The process is no more."""


@dataclass(frozen=True)
class Blow:
    """What happens at the `nth` boundary after the blow before it: `die`, `fail`, or an act of people."""

    kind: str
    nth: int


class Boundaries:
    """Counts boundaries and strikes blows at them; a dead process reaches no further one."""

    def __init__(self, blows: Iterable[Blow] = (), *, act: Callable[[str], None]) -> None:
        """Keep the blows to come; `act` does what people do."""
        self.blows = deque(blows)
        self.passed = 0
        self.revive()
        self._act = act

    def revive(self) -> None:
        """Begin the next life."""
        self.dead = False
        self.died = asyncio.Event()

    def reach(self) -> bool:
        """Pass one boundary, or die there; tell whether what it belongs to fails."""
        if self.dead:
            raise Killed
        self.passed += 1
        if not self.blows or self.passed != self.blows[0].nth:
            return False
        kind, self.passed = self.blows.popleft().kind, 0
        if kind == DIE:
            self.dead = True
            self.died.set()
            raise Killed
        if kind != FAIL:
            self._act(kind)
        return kind == FAIL

    async def commit(self, work: Callable[[], Awaitable[T]]) -> T:
        """Commit something; an error at COMMIT leaves open whether it stands.

        Raises:
            LedgerError: it failed.
        """
        error = LedgerError("COMMIT", None, OSError("No space left on device"))
        return await self._around(work, error, error)

    async def call(self, work: Callable[[], Awaitable[T]]) -> T:
        """Call a platform.

        Raises:
            NotSentError: it failed without effect.
            UnknownOutcomeError: it failed with all its effect.
        """
        return await self._around(work, NotSentError("không nối được"), UnknownOutcomeError("đứt giữa chừng"))

    async def _around(self, work: Callable[[], Awaitable[T]], before: Exception, after: Exception) -> T:
        if self.reach():
            raise before
        done = await work()
        if self.reach():
            raise after
        return done


@dataclass(frozen=True)
class MortalLedger:
    """A ledger whose process may die before or after any commit."""

    inner: InlineWriter
    at: Boundaries

    async def run(self, change: Callable[[Any], T]) -> T:
        """Change the ledger between two boundaries."""
        return await self.at.commit(lambda: self.inner.run(change))

    async def read(self, query: Callable[[Any], T]) -> T:
        """Read; nothing stands afterwards that was not there before."""
        if self.at.dead:
            raise Killed
        return await self.inner.read(query)


@dataclass(frozen=True)
class MortalPublisher:
    """The adapter of one life, towards the wall."""

    wall: Wall
    at: Boundaries

    def render(self, channel: Channel, variant: Variant) -> Payload:
        """Put a text into the wall's form."""
        return Payload(channel.platform, variant.locale, variant.text)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Know no limits."""
        return ()

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Put something hidden on the wall."""

        async def work() -> Staged | Pending:
            return self.wall.stage(channel.name, memo)

        return await self.at.call(work)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Show it."""

        async def work() -> Receipt | Pending:
            return self.wall.publish(channel.name, payload.text, staged.data)

        return await self.at.call(work)

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Take something hidden away."""

        async def work() -> None:
            return None

        await self.at.call(work)

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look at the wall, where one can."""

        async def work() -> Found | Absent | Unclear:
            return self.wall.find(channel.name, attempt.payload.text)

        return await self.at.call(work)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read nothing."""
        return ()

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        """Read nothing."""
        return ()

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Take it off the wall."""

        async def work() -> Retraction:
            self.wall.retract(channel.name, receipt.remote_id)
            return Retraction(removed=True)

        return await self.at.call(work)

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Let everything be edited."""
        return ""

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt:
        """Put other words on the wall."""

        async def work() -> Receipt:
            self.wall.correct(channel.name, payload.text)
            return receipt

        return await self.at.call(work)

    async def check(self, channel: Channel) -> ChannelHealth:
        """Find it well."""
        return ChannelHealth(ok=True)
