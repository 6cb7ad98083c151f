"""What a button carries: verb, subject and content, sealed for one person.

The seal is no right by itself, `content_queue.store.approvals` decides; it keeps a button from meaning
another post, another content or another person than it was made for.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

#: The most bytes of a button's data (core.telegram.org/bots/api#inlinekeyboardbutton).
DATA = 64
#: Bytes that a post's code may take; a longer one is named by its digest.
CODE = 40
APPROVE, REJECT = "d", "t"
#: The post of a card in full; another time for it.
WHOLE, MOVE = "v", "m"
#: A person looked at a channel: the post is there, or is not.
THERE, NOT_THERE = "l", "c"
#: A person has posted something by hand.
POSTED = "h"
#: A confirmation: take back, put a correction into review.
TAKE_BACK, CORRECT = "x", "s"
#: All that a person may approve: listed, and approved as it was listed.
ASK_ALL, APPROVE_ALL = "a", "y"
#: A hold kept ready is chosen, the hold that was listed is confirmed.
READY, HOLD = "r", "p"
#: What becomes of all that was held: asked for, and confirmed.
SHIFT, SPREAD, DROP_ALL, TOGETHER = "j", "k", "q", "w"
#: What becomes of a post that missed its time.
NEW_TIME, AT_ONCE, DROP = "g", "n", "b"
_SHORT, _SEAL = 8, 8


@dataclass(frozen=True, slots=True)
class Button:
    """A verb for a post, or for a delivery, and the first letters of the hash that its card showed.

    A delivery has the number of its attempt for a hash.
    """

    verb: str
    subject: str
    short: str

    def shows(self, content_hash: str) -> bool:
        """Tell whether the card showed this content."""
        return content_hash[:_SHORT] == self.short


def sealing_key(token: str) -> bytes:
    """Derive the key of the seals from the bot's token, so that nothing secret lies in the ledger."""
    return hashlib.sha256(b"loa cards " + token.encode()).digest()


def named(post: str) -> str:
    """Return how a button names a post: by its code, or by `#` and a digest if that is long."""
    if len(post.encode()) <= CODE and ":" not in post:
        return post
    return "#" + hashlib.sha256(post.encode()).hexdigest()[:16]


def seal(verb: str, subject: str, content_hash: str, *, person: int, key: bytes) -> str:
    """Return the data of a button, at most 64 bytes."""
    said = f"{verb}:{named(subject)}:{content_hash[:_SHORT]}"
    return f"{said}:{_mac(said, person, key)}"


def unseal(data: str, *, person: int, key: bytes) -> Button | None:
    """Return what a button said, None where the seal is not ours or not this person's."""
    said, _colon, mac = data.rpartition(":")
    parts = said.split(":")
    if len(parts) != 3 or not hmac.compare_digest(mac.encode(), _mac(said, person, key).encode()):  # noqa: PLR2004 # verb, post, hash
        return None
    return Button(*parts)


def _mac(said: str, person: int, key: bytes) -> str:
    whole = hmac.new(key, f"{said}:{person}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(whole[:_SEAL]).decode().rstrip("=")
