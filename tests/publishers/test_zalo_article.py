"""How a variant becomes an article."""

from dataclasses import replace

import pytest

from content_queue.models import Channel, MediaRef, Variant
from content_queue.outcomes import RefusedError
from publishers.options import ZaloOptions
from publishers.zalo.article import render, shortened
from publishers.zalo.pictures import public_url

CHANNEL = Channel("Zalo UBND phường Quy Nhơn", "ubnd-quy-nhon", "zalo", "123")
OPTIONS = ZaloOptions(default_cover="https://gialai.example/bia.jpg")
VARIANT = Variant("vi", "Lịch tiếp công dân\nThứ Năm hằng tuần.", author="UBND phường Quy Nhơn")


def picture(url: str, *, mime: str = "image/jpeg", size: int = 1000, alt: str = "") -> MediaRef:
    return MediaRef("a" * 64, mime, "anh.jpg", size, url=url, alt=alt)


def test_an_article_is_complete() -> None:
    """Every field of the request but `status`, which says when."""
    assert render(CHANNEL, VARIANT, OPTIONS).fields == {
        "type": "normal",
        "title": "Lịch tiếp công dân",
        "author": "UBND phường Quy Nhơn",
        "cover": {"cover_type": "photo", "photo_url": "https://gialai.example/bia.jpg", "status": "show"},
        "description": "Thứ Năm hằng tuần.",
        "body": [{"type": "text", "content": "Thứ Năm hằng tuần."}],
        "comment": "hide",
    }


def test_the_text_is_title_and_paragraphs_with_link_and_hashtags_last() -> None:
    """What the approver sees is what a reader will read."""
    variant = replace(VARIANT, link="https://gialai.example/lich", hashtags=("#GiaLai", "#QuyNhơn"))
    assert render(CHANNEL, variant, OPTIONS).text.split("\n\n") == [
        "Lịch tiếp công dân",
        "Thứ Năm hằng tuần.",
        "https://gialai.example/lich",
        "#GiaLai #QuyNhơn",
    ]


def test_link_and_hashtags_are_not_said_twice() -> None:
    """An editor may have written them already."""
    text = "Tin\nXem https://gialai.example/lich #GiaLai"
    variant = replace(VARIANT, text=text, link="https://gialai.example/lich", hashtags=("#GiaLai", "#Gia"))
    assert render(CHANNEL, variant, OPTIONS).text == "Tin\n\nXem https://gialai.example/lich #GiaLai\n\n#Gia"


def test_a_long_first_line_is_shortened_for_the_title_and_kept_in_the_body() -> None:
    """Nothing of the text is lost."""
    line = "Chào mừng kỷ niệm " * 12
    payload = render(CHANNEL, replace(VARIANT, text=line + "\nHết."), OPTIONS)
    assert payload.fields["title"].endswith("…")
    assert len(payload.fields["title"]) <= 140
    assert [block["content"] for block in payload.fields["body"]] == [line.strip(), "Hết."]


def test_a_single_line_is_title_and_body() -> None:
    """Zalo wants both."""
    payload = render(CHANNEL, replace(VARIANT, text="Chúc mừng năm mới"), OPTIONS)
    assert payload.text == "Chúc mừng năm mới\n\nChúc mừng năm mới"


def test_an_editors_title_is_kept_as_it_is() -> None:
    """It is not cut behind the editor's back: too long is refused."""
    assert render(CHANNEL, replace(VARIANT, title="Thông báo"), OPTIONS).fields["title"] == "Thông báo"
    with pytest.raises(RefusedError, match="Tiêu đề có 141 ký tự, Zalo chỉ nhận tối đa 140"):
        render(CHANNEL, replace(VARIANT, title="a" * 141), OPTIONS)


def test_the_first_picture_is_the_cover_and_the_others_are_blocks() -> None:
    """A cover is shown above the article, so it is not repeated in it."""
    media = (picture("https://a.vn/1.jpg"), picture("https://a.vn/2.jpg", alt="Toàn cảnh"))
    payload = render(CHANNEL, replace(VARIANT, media=media), OPTIONS)
    assert payload.fields["cover"]["photo_url"] == "https://a.vn/1.jpg"
    assert [block for block in payload.fields["body"] if block["type"] == "image"] == [
        {"type": "image", "url": "https://a.vn/2.jpg", "caption": "Toàn cảnh"}
    ]
    assert payload.media == media


def test_a_local_picture_gives_way_to_the_default_cover() -> None:
    """Zalo cannot fetch it, and the card shows that it does not go along."""
    payload = render(CHANNEL, replace(VARIANT, media=(picture(""),)), OPTIONS)
    assert payload.fields["cover"]["photo_url"] == "https://gialai.example/bia.jpg"
    assert payload.media == ()


@pytest.mark.parametrize(
    ("media", "said"),
    [((), "cần một ảnh bìa có địa chỉ https"), ((picture(""),), "Ảnh trong máy chưa dùng được")],
)
def test_without_any_cover_it_is_refused_with_the_way_out(media: tuple[MediaRef, ...], said: str) -> None:
    """The sentence names both ways to mend it."""
    with pytest.raises(RefusedError) as caught:
        render(CHANNEL, replace(VARIANT, media=media), ZaloOptions())
    assert said in str(caught.value)
    assert "zalo.default_cover" in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        picture("http://a.vn/1.jpg"),
        picture("https://a.vn/1.webp", mime="image/webp"),
        picture("https://a.vn/1.jpg", size=1024 * 1024 + 1),
        picture("https://" + "a" * 70 + "ă.vn/1.jpg"),
    ],
)
def test_a_picture_that_zalo_cannot_take_is_refused(wrong: MediaRef) -> None:
    """Before approval, not at the due second."""
    with pytest.raises(RefusedError):
        render(CHANNEL, replace(VARIANT, media=(wrong,)), OPTIONS)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("https://a.vn/ảnh 1.jpg", "https://a.vn/%E1%BA%A3nh%201.jpg"),
        ("https://a.vn/%E1%BA%A3nh.jpg?x=1&y=2", "https://a.vn/%E1%BA%A3nh.jpg?x=1&y=2"),
        ("https://bücher.example/1.jpg", "https://xn--bcher-kva.example/1.jpg"),
    ],
)
def test_addresses_are_ascii(typed: str, sent: str) -> None:
    """Zalo calls anything else invalid."""
    assert public_url(typed) == sent


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Một hai ba", 10, "Một hai ba"),
        ("Một hai ba", 9, "Một hai…"),
        ("Một hai, ba", 9, "Một hai…"),
        ("Mộthaiba", 5, "Mộth…"),
        ("Một\n  hai", 20, "Một hai"),
    ],
)
def test_a_text_is_cut_after_a_word(text: str, limit: int, short: str) -> None:
    """On one line, and never longer than allowed."""
    assert shortened(text, limit) == short
    assert len(short) <= limit


def test_a_description_keeps_its_bound_and_an_author_is_never_empty() -> None:
    """Both are required."""
    fields = render(CHANNEL, replace(VARIANT, text="Dòng đầu\n" + "chữ " * 200, author=""), OPTIONS).fields
    assert len(fields["description"]) <= 250
    assert fields["author"] == "Zalo UBND phường Quy Nhơn"
