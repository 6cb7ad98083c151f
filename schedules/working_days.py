"""Count back in working days: no Saturday, no Sunday, no day on which the law lets work rest."""

from collections.abc import Iterator
from datetime import date, timedelta

from schedules.occasions import Occasion, Occasions
from schedules.rules import days

#: Monday to Friday.
_WEEK = 5


def working_day_before(day: date, count: int, occasions: Occasions) -> date:
    """Return the working day that lies so many working days before a day; that day itself for none.

    Days of rest are those of the occasions' `day_off`; days that make up for a lost weekend are not known.
    """
    found = (each for each in _backwards(day) if _works(each, occasions))
    for _day, each in zip(range(count), found, strict=False):
        day = each
    return day


def _backwards(day: date) -> Iterator[date]:
    while True:
        day -= timedelta(days=1)
        yield day


def _works(day: date, occasions: Occasions) -> bool:
    return day.weekday() < _WEEK and day_of_rest(day, occasions) is None


def day_of_rest(day: date, occasions: Occasions) -> Occasion | None:
    """Return the occasion for which the law lets work rest on a day, None where it does not."""
    off = (each for each in occasions.values() if each.day_off)
    return next((each for each in off if _rests(day, each)), None)


def _rests(day: date, occasion: Occasion) -> bool:
    begun = (day - timedelta(days=passed) for passed in range(occasion.rest_days))
    return any(first in days(occasion.rule, first.year) for first in begun)
