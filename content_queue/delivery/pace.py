"""Keep the platforms' limits before they have to say so: sliding windows and told budgets, one per key."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from content_queue.ports import Limit, Usage

#: Windows are kept this much wider than the platform's: clocks and networks are not exact.
MARGIN = 1.02
#: A platform may count a call by so much later than we begin it.
TRAVEL = timedelta(milliseconds=20)
#: And by so many seconds more at most, where its answer tells that the call came late: see `Turn.end`.
LATE = 2.0
#: Seconds after which a call that was not answered is taken for come, and between two looks at one.
HANGING, POLL = 5.0, 0.02
#: Percentage of a told budget -> seconds between two calls of its key, from that percentage on.
SPACES = ((90, 10.0), (75, 1.0))
#: From this percentage on nothing is asked that can wait; what is left is for publishing.
SPARE = 90
#: From this percentage on nothing is asked at all, for as long as the platform says, else for an hour:
#: calls made meanwhile would prolong it.
FULL, HOUR = 100, timedelta(hours=1)
#: Seconds for which a told percentage is believed: it falls with time, and only a call tells how far.
BELIEVED = 900.0


def window(limit: Limit) -> timedelta:
    """Return how long a call counts for us: a little longer than for the platform."""
    return limit.period * MARGIN + TRAVEL


@dataclass(slots=True)
class Turn:
    """One counted call and the monotonic second at which it came to its platform, as far as it is known."""

    at: float
    #: Whether its first byte has left, and whether it was answered: until then it may come at any moment.
    begun: bool = True
    answered: bool = True

    def hold(self) -> None:
        """Note that its first byte leaves later: an intent, perhaps, is committed before."""
        self.begun = self.answered = False

    def begin(self, now: float) -> None:
        """Note that its first byte leaves now."""
        self.at, self.begun, self.answered = now, True, False

    def end(self, now: float, quickest: float) -> None:
        """Note that its answer came: by so much later than the quickest, the call may have come late too.

        Bursts queue up at a platform's door, and a busy machine stands still for a moment.
        """
        self.at += min(max(now - self.at - quickest, 0.0), LATE)
        self.answered = True

    def let_go(self) -> None:
        """Note that it came or never will."""
        self.begun = self.answered = True

    def may_come(self, now: float) -> bool:
        """Tell whether it may come only now; one that hangs is taken for come after a while."""
        return not self.begun or (not self.answered and now - self.at < HANGING)


@dataclass(frozen=True, slots=True)
class Stop:
    """A key that may not be called for `seconds` more; `asked` says that it was the platform's wish."""

    key: str
    seconds: float
    asked: bool = True


@dataclass(frozen=True, slots=True)
class _Used:
    """A told percentage, and until when it is believed."""

    percent: int
    until: float


class Pace:
    """Counts calls by key as they begin, and remembers what platforms said of a key."""

    def __init__(self) -> None:
        self._turns: dict[str, deque[Turn]] = {}
        self._stopped: dict[str, float] = {}
        self._used: dict[str, _Used] = {}

    def wait(self, limits: Sequence[Limit], now: float) -> float:
        """Return how many seconds after monotonic second `now` a call may begin, 0 for at once."""
        return max((self._wait(limit, now) for limit in limits), default=0.0)

    def enter(self, limits: Sequence[Limit], now: float) -> Turn:
        """Count a call that begins now; the turn learns of it if its first byte leaves later."""
        turn = Turn(now)
        for limit in limits:
            self._turns.setdefault(limit.key, deque(maxlen=limit.count or 1)).append(turn)
        return turn

    def stop(self, key: str, until: float) -> None:
        """Let no call of a key begin before monotonic second `until`: the platform asked for it."""
        self._stopped[key] = max(until, self._stopped.get(key, until))

    def told(self, key: str, usage: Usage, now: float) -> None:
        """Slow a key down, or stop it, as its used budget asks for."""
        self._used[key] = _Used(usage.percent, now + BELIEVED)
        if usage.percent >= FULL or usage.regain:
            self.stop(key, now + (usage.regain or HOUR).total_seconds())

    def stopped(self, limits: Sequence[Limit], now: float, *, spare: bool = False) -> Stop | None:
        """Return the longest stop that a call would meet; one that can wait meets more."""
        stops = [Stop(x.key, self._stopped[x.key] - now) for x in limits if x.key in self._stopped]
        if spare:
            scarce = (x.key for x in limits if self._percent(x.key, now) >= SPARE)
            stops += (Stop(key, self._used[key].until - now, asked=False) for key in scarce)
        longest = max(stops, key=lambda stop: stop.seconds, default=None)
        return longest if longest is not None and longest.seconds > 0 else None

    def _percent(self, key: str, now: float) -> int:
        used = self._used.get(key)
        return used.percent if used is not None and used.until > now else 0

    def _wait(self, limit: Limit, now: float) -> float:
        turns = self._turns.get(limit.key)
        if not turns:
            return 0.0
        full = _room(turns[0], limit, now) if len(turns) == limit.count else 0.0
        return max(full, turns[-1].at + self._space(limit.key, now) - now, 0.0)

    def _space(self, key: str, now: float) -> float:
        percent = self._percent(key, now)
        return next((seconds for least, seconds in SPACES if percent >= least), 0.0)


def _room(oldest: Turn, limit: Limit, now: float) -> float:
    """Return how long a full window stays full."""
    full = oldest.at + window(limit).total_seconds() - now
    return POLL if full <= 0 and oldest.may_come(now) else full


def slots(
    waiting: Iterable[tuple[int, str, datetime]], limits_of: Callable[[str], Sequence[Limit]]
) -> Iterator[tuple[int, datetime]]:
    """Give each (id, channel, due), in order, the first second its limits leave free at or after due."""
    begun: dict[str, deque[datetime]] = {}
    for delivery, channel, due in waiting:
        limits = [limit for limit in limits_of(channel) if limit.count]
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
