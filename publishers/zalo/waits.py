"""When to ask Zalo again: soon at first, then ever more rarely, for every question counts in a quota."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from content_queue.outcomes import Pending

#: The first wait; each further one is twice as long, up to the longest.
FIRST, LONGEST = timedelta(seconds=3), timedelta(seconds=60)
#: An article's token is good for an hour: after so many questions it is over.
LAST_POLL = 63


def wait_after(polls: int) -> timedelta:
    """Return how long to wait after so many questions without an end."""
    return min(FIRST * (1 << min(polls, 10)), LONGEST)


def pending(memo: Mapping[str, Any], *, at_least: timedelta | None = None) -> Pending:
    """Ask again later; the memo counts the questions."""
    polls = memo.get("polls", -1) + 1
    return Pending({**memo, "polls": polls}, max(wait_after(polls), at_least or timedelta()))
