"""Calendars as people save them, read into rows of cells."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from content_queue.texts import _
from schedules.readers.apart import read_workbook
from schedules.readers.from_csv import read_csv
from schedules.readers.from_yaml import read_yaml
from schedules.readers.sheet import Row, Sheet, Value, file_problem
from schedules.refusals import ReadError

__all__ = [
    "READERS",
    "Row",
    "Sheet",
    "Stamp",
    "Value",
    "calendars_in",
    "file_problem",
    "read_sheets",
    "stamp_of",
]

#: Ending -> reader.
READERS: Mapping[str, Callable[[Path], tuple[Sheet, ...]]] = {
    ".xlsx": read_workbook,
    ".ods": read_workbook,
    ".csv": read_csv,
    ".yaml": read_yaml,
    ".yml": read_yaml,
}
#: When a file was last written, in ns, and its size.
Stamp: TypeAlias = tuple[int, int]

#: Endings that people take for calendars; they are refused aloud, other files are passed over.
REFUSED = frozenset({".xls", ".xlsm", ".xlsb"})


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Read every sheet of a calendar that has a row.

    Raises:
        ReadError: the file as a whole cannot be read; the message says why and how to mend it.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        message = _("Không đọc tệp kiểu “{suffix}”.").format(suffix=path.suffix)
        raise ReadError("file_kind", message, hint=_("Lưu lại thành .xlsx, .ods, .csv hoặc .yaml."))
    return reader(path)


def stamp_of(path: Path) -> Stamp | None:
    """Return what a saved file looks like from outside, None if it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def calendars_in(folder: Path) -> list[Path]:
    """List the calendars of a folder by name; lock files of Excel and hidden files are none."""
    known = READERS.keys() | REFUSED
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in known and not path.name.startswith(("~$", ".")) and path.is_file()
    )
