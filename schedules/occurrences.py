"""Find on which days one row speaks, and what is known about each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from content_queue.models import Campaign, Entry, Facts, PlannedPost
from schedules.anniversaries import class_of
from schedules.lunar import NoSuchDay, to_lunar
from schedules.occasions import Occasion, Occasions
from schedules.rules import DateRule, DaySpan, OccasionRule, certain_years, days, plain

#: Where people read their clocks.
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Years in which a day that is not announced year by year surely comes: 29 February, 30 of a lunar month.
_FAR = 9
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """A row together with what its date words mean, and the campaign that it belongs to, if it is listed."""

    entry: Entry
    rule: DateRule
    occasion: Occasion | None
    campaign: Campaign | None = None
    #: The other occasions of the same day.
    others: tuple[Occasion, ...] = ()

    @property
    def offsets(self) -> tuple[int, ...]:
        """The days from the row's own day on which it speaks, ascending."""
        return self.entry.series or (self.entry.offset,)

    @property
    def bounded(self) -> bool:
        """Tell whether its campaign's first and last day bound it: what comes again and again."""
        return not self.entry.series and self.campaign is not None and not certain_years(self.rule)


def dated(entry: Entry, rule: DateRule, occasions: Occasions, *, campaign: Campaign | None = None) -> Dated:
    """Return the row with its rule and, where it names one, its occasion."""
    if not isinstance(rule, OccasionRule):
        return Dated(entry, rule, None, campaign)
    named = occasions[rule.key]
    others = tuple(each for each in occasions.values() if each.rule == named.rule and each.key != named.key)
    return Dated(entry, rule, named, campaign, others)


def years_between(row: Dated, first: date, *, last: date) -> Iterator[int]:
    """Give the years of the row's own day for posts between two days, as far as the row is for them."""
    begin, end = first - row.offsets[-1] * _ONE_DAY, last - row.offsets[0] * _ONE_DAY
    for year in range(begin.year, end.year + 1):
        if not row.entry.years or year in row.entry.years:
            yield year


def occurrences(row: Dated, year: int) -> Iterator[PlannedPost]:
    """Give the posts of a row for the days of its rule that lie in a Gregorian year.

    A series counts from the first day of a span; its posts are called after their distance, so that
    they stay the same posts when the day is moved.
    """
    found = days(row.rule, year)
    if row.entry.series and isinstance(plain(row.rule), DaySpan):
        found = found[:1]
    for day in found:
        name = f"{row.entry.code}-{year}" if len(found) == 1 else f"{row.entry.code}-{day:%Y-%m-%d}"
        for offset in row.offsets:
            post_day = day + offset * _ONE_DAY
            known = facts(row, day, post_day=post_day)
            if _is_meant(row, known):
                due = datetime.combine(post_day, row.entry.at, tzinfo=HERE).astimezone(UTC)
                yield PlannedPost(f"{name}{_distance(row, offset)}", row.entry, year, due, known)


def _is_meant(row: Dated, known: Facts) -> bool:
    """Tell whether the row is for such an anniversary, and its campaign for such a day."""
    wanted = row.entry.anniversaries
    if wanted and (known.years is None or class_of(known.years) not in wanted):
        return False
    return not row.bounded or row.campaign is None or row.campaign.lasts_on(known.day)


def _distance(row: Dated, offset: int) -> str:
    """Return how the post of a series is called behind its row and year: `-D-7`, `-D`, `-D+1`."""
    if not row.entry.series:
        return ""
    return f"-D{offset:+}" if offset else "-D"


def last_occurrence(row: Dated) -> PlannedPost | None:
    """Return the last post that a row will ever make; None if it has no end, or never speaks."""
    ends = row.entry.years or certain_years(row.rule)
    return next((post for year in reversed(ends) for post in reversed([*occurrences(row, year)])), None)


def facts(row: Dated, day: date, *, post_day: date) -> Facts:
    """Return what is known of a post on `post_day` about the row's own day `day`."""
    lunar = _lunar(day)
    bare = Facts(post_day, row.entry.at, occasion_day=day, lunar=lunar and lunar[:3])
    occasion = row.occasion
    if occasion is None:
        campaign = row.campaign if row.entry.series else None
        of_event = campaign is not None and row.entry.date_words == campaign.event
        return replace(bare, names={"vi": campaign.name}) if campaign and of_event else bare
    others = tuple(_of_occasion(bare, each) for each in row.others)
    return replace(_of_occasion(bare, occasion), others=others)


def _of_occasion(bare: Facts, occasion: Occasion) -> Facts:
    """Return what is known of a day with what one occasion adds to it."""
    day = bare.occasion_day or bare.day
    return replace(
        bare,
        occasion=occasion.key,
        names=occasion.names,
        origin=occasion.origin or _new_year(occasion.origin_year),
        origin_year_only=occasion.origin is None and occasion.origin_year is not None,
        years=years_counted(occasion, day),
    )


def next_day(occasion: Occasion, today: date) -> date | None:
    """Return the next day of an occasion, today included; None where none is announced."""
    ahead = (day for year in range(today.year, today.year + _FAR) for day in days(occasion.rule, year))
    return next((day for day in ahead if day >= today), None)


def years_counted(occasion: Occasion, day: date) -> int | None:
    """Return how many years a day of an occasion counts; by the lunar year for lunar ones."""
    lunar = _lunar(day)
    return _years_since(occasion, lunar[3] if occasion.lunar and lunar else day.year)


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
