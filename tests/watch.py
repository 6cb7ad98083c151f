"""Look for secrets where none may stand: in log records as they pass, and in the files of the test run."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from tests.canaries import SECRET

_PLAIN = logging.Formatter()
_SECRET_BYTES = re.compile(SECRET.pattern.encode())
#: Folders in which a secret is at home.
_HOMES = frozenset({"secrets", "credentials"})


class SecretWatch(logging.Handler):
    """Read every record as it passes: sentence, extras and traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember where a secret was written, but not the secret."""
        if SECRET.search(f"{_PLAIN.format(record)}\n{record.__dict__!r}"):
            self._seen.append(f"{record.name} at {record.pathname}:{record.lineno}")

    def take(self) -> list[str]:
        """Return what was seen since the last time."""
        seen, self._seen = self._seen, []
        return seen


def files_with_secrets(base: Path) -> list[str]:
    """Return the files under `base`, databases among them, that hold a secret outside its own folder."""
    return sorted(
        str(path.relative_to(base)) for path in _files(base) if _SECRET_BYTES.search(_content(path))
    )


def _files(base: Path) -> Iterator[Path]:
    for path in base.rglob("*"):
        if path.is_file() and not path.is_symlink() and _HOMES.isdisjoint(path.relative_to(base).parts):
            yield path


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a test took the rights away, or the file went while we looked
        return b""
