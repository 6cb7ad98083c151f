"""Compare names as people type them: without marks, case, and the width of blanks and dashes."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_BLANKS = re.compile(r"[\s\-‐‑‒–—−_]+")


def fold(text: str) -> str:
    """Return the key by which names are compared: `Ngọc Hồi - Đống Đa` becomes `ngoc hoi dong da`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BLANKS.sub(" ", plain).strip()


def nearest(word: str, known: Iterable[str], *, limit: int = 3) -> list[str]:
    """Return up to `limit` of the known names that look most like `word`, the best first."""
    by_fold = {fold(name): name for name in known}
    return [by_fold[key] for key in get_close_matches(fold(word), by_fold, n=limit, cutoff=0.6)]
