"""The listener shows pictures of approved posts, and nothing else."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from PIL import Image
from sqlalchemy import Connection, Update

from bot.house import House, open_house
from bot.planning.calendars import Calendars
from bot.platforms import rehearsing
from bot.secrets import rehearsal_token
from bot.settings import load_settings
from bot.web.listener import pictures_served
from bot.web.reachable import Lookout, fault_of, told
from bot.web.shelf import KEPT, Shelf
from content_queue.delivery.tokens import Tokens
from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.served import MOST, meant_by, served_name
from content_queue.states import PostState
from content_queue.store import notices, pictures
from content_queue.store.tables import deliveries, posts
from tests.bot.homes import home_with
from tests.content_queue.world import HandClock
from tests.publishers.contract import PNG
from tests.publishers.serving import closed_port
from tests.publishers.test_facebook_pictures import encoded, noise

#: 07:00 of the day on which the row is due at 07:30, local time.
MORNING = datetime(2026, 11, 20, 0, tzinfo=UTC)
NAME = f"{hashlib.sha256(PNG).hexdigest()}.png"


class Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


def _set(connection: Connection, change: Update) -> None:
    connection.execute(change)


@dataclass
class Office:
    """A house with one post with a picture, its listener, and a client of the web."""

    house: House
    address: str
    web: httpx.AsyncClient

    async def settle(self, state: PostState) -> None:
        """Let the post stand somewhere."""
        await self.house.ledger.run(partial(_set, change=posts.update().values(state=state)))

    async def get(self, path: str = NAME, method: str = "GET", **headers: str) -> httpx.Response:
        return await self.web.request(method, f"{self.address}/{path}", headers=headers)

    async def said(self) -> list[str]:
        """Return what people are to be told of pictures."""
        untold = await self.house.ledger.read(notices.untold)
        return [notice.message for notice in untold if "không tải được ảnh" in notice.message]


async def open_office(stack: AsyncExitStack, folder: Path, content: bytes) -> Office:
    """Open a house with one post that has a picture of this content."""
    home = home_with(folder, {"code": "GV", "channels": "zalo", "pictures": "anh.png"})
    (home / "calendars" / "anh.png").write_bytes(content)
    settings = rehearsing(load_settings(home), f"http://127.0.0.1:{closed_port()}")
    house = open_house(home, settings, clock=HandClock(MORNING), secrets=Tokens(Secrets()))
    stack.push_async_callback(house.close)
    address = await stack.enter_async_context(pictures_served(house))
    web = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))

    async def nothing() -> None: ...

    await Calendars(house).plan_again(nothing)
    return Office(house, address, web)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        yield await open_office(stack, tmp_path, PNG)


async def test_a_picture_of_an_approved_post_is_shown_for_ever(office: Office) -> None:
    """Its name is its content, so whoever has it need not ask again."""
    await office.settle(PostState.APPROVED)
    answer = await office.get()
    assert (answer.status_code, answer.content) == (200, PNG)
    assert {name: answer.headers[name] for name in answer.headers if name != "date"} == {
        "content-type": "image/png",
        "content-length": str(len(PNG)),
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "public, max-age=31536000, immutable",
        "etag": f'"{NAME}"',
    }


@pytest.mark.parametrize(("known", "status"), [("", 200), ('"anders"', 200), ("*", 304)])
async def test_who_has_it_gets_nothing_again(office: Office, known: str, status: int) -> None:
    """`If-None-Match` as in RFC 9110."""
    await office.settle(PostState.APPROVED)
    assert (await office.get(**{"if-none-match": known})).status_code == status
    tag = f'W/"{NAME}", "b"'
    again = await office.get(**{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("state", [state for state in PostState if state != PostState.APPROVED])
async def test_what_is_not_approved_is_shown_to_nobody(office: Office, state: PostState) -> None:
    """Law: nothing unapproved leaves, pictures among it."""
    await office.settle(state)
    answer = await office.get()
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (404, b"", "no-store")


async def test_what_was_taken_back_is_shown_no_more(office: Office) -> None:
    """Neither is what was taken out of the plan."""
    await office.settle(PostState.APPROVED)
    for state in ("retracted", "cancelled"):
        await office.house.ledger.run(partial(_set, change=deliveries.update().values(state=state)))
        assert (await office.get()).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "loa.db",
        "../loa.db",
        "%2e%2e/loa.db",
        "..%2floa.db",
        NAME.removesuffix(".png"),
        NAME.replace(".png", ".jpg"),
        NAME.upper(),
        f"{NAME}/",
        f"{NAME}%00.png",
        f"{'0' * 64}.png",
    ],
)
async def test_nothing_else_is_there(office: Office, path: str) -> None:
    """No list, no other file, no other spelling."""
    await office.settle(PostState.APPROVED)
    answer = await office.get(path)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_it_can_only_be_read(office: Office, method: str) -> None:
    """And HEAD, as by whom a link is checked."""
    await office.settle(PostState.APPROVED)
    assert (await office.get(method=method)).status_code == 405
    head = await office.get(method="HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PNG)))


async def test_a_file_that_was_changed_is_not_shown(office: Office) -> None:
    """Law: what is approved is what leaves."""
    await office.settle(PostState.APPROVED)
    (office.house.home / "media" / NAME.removesuffix(".png")).write_bytes(PNG + b"!")
    assert (await office.get()).status_code == 404


async def test_without_a_public_address_nothing_listens(office: Office) -> None:
    """An office that does not want it has no open port."""
    settings = office.house.settings
    quiet = replace(office.house, settings=replace(settings, media=replace(settings.media, public_url="")))
    async with pictures_served(quiet) as address:
        assert not address


async def test_a_port_that_is_taken_stops_nothing_else(office: Office) -> None:
    """The daemon goes on; posts with pictures are told of by the lookout."""
    settings = office.house.settings
    taken = office.address.removeprefix("http://")
    other = replace(office.house, settings=replace(settings, media=replace(settings.media, listen=taken)))
    async with pictures_served(other) as address:
        assert not address


# --- large pictures -----------------------------------------------------------------------------------


@dataclass
class Counted:
    """A store that counts how often it is read."""

    content: bytes
    read_times: int = 0

    def read(self, ref: MediaRef) -> bytes:
        self.read_times += 1
        return self.content

    def verify(self, ref: MediaRef) -> None: ...

    def part(self, ref: MediaRef, start: int, size: int) -> bytes:
        return self.content[start : start + size]


def small(sha256: str = "a" * 64) -> MediaRef:
    meant = meant_by(f"{sha256}-1m.jpg")
    assert meant is not None
    return meant


async def test_a_large_picture_is_made_smaller_once_and_always_the_same() -> None:
    """However many accounts ask for it at once: a JPEG of at most 1 MB, of the same proportions."""
    large = encoded(noise(3000, 2000), "PNG")
    media = Counted(large)
    shelf = Shelf(media)
    shown = await asyncio.gather(*(shelf.read(small()) for _account in range(20)))
    again = await Shelf(media).read(small())
    with Image.open(io.BytesIO(again)) as picture:
        assert picture.format == "JPEG"
        assert picture.width / picture.height == pytest.approx(1.5, rel=0.01)
    assert (set(shown), len(again) <= MOST, media.read_times) == ({again}, True, 2)


async def test_only_so_many_small_pictures_are_kept() -> None:
    """A server's memory is not a shelf."""
    shelf = Shelf(Counted(encoded(noise(20, 10), "PNG")))
    for number in range(KEPT + 3):
        await shelf.read(small(f"{number:064x}"))
    assert len(shelf._small) == KEPT


async def test_what_is_no_picture_is_not_shown_and_asked_for_anew() -> None:
    """A mended file is shown without a restart."""
    media = Counted(b"x" * 2_000_000)
    shelf = Shelf(media)
    for _time in range(2):
        with pytest.raises(RefusedError):
            await shelf.read(small())
    media.content = encoded(noise(20, 10), "PNG")
    assert (await shelf.read(small())).startswith(b"\xff\xd8\xff")


async def test_a_large_picture_of_an_approved_post_is_shown_smaller(tmp_path: Path) -> None:
    """From the folder of calendars to the web, under its own name."""
    large = encoded(noise(1500, 1000), "PNG")
    async with AsyncExitStack() as stack:
        office = await open_office(stack, tmp_path, large)
        await office.settle(PostState.APPROVED)
        name = f"{hashlib.sha256(large).hexdigest()}-1m.jpg"
        answer = await office.get(name)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert fault_of(name, answer) == ""
        assert (await office.get(name.replace("-1m.jpg", ".png"))).status_code == 404
        lookout = Lookout(office.house, office.address)
        await lookout.look()
        assert await office.said() == []


# --- looking from outside -----------------------------------------------------------------------------


async def test_pictures_that_can_be_fetched_are_looked_at_once_an_hour(office: Office) -> None:
    """And nobody is told anything."""
    await office.settle(PostState.APPROVED)
    lookout, clock = Lookout(office.house, office.address), office.house.clock
    assert isinstance(clock, HandClock)
    await lookout.look()
    (office.house.home / "media" / NAME.removesuffix(".png")).unlink()
    await lookout.look()
    assert await office.said() == []
    clock.at += timedelta(seconds=3601)
    await lookout.look()
    assert len(await office.said()) == 1


async def test_what_cannot_be_fetched_is_told_a_day_ahead_once_a_day(office: Office) -> None:
    """To the province, for the web server is the office's: with the posts, the reason and the next step."""
    await office.settle(PostState.APPROVED)
    lookout = Lookout(office.house, f"http://127.0.0.1:{closed_port()}/anh")
    await lookout.look()
    await lookout.look()
    (message,) = await office.said()
    assert message.startswith(
        "Zalo sẽ không tải được ảnh của bài GV-2026: không kết nối được (ConnectError)."
    )
    assert f"/anh/{NAME}" in message
    (notice,) = await office.house.ledger.read(notices.untold)
    assert (notice.agency, notice.author) == ("*", "")


@pytest.mark.parametrize("state", [PostState.IN_REVIEW, PostState.CANCELLED])
async def test_only_what_is_approved_is_looked_at(office: Office, state: PostState) -> None:
    """What is not approved is not to be fetched."""
    await office.settle(state)
    await Lookout(office.house, f"http://127.0.0.1:{closed_port()}").look()
    assert await office.said() == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(200, content=PNG, headers={"content-type": "image/png"}), ""),
        (httpx.Response(404), "máy chủ web trả lời HTTP 404"),
        (httpx.Response(301), "máy chủ web trả lời HTTP 301"),
        (httpx.Response(200, content=b"<html>"), "máy chủ web trả về một tệp khác"),
        (
            httpx.Response(200, content=PNG, headers={"content-type": "text/html"}),
            "máy chủ web báo sai loại tệp (Content-Type)",
        ),
    ],
)
def test_an_answer_is_judged(answer: httpx.Response, said: str) -> None:
    """Zalo follows no redirection that we know of, and wants a picture."""
    assert fault_of(NAME, answer) == said


def test_many_posts_are_told_in_few_words() -> None:
    """The first five by name."""
    message = told("lý do", "https://a.vn/x.png", [f"B{number}" for number in range(7)])
    assert message.startswith("Zalo sẽ không tải được ảnh của bài B0, B1, B2, B3, B4 và 2 bài khác: lý do.")


# --- names --------------------------------------------------------------------------------------------


def test_a_name_and_its_picture_mean_each_other() -> None:
    """Only JPEG and PNG of ours are served."""
    ref = MediaRef("a" * 64, "image/jpeg", "anh.jpg", 1)
    assert served_name(ref) == "a" * 64 + ".jpg"
    assert meant_by(served_name(ref)) == replace(ref, name=served_name(ref), size=0)
    assert served_name(replace(ref, size=MOST + 1)) == "a" * 64 + "-1m.jpg"
    others = [replace(ref, url="https://a.vn/1.jpg"), replace(ref, mime="video/mp4"), replace(ref, sha256="")]
    assert [served_name(other) for other in others] == ["", "", ""]


async def test_pictures_are_asked_for_by_their_platform(office: Office) -> None:
    """Those that platforms are given by hand need no web server."""
    await office.settle(PostState.APPROVED)

    async def needed(platform: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = await office.house.ledger.read(
            lambda connection: pictures.needed_pictures(connection, MORNING.replace(hour=23), [platform])
        )
        return found

    assert [await needed(platform) for platform in ("zalo", "facebook")] == [{NAME: ["GV-2026"]}, {}]
