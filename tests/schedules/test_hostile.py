"""Files that somebody means harm with are refused with a reason, and take nothing down."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schedules.calendar import read_calendar
from schedules.readers import apart, child, read_sheets
from schedules.refusals import ReadError
from tests.schedules.hostile import HOSTILE, SHEET, changed, replaced, with_part
from tests.schedules.offices import GOOD, big_office, table, write_book

OFFICE = big_office()


@pytest.mark.parametrize(
    ("name", "write", "code"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_a_hostile_file_is_refused_with_a_reason(
    tmp_path: Path, name: str, write: Callable[[Path], object], code: str
) -> None:
    """The calendar names the file, says why, and how to mend it; nothing of it counts as read."""
    write(tmp_path / name)
    calendar = read_calendar(tmp_path / name, OFFICE)
    assert (calendar.entries, calendar.files) == ((), frozenset())
    assert [(problem.file, problem.code) for problem in calendar.problems] == [(name, code)]
    assert all(problem.message and problem.hint for problem in calendar.problems)


def test_there_are_at_least_twenty_five_hostile_workbooks() -> None:
    """Text files come on top."""
    assert sum(name.endswith((".xlsx", ".xlsm", ".ods")) for _what, name, _write, _code in HOSTILE) >= 25


def test_a_web_link_in_a_cell_is_no_link_to_another_file(tmp_path: Path) -> None:
    """Excel makes one out of every address that is typed."""
    link = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        b'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
        b'Target="https://gialai.gov.vn" TargetMode="External"/></Relationships>'
    )
    with_part("xl/worksheets/_rels/sheet1.xml.rels", link)(tmp_path / "a.xlsx")
    assert read_calendar(tmp_path / "a.xlsx", OFFICE).problems == ()


def test_a_formula_refuses_its_row_alone(tmp_path: Path) -> None:
    """What is approved would not be what the workbook says tomorrow; a column of one's own may reckon."""
    titles = [*GOOD, "Số ký tự"]
    rows = [list(GOOD.values()), list(GOOD.values())]
    path = write_book(tmp_path / "a.xlsx", {"Lịch": [titles, *rows]})
    sheet_of = changed(
        lambda parts: parts.update(
            {SHEET: parts[SHEET].replace(b'<c r="C2" t="s"><v>', b'<c r="C2" t="str"><f>A1</f><v>')}
        )
    )
    sheet_of(path)
    calendar = read_calendar(path, OFFICE)
    assert [(p.sheet, p.cell, p.code) for p in calendar.problems] == [("Lịch", "C2", "cell_formula")]


def test_a_column_of_ones_own_may_reckon(tmp_path: Path) -> None:
    """The template counts letters itself."""
    path = tmp_path / "a.xlsx"
    cell = b'<c r="H2"><f>LEN(G2)</f><v>3</v></c></row></sheetData>'
    replaced(SHEET, b"</row></sheetData>", cell)(path)
    assert read_sheets(path)[0].formulas == {(2, 7)}
    calendar = read_calendar(path, OFFICE)
    assert (len(calendar.entries), calendar.problems) == (1, ())


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("while True: pass", "file_too_slow"),
        ("import time; time.sleep(60)", "file_too_slow"),
        ("held = [bytes(1 << 20) for _ in range(9999)]", "file_too_big"),
        ("import os; os.abort()", "file_too_big"),
        ("raise KeyError('ours')", "file_unread"),
    ],
)
def test_a_child_that_would_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, code: str
) -> None:
    """Its memory, its processor time and its time on the wall are bounded."""
    script = tmp_path / "child.py"
    bounds = "\n".join(
        line.replace("MEMORY", str(child.MEMORY)).replace("SECONDS + 1", "2").replace("SECONDS", "1").strip()
        for line in Path(child.__file__).read_text("utf-8").splitlines()
        if "setrlimit" in line
    )
    script.write_text(f"import resource\n{bounds}\n{source}\n")
    monkeypatch.setattr(child, "__file__", str(script))
    monkeypatch.setattr(apart, "PATIENCE", 5)
    with pytest.raises(ReadError) as refusal:
        read_sheets(write_book(tmp_path / "a.xlsx", {"Lịch": table([GOOD])}))
    assert refusal.value.code == code


def test_a_calendar_may_speak_of_what_no_calendar_may_hold(tmp_path: Path) -> None:
    """Words of a post are no parts of a workbook."""
    words = "Tắt macroEnabled, <!DOCTYPE>, <script:event-listener> trước khi gửi {ngày}."
    book = write_book(tmp_path / "a.xlsx", {"Lịch": table([{**GOOD, "Nội dung": words}])})
    (sheet,) = read_sheets(book)
    assert words in sheet.rows[1].values


def test_the_child_imports_nothing_of_ours(tmp_path: Path) -> None:
    """It starts in hundredths of a second and holds no secret."""
    source = f"import sys, runpy; runpy.run_path({child.__file__!r}); print(sorted(sys.modules))"
    told = subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, check=True)
    ours = {"bot", "content_queue", "publishers", "schedules"}
    assert ours & set(json.loads(told.stdout.replace("'", '"'))) == set()


def test_every_refusal_of_the_child_has_a_sentence() -> None:
    """The child knows codes, the parent the words."""
    source = Path(child.__file__).read_text("utf-8")
    codes = {word for word in source.replace('"', " ").replace("'", " ").split() if word.startswith("file_")}
    codes -= {"file_size"}
    assert {code.strip(",)") for code in codes} <= {*apart.REFUSALS}
