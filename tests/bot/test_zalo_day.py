"""From the workbook to readers of Zalo: pictures over the listener, broadcasts by the engine."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select, update

from bot.house import House, open_house
from bot.planning.calendars import Calendars
from bot.platforms import rehearsing
from bot.secrets import rehearsal_token
from bot.serve import lead
from bot.settings import load_settings
from bot.web.listener import pictures_served
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile
from content_queue.delivery.tokens import Tokens
from content_queue.states import DeliveryState, PostState
from content_queue.store import notices
from content_queue.store.broadcasts import count_broadcasts
from content_queue.store.tables import deliveries, posts
from publishers.standin.server import build
from publishers.standin.shown import Shown
from tests.bot.homes import home_with
from tests.content_queue.world import HandClock
from tests.publishers.contract import PNG
from tests.publishers.serving import serving

#: 07:00 of the day on which rows are due at 07:30, local time.
MORNING = datetime(2026, 11, 20, 0, tzinfo=UTC)
DUE = MORNING + timedelta(minutes=30)
PICTURE = {"code": "ANH", "channels": "zalo", "pictures": "anh.png"}
PUSHED = {"code": "GUI", "channels": "zalo", "form": "gửi người quan tâm"}


class Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


@dataclass
class Day:
    """The house, the stand-in, and what an office would see of both."""

    house: House
    url: str
    app: Any
    web: httpx.AsyncClient

    @property
    def clock(self) -> HandClock:
        assert isinstance(self.house.clock, HandClock)
        return self.house.clock

    def shown(self) -> list[Shown]:
        found: list[Shown] = self.app.state.standins["zalo"].shown()
        return found

    def messages(self) -> int:
        return len(self.app.state.standins["zalo"]._articles.broadcasts.messages)

    async def fault(self, word: str, on: str) -> None:
        await self.web.post(f"{self.url}/zalo/_fault", json={"next": word, "on": on})

    async def approve(self) -> None:
        """Let everybody say yes to everything."""

        def change(connection: Connection) -> None:
            connection.execute(update(posts).values(state=PostState.APPROVED))

        await self.house.ledger.run(change)

    async def go(self, at: datetime = DUE) -> None:
        """Prepare, and send whatever is due at a moment."""
        await prepare(self.house.works)
        self.clock.at = max(self.clock.at, at)
        await Dispatch(self.house.works).send(await claim(self.house.works))

    async def ends(self) -> Mapping[str, str]:
        """Return the state of each post's delivery."""

        def query(connection: Connection) -> dict[str, str]:
            rows = connection.execute(select(deliveries.c.post, deliveries.c.state))
            return {row.post: str(row.state) for row in rows}

        return await self.house.ledger.read(query)

    async def said(self) -> str:
        """Return what people are to be told."""
        return "\n".join(notice.message for notice in await self.house.ledger.read(notices.untold))


async def open_day(stack: AsyncExitStack, folder: Path, *rows: Mapping[str, str]) -> Day:
    """Lay out an office with one OA, and open everything that is around it."""
    home = home_with(folder, *rows)
    (home / "calendars" / "anh.png").write_bytes(PNG)
    header = "name,agency,platform,remote_id,languages,token"
    (home / "channels.csv").write_text(f"{header}\nZalo tỉnh,UBND tỉnh,zalo,99,vi,zalo-99\n", "utf-8")
    clock = HandClock(MORNING)
    app = build(folder / "standin", now=clock.now, platforms=["zalo"])
    url = stack.enter_context(serving(app))
    settings = rehearsing(load_settings(home), url)
    house = open_house(home, settings, clock=clock, secrets=Tokens(Secrets()))
    stack.push_async_callback(house.close)
    await lead(house, f"{url}/zalo", await stack.enter_async_context(pictures_served(house)))
    web = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))

    async def nothing() -> None: ...

    await Calendars(house).plan_again(nothing)
    return Day(house, url, app, web)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


async def test_a_picture_of_the_office_is_seen_by_readers_of_zalo(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    """Zalo fetches it from behind the office's web server, as soon as it is approved."""
    day = await open_day(stack, tmp_path, PICTURE)
    await day.approve()
    await day.go()
    (post,) = day.shown()
    assert (post.visible, len(post.pictures)) == (True, 1)
    assert (await day.web.get(f"{day.url}{post.pictures[0]}")).content == PNG
    assert await day.ends() == {"ANH-2026": DeliveryState.PUBLISHED}


async def test_a_picture_that_cannot_be_fetched_is_told_half_an_hour_before(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    """Law: what will not go out is told while it can still be mended."""
    day = await open_day(stack, tmp_path, PICTURE)
    await day.approve()
    next((day.house.home / "media").iterdir()).unlink()
    await prepare(day.house.works)
    assert "Bài ANH-2026 sẽ không lên được kênh Zalo tỉnh: " in await day.said()
    assert "Zalo không tải được ảnh" in await day.said()


async def test_a_broadcast_goes_out_once_and_is_counted(stack: AsyncExitStack, tmp_path: Path) -> None:
    """The ledger counts it for the day and the month; the next of the same day is told and not begun."""
    day = await open_day(stack, tmp_path, PUSHED, {**PUSHED, "code": "NUA", "time": "9h"})
    await day.approve()
    await day.go()
    counted = await day.house.ledger.read(
        lambda connection: count_broadcasts(connection, "Zalo tỉnh", MORNING - timedelta(hours=7))
    )
    await day.go(DUE + timedelta(minutes=90))
    assert (counted, day.messages(), len(day.shown())) == (1, 1, 1)
    assert await day.ends() == {"GUI-2026": DeliveryState.PUBLISHED, "NUA-2026": DeliveryState.FAILED}
    assert "hôm nay đã gửi tin cho người quan tâm" in await day.said()


async def test_an_article_is_not_counted_as_a_broadcast(stack: AsyncExitStack, tmp_path: Path) -> None:
    """Readers who come by themselves are written to by nobody."""
    day = await open_day(stack, tmp_path, PICTURE)
    await day.approve()
    await day.go()
    counted = await day.house.ledger.read(
        lambda connection: count_broadcasts(connection, "Zalo tỉnh", MORNING - timedelta(hours=7))
    )
    assert (counted, day.messages()) == (0, 0)


@pytest.mark.parametrize(("word", "arrived"), [("drop_before", 0), ("drop_after", 1), ("500_after", 1)])
async def test_a_broadcast_of_unknown_outcome_waits_for_a_person(
    stack: AsyncExitStack, tmp_path: Path, word: str, arrived: int
) -> None:
    """Law: nothing leaves twice. It counts as sent, and however often one looks, it is not repeated."""
    day = await open_day(stack, tmp_path, PUSHED)
    await day.approve()
    await day.fault(word, on="oa/message")
    await day.go()
    for _look in range(5):
        day.clock.at += timedelta(minutes=20)
        await reconcile(day.house.works)
        await sweep(day.house.works)
    counted = await day.house.ledger.read(
        lambda connection: count_broadcasts(connection, "Zalo tỉnh", MORNING - timedelta(hours=7))
    )
    assert await day.ends() == {"GUI-2026": DeliveryState.UNCONFIRMED}
    assert (day.messages(), counted, len(day.shown())) == (arrived, 1, 1)
    assert "Hãy xem mục Tin quảng bá" in await day.said()


async def test_a_broadcast_that_is_late_into_the_night_is_missed(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    """Nothing of it leaves, and people are asked for another time."""
    day = await open_day(stack, tmp_path, {**PUSHED, "time": "21h20"})
    await day.approve()
    evening = DUE.replace(hour=14, minute=20)
    day.clock.at = evening
    await day.go(evening + timedelta(minutes=11))
    assert await day.ends() == {"GUI-2026": DeliveryState.MISSED}
    assert (day.messages(), [post.visible for post in day.shown()]) == (0, [False])
    assert "từ 06:00 đến 21:30" in await day.said()


async def test_a_broadcast_for_the_night_is_refused_in_its_row(stack: AsyncExitStack, tmp_path: Path) -> None:
    """The editor is told at once."""
    day = await open_day(stack, tmp_path, {**PUSHED, "time": "22h"})
    assert "Zalo chỉ nhận tin gửi người quan tâm từ 06:00 đến 21:30 mỗi ngày" in await day.said()


async def test_correcting_the_article_of_a_broadcast_is_no_broadcast(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    """It is written to nobody, so the next day's is not refused for it."""
    day = await open_day(stack, tmp_path, PUSHED)
    await day.approve()
    await day.go()

    def as_correction(connection: Connection) -> None:
        connection.execute(update(deliveries).values(in_place=True))

    await day.house.ledger.run(as_correction)
    counted = await day.house.ledger.read(
        lambda connection: count_broadcasts(connection, "Zalo tỉnh", MORNING - timedelta(hours=7))
    )
    assert counted == 0
