"""Seal what nobody may read in the ledger or in a copy of it: AES-256-GCM, bound to what it belongs to.

A sealed text is the number of its key (4 bytes), a nonce (12) and what AES-GCM made of it. What it belongs
to is its associated data: sealed for one name, it opens under no other.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Bytes of a key's number, and of a nonce (NIST SP 800-38D).
NUMBER, NONCE = 4, 12
#: Shortest line that is a key: 32 random bytes take 43 letters of base64.
SHORTEST = 32


class SealError(Exception):
    """The keys at hand do not open it, or there is no usable key."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of a house: the first seals, all of them open."""

    keys: Sequence[bytes] = field(repr=False)
    entropy: Callable[[int], bytes] = os.urandom

    def seal(self, plain: str, whose: Sequence[str]) -> bytes:
        """Return `plain` sealed by the first key for what `whose` names."""
        key, nonce = self.keys[0], self.entropy(NONCE)
        number = number_of(key)
        return number + nonce + AESGCM(key).encrypt(nonce, plain.encode(), _bound(number, whose))

    def open(self, sealed: bytes, whose: Sequence[str]) -> str:
        """Return what was sealed for `whose`.

        Raises:
            SealError: its key is not here, or it was sealed for another or changed since.
        """
        number, nonce, rest = sealed[:NUMBER], sealed[NUMBER : NUMBER + NONCE], sealed[NUMBER + NONCE :]
        for key in self.keys:
            if number_of(key) == number:
                try:
                    return AESGCM(key).decrypt(nonce, rest, _bound(number, whose)).decode()
                except InvalidTag:
                    break
        raise SealError("sealed by a key that is not here, or for another name")


def read_ring(text: str) -> Ring:
    """Read keys, one a line, the newest first.

    Raises:
        SealError: there is none, or one is too short to be one.
    """
    lines = text.split()
    if not lines or min(map(len, lines)) < SHORTEST:
        raise SealError("a key has at least 32 letters")
    return Ring([hashlib.sha256(line.encode()).digest() for line in lines])


def number_of(key: bytes) -> bytes:
    """Return the number that a key is known by; it tells nothing of the key."""
    return hashlib.sha256(b"loa key number" + key).digest()[:NUMBER]


def _bound(number: bytes, whose: Sequence[str]) -> bytes:
    return json.dumps([number.hex(), *whose]).encode()
