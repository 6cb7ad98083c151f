"""Split a cell that holds day and hour together, as columns called `Ngày giờ` do."""

import re
from datetime import datetime

from schedules.cells import line_of
from schedules.names import fold
from schedules.readers import Value

_HOUR = r"\d{1,2} ?(?:h|g|gio|:)(?: ?\d{1,2})?(?: ?(?:p|ph|phut))?(?::\d{1,2})?(?: ?(?:sa|ch|am|pm))?"
_BEHIND = re.compile(rf"(?P<day>.*?)[, ]+(?:luc )?(?P<hour>{_HOUR})")
_BEFORE = re.compile(rf"(?:luc )?(?P<hour>{_HOUR})[, ]+(?P<day>.*)")


def split_moment(value: Value) -> tuple[Value, Value]:
    """Return day and hour; what cannot be split is a day without an hour, or an hour alone."""
    if isinstance(value, datetime):
        return value.date(), value.time()
    if isinstance(value, float) and value >= 1:
        return float(int(value)), value % 1 or ""  # a whole number is a day of which no hour is known
    text = line_of(value)
    found = _found(text)
    if found is None:
        return ("", text) if re.fullmatch(_HOUR, fold(text)) else (text, "")
    return text[slice(*found.span("day"))].strip(" ,"), text[slice(*found.span("hour"))]


def _found(text: str) -> re.Match[str] | None:
    plain = "".join(fold(letter) or letter for letter in text)  # as long as the text itself
    return (_BEHIND.fullmatch(plain) or _BEFORE.fullmatch(plain)) if len(plain) == len(text) else None
