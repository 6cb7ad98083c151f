"""Tags as they are compared, whoever typed them: `#CảnhBáo`, `cảnh_báo` and `cảnh báo` are one."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: Tags, without marks and blanks, of what cannot wait.
_URGENT = frozenset({"khan", "khancap", "hoatoc", "urgent"})


def plain_tags(tags: Iterable[str]) -> set[str]:
    """Return tags as they are compared."""
    return {_plain(tag) for tag in tags}


def is_urgent(tags: Iterable[str]) -> bool:
    """Tell whether a post is tagged as one that cannot wait."""
    return any(_unmarked(tag) in _URGENT for tag in plain_tags(tags))


@lru_cache(maxsize=1 << 12)  # a hold is held against every delivery of a second
def _plain(tag: str) -> str:
    return re.sub(r"[\s#_-]+", "", unicodedata.normalize("NFC", tag).casefold())


def _unmarked(tag: str) -> str:
    apart = unicodedata.normalize("NFD", tag)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
