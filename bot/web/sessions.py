"""Sessions of the page: in memory, short, known by a hash; they let somebody look, never decide."""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

#: Seconds without a request, and from the beginning, after which a session is over.
IDLE, WHOLE = 30 * 60.0, 8 * 3600.0
#: Sessions at once; the oldest ends.
OPEN = 2_000


@dataclass(slots=True)
class Session:
    """Who looks; `csrf` stands in each form; `told` is said once on the next page."""

    person: str
    csrf: str
    begun: float
    seen: float
    told: str = ""


@dataclass(slots=True)
class Sessions:
    """All sessions of one listener."""

    monotonic: Callable[[], float]
    entropy: Callable[[int], bytes] = os.urandom
    _open: OrderedDict[str, Session] = field(default_factory=OrderedDict)

    def begin(self, person: str) -> str:
        """Begin a session and return the token that its cookie has."""
        token, now = self.entropy(32).hex(), self.monotonic()
        self._open[_hash(token)] = Session(person, self.entropy(16).hex(), now, now)
        while len(self._open) > OPEN:
            self._open.popitem(last=False)
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a cookie, None where it is over."""
        found, now = self._open.get(_hash(token)), self.monotonic()
        if found is None:
            return None
        if now - found.seen > IDLE or now - found.begun > WHOLE:
            self.end(token)
            return None
        found.seen = now
        return found

    def end(self, token: str) -> None:
        """End a session."""
        self._open.pop(_hash(token), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
