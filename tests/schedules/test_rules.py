"""On which days something falls."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.rules import (
    DateRule,
    DaySpan,
    LastOfLunarMonth,
    LunarRule,
    Movable,
    OccasionRule,
    SolarDay,
    Weekly,
    days,
    lacks_day,
)

#: Lunar year -> what the printed calendars say: Tết, 5/1, 15/1, 10/3, 15/4, 5/5, 15/7, 15/8, 23/12.
PRINTED = {
    2026: "17/02 21/02 03/3 26/4 31/5 19/6 27/8 25/9 30/01/2027",
    2027: "06/02 10/02 20/02 16/4 20/5 09/6 16/8 15/9 19/01/2028",
    2028: "26/01 30/01 09/02 04/4 09/5 28/5 03/9 03/10 06/02/2029",
    2029: "13/02 17/02 27/02 23/4 27/5 16/6 24/8 22/9 26/01/2030",
    2030: "02/02 06/02 16/02 12/4 16/5 05/6 13/8 12/9 16/01/2031",
    2031: "23/01 27/01 06/02 01/4 04/6 24/6 01/9 01/10 04/02/2032",
}
ORDER = ((1, 1), (5, 1), (15, 1), (10, 3), (15, 4), (5, 5), (15, 7), (15, 8), (23, 12))


def printed(cell: str, lunar_year: int) -> date:
    day, month, *year = map(int, cell.split("/"))
    return date(year[0] if year else lunar_year, month, day)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (LunarRule(*lunar), printed(cell, year))
        for year, cells in PRINTED.items()
        for lunar, cell in zip(ORDER, cells.split(), strict=True)
    ],
)
def test_lunar_days_fall_where_the_printed_calendars_have_them(rule: DateRule, expected: date) -> None:
    """Every lunar commemoration of 2026-2031; 23 Chạp lies in the Gregorian year after."""
    assert days(rule, expected.year) == (expected,)


@pytest.mark.parametrize(
    ("year", "eve"),
    [(2026, "16/2"), (2027, "5/2"), (2028, "25/1"), (2029, "12/2"), (2030, "1/2"), (2031, "22/1")],
)
def test_the_last_day_of_chap_is_the_eve_of_tet(year: int, eve: str) -> None:
    """Giao thừa belongs to the Gregorian year it lies in."""
    assert days(LastOfLunarMonth(12), year) == (printed(eve, year),)


@pytest.mark.parametrize(
    ("rule", "year", "found"),
    [
        (SolarDay(20, 11), 2027, (date(2027, 11, 20),)),
        (SolarDay(20, 11, 2026), 2026, (date(2026, 11, 20),)),
        (SolarDay(20, 11, 2026), 2027, ()),
        (SolarDay(29, 2), 2027, ()),
        (SolarDay(29, 2), 2028, (date(2028, 2, 29),)),
        (LunarRule(30, 12), 2027, ()),
        (LunarRule(10, 3, 2027), 2027, (date(2027, 4, 16),)),
        (LunarRule(10, 3, 2027), 2028, ()),
        (LunarRule(23, 12, 2026), 2027, (date(2027, 1, 30),)),
        (LunarRule(10, 3), 2031, (date(2031, 4, 1),)),  # leap month 3 repeats nothing
        (LunarRule(1, 12), 2030, (date(2030, 1, 4), date(2030, 12, 25))),
        (LunarRule(1, 12), 2029, (date(2029, 1, 15),)),
        (Movable({2025: (date(2025, 11, 2),)}), 2025, (date(2025, 11, 2),)),
        (Movable({2025: (date(2025, 11, 2),)}), 2026, ()),
        (OccasionRule("quoc-khanh", SolarDay(2, 9)), 2026, (date(2026, 9, 2),)),
        (LunarRule(1, 1), 2101, ()),
    ],
)
def test_a_rule_gives_its_days_of_a_gregorian_year(
    rule: DateRule, year: int, found: tuple[date, ...]
) -> None:
    """One, none, or two where a lunar day comes twice in one year."""
    assert days(rule, year) == found


def test_a_weekly_rule_begins_when_it_begins() -> None:
    """Saturdays of 2026 since March, and all of 2027."""
    rule = Weekly(5, date(2026, 3, 1))
    found = days(rule, 2026)
    assert (found[0], found[-1], len(found)) == (date(2026, 3, 7), date(2026, 12, 26), 43)
    assert (len(days(rule, 2027)), days(rule, 2025)) == (52, ())


@pytest.mark.parametrize(
    ("rule", "year", "lacking"),
    [
        (SolarDay(29, 2), 2027, True),
        (SolarDay(29, 2), 2028, False),
        (SolarDay(20, 11, 2026), 2027, False),
        (LunarRule(30, 12), 2026, True),
        (LunarRule(30, 12), 2032, False),
        (LunarRule(1, 12), 2031, False),
        (LastOfLunarMonth(12), 2026, False),
        (Movable({}), 2026, True),
        (OccasionRule("hoa-da-quy", Movable({})), 2026, True),
        (Weekly(5, date(2026, 3, 1)), 2026, False),
        (DaySpan(SolarDay(25, 2), SolarDay(29, 2)), 2027, True),
        (DaySpan(SolarDay(25, 2), SolarDay(29, 2)), 2028, False),
        (DaySpan(SolarDay(17, 11, 2026), SolarDay(23, 11, 2026)), 2027, False),
    ],
)
def test_a_day_that_a_year_lacks_is_told_from_one_of_another_year(
    rule: DateRule, year: int, *, lacking: bool
) -> None:
    """What a year lacks is shown to people; what is of another year is not."""
    assert lacks_day(rule, year) is lacking


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1969, 2099))
def test_a_lunar_day_comes_once_in_its_lunar_year(day: int, month: int, year: int) -> None:
    """Asked by Gregorian years, each lunar day is found exactly once, or does not exist."""
    rule = LunarRule(day, month, year)
    found = [found for gregorian in (year - 1, year, year + 1, year + 2) for found in days(rule, gregorian)]
    assert len(found) == (0 if lacks_day(LunarRule(day, month), year) else 1)
