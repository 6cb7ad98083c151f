"""What a button carries: verb, subject, content and time, sealed for one person.

The seal is no right by itself, `content_queue.store.approvals` decides; it keeps a button from meaning
another post, another content, another person or another day than it was made for. What it asked for is done
once: `content_queue.store.buttons` remembers the seals that were used for as long as a button lives.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: The most bytes of a button's data (core.telegram.org/bots/api#inlinekeyboardbutton).
DATA = 64
#: Bytes that a post's code may take; a longer one is named by its digest.
CODE = 27
#: So long a button can be used; then its card is sent anew.
LIVES = timedelta(hours=72)
APPROVE, REJECT = "d", "t"
#: The post of a card in full; another time for it.
WHOLE, MOVE = "v", "m"
#: A leader's yes, alone, to what cannot wait; and what a second person says of it afterwards.
URGENTLY, FINE, NOT_FINE = "u", "o", "z"
#: A person looked at a channel: the post is there, or is not.
THERE, NOT_THERE = "l", "c"
#: A person has posted something by hand.
POSTED = "h"
#: A confirmation: take back, put a correction or an edit into review.
TAKE_BACK, CORRECT, EDIT = "x", "s", "e"
#: All that a person may approve: listed, and approved as it was listed.
ASK_ALL, APPROVE_ALL = "a", "y"
#: A hold kept ready is chosen, the hold that was listed is confirmed.
READY, HOLD = "r", "p"
#: What becomes of all that was held: asked for, and confirmed.
SHIFT, SPREAD, DROP_ALL, TOGETHER = "j", "k", "q", "w"
#: What becomes of a post that missed its time.
NEW_TIME, AT_ONCE, DROP = "g", "n", "b"
_SHORT, _SEAL = 8, 12
#: Times are told in seconds from here, in hexadecimal digits.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sealing:
    """For whom buttons are sealed, by which key, and when."""

    person: int
    key: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Button:
    """A verb for a post, or for a delivery, and the first letters of the hash that its card showed.

    A delivery has the number of its attempt for a hash. `seal` is unlike that of any other button.
    """

    verb: str
    subject: str
    short: str
    made_at: datetime
    seal: str

    def shows(self, content_hash: str) -> bool:
        """Tell whether the card showed this content."""
        return content_hash[:_SHORT] == self.short

    def lives(self, now: datetime) -> bool:
        """Tell whether it can still be used."""
        return now < self.made_at + LIVES


def sealing_key(token: str) -> bytes:
    """Derive the key of the seals from the bot's token, so that nothing secret lies in the ledger."""
    return hashlib.sha256(b"loa cards " + token.encode()).digest()


def named(post: str) -> str:
    """Return how a button names a post: by its code, or by `#` and a digest if that is long."""
    if len(post.encode()) <= CODE and ":" not in post:
        return post
    return "#" + hashlib.sha256(post.encode()).hexdigest()[:16]


def seal(verb: str, subject: str, content_hash: str, sealing: Sealing) -> str:
    """Return the data of a button, at most 64 bytes."""
    stamp = int((sealing.at - _EPOCH).total_seconds())
    said = f"{verb}:{named(subject)}:{content_hash[:_SHORT]}:{stamp:x}"
    return f"{said}:{_mac(said, sealing.person, sealing.key)}"


def unseal(data: str, *, person: int, key: bytes) -> Button | None:
    """Return what a button said, None where the seal is not ours or not this person's."""
    said, _colon, mac = data.rpartition(":")
    parts = said.split(":")
    if len(parts) != 4 or not hmac.compare_digest(mac.encode(), _mac(said, person, key).encode()):  # noqa: PLR2004 # verb, post, hash, time
        return None
    verb, subject, short, stamp = parts
    return Button(verb, subject, short, _EPOCH + timedelta(seconds=int(stamp, 16)), mac)


def _mac(said: str, person: int, key: bytes) -> str:
    whole = hmac.new(key, f"{said}:{person}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(whole[:_SEAL]).decode().rstrip("=")
