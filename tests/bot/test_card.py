"""The card as its reader sees it: pictures, what changed, the whole on request, another time."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.telegram.changes import shown_by, what_changed
from bot.telegram.voice import groups_of
from content_queue.media import MediaStore
from content_queue.models import ComposedPost, MediaRef, Payload
from content_queue.states import PostState
from tests.bot.conversation import Office
from tests.bot.test_telegram_cards import PICTURE, leaving
from tests.bot.test_telegram_cards import a_post as a_stored_post
from tests.content_queue.world import DUE, NOW, a_post

PICTURES = Path(__file__).parents[2] / "bot/demo/pictures"
FILM = replace(PICTURE, mime="video/mp4", name="phim.mp4", sha256="1" * 64)
HOUR = timedelta(hours=1)


# --- what changed: pure -------------------------------------------------------------------------------


def side(*found: tuple[Any, Payload], **changes: Any) -> tuple[Any, dict[str, Payload]]:
    """Return what a card of these deliveries shows, and its payloads by variant."""
    named = [(replace(d, variant=p.sha256()[:12]), p) for d, p in found]
    return shown_by(a_stored_post(**changes), named), {d.variant or "": p for d, p in named}


ONE = leaving("Trang Sở", "Dòng một\nDòng hai\nDòng ba", pictures=1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(side(ONE), side(ONE), "", id="nothing"),
        pytest.param(
            side(ONE), side(ONE, due=DUE + HOUR),
            "• Giờ đăng: 08:00 thứ Sáu 20/11/2026 → 09:00 thứ Sáu 20/11/2026", id="its time",
        ),
        pytest.param(
            side(ONE), side(ONE, leaving("B", ONE[1].text, pictures=1)), "• Số kênh: 1 → 2", id="channels",
        ),
        pytest.param(
            side(ONE), side(leaving("Trang Sở", "Dòng một\nDòng 2\nDòng ba", pictures=1)),
            "• Chữ (tiếng Việt):\n− Dòng hai\n+ Dòng 2", id="a line",
        ),
        pytest.param(
            side(ONE), side(leaving("Trang Sở", ONE[1].text, pictures=2)),
            "• Ảnh, tệp (tiếng Việt): co.png → co.png, co.png", id="pictures",
        ),
        pytest.param(
            side(ONE), side(ONE, leaving("Trang Sở", "One", locale="en")), "• Thêm bản tiếng Anh", id="more"
        ),
        pytest.param(
            side(ONE, leaving("Trang Sở", "One", locale="en")), side(ONE), "• Bỏ bản tiếng Anh", id="less"
        ),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_lines(old: tuple[Any, Any], new: tuple[Any, Any], told: str) -> None:
    """The time, the channels, by language the lines and files; whoever saw the old card reads only this."""
    assert what_changed(old[0], new[0], old[1] | new[1]) == told


def test_pictures_go_together_and_all_else_alone() -> None:
    """As many as an album holds, in their order."""
    groups = groups_of([PICTURE] * 12 + [FILM, FILM, PICTURE])
    assert [len(group) for group in groups] == [10, 2, 1, 1, 1]


# --- in the chat --------------------------------------------------------------------------------------


def with_pictures(office: Office, folder: Path, *names: str) -> ComposedPost:
    """Plan a post with pictures, and lend the bot the store they lie in."""
    store = MediaStore(folder / "media")
    office.bot.lend(store)
    refs: tuple[MediaRef, ...] = tuple(store.keep(PICTURES / name) for name in names)
    composed = a_post()
    [delivery] = composed.deliveries
    assert delivery.payload is not None
    shown = replace(delivery, payload=replace(delivery.payload, media=refs))
    return replace(composed, deliveries=(shown,))


@pytest.mark.parametrize("names", [("cong-chieng.png",), ("cong-chieng.png", "nui-lua.png")])
async def test_pictures_come_before_the_card(office: Office, tmp_path: Path, names: tuple[str, ...]) -> None:
    """As readers will see them, not only their names; each once for each person."""
    office.world.plan(with_pictures(office, tmp_path, *names))
    await office.bot.tick()
    await office.bot.tick()
    shown = [(bool(m["picture"]), bool(m["buttons"])) for m in await office.messages(8)]
    assert shown == [(True, False)] * len(names) + [(False, True)]


async def test_a_changed_card_shows_the_new_picture_and_says_so(office: Office, tmp_path: Path) -> None:
    """The old card names what changed and loses its buttons."""
    office.world.plan(with_pictures(office, tmp_path, "cong-chieng.png"))
    await office.bot.tick()
    office.world.plan(with_pictures(office, tmp_path, "nui-lua.png"))
    await office.bot.tick()
    change = "• Ảnh, tệp (tiếng Việt): cong-chieng.png → nui-lua.png"
    texts = [text for text in await office.texts(8) if change in text]
    assert [bool(m["picture"]) for m in await office.messages(8)] == [True, False, True, False]
    assert len(texts) == 2


async def test_a_long_text_is_shown_whole_on_request(office: Office) -> None:
    """By a button under the card; the card keeps its buttons."""
    office.world.plan(a_post(text="Dòng dài.\n" * 900 + "HẾT"))
    await office.bot.tick()
    [card] = await office.texts(8)
    toast = await office.tap(8, "Xem đủ")
    assert "HẾT" not in card
    assert (await office.texts(8))[-1].endswith("HẾT")
    assert (toast, (await office.buttons(8))[0][0]) == ("Toàn văn ở dưới.", "Duyệt")


async def test_another_time_is_given_from_the_card(office: Office) -> None:
    """With the right to approve it is approved in the same act, and all cards say so."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(8, "Sửa giờ…")
    await office.say(8, "20/11 15h")
    assert (office.post().due, office.post().state) == (NOW + 8 * HOUR, PostState.APPROVED)
    assert [buttons for who in (7, 8) for buttons in await office.buttons(who) if buttons] == []


async def test_a_card_that_is_no_longer_true_gives_no_time(office: Office) -> None:
    """Neither by its button nor by words that were waited for."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(8, "Sửa giờ…")
    office.world.plan(a_post(text="Bản khác hẳn"))
    [said] = await office.say(8, "20/11 15h")
    stale = (await office.messages(8))[0]
    await office.tap_on(8, stale, "Sửa giờ…")
    await office.bot.poll(0)
    over = "Việc này đã có người quyết định, hoặc bài đã thay đổi. Xin xem tin mới nhất."
    assert (said, (await office.toasts(8))[-1], office.post().due) == (over, over, DUE)
