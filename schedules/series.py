"""Read posts that are counted from a day: `D-30, D-7, D-1, D`."""

import re
from collections.abc import Sequence

from content_queue.texts import _
from schedules.cells import line_of
from schedules.counts import read_offset
from schedules.readers import Value
from schedules.refusals import ReadError

_ONE = r"[DNT](?: ?[+-] ?\d{1,3})?"
_SERIES = re.compile(rf"{_ONE}(?:[,; ]+{_ONE})*", re.IGNORECASE)
_LETTERS = "DdNnTt"
_DASHES = re.compile("[‐‑‒–—−]")


def is_series(words: str) -> bool:
    """Tell whether the words of a day count from another: `D-7`, `D`, `D+1`; people write N or T too."""
    return words[:1] in _LETTERS and _SERIES.fullmatch(_DASHES.sub("-", words)) is not None


def read_series(value: Value, offset: Value) -> tuple[int, ...]:
    """Return the days from the day of occasion or event, ascending; empty where they are no series.

    They stand in the column of days, or, several of them, in that of offsets.

    Raises:
        ReadError: they stand in both columns, or one is no number of days.
    """
    if offset == "" and not (isinstance(value, str) and value.lstrip()[:1] in _LETTERS):
        return ()  # nearly every row
    day, given = line_of(value), line_of(offset)
    if not is_series(day):
        return _several(given) if re.search("[,;]", given) else ()
    if given:
        message = _("Cột Ngày ghi “{text}” thì cột Độ lệch để trống.").format(text=day)
        raise ReadError("series_twice", message, hint=_("Xóa ô Độ lệch, hoặc xóa ô Ngày."))
    return _sorted([f"D{found}" for found in re.findall(r"[DNT]((?: ?[+-] ?\d+)?)", _plain(day))])


def read_single_offset(offset: Value) -> int:
    """Return the one offset of a row; several are a series.

    Raises:
        ReadError: it is no number of days.
    """
    return 0 if isinstance(offset, str) and re.search("[,;]", offset) else read_offset(offset)


def _plain(day: str) -> str:
    return _DASHES.sub("-", day).upper()


def _several(given: str) -> tuple[int, ...]:
    return _sorted([word for word in re.split("[,;]", given) if word.strip()])


def _sorted(words: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted({read_offset(word) for word in words}))
