"""The rich text of editors: what is markup is understood, and everything else stays as typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_queue.localize.rich import Line, Rich, Run, letters, paragraphs, parse, plain
from tests.content_queue.riches import RICH, typed

#: What editors type -> the runs of its one line.
TYPED: tuple[tuple[str, tuple[Run, ...]], ...] = (
    ("Chào **các bạn**.", (Run("Chào "), Run("các bạn", bold=True), Run("."))),
    ("_Mọi người_, xem", (Run("Mọi người", italic=True), Run(", xem"))),
    ("**_x_** _**y**_", (Run("x", bold=True, italic=True), Run(" "), Run("y", bold=True, italic=True))),
    ("“_x_” (_y_)", (Run("“"), Run("x", italic=True), Run("” ("), Run("y", italic=True), Run(")"))),
    ("[Xem](https://a.vn/b_c_d)", (Run("Xem", link="https://a.vn/b_c_d"),)),
    ("**[Xem](https://a.vn)**", (Run("Xem", bold=True, link="https://a.vn"),)),
    ("[**Xem**](https://a.vn/Núi_(x))", (Run("Xem", bold=True, link="https://a.vn/Núi_(x)"),)),
    (
        "今日は**重要**な_日_だ",
        (Run("今日は"), Run("重要", bold=True), Run("な"), Run("日", italic=True), Run("だ")),
    ),
    (r"\*\*không\*\* \_x\_ \[y](https://a.vn) \\", (Run("**không** _x_ [y](https://a.vn) \\"),)),
    ("**a _b** c_", (Run("a _b", bold=True), Run(" c_"))),
    ("**#an_toan** #vui_**khoẻ**", (Run("#an_toan", bold=True), Run(" #vui_"), Run("khoẻ", bold=True))),
)
#: What is no markup: it stays, sign for sign.
UNTOUCHED = (
    "ten_tep_anh.jpg, __init__ và _ ______ _",
    "#an_toan_giao_thong #_vui_ @cong_an_tinh_ #今日_明日_あさって",
    "https://gialai.gov.vn/_tin_/**a?b=_c_ và gialai.gov.vn/_tin_/x",
    "ubnd_xa@gialai.gov.vn, _x@y_z.vn",
    "2 ** 3 ** 4, 2 * 3 * 4, ****, ** **, **không đóng",
    "_không đóng, a _ b _ c, v1._2_a",
    "[chú thích] (https://a.vn) [x](javascript:alert(1)) [](https://a.vn) [y](gialai.gov.vn)",
    r"C:\thu_muc\tep và \n",
    "<b>đậm</b> &amp; {ngày}",
)


@pytest.mark.parametrize(("text", "runs"), TYPED)
def test_what_editors_type_is_understood(text: str, runs: tuple[Run, ...]) -> None:
    """Bold, slanted, links, alone and inside each other."""
    assert parse(text) == Rich((Line(runs),))


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_no_markup_stays_as_typed(text: str) -> None:
    """Underscores inside words, addresses and hashtags; signs that close nothing."""
    rich = parse(text)
    assert (plain(rich), rich.styled) == (text, False)


def test_lists_keep_their_markers_as_typed() -> None:
    """For platforms without lists they are what the editor saw."""
    text = "Gồm:\n- một\n- **hai**\n\n1. ba\n2. bốn\nhết 2. năm\n-không\n2026. Năm"
    rich = parse(text)
    assert [line.marker for line in rich.lines] == ["", "- ", "- ", "", "1. ", "2. ", "", "", ""]
    assert letters(rich) == text.replace("*", "")


def test_what_stands_together_is_a_paragraph_and_a_list_is_one_of_its_own() -> None:
    """Empty lines part paragraphs, however many; so does the kind of list."""
    found = paragraphs(parse("a\nb\n\n\nc\n- d\n- e\n1. f\n\ng\n"))
    assert [[line.text for line in lines] for lines in found] == [["a", "b"], ["c"], ["d", "e"], ["f"], ["g"]]


def test_a_plain_text_names_the_address_of_a_link() -> None:
    """Readers without markup can follow it too; an address is not said twice."""
    text = "[Xem](https://a.vn/b), [https://a.vn](https://a.vn)"
    assert plain(parse(text)) == "Xem (https://a.vn/b), https://a.vn"
    assert letters(parse(text)) == "Xem, https://a.vn"


def test_signs_do_not_part_a_letter_from_its_mark() -> None:
    """Without them another letter would stand there; then they stay."""
    text = "a**\u0301b** và _x_\u0323"
    assert plain(parse(text)) == text


@given(RICH)
def test_what_is_typed_is_what_is_meant(rich: Rich) -> None:
    """Law: any bold, slanted and linked text can be typed, and is read back exactly."""
    assert parse(typed(rich)) == rich


@given(st.text(alphabet=st.characters(exclude_characters="*_[\\", exclude_categories=["Cs"])))
def test_a_text_without_signs_is_itself(text: str) -> None:
    """Law: what was written before there was markup leaves as it did."""
    rich = parse(text)
    assert (plain(rich), rich.styled) == (unicodedata.normalize("NFC", text), False)


@given(st.text(alphabet="ab ữ*_[]()\\#@/:.-1\n日\u0301" + "https://a.vn"))
def test_any_text_has_a_meaning_and_loses_no_letter(text: str) -> None:
    """Law: only signs are taken away, never a letter, and the rest is in its order."""
    text = unicodedata.normalize("NFC", text)
    said = plain(parse(text))
    assert unicodedata.is_normalized("NFC", said)
    rest = iter(text)
    kept = [letter for letter in said if letter not in "()" and letter != " "]
    assert all(letter in rest for letter in kept)


@pytest.mark.parametrize("piece", ["**", "_", "[", "[a](", "**_", "\\", "#_", "[a](https://a(", "- "])
def test_a_text_of_nothing_but_signs_is_read_too(piece: str) -> None:
    """However long: no sign is looked at again for each that follows it."""
    assert len(plain(parse(piece * 20_000))) <= len(piece) * 20_000
