"""How much of its budgets Facebook says is used, beside every answer.

Calls of a Page count for 24 hours, against a number that nobody can compute since `page_engaged_users` is
gone; calls of the app for an hour. The headers hold percentages, may be missing near zero, empty, or hold
other shapes (Meta's guide on rate limiting; restfb's tests of what was met).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from content_queue.ports import Limit, Pacer, Usage

#: Key of the whole app, and of one Page.
APP, PAGE = "facebook:app", "facebook:page:{page}"
#: Headers: the app, a Page as older answers have it, and each Page or business.
APP_USAGE, PAGE_USAGE, BUSINESS_USAGE = "x-app-usage", "x-page-usage", "x-business-use-case-usage"
#: The percentages of a row, and the minutes until calls pass again.
SHARES, MINUTES = ("call_count", "total_time", "total_cputime"), "estimated_time_to_regain_access"


def limits_of(page: str) -> tuple[Limit, Limit]:
    """Name whose budgets a call counts for: no window is known, Facebook tells what is left."""
    return Limit(PAGE.format(page=page), 0, every=True), Limit(APP, 0, every=True)


def readings(headers: Mapping[str, str], page: str) -> Iterator[tuple[str, Usage]]:
    """Yield (key, usage) of every budget that an answer tells about."""
    told = {
        APP: [_object(headers, APP_USAGE)],
        PAGE.format(page=page): [_object(headers, PAGE_USAGE), *business_rows(headers, page)],
    }
    for key, rows in told.items():
        shares = [_percent(row.get(name)) for row in rows for name in SHARES]
        percents = [share for share in shares if share is not None]
        if percents:
            yield key, Usage(max(percents), regain(rows))


def regain(rows: Iterable[Mapping[str, Any]]) -> timedelta:
    """Return the longest wait that rows name, zero if none does."""
    told = (row.get(MINUTES) for row in rows)
    return timedelta(minutes=max((minutes for minutes in told if isinstance(minutes, int)), default=0))


def business_rows(headers: Mapping[str, str], page: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a Page, or all where it is named by its business."""
    usage = _object(headers, BUSINESS_USAGE)
    lists = [usage[page]] if usage.get(page) else list(usage.values())
    return [row for rows in lists if isinstance(rows, list) for row in rows if isinstance(row, dict)]


@dataclass(slots=True)
class Line:
    """The way of one call to Facebook: its further requests take turns, its answers tell of usage."""

    pacer: Pacer
    page: str
    _asked: bool = field(default=False, init=False)

    async def next(self) -> None:
        """Wait for the turn of one more request; the first goes on the turn that the call was given.

        Raises:
            NotSentError: Facebook has asked for a wait.
        """
        if self._asked:
            await self.pacer.turn(limits_of(self.page))
        self._asked = True

    def told(self, headers: Mapping[str, str]) -> None:
        """Pass on what an answer tells."""
        for key, usage in readings(headers, self.page):
            self.pacer.told(key, usage)


def _object(headers: Mapping[str, str], name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(headers.get(name, ""))
    except ValueError:  # seen: ""
        return {}
    return found if isinstance(found, dict) else {}


def _percent(told: object) -> int | None:
    """Return a percentage, also from "17%"."""
    try:
        return int(float(str(told).rstrip("%")))
    except (ValueError, OverflowError):
        return None
