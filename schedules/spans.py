"""Read days that are more than one: `17 đến 23-11`, `23/3 - 30/3/2026`, `thứ 7 hằng tuần`."""

import re
from collections.abc import Mapping
from datetime import date

from content_queue.texts import _
from schedules.counts import FIRST_YEAR, LAST_YEAR
from schedules.names import fold
from schedules.refusals import ReadError
from schedules.rules import DaySpan, NthWeekday, SolarDay, Weekly
from schedules.weekdays import WEEKDAY, weekday_of

#: Days; a post repeated for longer is a slip of the hand.
LONGEST = 31

_DAY, _MARK = r"(?:ngay )?(\d{1,2})", r" ?[/. ] ?"
_SPAN = re.compile(
    rf"(?:tu )?{_DAY}(?:[/.](?P<month>\d{{1,2}})(?:[/.](?P<year>\d{{4}}))?)? (?P<to>den |toi )?"
    rf"(?:ngay )?(?P<last>\d{{1,2}}){_MARK}(?P<last_month>\d{{1,2}})(?:{_MARK}(?P<last_year>\d{{4}}))?"
)
_WEEKLY = re.compile(
    r"(?:(?:sang|trua|chieu|toi) )?(?P<moi>moi )?(?P<day>.+?)(?P<weekly> (?:hang|moi) tuan)?"
)
#: Folded word -> which of a month's weekdays; -1 is the last.
_NTH_WORDS: Mapping[str, int] = {
    "dau tien": 1, "dau": 1, "thu nhat": 1, "thu hai": 2, "thu ba": 3, "thu tu": 4,
    "cuoi cung": -1, "cuoi": -1,
}  # fmt: skip
_NTH = re.compile(
    rf"(?P<day>thu \w+|t[2-7]|cn|chu nhat)(?: tuan)? (?P<nth>{'|'.join(_NTH_WORDS)})"
    r"(?: cua)? (?:thang (?P<month>\d{1,2})|(?:hang|moi) thang)"
)
_LEAP_YEAR = 2000


def read_span(text: str) -> DaySpan | Weekly | NthWeekday | None:
    """Read several days out of one cell; None where the words say nothing of the kind.

    Raises:
        ReadError: a day of it does not exist, the last comes before the first, or they are too many.
    """
    words = re.sub(r" ?thang ?", "/", re.sub(r" ?nam (?=\d{4})", "/", fold(re.sub("[,()]", " ", text))))
    return _weekly(words) or _nth(fold(text)) or _span(text, words)


def _nth(words: str) -> NthWeekday | None:
    found = _NTH.fullmatch(words)
    day = found and WEEKDAY.fullmatch(found["day"])
    month = int(found["month"]) if found and found["month"] else None
    if found is None or not day or not (month is None or 1 <= month <= 12):  # noqa: PLR2004 -- months
        return None
    return NthWeekday(weekday_of(day), _NTH_WORDS[found["nth"]], month)


def _weekly(words: str) -> Weekly | None:
    found = _WEEKLY.fullmatch(words)
    day = found and (found["moi"] or found["weekly"]) and WEEKDAY.fullmatch(f"{found['day']}")
    return Weekly(weekday_of(day), date(FIRST_YEAR, 1, 1)) if day else None


def _span(text: str, words: str) -> DaySpan | None:
    found = _SPAN.fullmatch(words)
    if found is None or not (found["to"] or found["month"] or "/" in words):
        return None
    last_year = int(found["last_year"]) if found["last_year"] else None
    last = SolarDay(int(found["last"]), int(found["last_month"]), last_year)
    month = int(found["month"] or last.month)
    year = int(found["year"]) if found["year"] else last_year
    if year and not found["year"] and month > last.month:
        year -= 1  # 28/12 đến 3/1/2027
    return _checked(text, DaySpan(SolarDay(int(found[1]), month, year), last))


def _checked(text: str, span: DaySpan) -> DaySpan:
    days = []
    for day in (span.first, span.last):
        try:
            days.append(date(day.year or _LEAP_YEAR, day.month, day.day))
        except ValueError as error:
            raise _refused("date_impossible", _("Có ngày không tồn tại trong “{text}”."), text) from error
    if (span.first.year is None) != (span.last.year is None):
        raise _refused("year_unreadable", _("“{text}” ghi năm ở một đầu."), text)
    if span.last.year and not (days[0].year >= FIRST_YEAR and days[1].year <= LAST_YEAR):
        raise _refused("year_unreadable", _("Năm trong “{text}” không dùng được."), text)
    if days[1] <= days[0]:
        raise _refused("date_turned", _("“{text}”: ngày cuối không ở sau ngày đầu."), text)
    if (days[1] - days[0]).days >= LONGEST:
        raise _refused("date_long", _("“{text}” dài hơn 31 ngày."), text)
    return span


def _refused(code: str, message: str, text: str) -> ReadError:
    return ReadError(
        code, message.format(text=text), hint=_("Ghi như 17 đến 23/11/2026, hoặc mỗi ngày một hàng.")
    )
