"""Find on which days one row speaks, and what is known about each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from content_queue.models import Entry, Facts, PlannedPost
from schedules.lunar import NoSuchDay, to_lunar
from schedules.occasions import Occasion, Occasions
from schedules.rules import DateRule, OccasionRule, certain_years, days

#: Where people read their clocks.
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """A row together with what its date words mean."""

    entry: Entry
    rule: DateRule
    occasion: Occasion | None


def dated(entry: Entry, rule: DateRule, occasions: Occasions) -> Dated:
    """Return the row with its rule and, where it names one, its occasion."""
    return Dated(entry, rule, occasions[rule.key] if isinstance(rule, OccasionRule) else None)


def years_between(row: Dated, first: date, *, last: date) -> Iterator[int]:
    """Give the years of the row's own day for posts between two days, as far as the row is for them."""
    offset = row.entry.offset * _ONE_DAY
    for year in range((first - offset).year, (last - offset).year + 1):
        if not row.entry.years or year in row.entry.years:
            yield year


def occurrences(row: Dated, year: int) -> Iterator[PlannedPost]:
    """Give the posts of a row for the days of its rule that lie in a Gregorian year."""
    found = days(row.rule, year)
    for day in found:
        code = row.entry.code
        name = f"{code}-{year}" if len(found) == 1 else f"{code}-{day:%Y-%m-%d}"
        post_day = day + row.entry.offset * _ONE_DAY
        due = datetime.combine(post_day, row.entry.at, tzinfo=HERE).astimezone(UTC)
        yield PlannedPost(name, row.entry, year, due, facts(row, day, post_day=post_day))


def last_occurrence(row: Dated) -> PlannedPost | None:
    """Return the last post that a row will ever make; None if it has no end, or never speaks."""
    ends = row.entry.years or certain_years(row.rule)
    return next((post for year in reversed(ends) for post in reversed([*occurrences(row, year)])), None)


def facts(row: Dated, day: date, *, post_day: date) -> Facts:
    """Return what is known of a post on `post_day` about the row's own day `day`."""
    lunar = _lunar(day)
    plain = Facts(post_day, row.entry.at, occasion_day=day, lunar=lunar and lunar[:3])
    occasion = row.occasion
    if occasion is None:
        return plain
    year = lunar[3] if occasion.lunar and lunar else day.year
    return replace(
        plain,
        occasion=occasion.key,
        names=occasion.names,
        origin=occasion.origin or _new_year(occasion.origin_year),
        origin_year_only=occasion.origin is None and occasion.origin_year is not None,
        years=_years_since(occasion, year),
    )


def _new_year(year: int | None) -> date | None:
    return None if year is None else date(year, 1, 1)


def _lunar(day: date) -> tuple[int, int, bool, int] | None:
    """Return day, month, leap and year of the lunar calendar, if the table knows the day."""
    try:
        found = to_lunar(day)
    except NoSuchDay:
        return None
    return found.day, found.month, found.leap, found.year


def _years_since(occasion: Occasion, year: int) -> int | None:
    """Count the years since the origin; the year of the event itself and those before count nothing."""
    passed = year - occasion.origin_year if occasion.origin_year is not None else 0
    return passed if passed > 0 else None
