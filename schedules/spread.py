"""Spread one post over the bodies that carry it: each has its turn between two hours, always the same."""

from collections.abc import Iterable, Mapping
from datetime import timedelta


def turns(agencies: Iterable[str], length: timedelta) -> Mapping[str, timedelta]:
    """Return how long after the first hour each agency's turn comes, in whole seconds before `length`.

    Turns halve the gaps that are left (van der Corput): they lie evenly for any number of agencies, and
    an agency that joins behind the others moves nobody.
    """
    listed = dict.fromkeys(agencies)
    return {
        agency: timedelta(seconds=int(length.total_seconds() * _place(number)))
        for number, agency in enumerate(listed)
    }


def _place(number: int) -> float:
    """Return the mirror image of a number's binary digits behind the point: 0, 1/2, 1/4, 3/4, 1/8."""
    place, share = 0.0, 0.5
    while number:
        place += share * (number & 1)
        number, share = number >> 1, share / 2
    return place
