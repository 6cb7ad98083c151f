"""One spelling of a value, and its hash."""

import hashlib
import json


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON-able value in one canonical spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
