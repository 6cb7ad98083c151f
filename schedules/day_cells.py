"""Read on which day a row falls from the three columns it may stand in: `Ngày`, `Ngày âm lịch`, `Dịp`."""

import re
from collections.abc import Mapping
from datetime import date

from content_queue.texts import _
from schedules.anniversaries import Class, read_classes, read_plain_years, uncounted
from schedules.cells import line_of
from schedules.dates import check_years, read_date
from schedules.occasions import Occasions
from schedules.readers import Value
from schedules.refusals import ReadError
from schedules.rules import DateRule, SolarDay, days
from schedules.series import is_series

#: Years in which a day without a year is compared with an occasion.
_COMPARED = range(2026, 2031)
_BARE_DAY = re.compile(r"\d{1,2} ?[/.-] ?\d{1,2}(?: ?[/.-] ?\d{4})?")


def read_day(cells: Mapping[str, Value], occasions: Occasions) -> str:
    """Return the words of the day; the occasion's where both a day and an occasion are given.

    Raises:
        ReadError: there is no day, it is wrong, or day and occasion are not the same.
    """
    typed, occasion = _typed(cells, occasions), line_of(cells.get("occasion", ""))
    if is_series(typed):
        if not (occasion or line_of(cells.get("campaign", ""))):
            message = _("“{text}” được tính từ ngày của một dịp hoặc một đợt.").format(text=typed)
            hint = _("Ghi cột Dịp, hoặc cột Đợt truyền thông có Ngày sự kiện.")
            raise ReadError("series_alone", message, hint=hint)
        typed = ""
        if not occasion:
            return ""  # the day of its campaign's event
    words = occasion or typed
    rule = read_date(words, occasions)
    if occasion and typed:
        _agree(read_date(typed, occasions), rule, occasion=occasion)
    return words


def read_years_of(cells: Mapping[str, Value], occasions: Occasions) -> tuple[int, ...]:
    """Return the years that a row is for; a year in the day narrows an occasion to it.

    Raises:
        ReadError: the years are wrong, or the day lies in none of them.
    """
    years = read_plain_years(cells.get("years", ""))
    day = _typed_rule(cells, occasions)
    if day is None:
        return years
    check_years(day, years)
    fixed = day.year if isinstance(day, SolarDay) else None
    return (fixed,) if fixed and line_of(cells.get("occasion", "")) else years


def classes_of(cells: Mapping[str, Value], occasions: Occasions) -> tuple[Class, ...]:
    """Return the classes of anniversaries that a row is for; empty is every one.

    Raises:
        ReadError: the row has no occasion whose years are counted.
    """
    classes = read_classes(cells.get("years", ""))
    if classes:
        words = line_of(cells.get("occasion", "")) or line_of(cells.get("date", ""))
        occasion = occasions.find(words)
        if occasion is None or occasion.origin_year is None:
            raise uncounted()
    return classes


def _typed(cells: Mapping[str, Value], occasions: Occasions) -> str:
    """Return the day that is typed in `Ngày` or `Ngày âm lịch`; cells with real dates are put in words."""
    value, lunar = cells.get("date", ""), cells.get("lunar", "")
    if line_of(lunar) and line_of(value):
        message = _("Đã ghi cả ngày dương lịch và ngày âm lịch.")
        raise ReadError("date_twice", message, hint=_("Chỉ ghi một trong hai cột."))
    if line_of(lunar):
        return _lunar_words(lunar)
    if isinstance(value, str):
        return line_of(value)
    rule = read_date(value, occasions)
    return f"{rule.day:02}/{rule.month:02}/{rule.year}" if isinstance(rule, SolarDay) else line_of(value)


def _lunar_words(value: Value) -> str:
    """Put the calendar's name behind a bare day; Excel may have made a date of `10/3`."""
    words = f"{value.day}/{value.month}" if isinstance(value, date) else line_of(value)
    return f"{words} âm lịch" if _BARE_DAY.fullmatch(words) else words


def _typed_rule(cells: Mapping[str, Value], occasions: Occasions) -> DateRule | None:
    try:
        typed = _typed(cells, occasions)
        return read_date(typed, occasions) if typed else None
    except ReadError:
        return None  # told with the day itself


def _agree(day: DateRule, named: DateRule, *, occasion: str) -> None:
    years = [day.year] if isinstance(day, SolarDay) and day.year else list(_COMPARED)
    if not any(days(named, year) for year in years):
        message = _("“{occasion}” chưa có ngày trong danh mục cho năm ấy.").format(occasion=occasion)
        hint = _("Để trống cột Dịp và chỉ ghi cột Ngày.")
        raise ReadError("occasion_undated", message, hint=hint)
    if any(days(day, year) != days(named, year) for year in years):
        message = _("Ngày đã ghi không phải là ngày của “{occasion}”.").format(occasion=occasion)
        raise ReadError("date_contradicts", message, hint=_("Sửa ngày, hoặc để trống cột Ngày hay cột Dịp."))
