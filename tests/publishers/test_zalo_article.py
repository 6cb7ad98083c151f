"""How a variant becomes an article."""

from dataclasses import replace

import pytest

from content_queue.models import Channel, MediaRef, Variant
from content_queue.outcomes import RefusedError
from publishers.options import ZaloOptions
from publishers.zalo.article import films_of, render, request, shortened
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


def test_markup_of_editors_is_spelled_out() -> None:
    """Whether Zalo takes HTML in a block is not known, so it gets letters: the address follows its words."""
    text = "**Lịch** tiếp công dân\n- Thứ Năm, xem [trang này](https://gialai.example/lich)"
    variant = replace(VARIANT, text=text, link="https://gialai.example/lich")
    assert render(CHANNEL, variant, OPTIONS).text == (
        "Lịch tiếp công dân\n\n- Thứ Năm, xem trang này (https://gialai.example/lich)"
    )


# --- pictures of our own --------------------------------------------------------------------------------

OURS = "https://anh.gialai.example"
SHA = "b" * 64


def of_ours(sha256: str = SHA, mime: str = "image/jpeg", size: int = 1000, name: str = "anh.jpg") -> MediaRef:
    return MediaRef(sha256, mime, name, size)


def test_pictures_of_our_own_are_addressed_by_their_content() -> None:
    """The first is the cover, the others stand in the body; all go along, so that they are approved."""
    media = (of_ours(), of_ours("c" * 64, "image/png"), picture("https://a.vn/3.jpg"))
    payload = render(CHANNEL, replace(VARIANT, media=media), OPTIONS, OURS)
    assert payload.fields["cover"]["photo_url"] == f"{OURS}/{SHA}.jpg"
    shown = [block["url"] for block in payload.fields["body"] if block["type"] == "image"]
    assert shown == [f"{OURS}/{'c' * 64}.png", "https://a.vn/3.jpg"]
    assert payload.media == media


def test_a_large_picture_of_our_own_is_served_smaller() -> None:
    """Cameras make more than the 1 MB that Zalo takes; the stored original stays as it is."""
    large = of_ours(size=1024 * 1024 + 1)
    payload = render(CHANNEL, replace(VARIANT, media=(large,)), OPTIONS, OURS)
    assert (payload.fields["cover"]["photo_url"], payload.media) == (f"{OURS}/{SHA}-1m.jpg", (large,))


def test_a_picture_of_too_many_pixels_is_refused_by_name() -> None:
    """It would fill the memory to make it smaller."""
    vast = replace(of_ours(name="hoi.jpg"), width=10_000, height=9_000)
    with pytest.raises(RefusedError, match=r"Hãy thay ảnh hoi\.jpg hoặc giảm dung lượng"):
        render(CHANNEL, replace(VARIANT, media=(vast,)), OPTIONS, OURS)


# --- videos ---------------------------------------------------------------------------------------------

FILM = of_ours("d" * 64, "video/mp4", 5000, "phim.mp4")


def test_a_video_with_few_words_is_a_video_article() -> None:
    """Its title and description are all that readers see; until the upload the hash stands for its id."""
    payload = render(CHANNEL, replace(VARIANT, media=(of_ours(), FILM)), OPTIONS, OURS)
    assert payload.fields == {
        "type": "video",
        "title": "Lịch tiếp công dân",
        "description": "Thứ Năm hằng tuần.",
        "video_id": FILM.sha256,
        "avatar": f"{OURS}/{SHA}.jpg",
        "comment": "hide",
    }
    assert payload.text == "Lịch tiếp công dân\n\nThứ Năm hằng tuần."
    assert payload.media == (of_ours(), FILM)


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "article"},
        {"form": "broadcast"},
        {"text": "Tin\n" + "chữ " * 200},
        {"media": (FILM, replace(FILM, sha256="e" * 64))},
        {"media": (FILM, of_ours(), of_ours("c" * 64))},
    ],
)
def test_a_video_beside_more_is_a_block_of_a_normal_article(changes: dict[str, object]) -> None:
    """No word and no picture is lost for the sake of a video."""
    variant = replace(replace(VARIANT, media=(FILM,)), **changes)  # type: ignore[arg-type] # fields of a variant
    fields = render(CHANNEL, variant, OPTIONS, OURS).fields
    films = [block for block in fields["body"] if block["type"] == "video"]
    assert (fields["type"], films[0]["video_id"]) == ("normal", FILM.sha256)
    assert films[0]["thumb"] == fields["cover"]["photo_url"]


def test_a_linked_video_stays_a_link() -> None:
    """Zalo shows it from where it is."""
    linked = MediaRef("", "video/mp4", "phim.mp4", 0, url="https://gialai.example/phim.mp4")
    fields = render(CHANNEL, replace(VARIANT, media=(linked,)), OPTIONS).fields
    assert fields["body"][-1] == {
        "type": "video",
        "url": "https://gialai.example/phim.mp4",
        "thumb": OPTIONS.default_cover,
    }


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (replace(FILM, size=50 * 1024 * 1024 + 1), "không quá 50 MB. Hãy nén hoặc cắt ngắn video phim.mp4"),
        (replace(FILM, mime="video/webm"), "chỉ nhận video MP4 hoặc AVI"),
        (of_ours("f" * 64, "application/pdf", 10, "bao-cao.pdf"), "không kèm được tài liệu bao-cao.pdf"),
    ],
)
def test_a_file_that_zalo_cannot_take_is_refused_by_name(file: MediaRef, said: str) -> None:
    """Before approval, with the way out."""
    with pytest.raises(RefusedError, match=said):
        render(CHANNEL, replace(VARIANT, media=(file,)), OPTIONS)


def test_what_is_handed_in_has_the_ids_that_zalo_gave() -> None:
    """In a video article and in blocks; and nothing of ours besides."""
    film = render(CHANNEL, replace(VARIANT, media=(FILM,)), OPTIONS)
    block = render(CHANNEL, replace(VARIANT, media=(FILM,), form="broadcast"), OPTIONS)
    ids = {FILM.sha256: "v1"}
    assert request(film, ids, status="hide") == {**film.fields, "video_id": "v1", "status": "hide"}
    handed = request(block, ids, id="a1", status="show")
    assert handed["body"][-1]["video_id"] == "v1"
    assert handed.keys() == (block.fields.keys() - {"broadcast"}) | {"id", "status"}
    assert films_of(film) == [FILM]


# --- broadcasts -----------------------------------------------------------------------------------------


def test_whom_a_broadcast_reaches_is_approved_with_it() -> None:
    """It is in the payload, so another hash than the article alone."""
    article, pushed = (render(CHANNEL, replace(VARIANT, form=form), OPTIONS) for form in ("", "broadcast"))
    assert pushed.fields == {**article.fields, "broadcast": {"gender": "0"}}
    assert pushed.sha256() != article.sha256()
