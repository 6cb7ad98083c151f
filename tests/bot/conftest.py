"""What tests of the command line need."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from content_queue.texts import LOCALE_DIR
from publishers.standin.server import build
from tests.bot.conversation import Office, an_office
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
    async with an_office(world, base_url) as made:
        yield made
