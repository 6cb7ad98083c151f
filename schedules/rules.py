"""Say on which days something falls: solar, lunar, movable, weekly, or as an occasion does."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from schedules.lunar import NoSuchDay, last_day_of_month, to_solar


@dataclass(frozen=True, slots=True)
class SolarDay:
    """A day of the Gregorian calendar; `year` None is every year."""

    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class LunarRule:
    """A day of the Vietnamese lunar calendar, never of a leap month; `year` is the lunar year."""

    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class LastOfLunarMonth:
    """The last day of a lunar month: 29 or 30 Chạp; `year` is the lunar year."""

    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Movable:
    """Days that somebody announces each year; a year without one has no date yet."""

    dates: Mapping[int, tuple[date, ...]]


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekday (0 is Monday) of every week since a day."""

    weekday: int
    since: date


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The first, second, … weekday (0 is Monday) of a month, -1 the last; `month` None is every month."""

    weekday: int
    nth: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Every day from a first to a last one; both have a year, or both are of every year."""

    first: SolarDay
    last: SolarDay


DayRule: TypeAlias = SolarDay | LunarRule | LastOfLunarMonth | Movable | Weekly | NthWeekday | DaySpan


@dataclass(frozen=True, slots=True)
class OccasionRule:
    """The day of the occasion `key`, which falls as `rule` says."""

    key: str
    rule: DayRule


DateRule: TypeAlias = DayRule | OccasionRule


def days(rule: DateRule, year: int) -> tuple[date, ...]:
    """Return the days of a rule that lie in a Gregorian year, ascending; often one, or none.

    A lunar day late in the lunar year lies in the Gregorian year after: Giao thừa 2027 is
    2027-02-05. Leap months repeat nothing.
    """
    match rule:
        case SolarDay(day, month, only):
            return _solar(day, month, year) if only in {None, year} else ()
        case LunarRule() | LastOfLunarMonth():
            found = (
                _lunar(rule, lunar_year) for lunar_year in (year - 1, year) if rule.year in {None, lunar_year}
            )
            return tuple(day for day in found if day and day.year == year)
        case Movable(dates):
            return dates.get(year, ())
        case Weekly() | NthWeekday():
            return _weekly(rule, year) if isinstance(rule, Weekly) else _nth(rule, year)
        case DaySpan(first, last):
            return _span(first, last, year)
        case OccasionRule(_, inner):
            return days(inner, year)


def plain(rule: DateRule) -> DayRule:
    """Return how the day falls, whether or not it bears an occasion's name."""
    return rule.rule if isinstance(rule, OccasionRule) else rule


def is_lunar(rule: DateRule) -> bool:
    """Say whether the day is found in the lunar calendar."""
    return isinstance(plain(rule), LunarRule | LastOfLunarMonth)


def certain_years(rule: DateRule) -> tuple[int, ...]:
    """Return the Gregorian years that a rule of one certain year touches; none if it is of every year."""
    match rule:
        case SolarDay(year=int(year)):
            return (year,)
        case DaySpan(SolarDay(year=int(begin)), SolarDay(year=int(end))):
            return tuple(range(begin, end + 1))
        case LunarRule(year=int(year)) | LastOfLunarMonth(year=int(year)):
            return (year, year + 1)
    return ()


def lacks_day(rule: DateRule, year: int) -> bool:
    """Say whether a rule of every year has no day in this one: 29/2, 30/4 of the moon, not announced.

    For a lunar rule it is the lunar year that is asked.
    """
    match plain(rule):
        case SolarDay(day, month, None):
            return not _solar(day, month, year)
        case LunarRule(year=None) | LastOfLunarMonth(year=None) as lunar:
            return _lunar(lunar, year) is None
        case DaySpan(SolarDay(year=None)) as span:
            return not _span(span.first, span.last, year)
        case Movable(dates):
            return not dates.get(year)
    return False


def _solar(day: int, month: int, year: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:  # 29 February
        return ()


def _lunar(rule: LunarRule | LastOfLunarMonth, year: int) -> date | None:
    try:
        if isinstance(rule, LastOfLunarMonth):
            return last_day_of_month(rule.month, year)
        return to_solar(rule.day, rule.month, year)
    except NoSuchDay:
        return None


def _weekly(rule: Weekly, year: int) -> tuple[date, ...]:
    first = max(rule.since, date(year, 1, 1))
    first += timedelta(days=(rule.weekday - first.weekday()) % 7)
    weeks = range(0, (date(year, 12, 31) - first).days + 1, 7)
    return tuple(first + timedelta(days=passed) for passed in weeks)


def _nth(rule: NthWeekday, year: int) -> tuple[date, ...]:
    found = []
    for month in (rule.month,) if rule.month else range(1, 13):
        first, length = monthrange(year, month)
        all_of_it = range(1 + (rule.weekday - first) % 7, length + 1, 7)
        found.append(date(year, month, all_of_it[rule.nth if rule.nth < 0 else rule.nth - 1]))
    return tuple(found)


def _span(first: SolarDay, last: SolarDay, year: int) -> tuple[date, ...]:
    ends = [
        *_solar(first.day, first.month, first.year or year),
        *_solar(last.day, last.month, last.year or year),
    ]
    if len(ends) != 2:  # noqa: PLR2004 -- one of the two is 29 February
        return ()
    found = (ends[0] + timedelta(days=passed) for passed in range((ends[1] - ends[0]).days + 1))
    return tuple(day for day in found if day.year == year)
