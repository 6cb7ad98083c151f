"""The plan of six years for every occasion that ships, against days that two other libraries agree on."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import lunar_vn
import pytest
import vnlunar

from schedules import occasions
from schedules.planner import Plan, Span, plan
from schedules.rules import DayRule, LastOfLunarMonth, LunarRule, Movable, SolarDay, Weekly
from tests.schedules.test_planner import PLANNING, START, row

OCCASIONS = occasions.load()
FIRST, LAST = date(2026, 1, 1), date(2031, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 2)]


@cache
def moon(day: date) -> tuple[int, int, bool]:
    """Return the lunar day, month, and whether the month is a leap one, as both libraries say."""
    one = lunar_vn.convert_solar_to_lunar(day.day, day.month, day.year)
    other = vnlunar.get_lunar_date(day.day, day.month, day.year)
    found = (one.day, one.month, bool(one.leap))
    assert found == (other["day"], other["month"], bool(other["leap"])), day
    return found


def computed(rule: DayRule) -> Iterator[date]:
    """Give the days of a rule from 2026 to 2031 with nothing of ours but the rule."""
    for day, following in pairwise(EVERY_DAY):
        match rule:
            case SolarDay():
                hit = (day.day, day.month) == (rule.day, rule.month)
            case LunarRule():
                hit = moon(day) == (rule.day, rule.month, False)
            case LastOfLunarMonth():
                hit = moon(day)[1] == rule.month and moon(following)[:2] == (1, rule.month % 12 + 1)
            case Weekly():
                hit = day.weekday() == rule.weekday and day >= rule.since
            case Movable():
                hit = day in rule.dates.get(day.year, ())
            case _:
                raise AssertionError(rule)
        if hit:
            yield day


@cache
def planned() -> Plan:
    """Plan one post for every day of every occasion."""
    rows = [row(each.names["vi"], code=f"D-{key}") for key, each in OCCASIONS.items()]
    return plan(rows, PLANNING, span=Span(FIRST, LAST, START))


@pytest.mark.parametrize("key", OCCASIONS)
def test_an_occasion_falls_where_two_other_libraries_put_it(key: str) -> None:
    """Six years, leap months of 2028 and 2031 and the short months of Chạp included."""
    days = [post.facts.day for post in planned().posts if post.entry.code == f"D-{key}"]
    assert days == list(computed(OCCASIONS[key].rule))


def test_a_day_that_nobody_announced_is_said_to_be_open() -> None:
    """Movable occasions stand in no plan by chance: each year without a day is told."""
    rules = {f"D-{key}": each.rule for key, each in OCCASIONS.items()}
    movable = {code: rule.dates for code, rule in rules.items() if isinstance(rule, Movable)}
    left = [
        (code, year) for code, dates in movable.items() for year in range(2026, 2032) if year not in dates
    ]
    assert sorted((each.entry.code, each.year) for each in planned().undated) == sorted(left)
    assert (len(movable), len(left)) == (3, 17)
