"""What a card says, and what its buttons carry."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.telegram import seals
from bot.telegram.cards import buttons, card_text, closed_text, full_text, texts_of
from bot.telegram.lengths import MESSAGE, cut, length, pages
from bot.telegram.seals import Sealing
from content_queue.models import Delivery, MediaRef, Payload, Post
from content_queue.models.rules import PLAIN, Review
from content_queue.states import DeliveryState, PostState
from tests.bot.desk import DESK
from tests.content_queue.world import DUE, NOW

KEY = b"key"
MINE = Sealing(7, KEY, NOW)
PICTURE = MediaRef("0" * 64, "image/png", "co.png", 10)


def a_post(code: str = "GV-2026", **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": code, "entry": "GV", "year": 2026, "due": DUE, "agency": "svhttdl", "author": "Trần Văn Soạn",
        "campaign": "Tri ân", "occasion": "nha-giao", "tags": (), "summary": "Chào mừng",
        "state": PostState.IN_REVIEW, "content_hash": "ab" * 32, "revision": 1, "reason": None,
    }  # fmt: skip
    return Post(**{**fields, **changes})


def leaving(
    channel: str, text: str, *, platform: str = "facebook", locale: str = "vi", pictures: int = 0
) -> tuple[Delivery, Payload]:
    delivery = Delivery(
        1, "GV-2026", channel, platform, locale, DeliveryState.SCHEDULED, DUE, DUE, DUE + timedelta(hours=2),
        "x", 0, None, None, None, None, None, None,
    )  # fmt: skip
    return delivery, Payload(platform, locale, text, {}, (PICTURE,) * pictures)


def test_a_card_says_what_goes_where_and_when() -> None:
    """Code, agency, local time, occasion, channels by platform, and each distinct text once."""
    found = [
        leaving("Trang Sở", "Chào mừng 20/11", pictures=2),
        leaving("Trang An Hòa", "Chào mừng 20/11", pictures=2),
        leaving("OA Sở", "Chào mừng 20/11", platform="zalo", pictures=2),
        leaving("Trang Sở", "Happy Teachers' Day", locale="en"),
    ]
    actual = card_text(a_post(), found, DESK)
    assert actual == (
        "Bài GV-2026\n"
        "Cơ quan: Sở Văn hóa, Thể thao và Du lịch\n"
        "Giờ đăng: 08:00 thứ Sáu 20/11/2026\n"
        "Dịp: Ngày Nhà giáo Việt Nam\n"
        "Đợt truyền thông: Tri ân\n"
        "Người soạn: Trần Văn Soạn\n"
        "Facebook 2 kênh: Trang Sở, Trang An Hòa\n"
        "Zalo 1 kênh: OA Sở\n"
        "\n"
        "── tiếng Việt · Facebook, Zalo, 2 ảnh: co.png, co.png ──\n"
        "Chào mừng 20/11\n"
        "\n"
        "── tiếng Anh · Facebook ──\n"
        "Happy Teachers' Day"
    )


@pytest.mark.parametrize("letter", ["ữ", "🎉", "a"])
@pytest.mark.parametrize("languages", [1, 2, 8])
def test_a_card_fits_one_message(letter: str, languages: int) -> None:
    """However long the texts, however many channels and languages, with room for the verdict."""
    found = [
        leaving(f"Trang thông tin {n}", f"{locale} " + letter * 3900, locale=locale)
        for n in range(450)
        for locale in ("en", "vi", "ja", "ko", "zh", "fr", "lo", "km")[:languages]
    ]
    actual = closed_text(a_post(), found, line="Đã từ chối: " + "x" * 5000, desk=DESK)
    assert length(actual) <= MESSAGE
    assert "… (xem đủ: /bai GV-2026)" in actual
    assert "và 444 kênh khác" in actual


def test_a_card_says_that_followers_are_written_to() -> None:
    """Law: a broadcast has an approval of its own, of somebody who knows that it is one."""
    two = [leaving(name, "Tin", platform="zalo") for name in ("Zalo tỉnh", "Zalo xã")]
    pushed = [(delivery, replace(payload, fields={"broadcast": {}})) for delivery, payload in two]
    said = "⚠ Gửi thẳng tới mọi người quan tâm của 2 kênh Zalo; tin đã gửi không thu hồi được."
    assert said in card_text(a_post(), pushed, DESK).split("\n")
    assert said in full_text(a_post(), pushed, DESK)[0].split("\n")
    assert "Gửi thẳng" not in card_text(a_post(), two, DESK)


def test_cancelled_deliveries_are_not_shown() -> None:
    """A card shows what would leave, nothing else."""
    delivery, payload = leaving("Trang cũ", "Bản cũ")
    gone = (replace(delivery, state=DeliveryState.CANCELLED), payload)
    actual = card_text(a_post(), [gone, leaving("Trang mới", "Bản mới")], DESK)
    assert ("cũ" in actual, "Bản mới" in actual) == (False, True)


def test_the_whole_post_is_not_cut() -> None:
    """`/bai` shows everything, in as many messages as that takes."""
    whole = "chữ " * 2000
    parts = full_text(a_post(), [leaving("Trang", whole.strip())], DESK)
    messages = list(pages(parts))
    assert "".join(messages).count("chữ") == 2000
    assert max(map(length, messages)) <= MESSAGE


@pytest.mark.parametrize("code", ["GV-2026", "Đ" * 40 + "-2026", "x" * 60, "a:b-2026"])
def test_a_buttons_data_fits(code: str) -> None:
    """At most 64 bytes, whatever the post is called, and it opens again."""
    post = a_post(code)
    rows = buttons(Review(post, PLAIN), DESK, Sealing(2**52, KEY, NOW)).inline_keyboard
    data = [str(button.callback_data) for row in rows for button in row]
    opened = [seals.unseal(each, person=2**52, key=KEY) for each in data]
    assert max(len(each.encode()) for each in data) <= seals.DATA
    told = [(each.verb, each.subject, each.short, each.made_at) for each in opened if each]
    assert told == [(verb, seals.named(code), "abababab", NOW) for verb in "dtmv"]


@pytest.mark.parametrize(
    ("data", "person", "key"),
    [
        (seals.seal("d", "GV-2026", "ab" * 32, MINE), 8, KEY),
        (seals.seal("d", "GV-2026", "ab" * 32, MINE), 7, b"other"),
        (seals.seal("d", "GV-2026", "ab" * 32, MINE).replace("GV", "GX"), 7, KEY),
        (seals.seal("t", "GV-2026", "ab" * 32, MINE).replace("t:", "d:"), 7, KEY),
        (seals.seal("d", "GV-2026", "ab" * 32, MINE).replace("abab", "cdcd"), 7, KEY),
        (seals.seal("d", "GV-2026", "ab" * 32, MINE).replace(":1a9d480:", ":1a9d481:"), 7, KEY),
        ("d:GV-2026:abababab:1b:", 7, KEY),
        ("d:GV-2026:abababab:ữữữ", 7, KEY),
        ("approve", 7, KEY),
        ("", 7, KEY),
    ],
)
def test_a_forged_button_does_not_open(data: str, person: int, key: bytes) -> None:
    """Another person, another bot, another post, verb or content: no button of ours."""
    actual = seals.unseal(data, person=person, key=key)
    assert actual is None


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("🎉🎉", 3, "🎉…"), ("ab cd", 4, "ab…")],
)
def test_cutting_counts_as_telegram_does(text: str, room: int, expected: str) -> None:
    """UTF-16 units; no letter is cut in two."""
    actual = cut(text, room, "…")
    assert actual == expected


def test_what_is_no_picture_says_what_it_is() -> None:
    """An approver knows what to open."""
    media = (
        PICTURE,
        replace(PICTURE, mime="video/mp4", name="le-hoi.mp4"),
        MediaRef("", "application/pdf", "a.pdf", 1),
    )
    delivery, payload = leaving("Trang Sở", "Chào")
    [(label, _text)] = texts_of([(delivery, replace(payload, media=media))])
    assert label == "── tiếng Việt · Facebook, 3 tệp: ảnh co.png, video le-hoi.mp4, tài liệu a.pdf ──"
