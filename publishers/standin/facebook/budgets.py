"""The budgets of calls: counted, told in the headers of every answer, and refused beyond."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from publishers.standin.counting import Tally, Window
from publishers.standin.facebook.answers import Refusal

#: Calls of a Page in 24 hours that count as 100 %, and of the whole app in an hour: that hangs on its users,
#: so there is no bound until a test sets one.
BUDGETS = {"page": Window(4800, 86_400.0), "app": Window(0, 3_600.0)}
#: Percentage of a budget beyond which calls are refused.
FULL = 100


class Budgets:
    """What came of each Page and of the app."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Count by the given clock."""
        self._tally = Tally(now, BUDGETS)

    def set(self, most: Mapping[str, int]) -> None:
        """Change how many calls of a kind pass, 0 for any number."""
        self._tally.windows |= {kind: replace(BUDGETS[kind], most=count) for kind, count in most.items()}

    def came(self, page: str) -> None:
        """Count one call: one that is refused counts as well, and so prolongs the wait."""
        self._tally.came("page", page)
        self._tally.came("app", "")

    def refusal(self, page: str) -> Refusal | None:
        """Return the refusal that a call meets, if it is beyond a budget."""
        if self._tally.share("app", "") > FULL:
            return Refusal(4, "(#4) Application request limit reached", transient=True)
        if self._tally.share("page", page) > FULL:
            return Refusal(80001, "(#80001) There have been too many calls to this Page account")
        return None

    def headers(self, page: str) -> dict[str, str]:
        """Return what every answer tells of usage."""
        share, left = self._tally.share("page", page), self._tally.left("page", page)
        minutes = -int(-left.total_seconds() // 60) if share > FULL else 0
        return usage(page, share=share, app=self._tally.share("app", ""), minutes=minutes)

    def told(self) -> dict[str, dict[str, Any]]:
        """Return what came, by key."""
        return self._tally.told()


def usage(page: str, *, share: int, app: int = 0, minutes: int = 0) -> dict[str, str]:
    """Return the usage headers: percentages of the budgets, and minutes until the Page's calls pass again."""
    mine = {"type": "pages", **_row(share), "estimated_time_to_regain_access": minutes}
    return {"x-app-usage": json.dumps(_row(app)), "x-business-use-case-usage": json.dumps({page: [mine]})}


def _row(share: int) -> dict[str, int]:
    return {"call_count": share, "total_cputime": share, "total_time": share}
