"""Facebook's form of a post, what is refused, and how a post is known again: all pure."""

from datetime import UTC, datetime
from typing import Any

import pytest

from content_queue.models import Attempt, MediaRef, Payload, Variant
from content_queue.outcomes import Receipt, RefusedError
from publishers.facebook.readback import matching
from publishers.facebook.render import render
from publishers.options import FacebookOptions

OPTIONS = FacebookOptions(text_limit=20, photos_limit=2)
PHOTO = MediaRef("ab", "image/jpeg", "a.jpg", 1000, alt="Cồng chiêng")
HUGE = MediaRef("ab", "image/jpeg", "a.jpg", 20_000_000)
PAPER = MediaRef("ab", "application/pdf", "Kế hoạch.pdf", 1000)


def film(width: int = 0, height: int = 0, seconds: float = 0) -> MediaRef:
    """Return a video of such measures, 0 where it does not tell."""
    return MediaRef("cd", "video/mp4", "le-hoi.mp4", 9, width=width, height=height, seconds=seconds)


LYING, UPRIGHT = film(1280, 720, 600), film(1080, 1920, 90)


@pytest.mark.parametrize(
    ("variant", "text", "fields"),
    [
        (Variant("vi", " Chào \r\n"), "Chào", {}),
        (Variant("vi", "Cha\u0300o"), "Ch\u00e0o", {}),
        (Variant("vi", "Chào\r\nbạn"), "Chào\nbạn", {}),
        (Variant("vi", "**Xem** [a](https://a.vn)"), "Xem a (https://a.vn)", {}),
        (Variant("vi", "Chào", link="https://a.vn"), "Chào", {"link": "https://a.vn"}),
        (
            Variant("vi", "Chào", link="https://a.vn", media=(PHOTO,)),
            "Chào\n\nhttps://a.vn",
            {"alt_texts": ["Cồng chiêng"]},
        ),
        (
            Variant("vi", "Ở https://a.vn", link="https://a.vn", media=(PHOTO,)),
            "Ở https://a.vn",
            {"alt_texts": ["Cồng chiêng"]},
        ),
        (Variant("vi", "Chào", hashtags=("GiaLai", "#GiaLai", " ")), "Chào\n\n#GiaLai", {}),
        (Variant("vi", "#gialai", hashtags=("#GiaLai", "#Gia")), "#gialai\n\n#Gia", {}),
        (Variant("vi", "Chào", media=(HUGE,)), "Chào", {"alt_texts": [""]}),
        (Variant("vi", "Chào", media=(LYING,), title="Lễ hội"), "Chào", {"form": "video", "title": "Lễ hội"}),
        (Variant("vi", "Chào", media=(film(),)), "Chào", {"form": "video"}),
        (Variant("vi", "Chào", media=(film(),), form="reel"), "Chào", {"form": "reel"}),
        (Variant("vi", "Chào", media=(UPRIGHT,), title="Lễ hội"), "Chào", {"form": "reel"}),
        (
            Variant("vi", "Chào", media=(LYING,), link="https://a.vn"),
            "Chào\n\nhttps://a.vn",
            {"form": "video"},
        ),
        (Variant("vi", "Chào", comment=" Xem thêm: a.vn "), "Chào", {"comment": "Xem thêm: a.vn"}),
    ],
)
def test_a_variant_becomes_a_message(variant: Variant, text: str, fields: dict[str, Any]) -> None:
    """Text, link where photos take the preview's place, hashtags that are not said yet."""
    shown = f"{text}\n\n💬 {fields['comment']}" if "comment" in fields else text
    expected = Payload("facebook", "vi", shown, {"message": text, **fields}, variant.media)
    assert render(variant, OPTIONS) == expected


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        (Variant("vi", "", media=(PHOTO,)), "chưa có nội dung"),
        (Variant("vi", "x" * 21), "21"),
        (Variant("vi", "😀" * 11), "22"),
        (Variant("vi", "Chào", media=(PHOTO,) * 3), "3 ảnh"),
        (Variant("vi", "Chào", media=(PAPER,)), "“Kế hoạch.pdf”"),
        (Variant("vi", "Chào", media=(PHOTO,), form="reel"), "cần đúng một video"),
        (Variant("vi", "Chào", media=(PHOTO, LYING)), "một video mỗi bài"),
        (Variant("vi", "Chào", media=(LYING,), form="reel"), "600 giây"),
        (Variant("vi", "Chào", media=(film(1280, 720, 60),), form="reel"), "1280×720"),
        (Variant("vi", "Chào", media=(film(1080, 1920, 91),)), "91 giây.*3 đến 90"),
        (Variant("vi", "Chào", media=(film(270, 480, 60),)), "270×480"),
        (Variant("vi", "Chào", media=(film(1280, 720, 4 * 3600 + 1),)), "4 giờ"),
    ],
)
def test_what_will_never_pass_is_told_to_the_editor(variant: Variant, told: str) -> None:
    """Before approval, with what to mend."""
    with pytest.raises(RefusedError, match=told):
        render(variant, OPTIONS)


@pytest.mark.parametrize(("length", "passes"), [(20, True), (21, False)])
def test_the_limit_is_the_last_that_passes(length: int, passes: bool) -> None:  # noqa: FBT001 - a row of a table
    """Not one letter early."""
    try:
        render(Variant("vi", "x" * length), OPTIONS)
    except RefusedError:
        assert not passes
    else:
        assert passes


START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def _attempt(*, photos: tuple[str, ...] = ()) -> Attempt:
    payload = Payload("facebook", "vi", "Chào", {"message": "Chào"})
    return Attempt(1, 1, payload, {"photos": list(photos)}, START)


def _post(number: int, message: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": f"1_{number}",
        "message": message,
        "created_time": f"2026-11-20T01:{minute:02}:00+0000",
        **more,
    }


def _with_photo(number: int, photo: str) -> dict[str, Any]:
    album = {"data": [{"target": {"id": "7"}, "subattachments": {"data": [{"target": {"id": photo}}]}}]}
    return _post(number, "khác", 3, attachments=album)


@pytest.mark.parametrize(
    ("posts", "photos", "found"),
    [
        ([], (), None),
        ([_post(1, "khác")], (), None),
        ([_post(1, "Cha\u0300o\r\n ")], (), "1_1"),
        ([_post(1, "Chào", 9), _post(2, "Chào", 2)], (), "1_2"),
        ([{**_post(1, "Chào"), "created_time": "2026-11-20T00:55:00+0000"}], (), "1_1"),
        ([{**_post(1, "Chào"), "created_time": "2026-11-20T00:54:59+0000"}], (), None),
        ([{"id": "1_1", "message": "Chào"}], (), None),
        ([_post(1, "Chào"), _with_photo(2, "99")], ("98", "99"), "1_2"),
        ([_post(1, "", attachments={"data": [{"target": {}}, {}]})], ("99",), None),
    ],
)
def test_a_post_is_known_again(
    posts: list[dict[str, Any]], photos: tuple[str, ...], found: str | None
) -> None:
    """Photo ids prove most, then the words; never what is older than the attempt; the oldest of several."""
    expected = Receipt(found, f"https://www.facebook.com/{found}") if found else None
    assert matching(posts, _attempt(photos=photos)) == expected
