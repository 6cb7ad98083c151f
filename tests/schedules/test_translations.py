"""Translations stand in for columns once somebody else has read them, as long as the source is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from content_queue.models import Channel, Entry, Place, Translation, TranslationState, digest
from schedules.glossary import glossary_with
from schedules.office import Office
from schedules.readers import read_sheets
from schedules.translation_book import write_translations
from schedules.translation_rows import COLUMNS, Given, read_translations
from schedules.translations import translated, wanted
from tests.schedules.offices import big_office, table, write_book

SOURCE = "Gia Lai đón 12.500 du khách, {ngày}"
TEXT = "Gia Lai welcomes 12,500 visitors, {date}"
CHECKED = TranslationState.CHECKED
ENTRY = Entry(
    code="DQ-01",
    place=Place("lich.xlsx", "Lịch", 2),
    date_words="20/11",
    offset=0,
    at=time(7, 30),
    agency="ubnd-tinh",
    author="An",
    campaign="Dã quỳ",
    channels=("site",),
    languages=(),
    texts={"vi": SOURCE, "fr": "Gia Lai, {date} : 12 500 visiteurs"},
)
KEPT = Translation("DQ-01", "en", digest(SOURCE), TEXT, CHECKED, date(2026, 11, 10), "Hoa", "Bình")
SITE = Channel("Trang", "ubnd-tinh", "site", "x", ("vi", "en", "fr", "ja"))


def office() -> Office:
    known = big_office()
    return replace(known, glossary=glossary_with((), known.agencies))


def kept(*translations: Translation) -> Mapping[tuple[str, str], Translation]:
    return {(each.entry.casefold(), each.locale): each for each in translations}


@pytest.mark.parametrize(
    ("translation", "published"),
    [
        (KEPT, TEXT),
        (replace(KEPT, entry="dq-01"), TEXT),
        (replace(KEPT, state=TranslationState.DONE), None),
        (replace(KEPT, state=TranslationState.MISSING), None),
        (replace(KEPT, source=digest("Bản gốc trước đó")), None),
        (replace(KEPT, entry="DQ-02"), None),
    ],
)
def test_only_what_was_checked_and_is_not_stale_is_published(
    translation: Translation, published: str | None
) -> None:
    """The planner finds it like a column; else the language has no text, and the office's rule applies."""
    (entry,) = translated([ENTRY], kept(translation))
    assert entry.texts.get("en") == published
    assert (entry.fingerprint() == ENTRY.fingerprint()) == (published is None)


def test_a_column_of_the_calendar_comes_before_a_translation() -> None:
    """The editor's own word is in force."""
    (entry,) = translated([ENTRY], kept(replace(KEPT, locale="fr")))
    assert entry is ENTRY


def test_what_channels_want_and_no_column_holds_is_asked_for() -> None:
    """Each language once; what is kept comes with it, and whether it is stale or late."""
    old = replace(KEPT, locale="ja", source=digest("khác"))
    found = list(wanted([ENTRY], kept(KEPT, old), lambda _words: (SITE, SITE)))
    assert [(each.locale, each.ready, each.stale) for each in found] == [
        ("en", True, False),
        ("ja", False, True),
    ]
    assert [each.late(date(2026, 11, 11)) for each in found] == [False, True]
    assert [each.late(date(2026, 11, 10)) for each in found] == [False, False]


def test_channels_that_are_off_want_nothing() -> None:
    """Nobody translates for nobody."""
    off = replace(SITE, mode="off")
    assert list(wanted([ENTRY], {}, lambda _words: (off,))) == []


GOOD = {
    "Mã bài": "DQ-01",
    "Ngôn ngữ": "en",
    "Bản gốc": SOURCE,
    "Thuật ngữ": "",
    "Bản dịch": TEXT,
    "Trạng thái": "đã kiểm",
    "Hạn": "10/11/2026",
    "Người dịch": "Hoa",
    "Người kiểm": "Bình",
}


def give(folder: Path, *rows: Mapping[str, object]) -> Given:
    path = write_book(folder / "dich.xlsx", {"Bản dịch": table([{**GOOD, **row} for row in rows])})
    return read_translations(path, [ENTRY], office())


def test_a_row_comes_back_as_it_was_given(tmp_path: Path) -> None:
    """State, deadline and people included; a day may be Excel's own."""
    assert give(tmp_path, {}) == Given((KEPT,))
    assert give(tmp_path, {"Hạn": date(2026, 11, 10), "Ngôn ngữ": "tiếng Anh"}) == Given((KEPT,))


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        ({"Mã bài": "DQ-99"}, "A2", "entry_unknown"),
        ({"Ngôn ngữ": "Elvish"}, "B2", "language_unknown"),
        ({"Ngôn ngữ": "en, ja"}, "B2", "language_unknown"),
        ({"Ngôn ngữ": "fr"}, "B2", "text_in_calendar"),
        ({"Trạng thái": "xong"}, "F2", "state_unknown"),
        ({"Hạn": "mai"}, "G2", "deadline_unreadable"),
        ({"Hạn": "31/2/2026"}, "G2", "deadline_unreadable"),
        ({"Bản dịch": ""}, "E2", "translation_missing"),
        ({"Người dịch": ""}, "H2", "translator_missing"),
        ({"Người kiểm": ""}, "I2", "checker_missing"),
        ({"Người kiểm": "hoa"}, "I2", "checker_same"),
        ({"Bản dịch": TEXT.replace("Gia Lai", "The province")}, "E2", "term_lost"),
        ({"Bản dịch": TEXT.replace("{date}", "today")}, "E2", "placeholder_lost"),
        ({"Bản dịch": TEXT.replace("{date}", "{datum}")}, "E2", "placeholder_unknown"),
        ({"Bản dịch": TEXT.replace("12,500", "12.500")}, "E2", "figure_vietnamese"),
    ],
)
def test_a_wrong_row_is_refused_alone_at_its_cell(
    tmp_path: Path, row: Mapping[str, object], cell: str, code: str
) -> None:
    """File, sheet, cell, what is wrong and what to do; the other row is taken."""
    given = give(tmp_path, row, {"Ngôn ngữ": "ja"})
    (told,) = [problem for problem in given.problems if problem.severity == "error"]
    assert (told.file, told.sheet, told.cell, told.code) == ("dich.xlsx", "Bản dịch", cell, code)
    assert told.message
    assert told.hint
    assert [each.locale for each in given.translations] == ["ja"]


def test_two_rows_for_one_language_are_told(tmp_path: Path) -> None:
    """The first one counts."""
    given = give(tmp_path, {}, {"Bản dịch": TEXT + "!"})
    assert [(p.cell, p.code) for p in given.problems] == [("B3", "translation_twice")]
    assert given.translations == (KEPT,)


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        ({"Bản gốc": SOURCE + " Sửa."}, "C2", "translation_stale"),
        ({"Trạng thái": "chưa dịch"}, "F2", "state_behind"),
    ],
)
def test_what_is_kept_and_not_published_is_warned_of(
    tmp_path: Path, row: Mapping[str, object], cell: str, code: str
) -> None:
    """Nothing is lost, and nobody takes it for done."""
    given = give(tmp_path, row)
    assert [(p.severity, p.cell, p.code) for p in given.problems] == [("warning", cell, code)]
    assert len(given.translations) == 1


def test_a_workbook_of_something_else_is_refused_whole(tmp_path: Path) -> None:
    """With the columns that it wants."""
    path = write_book(tmp_path / "khac.xlsx", {"Trang": [["Tên", "Tuổi"], ["An", 5]]})
    given = read_translations(path, [ENTRY], office())
    assert [(p.file, p.code) for p in given.problems] == [("khac.xlsx", "header_missing")]
    assert "Mã bài, Ngôn ngữ, Bản gốc, Bản dịch" in given.problems[0].hint


def cells(path: Path, sheet: str) -> Sequence[Sequence[object]]:
    return next(
        [list(row.values) for row in found.rows] for found in read_sheets(path) if found.name == sheet
    )


def test_the_workbook_tells_translators_what_is_wanted(tmp_path: Path) -> None:
    """What is kept stands in it; what became stale asks to be done again; the terms have a sheet."""
    old = replace(KEPT, locale="ja", text="ザライ {ngày}", source=digest("khác"))
    found = list(wanted([ENTRY], kept(KEPT, old), lambda _words: (SITE,)))
    path = tmp_path / "dich.xlsx"
    write_translations(path, found, office())
    head, english, japanese = cells(path, "Bản dịch")
    assert head == [column.title for column in COLUMNS]
    terms = "Gia Lai (giữ nguyên)"
    assert english == ["DQ-01", "en", SOURCE, terms, TEXT, "đã kiểm", "10/11/2026", "Hoa", "Bình"]
    assert japanese[3:] == [f"{terms} → ザライ", "ザライ {ngày}", "chưa dịch", "10/11/2026", "Hoa", ""]
    assert cells(path, "Thuật ngữ") == [
        ["Từ", "Cách dùng", "en", "ja"],
        ["Gia Lai", "giữ nguyên", "", "ザライ"],
    ]
    assert read_translations(path, [ENTRY], office()).translations[0] == KEPT
