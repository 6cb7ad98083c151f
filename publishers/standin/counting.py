"""How many calls came in a period: what a platform limits, and the most that ever came at once.

`GET /_limits.json` tells for each platform and key the limit, and the highest number of calls that any window
of its period held, those that were refused among them.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` calls in any `seconds`; 0 for any number."""

    most: int
    seconds: float


@dataclass(slots=True)
class Counted:
    """What came of one key."""

    most: int
    seconds: float
    highest: int = 0
    calls: int = 0


class Tally:
    """Counts calls by kind of key and name, in the window of their kind."""

    def __init__(self, now: Callable[[], datetime], windows: Mapping[str, Window]) -> None:
        """Count by the given clock."""
        self._now = now
        self.windows = dict(windows)
        self._came: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self._counted: dict[tuple[str, str], Counted] = {}

    def came(self, kind: str, name: object, count: int = 1) -> int:
        """Count calls that come now; return how many the window now holds."""
        key, now, window = (kind, str(name)), self._now(), self.windows[kind]
        calls = self._came[key]
        calls.extend([now] * count)
        while now - calls[0] >= timedelta(seconds=window.seconds):
            calls.popleft()
        told = self._counted.setdefault(key, Counted(window.most, window.seconds))
        told.most, told.calls = window.most, told.calls + count
        told.highest = max(told.highest, len(calls))
        return len(calls)

    def share(self, kind: str, name: object) -> int:
        """Return how much of a key's budget is used, in percent; 0 where there is none."""
        most = self.windows[kind].most
        return len(self._came[kind, str(name)]) * 100 // most if most else 0

    def left(self, kind: str, name: object) -> timedelta:
        """Return the time until the window has room for one more call."""
        calls, window = self._came[kind, str(name)], self.windows[kind]
        if not window.most or len(calls) < window.most:
            return timedelta()
        return calls[len(calls) - window.most] + timedelta(seconds=window.seconds) - self._now()

    def told(self) -> dict[str, dict[str, Any]]:
        """Return what came, by `kind:name`."""
        return {f"{kind}:{name}": asdict(counted) for (kind, name), counted in self._counted.items()}
