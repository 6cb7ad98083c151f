import re
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from content_queue.texts import speaking
from schedules.calendar import read_calendar
from schedules.channels import read_channels
from schedules.entry_sheet import TYPED
from schedules.readers import read_sheets
from schedules.template import calendar_columns, write_template
from tests.schedules.offices import PLATFORMS, big_office

OFFICE = big_office()
#: LibreOffice believes what a workbook says that its formulas came to, unless it is told to reckon.
RECKON = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item
oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


def test_the_template_is_a_calendar_without_entries_and_without_problems(tmp_path: Path) -> None:
    """Its examples are not read; its five sheets are there; `=` starts no formula."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    calendar = read_calendar(tmp_path / "a.xlsx", OFFICE)
    assert (calendar.entries, calendar.problems, calendar.files) == ((), (), frozenset({"a.xlsx"}))
    assert [sheet.name for sheet in read_sheets(tmp_path / "a.xlsx")] == [
        "Lịch",
        "Chiến dịch",
        "Kênh",
        "Danh mục",
        "Hướng dẫn",
    ]


def test_the_examples_would_be_good_entries(tmp_path: Path) -> None:
    """Somebody who copies an example and gives it a code of its own makes no mistake."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    rows = read_sheets(tmp_path / "a.xlsx")[0].rows[1:3]
    fields = [column.field for column in calendar_columns()]
    copies = [dict(zip(fields, map(str, row.values), strict=True)) | {"code": ""} for row in rows]
    write_template(tmp_path / "b.xlsx", OFFICE, copies)
    calendar = read_calendar(tmp_path / "b.xlsx", OFFICE)
    assert (len(calendar.entries), calendar.problems) == (2, ())


def test_rows_are_written_as_text(tmp_path: Path) -> None:
    """Excel would make a date of `20/11` and a formula of `=`."""
    row = {
        "date": "20/11",
        "time": "7h30",
        "agency": "sngv",
        "author": "A",
        "channels": "zalo",
        "text.vi": "=1+1\n20/11",
        "link": "https://gialai.gov.vn",
    }
    write_template(tmp_path / "a.xlsx", OFFICE, [row])
    (entry,) = read_calendar(tmp_path / "a.xlsx", OFFICE).entries
    assert (entry.date_words, entry.texts, entry.link) == (
        "20/11",
        {"vi": "=1+1\n20/11"},
        "https://gialai.gov.vn",
    )


def test_the_channels_of_the_template_are_read_back(tmp_path: Path) -> None:
    """The sheet `Kênh` can be edited and used as the list of channels."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    channels, problems = read_channels(tmp_path / "a.xlsx", OFFICE.agencies, PLATFORMS)
    assert (channels, problems) == (OFFICE.channels, ())


def test_lists_are_chosen_through_defined_names(tmp_path: Path) -> None:
    """Lists of other sheets that are written into the cells themselves are lost by other programs."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        names, sheet = book.read("xl/workbook.xml").decode(), book.read("xl/worksheets/sheet1.xml").decode()
    for name in ("DS_CoQuan", "DS_Kenh", "DS_Dip", "DS_NgonNgu", "DS_Dang", "DS_DoMat"):
        assert f'name="{name}"' in names
        assert f"<formula1>{name}</formula1>" in sheet
    assert 'state="frozen"' in sheet


def test_the_template_is_read_back_in_every_language_of_the_interface(tmp_path: Path) -> None:
    """Titles of columns and sheets stay Vietnamese; only the guide is translated."""
    with speaking("en"):
        write_template(tmp_path / "a.xlsx", OFFICE)
        assert read_calendar(tmp_path / "a.xlsx", OFFICE).problems == ()


def test_days_and_hours_are_checked_while_they_are_typed(tmp_path: Path) -> None:
    """An hour that is none is stopped, a doubtful day asked about, in Vietnamese."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    checks = {
        re.search(r'sqref="(\w+)', found)[1]: found  # type: ignore[index]
        for found in re.findall(r'<dataValidation type="custom".*?</dataValidation>', sheet)
    }
    assert list(checks) == ["B2", "F2"]
    assert all('sqref="B2:B2001"' in found or 'sqref="F2:F2001"' in found for found in checks.values())
    assert 'errorStyle="warning"' in checks["B2"]
    assert "errorStyle" not in checks["F2"]  # stop is what no word says
    assert 'promptTitle="Ngày"' in checks["B2"]
    assert 'errorTitle="Không phải giờ"' in checks["F2"]


def test_the_sheet_prints_across_and_counts_letters_in_colours(tmp_path: Path) -> None:
    """Legible on A4, header and first columns on each page; two colours for two bounds."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet, names = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()
    assert '<pageSetup paperSize="9" fitToWidth="3" fitToHeight="0" orientation="landscape"/>' in sheet
    assert "Lịch!$A:$B,Lịch!$1:$1" in names
    assert re.findall(r"<formula>(.*?)</formula>", sheet)[:2] == ["LEN($N2)&gt;4096", "LEN($N2)&gt;1024"]
    assert '=IF(N2="","",LEN(N2)'.removeprefix("=") in sheet.replace("&quot;", '"')


@pytest.mark.needs("soffice")
@pytest.mark.parametrize(
    ("field", "typed", "right"),
    [
        (
            "date",
            (
                "20/11/2026",
                "20/11",
                "10/3/2027 âm lịch",
                "17 đến 23/11",
                "Quốc khánh",
                46346,
                "20/11/26",
                "1/1/27",
                20,
            ),
            (True, True, True, True, True, True, False, False, False),
        ),
        (
            "time",
            ("7h30", "07:30", "21 giờ", "8g", "8:30 CH", 0.3125, "730", "25:70", "sáng", 7.3),
            (True, True, True, True, True, True, False, False, False, False),
        ),
    ],
)
def test_the_checks_judge_as_they_should(
    tmp_path: Path, field: str, typed: Sequence[object], right: Sequence[bool]
) -> None:
    """The same formulas, reckoned by LibreOffice: they never stop what the reader takes."""
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate(typed):
            sheet.write(row, 0, value)
            sheet.write_formula(row, 1, TYPED[field].formula.format(cell=f"A{row + 1}"))
    settings = tmp_path / "home/user/registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECKON, "utf-8")
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    convert = ["soffice", "--headless", home, "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run([*convert, tmp_path / "a.xlsx"], check=True, timeout=100, capture_output=True)
    assert [bool(row.values[1]) for row in read_sheets(tmp_path / "a.ods")[0].rows] == [*right]
