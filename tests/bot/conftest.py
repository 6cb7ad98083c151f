"""What tests of the command line need."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from telegram import Bot

from bot.telegram import ApprovalBot
from content_queue.store.writer import ThreadWriter
from content_queue.texts import LOCALE_DIR
from publishers.http import Shards
from publishers.standin.server import build
from publishers.telegram.request import ShardedRequest
from tests.bot.conversation import TOKEN, Office
from tests.bot.desk import DESK
from tests.content_queue.world import World, a_world
from tests.publishers.serving import serving


@pytest.fixture(autouse=True, scope="session")
def catalogues() -> None:
    """Compile the catalogues: those of a checkout may be older than their sources, or not there."""
    for po in LOCALE_DIR.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            with po.open("rb") as source, mo.open("wb") as target:
                write_mo(target, read_po(source))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def base_url(tmp_path: Path, world: World) -> Iterator[str]:
    with serving(build(tmp_path, now=world.clock.now, platforms=["telegram"])) as url:
        yield f"{url}/telegram"


@pytest.fixture
async def office(base_url: str, world: World) -> AsyncIterator[Office]:
    http = Shards(connections=8)
    request = ShardedRequest(http)
    changes: list[str] = []
    ledger = ThreadWriter(world.ledger._engine)
    bot = ApprovalBot(
        bot=Bot(TOKEN, f"{base_url}/bot", request=request, get_updates_request=request),
        ledger=ledger,
        clock=world.clock,
        desk=DESK,
        changed=lambda: changes.append("changed"),
    )
    made = Office(bot, world, http, base_url, changes)
    await made.do("_limits", enforced=False)
    await bot.poll(0)
    yield made
    await http.close()
    await asyncio.to_thread(ledger.close)
