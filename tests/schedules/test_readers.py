import shutil
import subprocess
import zipfile
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.readers import calendars_in, read_sheets
from schedules.readers.sheet import address
from schedules.refusals import ReadError
from tests.schedules.offices import write_book

DAY, HOUR = date(2026, 11, 20), time(7, 30)


@pytest.mark.parametrize(
    "options",
    [{}, {"date_1904": True}, {"constant_memory": True}, {"constant_memory": True, "date_1904": True}],
)
def test_workbooks_are_read_in_every_shape_that_excel_writes(tmp_path: Path, options: dict[str, Any]) -> None:
    """Serial days of both epochs, shared and inline strings, several sheets, gaps that keep their place."""
    rows = [["Nội dung", "", DAY, HOUR], [], ["dòng 1\ndòng 2", 1001, 0.3125]]
    path = write_book(tmp_path / "a.xlsx", {"Một": rows, "Trống": [], "Hai": [["x"]]}, options=options)
    sheets = read_sheets(path)
    assert [(sheet.name, [row.number for row in sheet.rows]) for sheet in sheets] == [
        ("Một", [1, 3]),
        ("Hai", [1]),
    ]
    assert sheets[0].rows[0].values == ("Nội dung", "", DAY, HOUR)
    assert sheets[0].rows[1].values == ("dòng 1\ndòng 2", 1001.0, 0.3125, "")


@pytest.mark.needs("soffice")
def test_a_workbook_of_libreoffice_is_read(tmp_path: Path) -> None:
    """What LibreOffice saves holds the same days, hours and texts."""
    source = write_book(tmp_path / "a.xlsx", {"Lịch": [["Nội dung", DAY, HOUR, 1001]]})
    command = [
        shutil.which("soffice") or "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/home",
    ]
    out = tmp_path / "out"
    subprocess.run([*command, "--convert-to", "xlsx", "--outdir", out, source], check=True, timeout=100)
    (sheet,) = read_sheets(out / "a.xlsx")
    assert (sheet.name, sheet.rows[0].values) == ("Lịch", ("Nội dung", DAY, HOUR, 1001.0))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_csv_is_read_with_any_of_the_three_delimiters(tmp_path: Path, mark: str, between: str) -> None:
    """A title line above, line breaks inside quotes, and rows that keep their line in the file."""
    lines = [
        "Lịch tháng 11",
        between.join(["Ngày", "Giờ", "Nội dung"]),
        between.join(["20/11", "7h", '"a\nb, c; d"']),
    ]
    path = tmp_path / "a.csv"
    path.write_text(mark + "\n".join([*lines, between.join("xyz")]), encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert [row.values[-1] for row in sheet.rows] == ["Lịch tháng 11", "Nội dung", "a\nb, c; d", "z"]
    assert [(row.number, row.line) for row in sheet.rows] == [(1, 1), (2, 2), (3, 3), (4, 5)]


def test_yaml_is_read_as_typed(tmp_path: Path) -> None:
    """`7:30` is an hour and no number of minutes, `no` a word, a list a cell with several words."""
    text = "- Ngày: 20/11\n  Giờ: 7:30\n  Kênh: [facebook, zalo]\n- Giờ: 08:00\n  Mã bài: no\n  Ngày: ~\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (sheet,) = read_sheets(tmp_path / "a.yaml")
    assert [row.values for row in sheet.rows] == [
        ("Ngày", "Giờ", "Kênh", "Mã bài"),
        ("20/11", "7:30", "facebook; zalo", ""),
        ("", "08:00", "", "no"),
    ]
    assert sheet.rows[1].lines == (1, 2, 3, 1)
    assert (sheet.rows[2].line, sheet.cells) == (4, False)


def _zip(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, content)


def _with_row(path: Path, row: bytes) -> None:
    """Write a workbook and put one more row, as given, at the end of its sheet."""
    write_book(path, {"Lịch": [["a"], []]})
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", row + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


FAR = (
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b"<row><c s=\"1\" r='zzzzzz9'><v>1</v></c></row>",
    b'<row r="1048576"><c><v>1</v></c></row><row r="1"><c r="XFD1" t="n"><v>1</v></c></row>',
)


@pytest.mark.parametrize("row", FAR)
def test_a_cell_in_the_far_corner_is_refused(tmp_path: Path, row: bytes) -> None:
    """The reading library would ask for more memory than there is and end the process."""
    _with_row(tmp_path / "a.xlsx", row)
    assert _read_or_refuse(tmp_path / "a.xlsx") == "file_too_big"


def test_rows_that_are_only_formatted_do_not_count(tmp_path: Path) -> None:
    """Spreadsheets write the last row of all when a whole column was formatted."""
    _with_row(tmp_path / "a.xlsx", b'<row r="1048576" ht="15"><c r="XFD1048576" s="0"/></row>')
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert [row.values for row in sheet.rows] == [("a",)]


LOCKED = "EncryptedPackage".encode("utf-16-le")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512


@pytest.mark.parametrize(
    ("name", "write", "code"),
    [
        ("a.xlsx", lambda path: path.write_bytes(b"no workbook"), "file_broken"),
        ("a.xlsx", lambda path: path.write_bytes(b""), "file_empty"),
        ("a.xlsx", lambda path: path.write_bytes(OLE), "file_old"),
        ("a.xlsx", lambda path: path.write_bytes(OLE + LOCKED), "file_locked"),
        ("a.xlsx", lambda path: path.write_bytes(b" " * (20 * 1024 * 1024 + 1)), "file_too_big"),
        ("a.xlsx", lambda path: _zip(path, "other", b"x"), "file_broken"),
        ("a.xlsx", lambda path: _zip(path, "xl/worksheets/a.xml", b" " * (201 << 20)), "file_too_big"),
        ("a.xlsx", lambda path: path.mkdir(), "file_unreadable"),
        ("a.xlsx", lambda path: None, "file_unreadable"),
        ("a.xlsm", lambda path: path.write_bytes(b"x"), "file_kind"),
        ("a.csv", lambda path: path.write_bytes("ngày".encode("utf-16")), "file_encoding"),
        ("a.csv", lambda path: path.write_text('a,"b\nc,d'), "file_broken"),
        ("a.yaml", lambda path: path.write_text("- a: [1\n"), "file_broken"),
        ("a.yaml", lambda path: path.write_text("a: 1\n"), "file_shape"),
        ("a.yaml", lambda path: path.write_text("- 1\n"), "file_shape"),
        ("a.yaml", lambda path: path.write_text("- a: 1\n  a: 2\n"), "column_twice"),
        ("a.yaml", lambda path: path.write_text("- a: {b: 1}\n"), "file_shape"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_calendar_is_refused_whole(
    tmp_path: Path, name: str, write: Any, code: str
) -> None:
    """Nothing of the libraries escapes, and no cell in the far corner takes the daemon's memory."""
    write(tmp_path / name)
    with pytest.raises(ReadError) as refusal:
        read_sheets(tmp_path / name)
    assert refusal.value.code == code
    assert refusal.value.hint


def _read_or_refuse(path: Path) -> str:
    try:
        read_sheets(path)
    except ReadError as error:
        return error.code
    return "read"


@settings(max_examples=60, deadline=None)
@given(
    cut=st.integers(0, 6000), junk=st.binary(max_size=8), suffix=st.sampled_from([".xlsx", ".csv", ".yaml"])
)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes, suffix: str
) -> None:
    """Whatever a broken transfer leaves, the answer is rows or a refusal."""
    folder = tmp_path_factory.mktemp("damaged")
    whole = write_book(folder / "whole.xlsx", {"Lịch": [["Ngày", DAY]]}).read_bytes()
    damaged = folder / f"damaged{suffix}"
    damaged.write_bytes(whole[:cut] + junk + whole[cut + len(junk) :])
    assert _read_or_refuse(damaged) in {
        "read",
        "file_broken",
        "file_encoding",
        "file_shape",
        "file_too_big",
        "file_empty",
    }


def test_lock_files_hidden_files_and_others_are_no_calendars(tmp_path: Path) -> None:
    """Excel's lock file stands beside each open workbook."""
    for name in ("b.xlsx", "~$b.xlsx", ".a.csv", "a.YML", "anh.jpg", "c.xlsm"):
        (tmp_path / name).touch()
    assert [path.name for path in calendars_in(tmp_path)] == ["a.YML", "b.xlsx", "c.xlsm"]


@pytest.mark.parametrize(
    ("column", "cell"), [(0, "A17"), (3, "D17"), (25, "Z17"), (26, "AA17"), (702, "AAA17")]
)
def test_cells_are_named_as_excel_names_them(column: int, cell: str) -> None:
    """Columns are counted from 0, rows from 1."""
    assert address(column, 17) == cell
