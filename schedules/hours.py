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
#: `7:00–9:00, rải đều`, folded: the two hours, and the word for taking turns.
_TURNS = re.compile(
    r"(?:tu )?(?P<first>\d.*?)(?: den | toi | )(?P<last>\d{1,2} ?(?:h|g|gio|:)[^,;]*?)[,; ]+"
    r"(?:rai|chia)(?: deu)?(?: (?:cho )?(?:cac |theo )?(?:xa|xa phuong|co quan|kenh))?"
)
#: Letters of the shortest of them.
_SHORTEST_TURNS = 9
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
        case str() if turns := _turns(value):
            return _spoken(turns[0])
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


def read_until(value: object) -> time | None:
    """Read until when the bodies that carry a post take turns; None where all carry it at once.

    Raises:
        ReadError: the last hour is not behind the first one.
    """
    turns = _turns(value) if isinstance(value, str) else None
    if turns is None:
        return None
    first, last = map(_spoken, turns)
    if last <= first:
        message = _("“{text}”: giờ cuối không ở sau giờ đầu.").format(text=str(value).strip())
        raise ReadError("time_turned", message, hint=_("Ghi như 7:00 đến 9:00, rải đều."))
    return last


def _turns(text: str) -> tuple[str, str] | None:
    """Return the two hours between which bodies take turns, as they are spoken."""
    if len(text) < _SHORTEST_TURNS:
        return None
    found = _TURNS.fullmatch(fold(text))
    return (found["first"], found["last"]) if found else None


def _since_midnight(passed: timedelta) -> time:
    if not timedelta(0) <= passed < _DAY:
        raise ReadError("time_unreadable", _("Số trong ô giờ không phải là giờ trong ngày."), hint=_how())
    return (_MIDNIGHT + passed).time()


def _spoken(text: str) -> time:
    found = _TIME.fullmatch(fold(text))
    if found is None and _SPAN.search(fold(text)):
        told = _("“{text}” là khoảng giờ.").format(text=text.strip())
        hint = _("Chỉ ghi một giờ như 7h30; để các cơ quan đăng lần lượt thì ghi: 7:00 đến 9:00, rải đều.")
        raise ReadError("time_range", told, hint=hint)
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
