"""What opens a channel: given by a person, kept sealed, renewed where its platform lets it run out."""

import base64
import hashlib
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Grant:
    """What a platform gave: how long `access` opens the channel, and by when a person must come again.

    `refresh` gets the next grant, once; empty where there is nothing to renew. None is "for ever".
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    lasts: timedelta | None = None
    person_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A grant as the ledger knows it, without what is secret in it.

    `name` is what the channel calls it, `account` the id it opens; `version` counts the grants kept.
    Times: `until` access ends, `person_by` a person must authorise again, `renew_at` it wants to be
    renewed, `intent_at` a renewal began of which no end is known, `lost_at` only a person can help.
    """

    name: str
    platform: str
    account: str
    version: int
    until: datetime | None
    person_by: datetime | None
    renew_at: datetime | None
    intent_at: datetime | None
    doubts: int
    lost_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a platform says of a token that is kept: whether it still publishes, and what to know of it.

    `person_by` is when a person must authorise again, None where the platform tells none.
    """

    ok: bool
    problems: tuple[str, ...] = ()
    person_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What goes along when a person is sent to a platform to authorise: it must come back with the answer."""

    state: str
    verifier: str = field(repr=False)

    def challenge(self) -> str:
        """Return the S256 challenge of the verifier (RFC 7636)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_question(entropy: Callable[[int], bytes]) -> Question:
    """Make a question of chance: Zalo wants a verifier of 43 letters and digits."""
    return Question(_word(entropy, 24), _word(entropy, 43))


def _word(entropy: Callable[[int], bytes], length: int) -> str:
    """Return letters by chance, each as likely as any other."""
    most = 256 - 256 % len(_LETTERS)
    found = ""
    while len(found) < length:
        found += "".join(_LETTERS[byte % len(_LETTERS)] for byte in entropy(length) if byte < most)
    return found[:length]
