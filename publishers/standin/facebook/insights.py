"""The edge `insights` of posts and Pages, and which numbers a test takes away.

`POST /_metrics {"page": "100", "retired": [...], "gated": [...], "empty": [...]}` changes what a Page gives;
without `page`, what all give. Retired and gated names fail the whole call, as they do at Meta.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from publishers.standin.facebook import reach
from publishers.standin.facebook.answers import Refusal
from publishers.standin.facebook.call import Call
from publishers.standin.facebook.wall import Post

#: Followers of every Page.
FOLLOWERS = 1_000
#: Days that one call may ask for.
MOST_DAYS = 90


@dataclass(slots=True)
class Taken:
    """Names that are no more, that need a right, and that have no data."""

    retired: list[str] = field(default_factory=list)
    gated: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


class Insights:
    """Answers for numbers, without those taken away."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Take nothing away; days end by the given clock."""
        self._now = now
        self._taken: defaultdict[str, Taken] = defaultdict(Taken)

    async def take(self, request: Request) -> Response:
        """Take numbers away, until the next order for the same Page."""
        asked = await request.json()
        page = asked.pop("page", "")
        self._taken[page] = Taken(**asked)
        return JSONResponse({"ok": True})

    def of_post(self, call: Call, post: Post, seen: int) -> dict[str, Any]:
        """Return the numbers of a post; one bad name fails the whole call."""
        known = {**reach.METRICS, **reach.FILM_METRICS}
        names = self._names(call, post.page, known)
        given = [name for name in names if name in reach.METRICS or post.film]
        return {"data": [_row(call.node, name, "lifetime", [{"value": known[name](seen)}]) for name in given]}

    def of_page(self, call: Call) -> dict[str, Any]:
        """Return the numbers of a Page's days; without `since`, of the last two that have ended."""
        names = self._names(call, call.node, reach.PAGE_METRICS)
        if call.text("period") not in {"day", ""}:
            raise Refusal(100, "(#100) This metric is not available for this period")
        today = self._now().astimezone(reach.HOME).date()
        since = _day(call.text("since")) or today - timedelta(days=2)
        until = min(_day(call.text("until")) or today, today)
        if (until - since).days > MOST_DAYS:
            raise Refusal(100, "(#100) There cannot be more than 90 days between since and until")
        rows = [_row(call.node, name, "day", _days(call.node, name, since, until)) for name in names]
        return {"data": [row for row in rows if row["values"]]}

    def _names(self, call: Call, page: str, known: Mapping[str, object]) -> list[str]:
        """Return the names asked for that have data."""
        names = call.names("metric")
        if not names:
            raise Refusal(3001, "(#3001) No metric was specified", 1504028)
        taken = [self._taken[page], self._taken[""]]
        if any(name not in known or any(name in each.retired for each in taken) for name in names):
            raise Refusal(100, "(#100) The value must be a valid insights metric")
        if any(name in each.gated for each in taken for name in names):
            raise Refusal(10, "(#10) This endpoint requires the read_insights permission")
        if call.token.startswith("uncounted"):
            return []  # without the right to read numbers, an empty answer and no error
        return [name for name in names if not any(name in each.empty for each in taken)]


def _days(page: str, name: str, since: date, until: date) -> list[dict[str, Any]]:
    value = reach.PAGE_METRICS[name]
    return [
        {"value": value(FOLLOWERS, reach.share(page, day)), "end_time": f"{end:%Y-%m-%dT%H:%M:%S}+0000"}
        for day, end in reach.days(since, until)
    ]


def _row(node: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": name.replace("_", " ").capitalize(),
        "id": f"{node}/insights/{name}/{period}",
    }


def _day(text: str) -> date | None:
    """Read a day, or the moment of Unix seconds as the day it falls on at Facebook's home."""
    if not text:
        return None
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text), reach.HOME).date()
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(100, "(#100) Param since must be a valid date") from None
