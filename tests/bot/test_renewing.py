"""The whole way against the stand-in: connected, renewed, lost, told, connected again by the link told."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.commands.init import lay_out
from bot.connecting.visit import Joined, Visit
from bot.connecting.zalo import join
from bot.house import House, open_house
from bot.platforms import rehearsing
from bot.secrets import open_secrets
from bot.settings import load_settings
from content_queue.delivery.check import look_at
from content_queue.models import Channel
from content_queue.store import notices
from publishers.standin.server import build
from tests.content_queue.world import HandClock
from tests.publishers.serving import serving

OA = Channel("OA tỉnh", "ubnd-tinh", "zalo", "2000000007", token="oa-tinh")


@dataclass
class Town:
    """A house whose one OA is played by the stand-in."""

    house: House
    url: str
    clock: HandClock
    links: list[str] = field(default_factory=list)

    async def connect(self) -> list[Joined]:
        """Type the command; whoever gets the link says yes."""
        return await join(Visit(self.house, [OA], "An", self.answer, self.answer, self.links.append))

    def answer(self, _question: str) -> str:
        (link,) = [line for line in self.links[-8:] if "/v4/oa/permission" in line][-1:]
        landed = httpx.get(f"{link}&choose={OA.remote_id}", trust_env=False)
        return str(landed.headers["location"])

    async def turn(self, later: timedelta) -> None:
        self.clock.at += later
        await self.house.renewals.tick()
        if self.house.renewals._round is not None:
            await self.house.renewals._round

    async def is_well(self) -> bool:
        found = await look_at(self.house.works, [OA], self.house.renewals)
        return found[OA.name].ok

    async def told(self) -> list[str]:
        return [notice.message for notice in await self.house.ledger.read(notices.untold)]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def base_url(tmp_path: Path, clock: HandClock) -> Iterator[str]:
    with serving(build(tmp_path / "standin", now=clock.now, platforms=["zalo"])) as url:
        yield url


@pytest.fixture
async def town(tmp_path: Path, base_url: str, clock: HandClock) -> AsyncIterator[Town]:
    home = tmp_path / "tinh"
    lay_out(home)
    secrets = open_secrets(home, {}, learn=lambda _secret: None, rehearsal=True)
    house = open_house(home, rehearsing(load_settings(home), base_url), clock=clock, secrets=secrets)
    house.channels[OA.name] = OA
    yield Town(house, base_url, clock)
    await house.close()


async def test_an_oa_is_kept_for_a_month_and_opened_again_by_the_link_that_was_told(town: Town) -> None:
    """Law: once connected it is left alone; the one loss that cannot be healed comes with the way back."""
    assert await town.connect() == [Joined(OA.name)]
    for _renewal in range(30 * 24 // 13):
        await town.turn(timedelta(hours=13))
        assert await town.is_well()
    assert town.house.renewals.known[OA.token].version > 50

    for _try in range(2):  # both answers are lost after Zalo has changed the pair
        await asyncio.to_thread(
            httpx.post,
            f"{town.url}/zalo/_fault",
            json={"next": "drop_after", "on": "access_token"},
            trust_env=False,
        )
    await town.turn(timedelta(hours=13))
    await town.turn(timedelta(minutes=2))
    (said,) = [text for text in await town.told() if "liên kết" in text]
    assert await town.is_well() is False

    (link,) = re.findall(r"http://\S+", said)
    assert await town.connect() == [Joined(OA.name)]
    assert link in town.links
    assert await town.is_well()
