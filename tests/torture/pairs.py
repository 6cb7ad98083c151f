"""OAs whose pairs are due, and the real daemon killed, or its disk failing, at one call of the renewals.

Zalo gives a pair for one use: whoever dies after Zalo's turn and before his own commit has lost it. Judged is
from outside: by what Zalo takes, and by what stands in the leader's chat.
"""

import asyncio
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, update

from bot.connecting.visit import Joined, Visit
from bot.connecting.zalo import join
from bot.house import House
from content_queue.models import Token
from content_queue.store import tokens
from content_queue.store.tables import tokens as token_table
from tests.acceptance.offices import LEADER, LEADER_ID, SETTINGS, Office, channels_of, lay_out
from tests.torture.office import MORE, PATIENCE, Home, LaterClock, Standins, open_home
from tests.torture.trial import TALKS, WRITES, Strike, counted, run_daemon, struck

#: OAs of a home; they are renewed one after the other.
ACCOUNTS = 3
#: What makes a step of a renewal: what is written, made durable, sent and heard.
STEPS = (*WRITES, *TALKS)


@dataclass(frozen=True)
class Ends:
    """What came of the pairs of one home: `wrong` tells of each that is gone in silence or without need."""

    kept: int
    told: int
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """How one trial ended: `fired` says whether the run came as far as the call that was to be struck."""

    strike: Strike
    fired: bool
    ends: Ends


def run_trial(path: Path, strike: Strike) -> Trial:
    """Strike a fresh home's daemon once, let a second one go on, and judge what came of access."""
    standins = Standins(path)
    try:
        home = due_home(path)
        _status, _finished, fired = struck(home, strike, moves=waiting)
        assert run_daemon(home, moves=waiting) == (0, True), f"{strike}: the next daemon did not go on"
        return Trial(strike, fired, asyncio.run(_judged(home)))
    finally:
        standins.close()


def steps(folder: Path) -> dict[tuple[str, str], int]:
    """Return (call, file of the home) -> the most of one thread in undisturbed renewals."""
    standins = Standins(folder / "tinh")
    try:
        return counted(due_home(folder / "tinh"), STEPS, moves=waiting)
    finally:
        standins.close()


def due_home(path: Path) -> Home:
    """Lay out a home beside its running stand-ins: its OAs are connected, their pairs due at once."""
    lay_out(path, Office(channels_of("zalo", ACCOUNTS), people=SETTINGS + MORE, secrets={}))
    asyncio.run(_connect_all(path))
    return Home(path, 0)


def waiting(home: Home) -> int:
    """Count what still moves by itself: pairs that are to be renewed, and words that nobody has."""
    query = (
        "SELECT (SELECT count(*) FROM tokens WHERE lost_at IS NULL AND version = 1)"
        " + (SELECT count(*) FROM notices WHERE told_at IS NULL)"
    )
    with closing(sqlite3.connect(f"file:{home.ledger}?mode=ro", uri=True, timeout=PATIENCE)) as ledger:
        return int(ledger.execute(query).fetchone()[0])


async def _connect_all(path: Path) -> None:
    async with AsyncExitStack() as stack:
        house = open_home(path, clock=LaterClock())
        stack.push_async_callback(house.close)
        for name in house.channels:
            await _connect(house, name)
        await house.ledger.run(partial(_all_due, house=house))


def _all_due(connection: Connection, *, house: House) -> None:
    connection.execute(update(token_table).values(renew_at=house.clock.now()))


async def _connect(house: House, name: str, *, link: str = "") -> None:
    """Let a person open the link (the one that was told, if one was) and bring the answer back."""
    channel, said = house.channels[name], list[str]()

    def answer(_question: str) -> str:
        asked = link or next(line for line in reversed(said) if "/permission?" in line)
        landed = httpx.get(f"{asked}&choose={channel.remote_id}", trust_env=False, timeout=PATIENCE)
        return str(landed.headers["location"])

    joined = await join(Visit(house, [channel], LEADER, answer, answer, said.append))
    assert joined == [Joined(channel.name)], joined


async def _judged(home: Home) -> Ends:
    async with AsyncExitStack() as stack:
        house = open_home(home.path, clock=LaterClock())
        stack.push_async_callback(house.close)
        known = await house.ledger.read(partial(tokens.known, vault=house.renewals.vault))
        chat = _read_chat(home)
        ends = [await _end(home, house, token, chat) for token in known]
    wrong = tuple(f"{token.name}: {end}" for token, end in zip(known, ends, strict=True) if end not in FINE)
    return Ends(ends.count("kept"), ends.count("told"), wrong)


#: Ends that keep the promise.
FINE = ("kept", "told")


async def _end(home: Home, house: House, token: Token, chat: Sequence[str]) -> str:
    """Say what came of one pair; one that is lost must be opened again by the link that was told."""
    opened = await _is_open(home, house, token.name)
    if token.lost_at is None:
        return "kept" if opened and token.version > 1 else "gone in silence"
    if opened:
        return "called lost without need"
    name = house.renewals.named(token)
    links = [link for text in chat if name in text for link in re.findall(r"http://\S+/permission\S+", text)]
    if len(links) != 1:
        return f"lost, and told {len(links)} times"
    await _connect(house, name, link=links[0])
    return "told" if await _is_open(home, house, token.name) else "lost, and the link opens nothing"


async def _is_open(home: Home, house: House, name: str) -> bool:
    """Ask Zalo whether it takes what the home keeps."""
    opened = await house.ledger.read(partial(tokens.opened, vault=house.renewals.vault, names=[name]))
    headers = {"access_token": str(opened[name])}
    return bool(_told(f"{home.address}/zalo/v2.0/oa/getoa", headers)["error"] == 0)


def _read_chat(home: Home) -> list[str]:
    """Return what stands in the leader's chat with the bot."""
    told = _told(f"{home.address}/telegram/_people/chats/{LEADER_ID}", {})
    return [str(message.get("text", "")) for message in told["messages"]]


def _told(address: str, headers: Mapping[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(address, headers=headers, trust_env=False, timeout=PATIENCE).json()
    return answer
