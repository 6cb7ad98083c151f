"""An office's own words for languages are read from a table, and every mistake is told at its cell."""

from pathlib import Path

import pytest

from schedules.own_words import OwnWords, read_own_words

HEAD = "Ngôn ngữ;Từ;Cách viết"


def read(folder: Path, *lines: str, head: str = HEAD) -> OwnWords:
    path = folder / "ngon-ngu.csv"
    path.write_text("\n".join([head, *lines]), "utf-8-sig")
    return read_own_words(path)


def test_no_table_changes_nothing(tmp_path: Path) -> None:
    """Most offices have none."""
    assert read_own_words(None) == OwnWords({})


def test_words_are_read_however_they_are_spelled(tmp_path: Path) -> None:
    """A language goes by code or name, a day by its number or its word."""
    found = read(
        tmp_path,
        "jra;thứ Hai;hrơi sa",
        "tiếng Jrai;Thứ 3;hrơi dua",
        "Jrai;Chủ nhật;hrơi tơjuh",
        "jra;tháng 12;blan pluh dua",
        "jra;NGÀY;{ngày} blan {tháng} thŭn {năm}",
        "jra;kỷ niệm;{số năm} thŭn {tên dịp}",
        "km;chữ số;០ ១ ២ ៣ ៤ ៥ ៦ ៧ ៨ ៩",
        "ja;xác nhận;Trần Thị Hoa",
    )
    assert found.words == {
        "jra": {
            "weekday 1": "hrơi sa",
            "weekday 2": "hrơi dua",
            "weekday 7": "hrơi tơjuh",
            "month 12": "blan pluh dua",
            "date": "{day} blan {month} thŭn {year}",
            "anniversary": "{n} thŭn {name}",
        },
        "km": {"digits": "០១២៣៤៥៦៧៨៩"},
        "ja": {"confirmed": "Trần Thị Hoa"},
    }
    assert [(problem.code, problem.severity) for problem in found.problems] == [("words_some", "warning")] * 2


@pytest.mark.parametrize(
    ("line", "cell", "code"),
    [
        ("xx;ngày;{ngày}", "A2", "language_unknown"),
        ("jra, bdq;ngày;{ngày}", "A2", "language_unknown"),
        ("jra;tháng 13;blan", "B2", "word_unknown"),
        ("jra;ngày;", "C2", "word_empty"),
        ("jra;ngày;hrơi", "C2", "word_unusable"),
        ("jra;ngày;{ngày} {giờ}", "C2", "word_unusable"),
        ("jra;ngày;{ngày.__class__}", "C2", "word_unusable"),
        ("jra;ngày;{ngày} {", "C2", "word_unusable"),
        ("km;chữ số;0123", "C2", "word_unusable"),
    ],
)
def test_a_wrong_row_is_left_out_alone(tmp_path: Path, line: str, cell: str, code: str) -> None:
    """It is told at its cell with what may stand there; the other rows count."""
    found = read(tmp_path, line, "ja;xác nhận;Trần Thị Hoa")
    assert [(p.file, p.cell, p.code) for p in found.problems] == [("ngon-ngu.csv", cell, code)]
    assert all(problem.hint for problem in found.problems)
    assert found.words == {"ja": {"confirmed": "Trần Thị Hoa"}}


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    """What has none of the columns is no table of words."""
    found = read(tmp_path, "1;2;3", head="Tên;Tuổi;Quê")
    assert [problem.code for problem in found.problems] == ["header_missing"]
