"""Lives of a daemon in one process: each ends at a boundary, the next goes on with ledger and platforms."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select

from content_queue.delivery.claim import claim
from content_queue.delivery.decide import NEVER, Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile, recover
from content_queue.delivery.works import Works
from content_queue.models import Channel
from content_queue.store import LedgerError
from content_queue.store.deliveries import next_ready
from content_queue.store.engine import open_ledger
from content_queue.store.tables import deliveries, notices
from content_queue.store.writer import InlineWriter
from tests.content_queue.world import DUE, HandClock, World, a_post, a_world
from tests.torture.mortal import Blow, Boundaries, Killed, MortalLedger, MortalPublisher
from tests.torture.people import POST, act
from tests.torture.wall import CHANNELS, Wall

Recovery = Callable[[Works], Awaitable[object]]
#: The daemon begins so long before the due second: staging is due, publishing is not.
BEFORE = timedelta(minutes=10)
#: The daemon looks at everything again after this at the latest, while something still moves.
TICK = timedelta(seconds=1)
#: Looks after which something that still moves will never come to rest.
MOST = 100


@dataclass(frozen=True)
class Moment:
    """Where lives begin: the file of a ledger, what stands on the wall, and the hour."""

    file: Path
    wall: Wall = field(default_factory=Wall)
    at: datetime = DUE - BEFORE


@dataclass(frozen=True)
class Fate:
    """What came of one office after all its lives."""

    doubled: int
    lost: int
    asked: int
    published: int
    #: Taken out by people before it left.
    dropped: int
    #: Shown although people had taken it back before it began to leave.
    defied: int

    @property
    def sound(self) -> bool:
        """Tell whether every promise was kept."""
        return not (self.doubled or self.lost or self.defied)


def template(folder: Path) -> Moment:
    """Write a ledger in which one post to every channel is planned and approved."""
    world: World = a_world(folder)
    world.plan(a_post(channels=CHANNELS))
    world.approve(POST)
    world.ledger.close()
    return Moment(folder / "loa.db")


@dataclass
class Stage:
    """One ledger, one wall, and the lives that one daemon after the other leads with them."""

    ledger: InlineWriter
    file: Path
    recovering: Recovery = recover
    wall: Wall = field(default_factory=Wall)
    clock: HandClock = field(default_factory=HandClock)

    def begin(self, moment: Moment) -> None:
        """Put everything back to a moment."""
        self._close()
        shutil.copy(moment.file, self.file)
        self.wall, self.clock = moment.wall.copy(), HandClock(moment.at)

    def keep(self, file: Path) -> Moment:
        """Keep this moment, to begin from it again."""
        self._close()
        shutil.copy(self.file, file)
        return Moment(file, self.wall.copy(), self.clock.at)

    def _close(self) -> None:
        self.ledger.close()  # its last connection takes the WAL in; it connects again when next asked

    def live(self, blows: Sequence[Blow] = (), *, until_death: bool = False) -> Boundaries:
        """Live to the end, life after life (or the first one only); return what was passed."""
        at = Boundaries(blows, act=lambda kind: act(kind, self.ledger, self.wall, self.clock.at))
        self._live_once(at)
        while at.dead and not until_death:
            at.revive()
            self._live_once(at)
        return at

    def _live_once(self, at: Boundaries) -> None:
        clock = self.clock = HandClock(self.clock.at)
        publisher = MortalPublisher(self.wall, at)
        channels = {name: Channel(name, "svhttdl", "telegram", name) for name in CHANNELS}
        works = Works(MortalLedger(self.ledger, at), clock, {"telegram": publisher}, channels, Rules(batch=2))
        with suppress(Killed):
            asyncio.run(until_death(self._look_on(works, clock), at.died))

    async def _look_on(self, works: Works, clock: HandClock) -> None:
        for _look in range(MOST):
            for step in (self.recovering, prepare, _deliver, reconcile, sweep):
                with suppress(LedgerError):  # the daemon logs it, and does it again at its next tick
                    await step(works)
            at = await works.ledger.read(_next_moment)
            if at is None:
                return
            clock.at = max(clock.at + TICK, at)

    def fate(self) -> Fate:
        """Compare the wall with the ledger."""
        rows = self.ledger.read_now(
            lambda c: c.execute(select(deliveries.c.channel, deliveries.c.state)).all()
        )
        told = self.ledger.read_now(lambda c: c.execute(select(notices.c.key)).scalars().all())
        ends = [_end(state, self.wall.shown[channel], told) for channel, state in rows]
        doubled = sum(count > 1 for count in self.wall.shown.values())
        asked, published, dropped = (ends.count(name) for name in ("asked", "published", "dropped"))
        lost = len(CHANNELS) - asked - published - dropped
        return Fate(doubled, lost, asked, published, dropped, len(self.wall.defied))


def open_stage(file: Path, *, recovering: Recovery = recover) -> Stage:
    """Open a ledger for many trials; only processes die here, no disks."""
    engine = open_ledger(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
    return Stage(InlineWriter(engine), file, recovering)


async def _deliver(works: Works) -> None:
    """Claim and send when the alarm would ring."""
    ready = await works.ledger.read(next_ready)
    if ready is not None and ready <= works.clock.now():
        await Dispatch(works).send(await claim(works))


def _next_moment(connection: Connection) -> datetime | None:
    """Return when something moves again by itself; None once all is at rest."""
    moving = ("scheduled", "publishing", "retrying", "unconfirmed")
    ready = deliveries.c.ready_at
    found = select(func.min(ready)).where(deliveries.c.state.in_(moving), ready < NEVER)
    return connection.execute(found).scalar()


async def until_death(life: Coroutine[Any, Any, object], died: asyncio.Event) -> None:
    """Live until death: nobody waits for those who waited for the dead."""
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    living, dying = asyncio.create_task(life), asyncio.create_task(died.wait())
    done, _pending = await asyncio.wait({living, dying}, return_when=asyncio.FIRST_COMPLETED)
    if living in done:
        await living


def _end(state: str, shown: int, told: Sequence[str]) -> str:
    """Say how a delivery ended: what readers see and what the ledger says must agree, or people know."""
    if state == "published":
        return "published" if shown else "lost"
    asked = any(key.startswith(f"{state}:{POST}:") for key in told)
    if state == "unconfirmed":
        return "asked" if asked else "lost"
    if shown:
        return "lost"  # it is out, and the ledger would have it sent once more
    return "dropped" if state == "cancelled" else "asked" if asked else "lost"
