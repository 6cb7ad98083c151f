"""Read what people type in the date column: solar and lunar days, and occasions by their names.

`read_date` gives a `DateRule`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from content_queue.texts import N_, _
from schedules.counts import FIRST_YEAR, LAST_YEAR
from schedules.names import fold
from schedules.occasions import Occasions
from schedules.refusals import ReadError
from schedules.rules import DateRule, LastOfLunarMonth, LunarRule, OccasionRule, SolarDay, certain_years, days
from schedules.spans import read_span
from schedules.weekdays import WEEKDAY, WEEKDAY_NAMES, weekday_of

_CALENDAR = re.compile(r"(?:\b|(?<=\d))(?:(?P<lunar>am lich|am|al)|duong lich|dl)$")
_MONTH = r"(?P<month>\d{1,2}|muoi mot|muoi hai|[a-z]+)"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<year>\d{4})[/. ](?P<month>\d{1,2})[/. ](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2}) ?[/. ] ?(?P<month>\d{1,2})(?: ?[/. ] ?(?P<year>\d+))?",
        rf"(?P<day>\d{{1,2}}) thang {_MONTH}(?: nam)?(?: (?P<year>\d+))?",
        r"(?P<day>\d{1,2}|cuoi)(?: thang)? (?P<month>gieng|chap)",
        r"(?P<day>cuoi) thang (?P<month>\d{1,2})",
        rf"(?P<lunar>mung|mong) (?P<day>\w+)(?: ?/ ?| thang ){_MONTH}",
        r"(?P<lunar>mung|mong) (?P<day>\w+) (?P<month>tet)",
        rf"(?P<lunar>)(?P<day>ram) thang {_MONTH}",
    )
)
_STEM = "(?:giap|at|binh|dinh|mau|ky|canh|tan|nham|quy)"
#: What people write that says more, or less, than one day: code, shape of the folded text, message, hint.
_NEARLY = tuple(
    (code, re.compile(shape), told, hint)
    for code, shape, told, hint in (
        (
            "date_range",
            r"\d (?:den|toi) (?:ngay )?\d|\d[/.]\d{1,2}(?:[/.]\d{4})? (?:- )?\d{1,2}[/.]\d",
            N_("“{text}” là nhiều ngày."),
            N_("Ghi như 17 đến 23/11/2026, hoặc mỗi ngày một hàng."),
        ),
        (
            "date_with_time",
            r"\d(?: ?[hg] ?\d| ?gio|:\d\d)",
            N_("Ô ngày “{text}” có cả giờ."),
            N_("Để giờ ở cột Giờ, ô ngày chỉ ghi ngày."),
        ),
        (
            "date_named_year",
            rf"\b{_STEM} (?:ty|suu|dan|mao|thin|ngo|mui|than|dau|tuat|hoi)$",
            N_("“{text}” có tên năm âm lịch."),
            N_("Bỏ tên năm; cần chỉ một năm thì ghi số của năm dương lịch ở cột Năm, ví dụ 2027."),
        ),
    )
)
_LAST, _CHAP = 30, 12
#: Month words. `một` is missing on purpose: the first solar month or, of old, the eleventh lunar one.
_MONTHS: Mapping[str, int] = {
    "gieng": 1, "tet": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": _CHAP,
}  # fmt: skip
_LUNAR_MONTHS = frozenset({"gieng", "tet", "chap"})
#: Day words after `mùng`, and the two that stand alone.
_DAYS: Mapping[str, int] = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "ram": 15, "cuoi": _LAST,
}  # fmt: skip
#: Excel counts days from here; the numbers of the years that we plan in.
_EXCEL_EPOCH, _EXCEL_DAYS = date(1899, 12, 30), range(24838, 73416)
_LEAP_YEAR, _YEAR_DIGITS = 2000, 4


@dataclass(frozen=True, slots=True)
class _Parts:
    """A day as found in the text: numbers, and which calendar they are of."""

    text: str
    day: int
    month: int
    year: int | None
    lunar: bool


def read_date(value: object, occasions: Occasions) -> DateRule:
    """Read on which day a row falls.

    Accepts what people type, `date` and `datetime` cells at midnight, and serial days of Excel.

    Raises:
        ReadError: it is no day, an impossible or ambiguous one, or an occasion that is not known.
    """
    match value:
        case datetime() if value.time() != time():
            message = _("Ô ngày có cả giờ ({time}).").format(time=f"{value:%H:%M}")
            raise ReadError("date_with_time", message, hint=_("Để giờ ở cột Giờ, ô ngày chỉ ghi ngày."))
        case date():
            return SolarDay(value.day, value.month, _year(value.isoformat(), str(value.year)))
        case str() if value.strip():
            return _read_words(" ".join(value.split()), occasions)
        case None | str():
            raise ReadError("date_missing", _("Chưa có ngày."), hint=_how())
        case int() | float() if value in _EXCEL_DAYS:
            return read_date(_EXCEL_EPOCH + timedelta(days=int(value)), occasions)
    # A number cell is never read as day and month: 20.1 may have been typed as 20.10.
    shown = f"{value:g}" if isinstance(value, float) else value
    raise ReadError("date_unreadable", _("Không đọc được ngày “{text}”.").format(text=shown), hint=_how())


def _read_words(text: str, occasions: Occasions) -> DateRule:
    if occasion := occasions.find(text):
        return OccasionRule(occasion.key, occasion.rule)
    words = fold(re.sub("[,()]", " ", text))
    found = WEEKDAY.match(words)
    rest = words[found.end() :] if found else words
    parts = _parts(text, rest.removeprefix("ngay ").strip())
    if parts is None and (span := read_span(text)):
        return span
    if parts is None:
        raise _unknown(text, occasions)
    rule = _lunar_rule(parts) if parts.lunar else _solar_rule(parts)
    if found:
        _agree(rule, weekday_of(found), text)
    return rule


def _parts(text: str, words: str) -> _Parts | None:
    """Return the numbers of a day, or None if the words have no shape of a day."""
    calendar = _CALENDAR.search(words)
    words = words[: calendar.start()].strip() if calendar else words
    found = next(filter(None, (shape.fullmatch(words) for shape in _SHAPES)), None)
    if found is None:
        return None
    groups = found.groupdict()
    month = _month(text, groups["month"])
    day = _DAYS.get(groups["day"]) or (int(groups["day"]) if groups["day"].isdecimal() else None)
    if month is None or day is None:
        return None
    lunar = bool(calendar and calendar["lunar"]) or "lunar" in groups or groups["month"] in _LUNAR_MONTHS
    if groups["day"] == "cuoi" and not lunar:
        return None
    return _Parts(text, day, month, _year(text, groups.get("year")), lunar)


def _month(text: str, word: str) -> int | None:
    if word == "mot":
        raise ReadError(
            "month_ambiguous",
            _("“{text}”: “tháng Một” có thể là tháng 1 dương lịch hoặc tháng 11 âm lịch.").format(text=text),
            hint=_("Ghi bằng số, ví dụ 20/1 hoặc 20/11 âm lịch; tháng đầu năm âm lịch là tháng Giêng."),
        )
    return int(word) if word.isdecimal() else _MONTHS.get(word)


def _year(text: str, digits: str | None) -> int | None:
    if digits is None:
        return None
    if len(digits) == _YEAR_DIGITS and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return int(digits)
    message = _("Năm “{year}” trong “{text}” không dùng được.").format(year=digits, text=text)
    hint = _("Ghi năm đủ bốn chữ số, từ {first} đến {last}, ví dụ 20/11/2026.")
    raise ReadError("year_unreadable", message, hint=hint.format(first=FIRST_YEAR, last=LAST_YEAR))


def _solar_rule(parts: _Parts) -> SolarDay:
    """Return the rule of a solar day; 29/2 without a year is a day of leap years."""
    try:
        date(parts.year or _LEAP_YEAR, parts.month, parts.day)
    except ValueError as error:
        hint = _("Kiểm tra lại ngày và tháng; ngày đứng trước tháng, ví dụ 20/11/2026.")
        raise _impossible(parts, hint) from error
    return SolarDay(parts.day, parts.month, parts.year)


def _lunar_rule(parts: _Parts) -> LunarRule | LastOfLunarMonth:
    """Return the rule of a lunar day; 30 Chạp and `cuối` mean its last day, be it the 29th."""
    if not (1 <= parts.day <= _LAST and 1 <= parts.month <= _CHAP):
        hint = _("Tháng âm lịch có 29 hoặc 30 ngày, năm có 12 tháng; ví dụ 10/3 âm lịch.")
        raise _impossible(parts, hint)
    if parts.day == _LAST and (parts.month == _CHAP or "cuoi" in fold(parts.text).split()):
        return LastOfLunarMonth(parts.month, parts.year)
    rule = LunarRule(parts.day, parts.month, parts.year)
    if not (parts.year is None or any(days(rule, year) for year in certain_years(rule))):
        raise _impossible(parts, _("Tháng âm lịch này chỉ có 29 ngày."))
    return rule


def check_years(rule: DateRule, years: Sequence[int]) -> None:
    """Check that the years of a row leave its day a chance.

    Raises:
        ReadError: the day is of one certain year, and that year is not among them.
    """
    certain = certain_years(rule)
    if years and certain and not any(days(rule, year) for year in set(certain) & set(years)):
        message = _("Ngày và cột Năm không khớp: ngày đã ghi năm {year}.").format(year=certain[0])
        raise ReadError("year_contradicts", message, hint=_("Bỏ năm ở một trong hai cột, hoặc ghi cho khớp."))


def _impossible(parts: _Parts, hint: str) -> ReadError:
    return ReadError("date_impossible", _("Không có ngày “{text}”.").format(text=parts.text), hint=hint)


def _agree(rule: DateRule, weekday: int, text: str) -> None:
    """Check the weekday typed in front of a day.

    Raises:
        ReadError: it contradicts the day, or nothing says of which year the day is.
    """
    if not isinstance(rule, SolarDay) or rule.year is None:
        message = _("“{text}” có thứ nhưng không có năm nên không kiểm tra được.").format(text=text)
        raise ReadError(
            "weekday_without_year", message, hint=_("Bỏ thứ, hoặc ghi đủ ngày/tháng/năm dương lịch.")
        )
    true = date(rule.year, rule.month, rule.day).weekday()
    if true != weekday:
        message = _("“{text}”: thứ và ngày không khớp nhau; ngày ấy là {weekday}.").format(
            text=text, weekday=_(WEEKDAY_NAMES[true])
        )
        raise ReadError("weekday_contradicts", message, hint=_("Sửa thứ hoặc sửa ngày cho đúng."))


def _unknown(text: str, occasions: Occasions) -> ReadError:
    """Return why words are neither a day nor the name of an occasion."""
    if "nhuan" in fold(text).split():
        message = _("“{text}”: không lập lịch theo tháng nhuận.").format(text=text)
        return ReadError(
            "date_leap_month", message, hint=_("Tháng nhuận không lặp lại lễ; hãy ghi ngày dương lịch.")
        )
    for code, shape, told, hint in _NEARLY:
        if shape.search(fold(text)):
            return ReadError(code, _(told).format(text=text), hint=_(hint))
    near = occasions.nearest(text)
    if any(letter.isdigit() for letter in text) or not near:
        return ReadError("date_unreadable", _("Không đọc được ngày “{text}”.").format(text=text), hint=_how())
    message = _("Không có dịp nào tên “{text}”.").format(text=text)
    return ReadError(
        "occasion_unknown", message, hint=_("Có phải là: {names}?").format(names="; ".join(near))
    )


def _how() -> str:
    return _("Ghi như 20/11/2026, 20/11, 10/3 âm lịch, mùng 5 tháng Giêng, hoặc tên dịp như Quốc khánh.")
