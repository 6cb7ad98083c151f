"""Calendars that nobody would write: strange cells, strange sheets, and good files with bytes changed.

Whatever it is, the answer is entries or problems with a sentence; the daemon's own memory is bounded.
"""

import resource
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from schedules.annotated import write_annotated
from schedules.calendar import Calendar, read_calendar
from schedules.readers import read_sheets
from tests.schedules.offices import GOOD, big_office, table, write_book

OFFICE = big_office()
#: MiB that reading may add to the memory of the process that asks for it.
GROWTH = 200

_TYPED = st.sampled_from(
    (
        *(
            "20/11",
            "17 đến 23-11",
            "mùng 5 tháng Giêng",
            "thứ 7 hằng tuần",
            "20/11/26",
            "7h30",
            "25:70",
            "tất cả",
        ),
        *(
            "facebok",
            "=1+1",
            "{ngày}",
            "{",
            "Sở TT&TT",
            "quyÕt ®Þnh",
            "\ufeff\xa0",
            "../../a.jpg",
            "VÍ DỤ",
            "Ngày",
        ),
    )
)
_LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
_CELLS = st.one_of(
    _TYPED,
    _LETTERS,
    st.builds(unicodedata.normalize, st.just("NFD"), _LETTERS),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.times().map(lambda hour: hour.replace(microsecond=0)),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
)
_TITLES = st.sampled_from((*GOOD, "Dịp", "Năm", "Độ lệch", "Ảnh", "English", "Ngày giờ", "Ghi chú", "", "lạ"))
_ROW = st.lists(_CELLS, max_size=12)
_GOOD_BUT = st.dictionaries(st.sampled_from([*GOOD]), _CELLS, max_size=3).map(lambda wrong: {**GOOD, **wrong})


def judge(folder: Path, name: str) -> Calendar:
    """Read a file; whatever it is, each problem has a sentence, and the copy says the same."""
    calendar = read_calendar(folder / name, OFFICE)
    for problem in calendar.problems:
        assert problem.file == name
        assert problem.message, problem
    if calendar.files:
        sheets = read_sheets(folder / name)
        write_annotated(folder / "b.xlsx", sheets, office=OFFICE, problems=calendar.problems, codes={})
        again = read_calendar(folder / "b.xlsx", OFFICE)
        assert [entry.fingerprint() for entry in again.entries] == [e.fingerprint() for e in calendar.entries]
    return calendar


def of_cells(rows: list[Mapping[str, object]]) -> None:
    """Good rows with some cells replaced by whatever people or programs put there."""
    with tempfile.TemporaryDirectory() as folder:
        write_book(Path(folder) / "a.xlsx", {"Lịch": table(rows, titles=tuple(GOOD))})
        judge(Path(folder), "a.xlsx")


def of_sheets(sheets: list[list[list[object]]], titles: list[str], at: int) -> None:
    """Several sheets of any rows, with a header somewhere in them, or none."""
    with tempfile.TemporaryDirectory() as folder:
        named: dict[str, list[list[object]]] = {
            f"T{number}": [*rows[:at], [*titles], *rows[at:]] for number, rows in enumerate(sheets)
        }
        write_book(Path(folder) / "a.xlsx", named)
        judge(Path(folder), "a.xlsx")


def of_bytes(suffix: str, changes: list[tuple[int, bytes]], inside: str) -> None:
    """A good file with bytes changed, of the archive or of one part inside of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        data = _whole(Path(folder), suffix)
        if suffix == ".xlsx" and inside:
            path.write_bytes(_rezipped(data, inside, changes))
        else:
            path.write_bytes(_changed(data, changes))
        read_calendar(path, OFFICE)


def _whole(folder: Path, suffix: str) -> bytes:
    if suffix == ".xlsx":
        return write_book(folder / "whole.xlsx", {"Lịch": table([GOOD])}).read_bytes()
    pairs = "\n".join(f"  {title}: {value}" for title, value in GOOD.items() if "{" not in str(value))
    lines = {".csv": ";".join(GOOD) + "\n" + ";".join(map(str, GOOD.values())), ".yaml": f"-\n{pairs}"}
    return lines[suffix].encode()


def _changed(data: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    for at, junk in changes:
        place = at % (len(data) + 1)
        data = data[:place] + junk + data[place + len(junk) :]
    return data


def _rezipped(data: bytes, inside: str, changes: list[tuple[int, bytes]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _changed(content, changes) if name == inside else content)
    return out.getvalue()


_INSIDE = st.sampled_from(
    ("", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml")
)
_CHANGES = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.binary(min_size=1, max_size=12)), min_size=1, max_size=4
)
#: What is varied -> the property and where its arguments come from.
KINDS: Mapping[str, tuple[Callable[..., None], Mapping[str, st.SearchStrategy[object]]]] = {
    "cells": (of_cells, {"rows": st.lists(_GOOD_BUT, min_size=1, max_size=6)}),
    "sheets": (
        of_sheets,
        {
            "sheets": st.lists(st.lists(_ROW, max_size=8), min_size=1, max_size=3),
            "titles": st.lists(_TITLES, max_size=12),
            "at": st.integers(0, 8),
        },
    ),
    "bytes": (
        of_bytes,
        {"suffix": st.sampled_from((".xlsx", ".csv", ".yaml")), "changes": _CHANGES, "inside": _INSIDE},
    ),
}


def try_out(kind: str, *, examples: int, number: int) -> str:
    """Try so many files of a kind, others for each number; return what broke a promise, or nothing."""
    check, given_by = KINDS[kind]
    bounds = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def tried(**arguments: object) -> None:
        check(**arguments)

    try:
        seed(number)(bounds(given(**given_by)(tried)))()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it was found
        return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"memory grew by {grown:.0f} MiB" if grown > GROWTH else ""
