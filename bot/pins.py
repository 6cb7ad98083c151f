"""PINs of people: kept as salted hashes, each a secret by a name made of the person's name."""

import base64
import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from content_queue.texts import _
from schedules.names import fold

#: Digits of a PIN: what a phone's number keys type.
SHORTEST, LONGEST = 6, 12
#: Cost of one try: 32 MB and about a tenth of a second (RFC 7914; OWASP Password Storage, 2^15 with r=8).
COST, BLOCK, LANES = 2**15, 8, 1
_KEPT = re.compile(r"scrypt-15-8-1:(?P<salt>[\w+/=]{24}):(?P<hash>[\w+/=]{44})", re.ASCII)


def secret_of(person: str) -> str:
    """Return the name of the secret that holds a person's PIN: `pin-nguyen-van-an-1f0c9a2b`."""
    name = " ".join(unicodedata.normalize("NFC", person).casefold().split())
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40]
    return f"pin-{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def refusal_of(pin: str) -> str:
    """Say why a PIN would be guessed, empty where it would not. Pure."""
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdecimal()):
        told = _("Mã PIN cần từ {shortest} đến {longest} chữ số.")
        return told.format(shortest=SHORTEST, longest=LONGEST)
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        return _("Mã PIN dễ đoán. Xin đừng dùng dãy số liền nhau hay một số lặp lại.")
    return ""


def new_pin(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """Return eight digits by chance that nobody would guess."""
    while refusal_of(pin := f"{int.from_bytes(entropy(8)) % 10**8:08}"):
        pass
    return pin


def kept_as(pin: str, entropy: Callable[[int], bytes] = os.urandom) -> str:
    """Return what is kept of a PIN."""
    salt = entropy(16)
    made = Scrypt(salt, 32, COST, BLOCK, LANES).derive(pin.encode())
    return f"scrypt-15-8-1:{base64.b64encode(salt).decode()}:{base64.b64encode(made).decode()}"


def fits(pin: str, kept: str) -> bool:
    """Tell whether a PIN is the one that was kept; takes a tenth of a second on purpose."""
    found = _KEPT.fullmatch(kept)
    if found is None or len(pin) > LONGEST:
        return False
    try:
        Scrypt(base64.b64decode(found["salt"]), 32, COST, BLOCK, LANES).verify(
            pin.encode(), base64.b64decode(found["hash"])
        )
    except InvalidKey:
        return False
    return True
