"""Numbers of a post that grow with time as they do: fast at first, then ever slower. Deterministic."""

import hashlib
from collections.abc import Callable, Mapping

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
    "post_activity_by_action_type": lambda seen: {"share": shares(seen), "comment": seen // 150},
}
