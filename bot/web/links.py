"""Links in letters: each is one person's, and opens the page for a while. They show; a PIN decides."""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from content_queue.models import Person, digest

#: How long a link can be opened.
LASTS = timedelta(hours=72)
_TOKEN = re.compile(r"(?P<until>[0-9a-f]{1,12})\.(?P<mac>[0-9a-f]{40})")


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads links under the page's public address.

    `key` seals them; `pin_of` gives what is kept of a person's PIN, empty where there is none: with a new
    PIN, or a new address, all earlier links of a person open nothing.
    """

    address: str
    key: bytes
    pin_of: Callable[[str], str]

    def to(self, person: Person, now: datetime, post: str = "") -> str:
        """Return a link for one person: to a post, or to what waits."""
        until = int((now + LASTS).timestamp())
        place = f"/{quote(post, safe='')}" if post else ""
        return f"{self.address}/mo/{until:x}.{self._mac(person, until)}{place}"

    def whose(self, token: str, people: Sequence[Person], now: datetime) -> Person | None:
        """Return whom a link was made for, None where it is over, forged, or its person is no more listed."""
        found = _TOKEN.fullmatch(token)
        if found is None or int(found["until"], 16) < now.timestamp():
            return None
        until = int(found["until"], 16)
        able = [person for person in people if person.email]
        return next((p for p in able if hmac.compare_digest(self._mac(p, until), found["mac"])), None)

    def _mac(self, person: Person, until: int) -> str:
        said = digest([person.name, person.email, self.pin_of(person.name), until])
        return hmac.new(self.key, b"link" + said.encode(), hashlib.sha256).hexdigest()[:40]
