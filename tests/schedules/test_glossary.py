"""Names and terms are found in a Vietnamese text, and a translation is held to them in every language."""

from pathlib import Path

import pytest

from schedules import agencies
from schedules.glossary import Glossary, faults, glossary_with, read_glossary, shipped
from schedules.translation_checks import check_translation, column_doubts

HOUSE = glossary_with((), agencies.load())
FESTIVAL = "Lễ hội hoa dã quỳ Chư Đang Ya, tỉnh Gia Lai: tiếng cồng chiêng."


def codes(source: str, text: str, locale: str, glossary: Glossary = HOUSE) -> list[str]:
    return [f"{error.code}: {error.message}" for error in faults(glossary, source, text, locale=locale)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (FESTIVAL, ["Chư Đăng Ya", "Gia Lai", "cồng chiêng"]),
        ("GIA LAI, Gia Lai và gia lai", ["Gia Lai"]),
        ("Gia Laizz và cây gia vị", []),
        ("Ủy ban nhân dân tỉnh Gia Lai họp.", ["Ủy ban nhân dân tỉnh Gia Lai"]),
        ("Ủy ban nhân dân các cấp ở Gia Lai", ["Ủy ban nhân dân", "Gia Lai"]),
    ],
)
def test_terms_are_found_as_whole_words_the_longest_first(text: str, terms: list[str]) -> None:
    """An agency's full name is one term and not three; other spellings stand for the right one."""
    assert [term.spellings[0] for term in HOUSE.hits(text)] == terms


@pytest.mark.parametrize(
    ("locale", "text", "told"),
    [
        ("en", "Sunflower festival of Chư Đăng Ya, Gia Lai: sounds of gongs", []),
        ("en", "Sunflower festival of Chu Dang Ya, Gia Lai: sounds of Gongs", []),
        ("en", "Sunflower festival, Gia Lai: gongs", ["term_lost: Thiếu tên “Chư Đăng Ya” phải giữ nguyên."]),
        (
            "en",
            "Chư Đăng Ya, Pleiku Province: drums",
            [
                "term_lost: Thiếu tên “Gia Lai” phải giữ nguyên.",
                "term_wrong: “cồng chiêng” chưa dịch đúng thuật ngữ.",
            ],
        ),
        ("ja", "ザライ省チュー・ダンヤのゴング", ["term_lost: Thiếu tên “Chư Đăng Ya” phải giữ nguyên."]),
        ("ja", "Chư Đăng Ya (ザライ省) ゴング", []),
        ("ko", "Chư Đăng Ya (잘라이성) 공", []),
        ("zh", "嘉莱省 Chư Đăng Ya 锣", []),
        ("fr", "Chư Đăng Ya, Gia Lai : les gongs", []),
        ("lo", "Chư Đăng Ya, Gia Lai", []),
        ("km", "Chư Đăng Ya", ["term_lost: Thiếu tên “Gia Lai” phải giữ nguyên."]),
        ("jra", "Chư Đăng Ya, Gia Lai", []),
    ],
)
def test_a_translation_is_held_to_the_terms_of_its_source(locale: str, text: str, told: list[str]) -> None:
    """Names stay in every language; a term is asked for only where the language has a word for it."""
    assert codes(FESTIVAL, text, locale) == told


def test_an_office_overrules_what_ships(tmp_path: Path) -> None:
    """Its own row for a term takes the place of ours, and new ones join."""
    table = tmp_path / "thuat-ngu.csv"
    rows = ["Từ;Cách dùng;en", "cồng chiêng;giữ nguyên;", "nhà rông;dịch;Rong house | communal house"]
    table.write_text("\n".join(rows), "utf-8-sig")
    own = read_glossary(table)
    assert own.problems == ()
    glossary = glossary_with(own.terms, {})
    assert codes("cồng chiêng ở nhà rông", "gongs at the hall", "en", glossary) == [
        "term_lost: Thiếu tên “cồng chiêng” phải giữ nguyên.",
        "term_wrong: “nhà rông” chưa dịch đúng thuật ngữ.",
    ]


@pytest.mark.parametrize(
    ("row", "cell", "code"), [(";dịch;x", "A2", "term_empty"), ("đình;tùy;x", "B2", "term_use")]
)
def test_a_wrong_term_is_told_at_its_cell(tmp_path: Path, row: str, cell: str, code: str) -> None:
    """And the others count."""
    table = tmp_path / "thuat-ngu.csv"
    table.write_text(f"Từ;Cách dùng;en\n{row}\nđình;dịch;communal house", "utf-8-sig")
    read = read_glossary(table)
    assert [(p.cell, p.code) for p in read.problems] == [(cell, code)]
    assert [term.spellings for term in read.terms] == [("đình",)]


def test_the_shipped_terms_are_a_table_without_mistakes() -> None:
    """Names of the province's places and peoples stay as they are."""
    kept = [term.spellings[0] for term in shipped() if term.keep]
    assert kept == ["Gia Lai", "Pleiku", "Quy Nhơn", "Chư Đăng Ya", "Biển Hồ", "Bahnar", "Jrai"]


@pytest.mark.parametrize(
    ("source", "text", "locale", "told"),
    [
        ("{số năm} năm, {ngày}", "{years} years", "en", "Thiếu chỗ điền {ngày} có trong bản gốc."),
        ("{số năm} năm", "{jahre} Jahre", "en", "Không có chỗ điền {jahre}."),
        ("{ngày}", "{date}", "ja", None),
        ("12.500 du khách", "12.500 visitors", "en", "Số “12.500” còn viết theo lối Việt Nam."),
        ("12.500 du khách", "12,500 visitors", "en", None),
        ("12,5 %", "12,5 %", "ja", "Số “12,5” còn viết theo lối Việt Nam."),
        ("12,5 %", "12,5 %", "fr", None),
        ("12.500", "12.500", "lo", None),
        ("mùng 1,2 Tết", "1,2", "en", None),
        ("ngày 24.11.2026, 7.30, 01.234.567.890", "24.11.2026, 7.30, 01.234.567.890", "en", None),
    ],
)
def test_placeholders_and_figures_come_over(source: str, text: str, locale: str, told: str | None) -> None:
    """A placeholder that is lost is a fact that is lost; 12.500 is twelve and a half to an Englishman."""
    found = [error.message for error in check_translation(source, text, locale=locale, glossary=Glossary())]
    assert found == ([told] if told else [])


def test_columns_of_the_calendar_are_held_to_the_terms_too() -> None:
    """Whatever way a text comes in."""
    texts = {"vi": FESTIVAL, "en": "A festival in Gia Lai: gongs", "fr": "Chư Đăng Ya, Gia Lai, gongs"}
    assert [field for field, _error in column_doubts(texts, HOUSE)] == ["text.en"]
    assert list(column_doubts({"en": "no source"}, HOUSE)) == []
