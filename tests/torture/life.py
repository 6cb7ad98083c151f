"""Lives of a daemon in one process: each ends at a boundary, the next goes on with ledger and platforms.

A boundary is the moment before and the moment after each commit of the ledger and each call of a platform.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event, select

from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile, recover
from content_queue.delivery.works import Works
from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelHealth,
    Found,
    NotSentError,
    Pending,
    Reading,
    Receipt,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from content_queue.store.engine import open_ledger
from content_queue.store.notices import untold
from content_queue.store.tables import deliveries
from content_queue.store.writer import InlineWriter
from tests.content_queue.world import DUE, HandClock, World, a_post, a_world

T = TypeVar("T")
Recovery = Callable[[Works], Awaitable[object]]
POST = "B0001-2026"
#: Channel -> how it behaves; `blind` cannot be read back, `late` finishes later, the others err once.
CHANNELS = ("blind", "late", "500", "429")
#: When the daemon looks at everything again, after the due second: retries, and all read-backs.
ROUNDS = tuple(timedelta(seconds=s) for s in (-600, 0, 1, 10, 330, 700, 1000, 1700, 2700))


class Killed(BaseException):
    """The process is no more."""


@dataclass
class Boundaries:
    """Counts boundaries and kills at one of them; a dead process reaches no further one."""

    deadly: int = 0
    passed: int = 0
    dead: bool = False
    died: asyncio.Event = field(default_factory=asyncio.Event)

    def reach(self) -> None:
        """Pass one boundary, or die there."""
        self.passed += not self.dead
        self.dead = self.dead or self.passed == self.deadly
        if self.dead:
            self.died.set()
            raise Killed

    async def around(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something that stands even if the process dies right after it."""
        self.reach()
        done = await work()
        self.reach()
        return done


@dataclass(frozen=True)
class MortalLedger:
    """A ledger whose process may die before or after any commit."""

    inner: InlineWriter
    at: Boundaries

    async def run(self, change: Callable[[Any], T]) -> T:
        """Change the ledger between two boundaries."""
        return await self.at.around(lambda: self.inner.run(change))

    async def read(self, query: Callable[[Any], T]) -> T:
        """Read; nothing stands afterwards that was not there before."""
        if self.at.dead:
            raise Killed
        return await self.inner.read(query)


@dataclass
class Wall:
    """A platform that outlives the daemon and knows what readers see."""

    shown: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    erred: set[str] = field(default_factory=set)

    def publish(self, channel: str, memo: Mapping[str, Any]) -> Receipt | Pending:
        """Show a post; answer as the channel does."""
        if channel == "429" and channel not in self.erred:
            self.erred.add(channel)
            raise NotSentError("chờ", retry_after=timedelta(seconds=5))
        if "token" not in memo:
            self.shown[channel] += 1
        if channel == "500" and channel not in self.erred:
            self.erred.add(channel)
            raise UnknownOutcomeError("500")
        if channel == "late" and "token" not in memo:
            return Pending({**memo, "token": "t"})
        return Receipt(f"id-{channel}", None)


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

        async def work() -> Staged:
            self.wall.hidden += 1
            return Staged({"hidden": channel.name})

        return await self.at.around(work)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Show it."""

        async def work() -> Receipt | Pending:
            return self.wall.publish(channel.name, staged.data)

        return await self.at.around(work)

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Take something hidden away."""
        self.at.reach()

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look at the wall, where one can."""

        async def work() -> Found | Absent | Unclear:
            if channel.name == "blind":
                return Unclear("không đọc lại được")
            there = self.wall.shown[channel.name]
            return Found(Receipt(f"id-{channel.name}", None)) if there else Absent()

        return await self.at.around(work)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read nothing."""
        return ()

    async def check(self, channel: Channel) -> ChannelHealth:
        """Find it well."""
        return ChannelHealth(ok=True)


@dataclass(frozen=True)
class Fate:
    """What came of one office after all its lives."""

    doubles: int
    lost: int
    asked: int
    published: int


@dataclass(frozen=True)
class Lives:
    """Where the first life ended, where the second (0: it did not), and what came of it."""

    first: int
    second: int
    fate: Fate


def template(folder: Path) -> Path:
    """Write a ledger in which one post to every channel is planned and approved; return its file."""
    world: World = a_world(folder)
    world.plan(a_post(channels=CHANNELS))
    world.approve(POST)
    world.ledger.close()
    return folder / "loa.db"


def start_anew(ledger: InlineWriter, made: Path, file: Path) -> None:
    """Put the ledger's file back to the template."""
    ledger.close()  # the engine connects again when it is next asked
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    shutil.copy(made, file)


def live(ledger: InlineWriter, wall: Wall, deadly: int = 0, *, recovering: Recovery) -> Boundaries:
    """Live one life, up to a boundary; return what was passed."""
    at = Boundaries(deadly)
    works = _works(ledger, wall, at)
    with suppress(Killed):
        asyncio.run(_until_death(_rounds(works, recovering), at))
    return at


async def _until_death(life: Coroutine[Any, Any, None], at: Boundaries) -> None:
    """Live until death: nobody waits for those who waited for the dead."""
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    living, dying = asyncio.create_task(life), asyncio.create_task(at.died.wait())
    done, _pending = await asyncio.wait({living, dying}, return_when=asyncio.FIRST_COMPLETED)
    if living in done:
        await living


def _works(ledger: InlineWriter, wall: Wall, at: Boundaries) -> Works:
    publisher = MortalPublisher(wall, at)
    channels = {name: Channel(name, "svhttdl", "telegram", name) for name in CHANNELS}
    return Works(MortalLedger(ledger, at), HandClock(), {"telegram": publisher}, channels, Rules(batch=2))


async def _rounds(works: Works, recovering: Recovery) -> None:
    clock = works.clock
    assert isinstance(clock, HandClock)
    for after in ROUNDS:
        clock.at = max(clock.at, DUE + after)
        await recovering(works)
        await prepare(works)
        claimed = await claim(works)
        await Dispatch(works).send(claimed)
        await reconcile(works)
        await sweep(works)


def fate(ledger: InlineWriter, wall: Wall) -> Fate:
    """Compare the wall with the ledger."""
    rows = ledger.read_now(lambda c: c.execute(select(deliveries.c.channel, deliveries.c.state)).all())
    told = " ".join(notice.message for notice in ledger.read_now(untold))
    published = sum(state == "published" and wall.shown[channel] == 1 for channel, state in rows)
    asked = sum(state in ("unconfirmed", "missed") and POST in told for _channel, state in rows)
    doubles = sum(count > 1 for count in wall.shown.values())
    return Fate(doubles, len(CHANNELS) - published - asked, asked, published)


def all_lives(folder: Path, *, pairs: bool, recovering: Recovery = recover) -> Generator[Lives, None, None]:
    """Yield what came of every way to die once, and of dying again in the recovery if asked."""
    made, file = template(folder), folder / "trial.db"
    engine = open_ledger(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
    ledger = InlineWriter(engine)  # only processes die here, no disks
    try:
        yield from _ways(ledger, lambda: start_anew(ledger, made, file), pairs=pairs, recovering=recovering)
    finally:
        ledger.close()


def _ways(
    ledger: InlineWriter, anew: Callable[[], None], *, pairs: bool, recovering: Recovery
) -> Generator[Lives, None, None]:
    first, died = 0, True
    while died:
        first, second, again = first + 1, 0, True
        while again:
            second += 1
            anew()
            wall = Wall()
            died = live(ledger, wall, first, recovering=recovering).dead
            again = pairs and died and live(ledger, wall, second, recovering=recovering).dead
            live(ledger, wall, recovering=recovering)
            yield Lives(first, second if pairs else 0, fate(ledger, wall))
