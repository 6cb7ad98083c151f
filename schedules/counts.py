"""Read the two columns of plain numbers: the offset in days, and the years."""

import re
from collections.abc import Iterator

from content_queue.texts import _
from schedules.names import fold
from schedules.refusals import ReadError

#: Days; a post further away from its day than a year is a slip of the hand.
FARTHEST = 366
#: The years that the lunar table knows.
FIRST_YEAR, LAST_YEAR = 1968, 2100

_SIGNED = re.compile(r"(?:d ?)?(?P<sign>[+-])? ?(?P<days>\d{1,4})(?: ?ngay)?", re.IGNORECASE)
_WORDED = re.compile(r"(?:(?P<side>truoc|sau) )?(?P<days>\d{1,4}) ngay(?: (?P<after>truoc|sau))?")
_RANGE = re.compile(r"(\d+)(?: ?(?:-|den) ?(\d+))?")
_EVERY_YEAR = frozenset({"", "hang nam", "moi nam", "every year"})


def read_offset(value: object) -> int:
    """Read how many days after (+) or before (-) the day a post appears; an empty cell is 0.

    Raises:
        ReadError: it is no whole number of days, or more than a year.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    days = _days(_words(value))
    if days is None or abs(days) > FARTHEST:
        message = _("Không đọc được độ lệch “{text}”.").format(text=str(value).strip())
        hint = _("Ghi số ngày như -3 (trước 3 ngày), +7 (sau 7 ngày); không quá 366 ngày.")
        raise ReadError("offset_unreadable", message, hint=hint)
    return days


def _words(value: object) -> str:
    """Return the cell as folded text that keeps its minus signs."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = re.sub("[‐‑‒–—−]", "-", str(value))
    return "-".join(fold(part) for part in text.split("-"))


def _days(words: str) -> int | None:
    if words in {"dung ngay", "d"}:
        return 0
    if found := _SIGNED.fullmatch(words):
        return int(f"{found['sign'] or '+'}{found['days']}")
    found = _WORDED.fullmatch(words)
    side = found and (found["side"] or found["after"])
    return int(found["days"]) * (-1 if side == "truoc" else 1) if found and side else None


def read_years(value: object) -> tuple[int, ...]:
    """Read the years that a row is for, ascending; an empty cell is every year.

    Raises:
        ReadError: it is no list of years of four digits within 1968-2100.
    """
    words = "" if value is None else _words(value)
    if words in _EVERY_YEAR:
        return ()
    try:
        return tuple(sorted({year for part in re.split(r"[,;\n]+", words) for year in _span(part.strip())}))
    except ValueError as error:
        message = _("Không đọc được năm “{text}”.").format(text=str(value).strip())
        hint = _("Ghi đủ bốn chữ số: 2027, 2026-2030 hoặc 2026, 2028; để trống là mọi năm.")
        raise ReadError("years_unreadable", message, hint=hint) from error


def _span(words: str) -> Iterator[int]:
    found = _RANGE.fullmatch(words)
    if found is None:
        raise ValueError(words)
    first, last = int(found[1]), int(found[2] or found[1])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise ValueError(words)
    yield from range(first, last + 1)
