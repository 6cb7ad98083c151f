"""Write `data/lunar_table.py` from the motions of moon and sun: `python -m schedules.make_lunar`.

The rules are the published ones (decision 121-CP of 1967): a month begins on the day, at UTC+7, of
the new moon; the winter solstice lies in month 11; between two months 11 that are 13 months apart,
the first month without a major solar term is the leap month and bears the number of the one before.
Only this module needs `ephem`; nothing of other people's tables or formulas is used.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import ephem

from schedules.lunar import FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR, pack

UTC_PLUS_7 = timedelta(hours=7)
TABLE = Path(__file__).parent / "data" / "lunar_table.py"
#: Numbers of the months that begin with the one of the winter solstice.
_ELEVENTH, _MONTHS = 11, 12
_DEGREES_A_TERM = 30

_HEAD = '''"""Lunar years of Viet Nam, packed; written by `schedules.make_lunar`, not by hand."""

#: The lunar year of the first integer.
FIRST = {first}

#: Days from 1 January to the new year << 17 | long months, the first lowest, << 4 | leap month or 0.
YEARS = (
'''


@dataclass(frozen=True, slots=True)
class _Month:
    """One lunar month: its first day, number, and whether it is a leap month."""

    start: date
    number: int
    leap: bool


@cache
def _new_moons(year: int) -> tuple[date, ...]:
    """Return the local days of the new moons of a Gregorian year."""
    moment, days = ephem.Date(f"{year - 1}/12/30"), []
    while (day := _local(moment := ephem.next_new_moon(moment))).year <= year:
        days.append(day)
    return tuple(day for day in days if day.year == year)


def _local(moment: ephem.Date) -> date:
    here: datetime = moment.datetime() + UTC_PLUS_7
    return here.date()


@cache
def _term(day: date) -> int:
    """Return which of the twelve sectors of 30° the sun stands in as the local day begins."""
    moment = ephem.Date(datetime(day.year, day.month, day.day) - UTC_PLUS_7)  # noqa: DTZ001 - ephem's times are naive UTC
    sun = ephem.Sun(moment)
    apparent = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=moment)
    return int(math.degrees(ephem.Ecliptic(apparent).lon) // _DEGREES_A_TERM)


@cache
def _eleventh(year: int) -> date:
    """Return the first day of month 11 of the lunar year: the last new moon up to the winter solstice."""
    solstice = _local(ephem.next_winter_solstice(f"{year}/11/1"))
    return max(day for day in _new_moons(year) if day <= solstice)


def _sui(year: int) -> Iterator[_Month]:
    """Give the months from month 11 of the lunar year before until month 11 of `year`, without it."""
    first, end = _eleventh(year - 1), _eleventh(year)
    starts = [day for day in (*_new_moons(year - 1), *_new_moons(year)) if first <= day <= end]
    leap = _leap_place(starts) if len(starts) - 1 > _MONTHS else None
    for place, start in enumerate(starts[:-1]):
        shift = leap is not None and place >= leap
        yield _Month(start, (_ELEVENTH - 1 + place - shift) % _MONTHS + 1, place == leap)


def _leap_place(starts: Sequence[date]) -> int:
    """Return the place of the first month in which the sun enters no new sector."""
    months = pairwise(starts)
    return next(place for place, (start, after) in enumerate(months) if _term(start) == _term(after))


def months(year: int) -> list[_Month]:
    """Return the months of the lunar year, and the first one after it."""
    both = [*_sui(year), *_sui(year + 1)]
    first = next(place for place, month in enumerate(both) if month.number == 1)
    rest = next(place for place in range(first + 12, len(both)) if both[place].number == 1)
    return both[first : rest + 1]


def packed(year: int) -> int:
    """Return one lunar year as the table keeps it."""
    found = months(year)
    lengths = [(after.start - month.start).days for month, after in pairwise(found)]
    leap = next((month.number for month in found[:-1] if month.leap), 0)
    return pack(found[0].start, lengths, leap)


def render() -> str:
    """Return the text of the table."""
    lines = [
        f"    0x{packed(year):06X},  # {year}\n" for year in range(FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR + 1)
    ]
    return _HEAD.format(first=FIRST_LUNAR_YEAR) + "".join(lines) + ")\n"


if __name__ == "__main__":
    TABLE.write_text(render(), "utf-8")
