"""A year of tokens: OAs whose pairs are renewed twice a day, Pages that want a person every three months.

The network fails, Zalo answers late, never, or "too fast"; the daemon is killed at commits and calls and is
switched off for days; people come hours or days after they are called; Pages are taken away.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, event, select, update

from content_queue.delivery.check import check
from content_queue.delivery.renew import Renewals
from content_queue.delivery.tokens import Tokens
from content_queue.delivery.works import Works
from content_queue.models import Channel, Grant, Outlook, Token
from content_queue.outcomes import ChannelHealth, NotSentError, UnknownOutcomeError
from content_queue.store import tokens as stored
from content_queue.store.engine import open_ledger
from content_queue.store.tables import notices
from content_queue.store.tokens import Given
from content_queue.store.writer import InlineWriter
from tests.content_queue.tokens import Door, NoFiles, a_vault
from tests.content_queue.world import NOW, HandClock
from tests.torture.life import until_death
from tests.torture.mortal import DIE, Blow, Boundaries, Killed, MortalLedger

#: Facebook lets numbers be read for so long after a person was there.
DATA = timedelta(days=90)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: So long after the network and the daemon are back, everything that can be used is usable again.
RECOVERED = HOUR
#: A daemon that waits looks again after this.
TICK = timedelta(minutes=5)
#: Of a renewal: lost on the way, not answered after its effect, "too fast"; of a round: killed in it.
UNSENT, UNANSWERED, BUSY, KILLED = 0.01, 0.0005, 0.005, 0.002
#: Boundaries of a round in which it may be killed.
WITHIN = 60


@dataclass
class Year:
    """What came of it."""

    renewals: int = 0
    kills: int = 0
    unanswered: int = 0
    #: Pairs that Zalo changed and nobody heard of: these cannot be kept.
    vanished: int = 0
    lost: int = 0
    told: int = 0
    #: Lost although the pair that was kept was the right one.
    needless: int = 0
    #: Lost, and nobody was told at once.
    silent: int = 0
    #: A token had run out although daemon and network were there for an hour.
    lapsed: int = 0
    #: Pages whose reading ended before a person came, and people called for them.
    expired: int = 0
    called: int = 0
    revoked: int = 0
    #: Accounts that are open in the end.
    open: int = 0
    marks: Counter[str] = field(default_factory=Counter)


class Weather:
    """When the network is away and when the daemon is off."""

    def __init__(self, rng: Random, days: int) -> None:
        """Draw an outage of hours every other week, one of more than a day, and holidays without power."""
        self.away = sorted(
            (NOW + rng.random() * days * DAY, rng.choice((1, 5, 9, 30)) * HOUR) for _one in range(days // 14)
        )
        self.off = sorted(
            (NOW + rng.random() * days * DAY, rng.choice((1, 8, 48, 240)) * HOUR)
            for _one in range(days // 30)
        )

    def is_away(self, at: datetime) -> bool:
        """Tell whether no platform can be reached."""
        return any(begin <= at < begin + span for begin, span in self.away)

    def on_again(self, at: datetime) -> datetime:
        """Return when a daemon that is off is switched on; `at` while it is on."""
        for begin, span in self.off:
            if begin <= at < begin + span:
                at = begin + span
        return at

    def fine_since(self, at: datetime) -> timedelta:
        """Return how long network and daemon have been there."""
        ends = [begin + span for begin, span in (*self.away, *self.off) if begin <= at]
        return at - max(ends, default=NOW - DAY)


class Zalo(Door):
    """The door, as it is over a year."""

    def __init__(self, rng: Random, weather: Weather, year: Year) -> None:
        """Take the chances and the weather."""
        super().__init__()
        self.rng, self.weather, self.year = rng, weather, year
        self.now: Callable[[], datetime] = lambda: NOW
        self.at: Boundaries | None = None
        self.changed = 0

    async def renew(self, refresh: str) -> Grant:
        """Renew, or fail as it happens to."""
        assert self.at is not None
        return await self.at.call(lambda: self._renew(refresh))

    async def _renew(self, refresh: str) -> Grant:
        if self.weather.is_away(self.now()):
            raise NotSentError("không nối được")
        chance = self.rng.random()
        if chance < UNSENT:
            raise UnknownOutcomeError("đứt giữa chừng")
        if chance < UNSENT + BUSY:
            raise NotSentError("gọi quá nhanh", retry_after=timedelta(minutes=1))
        grant = await super().renew(refresh)
        self.changed += 1
        if chance > 1 - UNANSWERED:
            self.year.unanswered += 1
            raise UnknownOutcomeError("trả lời bị mất")
        return grant


class Facebook:
    """Pages, each good until somebody takes it away, readable until a person must come again."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Take the clock."""
        self.now = now
        self.until: dict[str, datetime] = {}
        self.revoked: set[str] = set()

    def limits(self, _channel: Channel) -> tuple[()]:
        """Know no limits."""
        return ()

    async def check(self, _channel: Channel) -> ChannelHealth:
        """Answer whoever asks for a name."""
        return ChannelHealth(ok=True)

    async def look(self, _access: str, account: str) -> Outlook:
        """Say how a token stands."""
        if account in self.revoked:
            return Outlook(ok=False, problems=("Người cấp quyền đã rời Trang.",))
        return Outlook(ok=True, person_by=self.until[account])


@dataclass
class Province:
    """Accounts, one ledger, one daemon after the other, and people who come when they are called."""

    folder: Path
    accounts: int
    days: int
    seed: int = 1

    def __post_init__(self) -> None:
        """Lay out a home in which everything is connected, over some days."""
        self.rng, self.year = Random(self.seed), Year()  # noqa: S311 # a run that can be run again
        self.weather = Weather(self.rng, self.days)
        self.clock = HandClock()
        self.zalo = Zalo(self.rng, self.weather, self.year)
        self.zalo.now = self.facebook_now = self._now
        self.facebook = Facebook(self._now)
        engine = open_ledger(f"sqlite:///{self.folder / 'year.db'}")
        event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
        engine.dispose()  # whoever connected before has not heard of it
        self.ledger, self.vault = InlineWriter(engine), a_vault()
        names = [
            (kind, f"{kind}-{number}") for kind in ("zalo", "facebook") for number in range(self.accounts)
        ]
        self.channels = {name: Channel(name, "svhttdl", kind, name, token=name) for kind, name in names}
        self.by_hand: Counter[str] = Counter()
        #: When a person comes for an account.
        self.coming: dict[str, datetime] = {}
        for name in self.channels:
            self._authorise(name)
        self._begin()

    def run(self) -> Year:
        """Live through all days."""
        asyncio.run(self._live())
        year, known = self.year, self._known()
        kept = sum(token.version for token in known) - sum(self.by_hand.values())
        year.renewals, year.vanished = kept, self.zalo.changed - kept
        year.open = sum(self._is_open(token) for token in known)
        self.ledger.close()
        return year

    def _now(self) -> datetime:
        return self.clock.at

    async def _live(self) -> None:
        end, day = NOW + self.days * DAY, NOW
        while self.clock.at < end:
            self._wait_until(self.weather.on_again(self.clock.at))
            if self.clock.at >= day:
                await self._look()
                day = self.clock.at + DAY
            await self._tick()
            self._judge()
            self._people()
            self.clock.at = self._next(day)
        self.coming = dict.fromkeys(self.coming, self.clock.at)  # whoever was called comes in the end
        self._people()
        self.weather.away = []
        for _tick in range(20):  # and whatever is under way ends
            await self._tick()
            self._judge()
            self.clock.at += timedelta(minutes=16)

    def _begin(self) -> None:
        """Start a daemon."""
        self.at = self.zalo.at = Boundaries((), act=lambda _kind: None)
        publishers: dict[str, Any] = {"facebook": self.facebook, "zalo": self.facebook}
        works = Works(MortalLedger(self.ledger, self.at), self.clock, publishers, self.channels)
        lookers = {"facebook": self.facebook}
        self.renewals = Renewals(works, self.vault, {"zalo": self.zalo}, Tokens(NoFiles()), lookers)
        self.ledger.read_now(self.renewals.load)

    async def _tick(self) -> None:
        """Tick once, and now and then die in it."""
        if self.rng.random() < KILLED:
            self.at.blows.append(Blow(DIE, self.at.passed + self.rng.randint(1, WITHIN)))
        with suppress(Killed):
            await until_death(self._round(), self.at.died)
        if self.at.dead:
            self.year.kills += 1
            self.clock.at += timedelta(seconds=5)
            self._begin()

    async def _round(self) -> None:
        await self.renewals.tick()
        if self.renewals._round is not None:
            await self.renewals._round

    async def _look(self) -> None:
        """Look over the channels, as every morning; now and then a Page is taken away before."""
        if not self.weather.is_away(self.clock.at):
            if self.rng.random() < self.accounts / 3000:
                self.facebook.revoked.add(f"facebook-{self.rng.randrange(self.accounts)}")
            with suppress(Killed):
                found = await check(self.renewals.works, self.renewals)
                for name in found:
                    if not found[name].ok and name not in self.coming:
                        self.year.revoked += 1
                        self._call(name)

    def _judge(self) -> None:
        """Find what was lost, and what ran out."""
        told, known = self._told(), self._known()
        fine = self.weather.fine_since(self.clock.at) > RECOVERED
        for token in known:
            if token.lost_at is not None and token.name not in self.coming:
                self.year.lost += 1
                self.year.needless += self._is_open(token)
                self.year.silent += f"lost:{token.name}:{token.version}" not in told
                self._call(token.name)
            elif token.until is not None and token.lost_at is None:
                self.year.lapsed += fine and token.until < self.clock.at
            elif token.until is None and token.person_by is not None:
                self.year.expired += token.person_by < self.clock.at
        ends = {f"{one.name}:{one.person_by:%Y-%m-%d}" for one in known if one.person_by is not None}
        for key in [key for key in told if key.startswith("ends:")]:
            name = key.split(":")[1]
            if name not in self.coming and key.removeprefix("ends:").rpartition(":")[0] in ends:
                self.year.called += 1
                self._call(name, within=(4, 20 * 24))
        self.year.told += sum(key.startswith("lost:") for key in told)
        for key in told:
            self.year.marks[key.split(":")[0]] += 1

    def _call(self, name: str, within: tuple[int, int] = (2, 72)) -> None:
        """Call a person, who comes after some hours, before an end that was told of."""
        token = next(one for one in self._known() if one.name == name)
        at = self.clock.at + self.rng.randint(*within) * HOUR
        if token.lost_at is None and token.person_by is not None and token.person_by > self.clock.at:
            at = min(at, token.person_by - HOUR)
        self.coming[name] = at

    def _wait_until(self, on: datetime) -> None:
        """Let the time pass in which the daemon is off: people come all the same."""
        while self.clock.at < on:
            self.clock.at = min([on, *(at for at in self.coming.values() if at > self.clock.at)])
            self._people()

    def _people(self) -> None:
        """Let those come whose hour it is."""
        for name in [name for name, at in self.coming.items() if at <= self.clock.at]:
            del self.coming[name]
            self._authorise(name)

    def _authorise(self, name: str) -> None:
        kind = self.channels[name].platform
        if kind == "zalo":
            grant = self.zalo.give(name)
        else:
            self.facebook.revoked.discard(name)
            grant = Grant(f"page-{name}", person_within=DATA)
            self.facebook.until[name] = self.clock.at + DATA
        given = Given(name, kind, name, grant, "An")
        self.ledger.run_now(lambda c: stored.keep(c, self.vault, given, self.clock.at))
        self.by_hand[name] += 1

    def _next(self, day: datetime) -> datetime:
        """Return when something is to be done again."""
        due = [token.renew_at for token in self._known() if token.renew_at is not None]
        soonest = min([day, *due, *self.coming.values()])
        return max(self.clock.at + TICK, soonest)

    def _known(self) -> list[Token]:
        return self.ledger.read_now(lambda c: stored.known(c, self.vault))

    def _is_open(self, token: Token) -> bool:
        """Tell whether the platform takes what is kept."""
        if token.platform == "facebook":
            return token.name not in self.facebook.revoked
        access = self.ledger.read_now(lambda c: stored.opened(c, self.vault, [token.name]))[token.name]
        return access == self.zalo.current[token.name].access

    def _told(self) -> list[str]:
        """Take what people were told since the last time."""
        untold = notices.c.told_at.is_(None)

        def taken(connection: Connection) -> list[str]:
            keys = list(connection.execute(select(notices.c.key).where(untold)).scalars())
            if keys:
                connection.execute(update(notices).where(untold).values(told_at=self.clock.at))
            return keys

        return self.ledger.run_now(taken)
