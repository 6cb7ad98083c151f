"""Lives of a daemon in one process: each ends at a boundary, the next goes on with ledger and platforms."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
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
from content_queue.delivery.retract import retract
from content_queue.delivery.works import Works
from content_queue.models import Channel
from content_queue.states import IN_FLIGHT
from content_queue.store import LedgerError
from content_queue.store.deliveries import next_ready
from content_queue.store.engine import open_ledger
from content_queue.store.tables import deliveries, notices, takebacks, variants
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
#: Where what was taken back ends: it was out, or it never was.
TAKEN = ("retracted", "cancelled")
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
            for step in (self.recovering, prepare, _deliver, reconcile, retract, sweep):
                with suppress(LedgerError):  # the daemon logs it, and does it again at its next tick
                    await step(works)
            at = await works.ledger.read(_next_moment)
            if at is None:
                return
            clock.at = max(clock.at + TICK, at)

    def fate(self) -> Fate:
        """Compare the wall with the ledger."""
        rows = self.ledger.read_now(lambda c: c.execute(_ROWS).all())
        told = self.ledger.read_now(lambda c: c.execute(select(notices.c.key)).scalars().all())
        ends = [_end(row, self.wall, told, last=_last_edits(rows)) for row in rows]
        wall = self.wall
        doubled = sum(count > 1 for each in (wall.ever, wall.following) for count in each.values())
        doubled += sum(words in wall.edits.get(channel, ()) for channel, words in wall.following)
        lost_reports = sum(not reported for reported in _reports(rows, told))
        asked, published, dropped = (ends.count(name) for name in ("asked", "published", "dropped"))
        lost = len(rows) - asked - published - dropped + lost_reports
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
    known_out = deliveries.c.state.not_in(IN_FLIGHT)
    asked = select(func.min(takebacks.c.ready_at)).join(deliveries, deliveries.c.id == takebacks.c.delivery)
    open_now = asked.where(takebacks.c.ended_at.is_(None), known_out)
    moments = [connection.execute(found).scalar(), connection.execute(open_now).scalar()]
    return min(filter(None, moments), default=None)


async def until_death(life: Coroutine[Any, Any, object], died: asyncio.Event) -> None:
    """Live until death: nobody waits for those who waited for the dead."""
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    living, dying = asyncio.create_task(life), asyncio.create_task(died.wait())
    done, _pending = await asyncio.wait({living, dying}, return_when=asyncio.FIRST_COMPLETED)
    if living in done:
        await living


#: Each delivery: its post, channel and state, whether it corrects by an edit, and what came of a take-back.
_ROWS = (
    select(
        deliveries.c.post,
        deliveries.c.channel,
        deliveries.c.state,
        deliveries.c.corrects,
        deliveries.c.in_place,
        takebacks.c.asked_at,
        takebacks.c.ended_at,
        variants.c.payload,
    )
    .join(variants, variants.c.hash == deliveries.c.variant)
    .outerjoin(takebacks, takebacks.c.delivery == deliveries.c.id)
)


def _reports(rows: Sequence[Any], told: Sequence[str]) -> Iterator[bool]:
    """Say, of each post that was taken back and of which nothing is open, whether people were told so."""
    asked = [row for row in rows if row.asked_at is not None]
    for post in {row.post for row in asked} - {row.post for row in asked if row.ended_at is None}:
        yield any(key.startswith(f"retracted:{post}:") for key in told)


def _last_edits(rows: Sequence[Any]) -> dict[str, str]:
    """Return channel -> the words of the last edit that is said to be over."""
    done = [row for row in rows if row.in_place and row.state == "published"]
    return {row.channel: row.payload["text"] for row in sorted(done, key=lambda row: str(row.post))}


def _end(row: Any, wall: Wall, told: Sequence[str], *, last: Mapping[str, str]) -> str:
    """Say how a delivery ended: what readers see and what the ledger says must agree, or people know."""
    words = row.payload["text"]
    follows = row.corrects and not row.in_place
    shown = wall.following[row.channel, words] if follows else wall.shown[row.channel]
    asked = any(key.startswith(f"{row.state}:{row.post}:") for key in told)
    if row.state == "unconfirmed":
        return "asked" if asked else "lost"
    if row.asked_at is not None:
        return "dropped" if not shown and row.state in TAKEN and row.ended_at else "lost"
    if row.state == "published" and row.in_place:
        return "published" if shown and wall.edits[row.channel][-1] == last[row.channel] else "lost"
    if row.state == "published":
        return "published" if shown else "lost"
    if shown and not row.in_place:
        return "lost"  # it is out, and the ledger would have it sent once more
    return "dropped" if row.state == "cancelled" else "asked" if asked else "lost"
