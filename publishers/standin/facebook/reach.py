"""Numbers of a post that grow with time as they do: fast at first, then ever slower. Deterministic.

A Page's numbers are of whole days, which end at midnight of Facebook's own home.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Seconds after which half of all who will ever see a post have seen it.
HALF = 3600
#: Reactions by type, as shares of all.
REACTIONS = {"like": 0.8, "love": 0.15, "wow": 0.05}


def viewers(post: str, age: float) -> int:
    """Return how many people have seen `post`, `age` seconds after it appeared."""
    public = 2_000 + int(hashlib.sha256(post.encode()).hexdigest()[:6], 16) % 18_000
    return int(public * age / (age + HALF)) if age > 0 else 0


def reactions(seen: int) -> dict[str, int]:
    """Return the reactions of so many viewers, without types that nobody chose."""
    counts = {name: int(seen * 0.03 * share) for name, share in REACTIONS.items()}
    return {name: count for name, count in counts.items() if count}


def shares(seen: int) -> int:
    """Return how often so many viewers have shared a post."""
    return seen // 200


#: Living metric -> its value for so many viewers. Any other name fails the whole call.
METRICS: Mapping[str, Callable[[int], int | dict[str, int]]] = {
    "post_total_media_view_unique": lambda seen: seen,
    "post_media_view": lambda seen: seen * 13 // 10,
    "post_clicks": lambda seen: seen // 25,
    "post_reactions_by_type_total": reactions,
    "post_activity_by_action_type": lambda seen: {
        name: count for name, count in {"share": shares(seen), "comment": seen // 150}.items() if count
    },
}
#: Metric that only posts with a film have.
FILM_METRICS: Mapping[str, Callable[[int], int]] = {"post_video_views": lambda seen: seen // 2}
#: Where Facebook's days end.
HOME = ZoneInfo("America/Los_Angeles")
#: Living metric of a Page -> its value for so many followers, on a day that draws so many in a hundred.
PAGE_METRICS: Mapping[str, Callable[[int, int], int]] = {
    "page_total_media_view_unique": lambda followers, share: followers * share // 100,
    "page_media_view": lambda followers, share: followers * share // 60,
    "page_post_engagements": lambda followers, share: followers * share // 900,
    "page_follows": lambda followers, share: followers + share,
    "page_daily_follows_unique": lambda _followers, share: share // 10,
    "page_daily_unfollows_unique": lambda _followers, share: share // 20,
    "page_views_total": lambda followers, share: followers * share // 500,
}


def days(since: date, until: date) -> Iterator[tuple[date, datetime]]:
    """Yield each day from `since` to before `until`, with the moment (UTC) at which it ends."""
    for number in range((until - since).days):
        day = since + timedelta(days=number)
        yield day, datetime.combine(day + timedelta(days=1), time(), HOME).astimezone(UTC)


def share(page: str, day: date) -> int:
    """Return how many in a hundred a day draws."""
    return 10 + hashlib.sha256(f"{page}{day}".encode()).digest()[0] % 80
