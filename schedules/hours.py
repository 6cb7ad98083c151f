"""Read the hour of a post as people type it: `7h30`, `07:30`, `8:30 CH`, or an Excel time."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from content_queue.texts import _
from schedules.names import fold
from schedules.refusals import ReadError

_TIME = re.compile(
    r"(?P<hour>\d{1,2}) ?(?:h|g|gio|:(?=\d)) ?"
    r"(?:(?P<minute>\d{1,2}) ?(?:'|p|ph|phut)?)?(?::(?P<second>\d{1,2}))? ?"
    r"(?P<half>sa|ch|am|pm|sang|chieu|toi)?"
)
_SPAN = re.compile(r"\d ?(?:h|g|gio|:\d\d)?\d* (?:den |toi )?\d{1,2} ?(?:h|g|gio|:)")
#: Word after the hour -> hours of that half of the day, as 12-hour clocks count them.
_HALVES: Mapping[str, int] = {"sa": 0, "am": 0, "sang": 0, "ch": 12, "pm": 12, "chieu": 12, "toi": 12}
_DAY = timedelta(days=1)
_MIDNIGHT = datetime(1970, 1, 1, tzinfo=UTC)
_NOON = 12


def read_time(value: object) -> time:
    """Read the hour of a post, to the second.

    Accepts text, `time` and `datetime` cells, and a number of Excel (a fraction of a day).

    Raises:
        ReadError: it is no hour of a day.
    """
    match value:
        case datetime():
            return value.time()
        case time():
            return value
        case timedelta():
            return _since_midnight(value)
        case int() | float() if not isinstance(value, bool):
            return _since_midnight(timedelta(seconds=round(value * 86400)))
        case str() if value.strip():
            return _spoken(value)
    raise ReadError("time_missing", _("Chưa có giờ đăng."), hint=_how())


def _since_midnight(passed: timedelta) -> time:
    if not timedelta(0) <= passed < _DAY:
        raise ReadError("time_unreadable", _("Số trong ô giờ không phải là giờ trong ngày."), hint=_how())
    return (_MIDNIGHT + passed).time()


def _spoken(text: str) -> time:
    found = _TIME.fullmatch(fold(text))
    if found is None and _SPAN.search(fold(text)):
        told = _("“{text}” là khoảng giờ.").format(text=text.strip())
        raise ReadError("time_range", told, hint=_("Chỉ ghi một giờ đăng bài, ví dụ 7h30."))
    if found is None:
        raise ReadError(
            "time_unreadable", _("Không đọc được giờ “{text}”.").format(text=text.strip()), hint=_how()
        )
    try:
        hour = _hour(int(found["hour"]), found["half"])
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError as error:
        message = _("Không có giờ “{text}” trong ngày.").format(text=text.strip())
        raise ReadError("time_impossible", message, hint=_how()) from error


def _hour(hour: int, half: str | None) -> int:
    """Return the hour of a 24-hour clock; a morning hour after noon contradicts itself."""
    if half is None:
        return hour
    if _HALVES[half] == 0 and hour > _NOON:
        raise ValueError(hour)
    return hour if hour > _NOON else hour % _NOON + _HALVES[half]


def _how() -> str:
    return _("Ghi giờ như 7h30, 07:30 hoặc 21 giờ.")
