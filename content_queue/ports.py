"""What the delivery needs of the world, as protocols: publishers, clock, alarm, writer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from content_queue.models import Attempt, Channel, Grant, MediaRef, Outlook, Payload, Question, Variant
from content_queue.outcomes import (
    Absent,
    ChannelHealth,
    Found,
    Pending,
    Reading,
    Receipt,
    Retraction,
    Staged,
    Unclear,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` calls of a key in any window of `period`; one post makes `calls` of them.

    `every` says that every call counts, not only those that publish. With a `count` of 0 there is no
    window: the key only waits when its platform says so.
    """

    key: str
    count: int
    period: timedelta = timedelta(seconds=1)
    calls: int = 1
    every: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a key's budget is used, as its platform tells it beside an answer.

    `percent` may exceed 100; `regain` is the wait until calls pass again, zero where none is told.
    """

    percent: int
    regain: timedelta = timedelta()


class Pacer(Protocol):
    """Keeps the limits between the requests of one call, for adapters, which have no memory of their own.

    The first request of a call goes on the turn that its caller took; each further one takes its own.
    """

    async def turn(self, limits: Sequence[Limit]) -> object:
        """Wait until one more request is inside `limits`, and count it.

        Raises:
            NotSentError: the platform has asked for a wait.
        """
        ...

    def told(self, key: str, usage: Usage) -> None:
        """Take note of what a platform said of a key's budget."""
        ...


class Publisher(Protocol):
    """Speak one platform.

    Adapters keep no state between calls and never sleep, poll, retry or log in: they translate.
    Any method may raise `PublishError`, nothing else.
    """

    def render(self, channel: Channel, variant: Variant) -> Payload:
        """Put a variant into the platform's form. Pure: preview, length check, hash and request come from it.

        A variant with an author comes out the same for every channel of the platform.

        Raises:
            RefusedError: it will never pass here (too long, no cover, …), said as an editor can mend it.
        """
        ...

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the keys that a publish to this channel counts for, from the narrowest to the widest. Pure."""
        ...

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Bring uploads and hidden objects to the platform. Safe to repeat; `memo` is empty at first."""
        ...

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Make the one committing call. After `Pending` it is called again with `Staged(pending.memo)`."""
        ...

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Remove what was staged and will not be published. Removing what is gone is success."""
        ...

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look whether an attempt of unknown outcome went out. Absent only where absence is provable."""
        ...

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read the numbers of one published post; a missing number is a Reading with a reason."""
        ...

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        """Read the numbers of the channel itself in the same way; none where its platform counts nothing."""
        ...

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Take a published post back, as far as the platform allows; removing what is gone is success.

        Safe to repeat, also after an unknown outcome.

        Raises:
            RefusedError: nothing of it can be taken back here, said with what a person can do.
        """
        ...

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Say why what was published cannot become `new` in place; empty where it can. Pure."""
        ...

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt | Pending:
        """Edit a published post in place; `memo` is empty at first, and after `Pending` what that gave.

        Safe to repeat, also after an unknown outcome: the same text twice is one edit.

        Raises:
            RefusedError: this post cannot be edited (any more), said as an officer understands it.
        """
        ...

    async def check(self, channel: Channel) -> ChannelHealth:
        """Look whether one can publish there."""
        ...


class Media(Protocol):
    """Content-addressed files, as adapters read them."""

    def read(self, ref: MediaRef) -> bytes:
        """Return the bytes of a stored file.

        Raises:
            RefusedError: the stored file is gone or is not what was approved.
        """
        ...

    def verify(self, ref: MediaRef) -> None:
        """Look that a stored file is what was approved, before it is read in parts.

        Raises:
            RefusedError: it is gone or is not.
        """
        ...

    def part(self, ref: MediaRef, start: int, size: int) -> bytes:
        """Return at most `size` bytes of a stored file from `start` on.

        Raises:
            RefusedError: the stored file is gone.
        """
        ...


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Return the wall time, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, those in which the machine was suspended among them."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let others work for `seconds`."""
        ...


class Alarm(Protocol):
    """Wakes the delivery at its next due time; setting it again moves it."""

    def set(self, at: datetime) -> None:
        """Ring at `at` (UTC); a time in the past rings at once."""
        ...


class Writer(Protocol):
    """The one way to change the ledger."""

    async def run(self, change: Callable[[Any], T]) -> T:
        """Run `change(connection)` in a transaction; return after it is durable."""
        ...

    async def read(self, query: Callable[[Any], T]) -> T:
        """Run `query(connection)`, which changes nothing."""
        ...


class Secrets(Protocol):
    """Secrets by name."""

    def get(self, name: str) -> str:
        """Return the secret called `name`.

        Raises:
            KeyError: there is none.
        """
        ...


class Looker(Protocol):
    """Ask a platform about a token itself, where it can say more than a look at the channel does."""

    async def look(self, access: str, account: str) -> Outlook:
        """Say how a token stands that is kept for an account.

        Raises:
            PublishError: nobody could tell.
        """
        ...


class Login(Protocol):
    """Get and renew what opens the channels of one platform. It keeps nothing and never tries again."""

    def link(self, question: Question) -> str:
        """Return the address at which a person authorises; `question` comes back with the answer."""
        ...

    async def renew(self, refresh: str) -> Grant:
        """Get the next grant. What was used for it may then be used up.

        Raises:
            NotSentError: nothing was used up.
            UnknownOutcomeError: it may be.
            ChannelClosedError: only a person can get access again.
        """
        ...
