"""Lives of a renewer, each ending at a boundary: before or after a commit, before or after a call."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, event, update

from content_queue.delivery.renew import Renewals
from content_queue.delivery.tokens import Tokens
from content_queue.delivery.works import Works
from content_queue.models import Grant, Question
from content_queue.store import LedgerError
from content_queue.store import tokens as stored
from content_queue.store.engine import open_ledger
from content_queue.store.tables import tokens
from content_queue.store.writer import InlineWriter
from tests.content_queue.tokens import Door, Home, NoFiles, a_home, a_vault
from tests.content_queue.world import NOW, HandClock, World
from tests.torture.life import until_death
from tests.torture.mortal import Blow, Boundaries, Killed, MortalLedger

#: When lives begin: the renewal of the one account is due.
BEGIN = NOW + timedelta(hours=14)
#: Ticks after which something that still moves will never come to rest.
MOST = 20


@dataclass(frozen=True)
class MortalLogin:
    """The way to the door of one life."""

    door: Door
    at: Boundaries

    def link(self, question: Question) -> str:
        """Return where a person authorises."""
        return self.door.link(question)

    async def renew(self, refresh: str) -> Grant:
        """Renew between two boundaries."""
        return await self.at.call(lambda: self.door.renew(refresh))


@dataclass(frozen=True)
class Way:
    """The blows that were struck, and what came of access: kept, told, or gone in silence or without need."""

    blows: Sequence[Blow]
    end: str
    #: How often the most used refresh token was sent after it was used up.
    beyond: int


@dataclass
class Stage:
    """One account, its ledger, and the lives that one renewer after the other leads with them."""

    folder: Path
    blind: bool = False

    def __post_init__(self) -> None:
        """Lay out a home whose one token is due."""
        self.home = a_home(self.folder)
        self.home.world.ledger.close()
        shutil.copy(self.folder / "loa.db", self.folder / "first.db")
        engine = open_ledger(f"sqlite:///{self.folder / 'loa.db'}")
        event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        self.ledger = InlineWriter(engine)

    def run(self, blows: Sequence[Blow]) -> Way:
        """Begin anew, live under these blows to the end, and judge."""
        self.ledger.close()
        shutil.copy(self.folder / "first.db", self.folder / "loa.db")
        door = Door(dict(self.home.door.current), dict(self.home.door.whose))
        door._numbers = itertools.count(10)
        at, moment = Boundaries(blows, act=lambda _kind: None), BEGIN
        while True:
            home = self._living(door, at, moment)
            with suppress(Killed):
                asyncio.run(until_death(self._live(home), at.died))
            if not at.dead:
                break
            at.revive()
            moment = home.world.clock.at + timedelta(seconds=1)
        struck = blows[: len(blows) - len(at.blows)]
        return Way(struck, self._judged(home, door), max(door.tried.values(), default=0) - 1)

    def _living(self, door: Door, at: Boundaries, moment: datetime) -> Home:
        clock, channels = HandClock(moment), self.home.world.works.channels
        works = Works(MortalLedger(self.ledger, at), clock, {}, channels)
        login, vault = MortalLogin(door, at), a_vault()
        renewals = Renewals(works, vault, {"zalo": login}, Tokens(NoFiles()))
        return Home(World(works, self.ledger, clock, self.home.world.platform), door, vault, renewals)

    async def _live(self, home: Home) -> None:
        clock = home.world.clock
        if self.blind:
            await home.world.ledger.run(_forgetting)
        for _tick in range(MOST):
            with suppress(LedgerError):
                await home.turn()
            token = home.token("k0")
            if token.renew_at is None or token.version > 1:
                return
            clock.at = max(clock.at + timedelta(seconds=2), token.renew_at)

    @staticmethod
    def _judged(home: Home, door: Door) -> str:
        """Compare what is kept with what the platform takes."""
        token = home.token("k0")
        vault = home.vault
        pair = home.world.look(stored.opened, vault, ["k0"])["k0"]
        good = pair == door.current["k0"].access
        if token.lost_at is None:
            return "kept" if good and token.version > 1 else "silent"
        if good:
            return "needless"
        told = [text for key, text in home.told() if key == f"lost:k0:{token.version}"]
        questions: Mapping[str, Question] = home.world.look(stored.questions, vault)
        return "told" if [door.link(questions["k0"]) in text for text in told] == [True] else "silent"


def _forgetting(connection: Connection) -> None:
    """Take every renewal of which no end is known for done, as a renewer without intents would."""
    done = update(tokens).where(tokens.c.intent_at.is_not(None)).values(intent_at=None, renew_at=None)
    connection.execute(done)


def once(stage: Stage, kind: str) -> Iterator[Way]:
    """Strike once, at each boundary in turn."""
    return _until_nothing(lambda nth: stage.run([Blow(kind, nth)]), 1)


def twice(stage: Stage, first: str, second: str) -> Iterator[Way]:
    """Strike at each boundary, and again at each boundary of what follows."""
    for nth in itertools.count(1):
        ways = list(_until_nothing(partial(_then, stage, Blow(first, nth), second), 2))
        if not ways and len(stage.run([Blow(first, nth)]).blows) == 0:
            return
        yield from ways


def _then(stage: Stage, first: Blow, second: str, nth: int) -> Way:
    return stage.run([first, Blow(second, nth)])


def _until_nothing(trial: Callable[[int], Way], blows: int) -> Iterator[Way]:
    for nth in itertools.count(1):
        way = trial(nth)
        if len(way.blows) < blows:
            return
        yield way
