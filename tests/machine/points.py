"""The moments at which something may happen: before and after each commit and each call of one step."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from content_queue.store import LedgerError
from content_queue.store.writer import InlineWriter
from tests.machine.wall import Wall
from tests.torture.mortal import Killed

T = TypeVar("T")
#: What may happen by itself; anything else is a deed of people.
DIES, FULL, DOUBTFUL = "dies", "disk full", "commit in doubt"
#: Commits that fail before there is room again.
FULL_FOR = 3


@dataclass(frozen=True)
class Trouble:
    """What happens at the `at`-th moment of a step."""

    at: int
    what: str


@dataclass
class Points:
    """The moments of one life; a dead process reaches no further one."""

    #: Does what people do.
    deed: Callable[[str], None]
    #: Called after each durable commit.
    durable: Callable[[], None]
    dead: bool = False
    died: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: Trouble | None = None
    _passed: int = 0
    _full: int = 0

    def arm(self, trouble: Trouble | None) -> None:
        """Begin a step in which something may happen."""
        self._trouble, self._passed, self._full = trouble, 0, 0

    def reach(self) -> None:
        """Pass one moment.

        Raises:
            Killed: the process is no more.
        """
        if self.dead:
            raise Killed
        self._passed += 1
        trouble = self._trouble
        if trouble is None or self._passed != trouble.at:
            return
        if trouble.what == DIES:
            self.dead = True
            self.died.set()
            raise Killed
        if trouble.what == FULL:
            self._full = FULL_FOR
        elif trouble.what != DOUBTFUL:
            self.deed(trouble.what)

    async def around(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something that stands even if the process dies right after it."""
        await asyncio.sleep(0)  # whoever else has something to do
        self.reach()
        done = await work()
        self.reach()
        return done

    async def commit(self, work: Callable[[], Awaitable[T]]) -> T:
        """Commit something, or fail to."""
        if self._full:
            self._full -= 1
            raise LedgerError("COMMIT", {}, Exception("disk is full"))
        done = await work()
        self.durable()
        trouble = self._trouble
        if trouble is not None and trouble.what == DOUBTFUL and self._passed >= trouble.at:
            self._trouble = None
            raise LedgerError("COMMIT", {}, Exception("disk I/O error"))
        return done


@dataclass(frozen=True)
class TroubledLedger:
    """The writer of one life."""

    inner: InlineWriter
    at: Points

    async def run(self, change: Callable[[Any], T]) -> T:
        """Change the ledger between two moments."""
        return await self.at.around(lambda: self.at.commit(lambda: self.inner.run(change)))

    async def read(self, query: Callable[[Any], T]) -> T:
        """Read; nothing stands afterwards that was not there before."""
        if self.at.dead:
            raise Killed
        return await self.inner.read(query)


class TroubledWall:
    """The adapter of one life, towards the wall: its calls have a moment before and one after."""

    def __init__(self, wall: Wall, at: Points) -> None:
        self._wall, self._at = wall, at

    def __getattr__(self, name: str) -> Any:
        """Return what the wall does, with its moments if it is a call."""
        done = getattr(self._wall, name)
        if not asyncio.iscoroutinefunction(done):
            return done
        return lambda *arguments, **named: self._at.around(lambda: done(*arguments, **named))
