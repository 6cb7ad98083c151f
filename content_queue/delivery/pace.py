"""Keep the platforms' limits before they have to say so: sliding windows, one per key."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from content_queue.ports import Limit

#: Windows are kept this much wider than the platform's: clocks and networks are not exact.
MARGIN = 1.02
#: A platform may count a call by so much later than we begin it: bursts queue up at its door.
TRAVEL = timedelta(milliseconds=40)


def window(limit: Limit) -> timedelta:
    """Return how long a call counts for us: a little longer than for the platform."""
    return limit.period * MARGIN + TRAVEL


@dataclass(slots=True)
class Turn:
    """One counted call and the monotonic second of its first byte, as far as it is known."""

    at: float


class Pace:
    """Counts calls by key as they begin."""

    def __init__(self) -> None:
        self._turns: dict[str, deque[Turn]] = {}
        self._stopped: dict[str, float] = {}

    def wait(self, limits: Sequence[Limit], now: float) -> float:
        """Return how many seconds after monotonic second `now` a call may begin, 0 for at once."""
        return max((self._wait(limit, now) for limit in limits), default=0.0)

    def enter(self, limits: Sequence[Limit], now: float) -> Turn:
        """Count a call that begins now. Where its first byte leaves later, set the turn's `at`."""
        turn = Turn(now)
        for limit in limits:
            self._turns.setdefault(limit.key, deque(maxlen=limit.count)).append(turn)
        return turn

    def stop(self, key: str, until: float) -> None:
        """Let no call of a key begin before monotonic second `until`: the platform asked for it."""
        self._stopped[key] = max(until, self._stopped.get(key, until))

    def _wait(self, limit: Limit, now: float) -> float:
        turns = self._turns.get(limit.key, deque[Turn]())
        full = turns[0].at + window(limit).total_seconds() - now if len(turns) == limit.count else 0.0
        return max(full, self._stopped.get(limit.key, now) - now, 0.0)


def slots(
    waiting: Iterable[tuple[int, str, datetime]], limits_of: Callable[[str], Sequence[Limit]]
) -> Iterator[tuple[int, datetime]]:
    """Give each (id, channel, due), in order, the first second its limits leave free at or after due."""
    begun: dict[str, deque[datetime]] = {}
    for delivery, channel, due in waiting:
        limits = limits_of(channel)
        at = max((_free(begun.get(limit.key), limit, due) for limit in limits), default=due)
        for limit in limits:
            begun.setdefault(limit.key, deque(maxlen=_posts(limit))).append(at)
        yield delivery, at


def _posts(limit: Limit) -> int:
    return max(1, limit.count // limit.calls)


def _free(begun: deque[datetime] | None, limit: Limit, due: datetime) -> datetime:
    if begun is None or len(begun) < _posts(limit):
        return due
    return max(due, begun[0] + window(limit))
