"""Facebook's form of a post, what is refused, and how a post is known again: all pure."""

from datetime import UTC, datetime
from typing import Any

import pytest

from content_queue.models import Attempt, MediaRef, Payload, Variant
from content_queue.outcomes import Reading, Receipt, RefusedError
from publishers.facebook.reach import insight, shares
from publishers.facebook.readback import matching
from publishers.facebook.render import render
from publishers.options import FacebookOptions

OPTIONS = FacebookOptions(text_limit=20, photos_limit=2)
PHOTO = MediaRef("ab", "image/jpeg", "a.jpg", 1000, alt="Cồng chiêng")


@pytest.mark.parametrize(
    ("variant", "text", "fields"),
    [
        (Variant("vi", " Chào \r\n"), "Chào", {}),
        (Variant("vi", "Cha\u0300o"), "Ch\u00e0o", {}),
        (Variant("vi", "Chào\r\nbạn"), "Chào\nbạn", {}),
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
    ],
)
def test_a_variant_becomes_a_message(variant: Variant, text: str, fields: dict[str, Any]) -> None:
    """Text, link where photos take the preview's place, hashtags that are not said yet."""
    expected = Payload("facebook", "vi", text, {"message": text, **fields}, variant.media)
    assert render(variant, OPTIONS) == expected


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        (Variant("vi", "", media=(PHOTO,)), "chưa có nội dung"),
        (Variant("vi", "x" * 21), "21"),
        (Variant("vi", "😀" * 11), "22"),
        (Variant("vi", "Chào", media=(PHOTO,) * 3), "3 ảnh"),
        (Variant("vi", "Chào", media=(MediaRef("a", "image/gif", "a.gif", 1),)), "“a.gif”"),
        (Variant("vi", "Chào", media=(MediaRef("a", "image/png", "a.png", 4_500_000),)), "4.5 MB"),
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


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"value": 340}], 340),
        ([{"value": 0}], 0),
        ([{"value": {"like": 8, "love": 1}}], 9),
        ([{"value": {}}], 0),
        ([], None),
        ([{}], None),
        ([{"value": "n/a"}], None),
    ],
)
def test_a_number_comes_in_several_shapes(values: list[Any], expected: int | None) -> None:
    """A number, an object by type, or nothing: and nothing is not zero."""
    reading = insight("views", {"data": [{"name": "post_media_view", "values": values}]}, "v26.0")
    assert (reading.value, bool(reading.reason)) == (expected, expected is None)


@pytest.mark.parametrize(("answer", "value"), [({"shares": {"count": 3}}, 3), ({"id": "1_1"}, 0)])
def test_shares_are_left_out_at_zero(answer: dict[str, Any], value: int) -> None:
    """The one field whose absence means zero."""
    assert shares(answer, "v26.0") == Reading("shares", value, "graph v26.0 post")
