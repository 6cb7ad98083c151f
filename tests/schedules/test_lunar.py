"""The Vietnamese lunar calendar."""

from collections.abc import Callable
from datetime import date, timedelta

import holidays
import lunar_vn
import pytest
import vnlunar
from holidays.calendars.chinese import VIETNAMESE_CALENDAR, _ChineseLunisolar
from hypothesis import given
from hypothesis import strategies as st

from schedules import make_lunar
from schedules.data import lunar_table
from schedules.lunar import (
    DISPUTED,
    FIRST_DAY,
    FIRST_LUNAR_YEAR,
    LAST_DAY,
    LAST_LUNAR_YEAR,
    WARN_AFTER,
    LunarDay,
    NoSuchDay,
    is_disputed,
    last_day_of_month,
    to_lunar,
    to_solar,
)

EVERY_DAY = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
TRUSTED = [day for day in EVERY_DAY if day <= WARN_AFTER]


def by_lunar_vn(day: date) -> LunarDay:
    found = lunar_vn.convert_solar_to_lunar(day.day, day.month, day.year)
    return LunarDay(found.day, found.month, found.year, bool(found.leap))


def by_vnlunar(day: date) -> LunarDay:
    found = vnlunar.get_lunar_date(day.day, day.month, day.year)
    return LunarDay(found["day"], found["month"], found["year"], bool(found["leap"]))


@pytest.mark.parametrize("theirs", [by_lunar_vn, by_vnlunar])
def test_every_day_of_1968_to_2053_is_what_other_computations_say(theirs: Callable[[date], LunarDay]) -> None:
    """Two independent libraries and our table agree on all 31,412 days."""
    assert [day for day in TRUSTED if to_lunar(day) != theirs(day)] == []


@pytest.mark.parametrize("theirs", [by_lunar_vn, by_vnlunar])
def test_later_days_differ_only_where_it_is_said_that_they_may(theirs: Callable[[date], LunarDay]) -> None:
    """New moons within seconds of midnight are disputed, and listed."""
    different = [day for day in EVERY_DAY if to_lunar(day) != theirs(day)]
    assert [day for day in different if not is_disputed(day)] == []


def test_disputed_days_lie_after_the_day_from_which_we_warn() -> None:
    """Until 2053 nothing is disputed."""
    assert min(first for first, _ in DISPUTED) > WARN_AFTER


@pytest.mark.parametrize("year", range(1968, 2101))
def test_new_year_and_the_kings_day_are_those_of_public_holidays(year: int) -> None:
    """A third source: the tables of `holidays`."""
    named = holidays.country_holidays("VN", years=year, language="vi").items()
    tet = next(day for day, name in named if name == "Tết Nguyên Đán")
    kings, _ = _ChineseLunisolar(VIETNAMESE_CALENDAR).hung_kings_date(year)
    assert (to_solar(1, 1, year), to_solar(10, 3, year)) == (tet, kings)


@given(st.sampled_from(EVERY_DAY))
def test_every_day_converts_back_to_itself(day: date) -> None:
    """Conversion loses nothing."""
    lunar = to_lunar(day)
    assert to_solar(lunar.day, lunar.month, lunar.year, leap=lunar.leap) == day


@given(st.sampled_from(EVERY_DAY[:-1]))
def test_the_next_day_is_the_next_lunar_day_or_a_first(day: date) -> None:
    """Months have no gaps and 29 or 30 days."""
    today, tomorrow = to_lunar(day), to_lunar(day + timedelta(days=1))
    assert tomorrow.day == today.day + 1 or (tomorrow.day == 1 and today.day in {29, 30})


@pytest.mark.parametrize(
    ("day", "month", "year", "leap"),
    [
        (30, 12, 2026, False),  # 29 days
        (31, 1, 2026, False),
        (0, 1, 2026, False),
        (1, 13, 2026, False),
        (10, 3, 2026, True),  # no leap month in that year
        (10, 4, 2031, True),  # the leap month is 3
        (1, 1, 1966, False),
        (1, 1, 2101, False),
        (30, 12, 2100, False),
    ],
)
def test_a_day_that_does_not_exist_is_refused(day: int, month: int, year: int, leap: bool) -> None:  # noqa: FBT001 - a row of the table
    """Other libraries return the next day without a word."""
    with pytest.raises(NoSuchDay):
        to_solar(day, month, year, leap=leap)


@pytest.mark.parametrize("day", [date(1967, 12, 31), date(2101, 1, 1)])
def test_days_outside_the_table_are_refused(day: date) -> None:
    """Before 1968 another time zone was law."""
    with pytest.raises(NoSuchDay):
        to_lunar(day)


@pytest.mark.parametrize(
    ("year", "last"),
    [
        (2024, date(2025, 1, 28)),
        (2025, date(2026, 2, 16)),
        (2026, date(2027, 2, 5)),
        (2029, date(2030, 2, 1)),
        (2032, date(2033, 1, 30)),
    ],
)
def test_the_year_ends_on_the_29th_or_the_30th(year: int, last: date) -> None:
    """Lunar years 2024-2031 have no 30 Chạp at all."""
    assert last_day_of_month(12, year) == last


@pytest.mark.parametrize(
    ("year", "leap"),
    [(2020, 4), (2023, 2), (2025, 6), (2028, 5), (2031, 3), (2033, 11), (1985, 2), (1987, 7)],
)
def test_leap_months_are_those_of_viet_nam(year: int, leap: int) -> None:
    """China had others in 1985 and 1987."""
    assert to_lunar(to_solar(1, leap, year, leap=True)) == LunarDay(1, leap, year, leap=True)


def test_the_committed_table_is_what_the_generator_writes() -> None:
    """Nobody edits the table by hand."""
    assert make_lunar.TABLE.read_text("utf-8") == make_lunar.render()


def test_the_table_holds_every_year_it_claims() -> None:
    """One integer a year."""
    assert (lunar_table.FIRST, len(lunar_table.YEARS)) == (
        FIRST_LUNAR_YEAR,
        LAST_LUNAR_YEAR - FIRST_LUNAR_YEAR + 1,
    )
