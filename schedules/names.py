"""Compare names as people type them: without marks, case, and the width of blanks and dashes."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

_BLANKS = re.compile(r"[\s\-‐‑‒–—−_]+")

#: So many letters say which name was begun.
_TELLING = 6


@lru_cache(maxsize=1 << 14)  # every reading of the calendars compares the same thousands of names
def fold(text: str) -> str:
    """Return the key by which names are compared: `Ngọc Hồi - Đống Đa` becomes `ngoc hoi dong da`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BLANKS.sub(" ", plain).strip()


def nearest(word: str, known: Iterable[str], *, limit: int = 3) -> list[str]:
    """Return up to `limit` of the known names that look most like `word`, the best first.

    A name that was cut short looks little like the whole one; names that begin with it come last.
    """
    by_fold, wanted = {fold(name): name for name in known}, fold(word)
    found = get_close_matches(wanted, by_fold, n=limit, cutoff=0.6)
    if len(wanted) >= _TELLING:
        found += [key for key in by_fold if key.startswith(wanted) and key not in found]
    return [by_fold[key] for key in found[:limit]]
