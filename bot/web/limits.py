"""How often something may be done: so many times within so many seconds, by whatever it is counted."""

from collections import OrderedDict, deque
from collections.abc import Callable

#: What is counted at once; the oldest is forgotten.
COUNTED = 10_000


class Limit:
    """Counts in memory: what restarts the daemon is no guest of the page."""

    def __init__(self, most: int, seconds: float, monotonic: Callable[[], float]) -> None:
        """Allow `most` in any `seconds`."""
        self._most = most
        self._seconds = seconds
        self._monotonic = monotonic
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def reached(self, key: str) -> bool:
        """Tell whether there is no more to have now."""
        return len(self._recent(key)) >= self._most

    def take(self, key: str) -> bool:
        """Take one; return False where there was none to have."""
        recent = self._recent(key)
        if len(recent) >= self._most:
            return False
        recent.append(self._monotonic())
        self._taken[key] = recent
        self._taken.move_to_end(key)
        if len(self._taken) > COUNTED:
            self._taken.popitem(last=False)
        return True

    def _recent(self, key: str) -> deque[float]:
        recent = self._taken.get(key, deque())
        since = self._monotonic() - self._seconds
        while recent and recent[0] <= since:
            recent.popleft()
        return recent
