"""The annotated copy says the same at the same cells, and shows what is wrong."""

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from schedules.annotated import copy_of, write_annotated
from schedules.calendar import Calendar, Kept, read_calendar, read_folder
from schedules.readers import read_sheets
from schedules.template import write_template
from tests.schedules.offices import GOOD, big_office, table, write_book, write_calendar

OFFICE = big_office()


def given_back(path: Path, codes: Mapping[tuple[str, int], str] | None = None) -> tuple[Path, Calendar]:
    """Return the copy of a calendar and what was read of the original."""
    calendar, copy = read_calendar(path, OFFICE), copy_of(path)
    copy.parent.mkdir(exist_ok=True)
    write_annotated(copy, read_sheets(path), office=OFFICE, problems=calendar.problems, codes=codes or {})
    return copy, calendar


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def strings(path: Path) -> str:
    return part(path, "xl/sharedStrings.xml")


TYPES: list[dict[str, object]] = [
    {**GOOD, "Ngày": date(2026, 11, 20), "Giờ": time(7, 30)},
    {**GOOD, "Ngày": 46346.0, "Giờ": 0.3125, "Nội dung": "=1+1 {ngày}\nhai"},
    {**GOOD, "Giờ": "25h"},
    {**GOOD, "Kênh": "facebok", "Cơ quan": "Sở Thông tin và Truyền thông"},
    {**GOOD, "Ngày": datetime(2026, 11, 20, 8, 30)},  # noqa: DTZ001 -- cells of Excel have no zone
]


def test_the_copy_is_read_as_the_original(tmp_path: Path) -> None:
    """Saved over it, it replaces it: the same entries, the same mistakes at the same cells."""
    rows: list[list[object]] = [["LỊCH THÁNG 11"], [], *table(TYPES), [], ["THÁNG 12"], *table(TYPES[:1])]
    path = write_book(tmp_path / "a.xlsx", {"Tuần 1": rows, "Ghi chú": [["x", 3.5, True]]})
    copy, before = given_back(path)
    copy.replace(path)
    after = read_calendar(path, OFFICE)
    assert [entry.fingerprint() for entry in after.entries] == [e.fingerprint() for e in before.entries]
    assert [entry.place for entry in after.entries] == [entry.place for entry in before.entries]
    assert after.problems == before.problems
    assert len(before.problems) == 7
    assert {s.name: s.rows[0].values for s in read_sheets(path)}["Ghi chú"] == ("x", 3.5, True)


def test_mistakes_come_first_with_links_and_stand_red_with_comments(tmp_path: Path) -> None:
    """What is wrong and how to write it, in the list and at the cell, in the same words."""
    path = write_calendar(tmp_path / "a.xlsx", [{**GOOD, "Giờ": "25h"}])
    copy, calendar = given_back(path)
    (problem,) = calendar.problems
    assert [sheet.name for sheet in read_sheets(copy)][:2] == ["Cần sửa", "Lịch"]
    row = read_sheets(copy)[0].rows[2].values
    assert row[1:] == ("Lịch", problem.cell, "Lỗi", problem.message, problem.hint)
    assert f"location=\"'Lịch'!{problem.cell}\"" in part(copy, "xl/worksheets/sheet1.xml")
    comments = part(copy, "xl/comments1.xml")
    assert f'ref="{problem.cell}"' in comments
    assert f"{problem.message} {problem.hint}" in comments
    style = re.search(rf'r="{problem.cell}" s="(\d+)"', part(copy, "xl/worksheets/sheet2.xml"))
    assert style
    styles = part(copy, "xl/styles.xml")
    cells = re.findall(r"<xf [^>]*fillId=\"(\d+)\"", styles.split("<cellXfs")[1])
    fills = re.findall(r"<fill>.*?</fill>", styles)
    assert "F8CBAD" in fills[int(cells[int(style[1])])]


def test_codes_are_filled_in_where_they_belong(tmp_path: Path) -> None:
    """In their column, or in a new one behind all others."""
    without = {title: value for title, value in GOOD.items() if title != "Mã bài"}
    for name, row in (("a.xlsx", GOOD), ("b.xlsx", without)):
        path = write_calendar(tmp_path / name, [row])
        copy, _calendar = given_back(path, {("Lịch", 2): "B0001"})
        copy.replace(path)
        assert [entry.code for entry in read_calendar(path, OFFICE).entries] == ["B0001"]


def test_lists_and_checks_stand_below_every_header(tmp_path: Path) -> None:
    """Two blocks with their columns in different order: each has its own lists, through defined names."""
    turned = dict(reversed([*GOOD.items()]))
    path = write_book(tmp_path / "a.xlsx", {"Lịch": [*table([GOOD]), [], *table([{**turned, "Giờ": "8h"}])]})
    copy, calendar = given_back(path)
    assert (len(calendar.entries), calendar.problems) == (2, ())
    sheet = part(copy, "xl/worksheets/sheet2.xml")
    assert re.findall(r'sqref="(\w+:\w+)"[^>]*><formula1>DS_Kenh<', sheet) == ["F2:F3", "B5:B2005"]
    assert 'name="DS_Kenh"' in part(copy, "xl/workbook.xml")


def test_a_text_file_comes_back_as_a_workbook(tmp_path: Path) -> None:
    """Its one sheet gets a name, and its mistakes the cells that Excel will show."""
    lines = [";".join(GOOD), ";".join(str(value).replace("7h30", "25h") for value in GOOD.values())]
    (tmp_path / "a.csv").write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    copy, calendar = given_back(tmp_path / "a.csv")
    assert [problem.cell for problem in calendar.problems] == ["C2"]
    assert [sheet.name for sheet in read_sheets(copy)][:2] == ["Cần sửa", "Lịch"]


def test_a_copy_beside_its_original_is_refused(tmp_path: Path) -> None:
    """Every entry would stand twice; saved over the original, or without one, it is a calendar."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    write_template(tmp_path / "a_KIEM-TRA.xlsx", OFFICE)
    calendar = read_folder(tmp_path, OFFICE)
    assert [(p.file, p.code) for p in calendar.problems] == [("a_KIEM-TRA.xlsx", "file_copy")]
    (tmp_path / "a.xlsx").rename(tmp_path / "a.pdf")
    kept = Kept()
    assert read_folder(tmp_path, OFFICE, kept).problems == ()
    (tmp_path / "a.pdf").rename(tmp_path / "a.xlsx")
    assert [p.code for p in read_folder(tmp_path, OFFICE, kept).problems] == ["file_copy"]


def test_a_copy_of_a_copy_has_one_list_of_mistakes(tmp_path: Path) -> None:
    """The list is written anew each time."""
    path = write_calendar(tmp_path / "a.xlsx", [{**GOOD, "Giờ": "25h"}])
    for _round in range(2):
        copy, _calendar = given_back(path)
        copy.replace(path)
    names = [sheet.name for sheet in read_sheets(path)]
    assert names == ["Cần sửa", "Lịch", "Chiến dịch", "Kênh", "Danh mục", "Hướng dẫn"]


@pytest.mark.parametrize("length", [0, 1, 1024, 1025, 4096, 4097])
def test_counters_say_how_long_a_text_is(tmp_path: Path, length: int) -> None:
    """Also to programs that reckon nothing; an astral letter counts twice, as on Telegram."""
    said = {
        0: "",
        1: "1/1.024",
        1024: "1024/1.024",
        1025: "1025/4.096",
        4096: "4096/4.096",
        4097: "4097 > 4.096",
    }
    path = tmp_path / "a.xlsx"
    write_template(path, OFFICE, [{"text.vi": "x" * length}])
    titles, row = read_sheets(path)[0].rows[0].values, _row(path, 4)
    assert row[titles.index("Ký tự")] == said[length]


def _row(path: Path, number: int) -> tuple[Any, ...]:
    width = len(read_sheets(path)[0].rows[0].values)
    found = [row.values for row in read_sheets(path)[0].rows if row.number == number]
    return found[0] if found else ("",) * width


def test_what_is_secret_is_not_copied(tmp_path: Path) -> None:
    """The row comes back empty but for the cell that says why."""
    path = write_calendar(
        tmp_path / "a.xlsx", [{**GOOD, "Độ mật": "Mật", "Nội dung": "Điều phải giữ kín"}, GOOD]
    )
    copy, _calendar = given_back(path)
    rows = next(sheet.rows for sheet in read_sheets(copy) if sheet.name == "Lịch")
    assert [value for value in rows[1].values if value] == ["Mật"]
    assert "Điều phải giữ kín" not in str(read_sheets(copy))
    assert GOOD["Nội dung"] in rows[2].values
