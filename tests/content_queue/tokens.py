"""A platform whose refresh tokens are used up by using them, and a home that keeps what it gives."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, select

from content_queue.delivery.renew import Renewals
from content_queue.delivery.tokens import Tokens
from content_queue.models import Channel, Grant, Question, Token
from content_queue.outcomes import ChannelClosedError
from content_queue.sealing import read_ring
from content_queue.store import tokens as stored
from content_queue.store.tables import notices
from content_queue.store.tokens import Given, Vault
from tests.content_queue.world import World, a_world

KEY = "k" * 43
LASTS, PERSON = timedelta(hours=25), timedelta(days=90)


def a_vault(text: str = KEY, *, rehearsal: bool = False) -> Vault:
    """Make a vault with these keys."""
    return Vault(lambda: read_ring(text), rehearsal)


@dataclass
class Door:
    """Keeps, for each account, the one pair that opens it; whatever came before is dead."""

    current: dict[str, Grant] = field(default_factory=dict)
    #: Refresh token -> whose it was.
    whose: dict[str, str] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    answers: list[Exception | None] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def give(self, account: str) -> Grant:
        """Give an account a new pair, as after a person's yes."""
        number = next(self._numbers)
        grant = Grant(f"access-{account}-{number}", f"refresh-{account}-{number}", LASTS, PERSON)
        self.current[account], self.whose[grant.refresh] = grant, account
        return grant

    def link(self, question: Question) -> str:
        return f"https://x/permission?state={question.state}"

    async def renew(self, refresh: str) -> Grant:
        self.tried[refresh] += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        account = self.whose[refresh]
        if self.current[account].refresh != refresh:
            raise ChannelClosedError("Zalo báo khóa gia hạn đã dùng rồi.")
        return self.give(account)


class NoFiles:
    """A home without secrets in files."""

    def get(self, name: str) -> str:
        raise KeyError(name)


@dataclass
class Home:
    """A world with accounts that a door opens."""

    world: World
    door: Door
    vault: Vault
    renewals: Renewals
    heard: list[str] = field(default_factory=list)

    async def turn(self) -> None:
        """Tick, and wait for what it began."""
        await self.renewals.tick()
        if self.renewals._round is not None:
            await self.renewals._round

    def token(self, name: str = "k0") -> Token:
        known: list[Token] = self.world.look(stored.known, self.vault)
        return next(token for token in known if token.name == name)

    def told(self) -> list[tuple[str, str]]:
        """Return key and text of everything that people were told."""

        def rows(connection: Connection) -> list[tuple[str, str]]:
            query = select(notices.c.key, notices.c.message).order_by(notices.c.id)
            return [(row.key, row.message) for row in connection.execute(query)]

        return list(self.world.look(rows))

    def agrees(self, name: str = "k0") -> bool:
        """Tell whether what the home uses is what the door takes."""
        return self.renewals.tokens.get(name) == self.door.current[name].access


def a_home(folder: Path, *, accounts: int = 1, key: str = KEY) -> Home:
    """Make a home whose channels k0, k1 … are connected."""
    world, door, vault = a_world(folder, channels=0), Door(), a_vault(key)
    names = [f"k{number}" for number in range(accounts)]
    world.works.channels.update(  # type: ignore[attr-defined] # the daemon's way, too
        {name: Channel(name, "svhttdl", "zalo", name, token=name) for name in names}
    )
    for name in names:
        world.do(stored.keep, vault, Given(name, "zalo", name, door.give(name), "An"), world.clock.at)
    return Home(world, door, vault, renewals_of(world, door, vault))


def renewals_of(world: World, door: Door, vault: Vault) -> Renewals:
    """Make the renewer of a process that has just begun."""
    return Renewals(world.works, vault, {"zalo": door}, Tokens(NoFiles()))


async def settle() -> None:
    """Let everybody who can work do so."""
    for _turn in range(10):
        await asyncio.sleep(0)
