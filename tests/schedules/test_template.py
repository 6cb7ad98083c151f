import zipfile
from pathlib import Path

from content_queue.texts import speaking
from schedules.calendar import read_calendar
from schedules.channels import read_channels
from schedules.readers import read_sheets
from schedules.template import calendar_fields, write_template
from tests.schedules.offices import PLATFORMS, big_office

OFFICE = big_office()


def test_the_template_is_a_calendar_without_entries_and_without_problems(tmp_path: Path) -> None:
    """Its examples are not read; its four sheets are there; `=` starts no formula."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    calendar = read_calendar(tmp_path / "a.xlsx", OFFICE)
    assert (calendar.entries, calendar.problems, calendar.files) == ((), (), frozenset({"a.xlsx"}))
    assert [sheet.name for sheet in read_sheets(tmp_path / "a.xlsx")] == [
        "Lịch",
        "Kênh",
        "Danh mục",
        "Hướng dẫn",
    ]


def test_the_examples_would_be_good_entries(tmp_path: Path) -> None:
    """Somebody who copies an example and gives it a code of its own makes no mistake."""
    write_template(tmp_path / "a.xlsx", OFFICE)
    rows = read_sheets(tmp_path / "a.xlsx")[0].rows[1:3]
    fields = calendar_fields()
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
    for name in ("DS_CoQuan", "DS_Kenh", "DS_Dip", "DS_NgonNgu", "DS_DoMat"):
        assert f'name="{name}"' in names
        assert f"<formula1>{name}</formula1>" in sheet
    assert 'state="frozen"' in sheet


def test_the_template_is_read_back_in_every_language_of_the_interface(tmp_path: Path) -> None:
    """Titles of columns and sheets stay Vietnamese; only the guide is translated."""
    with speaking("en"):
        write_template(tmp_path / "a.xlsx", OFFICE)
        assert read_calendar(tmp_path / "a.xlsx", OFFICE).problems == ()
