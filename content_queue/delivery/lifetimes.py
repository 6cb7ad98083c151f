"""When a token is renewed, what comes of a try, and when people are told that one runs out. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from content_queue.models import Token
from content_queue.outcomes import NotSentError

#: With less than this left, a renewal waits for nothing: neither for a post nor for another's doubt.
URGENT = timedelta(hours=3)
#: A renewal keeps away from posts that are due so soon.
QUIET = timedelta(minutes=3)
#: Waits after tries that left a renewal open; the last one repeats.
WAITS = tuple(timedelta(seconds=s) for s in (60, 300, 900))
#: Days before its end on which people are told.
DAYS = (1, 3, 7, 14)
#: People are told that a renewal does not succeed when access ends within this.
STUCK = timedelta(hours=6)


def due(tokens: Sequence[Token], now: datetime, *, busy: Collection[str]) -> list[Token]:
    """Return what to renew now, the most pressing first; `busy` names what posts will want any moment.

    While a platform has left one renewal open, no other of it is begun: whatever swallows answers would
    swallow theirs too. Only what would end soon waits no longer.
    """
    doubtful = {token.platform for token in tokens if token.intent_at is not None}
    ready = [
        token
        for token in tokens
        if token.renew_at is not None
        and token.renew_at <= now
        and (
            is_urgent(token, now)
            or (token.name not in busy and (token.intent_at is not None or token.platform not in doubtful))
        )
    ]
    return sorted(ready, key=lambda token: (token.until or now, token.name))


def is_urgent(token: Token, now: datetime) -> bool:
    """Tell whether access ends so soon that a renewal waits for nothing."""
    return token.until is None or token.until - now < URGENT


def again(error: Exception, token: Token, now: datetime) -> datetime:
    """Return when a renewal that came to nothing is tried again."""
    told = error.retry_after if isinstance(error, NotSentError) else None
    return now + (told or WAITS[min(token.doubts, len(WAITS) - 1)])


def doubts_after(error: Exception, token: Token) -> int:
    """Count the tries that left open whether the refresh token is used up; a crash leaves one open, too."""
    before = max(token.doubts, 1 if token.intent_at is not None else 0)
    return before if isinstance(error, NotSentError) else before + 1


def days_to_tell(token: Token, now: datetime) -> int | None:
    """Return the mark that is reached: a person has at most so many days left; None before the first."""
    if token.person_by is None or token.lost_at is not None:
        return None
    left = token.person_by - now
    return next((days for days in DAYS if left <= timedelta(days=days)), None)
