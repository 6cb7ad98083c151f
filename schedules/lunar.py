"""Convert between the Gregorian and the Vietnamese lunar calendar (UTC+7), 1968-2100.

The table is our own: `schedules.make_lunar` writes it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from schedules.data import lunar_table

#: Lunar 1967 is there for the days of January 1968, when the law came into force.
FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1967, 2100
FIRST_DAY, LAST_DAY = date(1968, 1, 1), date(2100, 12, 31)
#: Later days are computed as well, but new moons within seconds of midnight may be published otherwise.
WARN_AFTER = date(2053, 12, 31)
#: Stretches on which careful computations differ: first and last day.
DISPUTED = (
    (date(2054, 5, 7), date(2054, 6, 5)),
    (date(2072, 12, 9), date(2073, 1, 7)),
    (date(2077, 11, 15), date(2077, 12, 14)),
    (date(2085, 10, 18), date(2085, 11, 16)),
)
_SHORT, _LONG = 29, 30
_LEAP_BITS, _LENGTH_BITS = 4, 13


class NoSuchDay(ValueError):  # noqa: N818 - it names what is missing
    """The lunar calendar has no such day, or it lies outside 1968-2100."""


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar; `leap` says that its month is the leap month of that number."""

    day: int
    month: int
    year: int
    leap: bool = False


@dataclass(frozen=True, slots=True)
class _Year:
    """A lunar year: first days of its months and of the next year, and what each month is called."""

    starts: tuple[date, ...]
    months: tuple[tuple[int, bool], ...]


def pack(new_year: date, lengths: Sequence[int], leap: int) -> int:
    """Return a lunar year as one integer: new year's day, lengths of 12 or 13 months, leap month or 0."""
    offset = (new_year - date(new_year.year, 1, 1)).days
    longs = sum((length == _LONG) << place for place, length in enumerate(lengths))
    return (offset << _LENGTH_BITS | longs) << _LEAP_BITS | leap


@cache
def _year(year: int) -> _Year:
    """Unpack one lunar year.

    Raises:
        NoSuchDay: the table does not have it.
    """
    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        raise NoSuchDay(f"lunar year {year} is outside the table")
    packed = lunar_table.YEARS[year - lunar_table.FIRST]
    leap = packed & (1 << _LEAP_BITS) - 1
    months = tuple(_names(leap))
    starts = [date(year, 1, 1) + timedelta(days=packed >> _LEAP_BITS + _LENGTH_BITS)]
    for place in range(len(months)):
        is_long = packed >> _LEAP_BITS + place & 1
        starts.append(starts[-1] + timedelta(days=_LONG if is_long else _SHORT))
    return _Year(tuple(starts), months)


def _names(leap: int) -> Iterator[tuple[int, bool]]:
    for month in range(1, 13):
        yield month, False
        if month == leap:
            yield month, True


@cache
def to_lunar(day: date) -> LunarDay:
    """Return the lunar day of a Gregorian one.

    Raises:
        NoSuchDay: it lies outside 1968-2100.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise NoSuchDay(f"{day} is outside the table")
    this = _year(day.year)
    year, months = (day.year, this) if this.starts[0] <= day else (day.year - 1, _year(day.year - 1))
    place = bisect_right(months.starts, day) - 1
    month, leap = months.months[place]
    return LunarDay((day - months.starts[place]).days + 1, month, year, leap)


def to_solar(day: int, month: int, year: int, *, leap: bool = False) -> date:
    """Return the Gregorian day of a lunar one.

    Raises:
        NoSuchDay: the month has no such day, the year no such month, or it lies outside 1968-2100.
    """
    first, length = _month(month, year, leap=leap)
    if not 1 <= day <= length:
        raise NoSuchDay(f"lunar month {month} of {year} has {length} days, not {day}")
    found = first + timedelta(days=day - 1)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise NoSuchDay(f"{found} is outside the table")
    return found


def last_day_of_month(month: int, year: int, *, leap: bool = False) -> date:
    """Return the Gregorian day on which a lunar month ends: the 29th or the 30th.

    Raises:
        NoSuchDay: the year has no such month, or the day lies outside 1968-2100.
    """
    length = _month(month, year, leap=leap)[1]
    return to_solar(length, month, year, leap=leap)


def _month(month: int, year: int, *, leap: bool) -> tuple[date, int]:
    """Return the first day and the length of a lunar month."""
    found = _year(year)
    if (month, leap) not in found.months:
        raise NoSuchDay(f"lunar year {year} has no {'leap ' if leap else ''}month {month}")
    place = found.months.index((month, leap))
    start, after = tuple(pairwise(found.starts))[place]
    return start, (after - start).days


def is_disputed(day: date) -> bool:
    """Say whether careful computations differ about this Gregorian day."""
    return any(first <= day <= last for first, last in DISPUTED)
