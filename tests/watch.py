"""Look for secrets and personal data where none may stand: in log records, and in the files of the run."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from bot.standins import FOLDER as STANDINS
from tests.canaries import CANARY_EMAIL, PERSONAL, SECRET

_PLAIN = logging.Formatter()
_SECRET_BYTES = re.compile(SECRET.pattern.encode())
_PERSONAL_BYTES = re.compile(PERSONAL.pattern.encode())
#: Folders in which a secret is at home.
_HOMES = frozenset({"secrets", "credentials"})
#: Where people are named; and where, beside that, a Telegram number is at home: ledgers and the stand-ins.
_SETTINGS, _LEDGERS = "settings.toml", re.compile(r"\.db(-wal|-shm)?$|\.db\.")


class SecretWatch(logging.Handler):
    """Read every record as it passes: sentence, extras and traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember where a secret was written, but not the secret."""
        told = f"{_PLAIN.format(record)}\n{record.__dict__!r}"
        if SECRET.search(told) or PERSONAL.search(told):
            self._seen.append(f"{record.name} at {record.pathname}:{record.lineno}")

    def take(self) -> list[str]:
        """Return what was seen since the last time."""
        seen, self._seen = self._seen, []
        return seen


def files_with_secrets(base: Path) -> list[str]:
    """Return the files under `base`, databases among them, that hold a secret outside its own folder."""
    return sorted(str(path.relative_to(base)) for path in _files(base) if _leaks(path, _content(path)))


def _leaks(path: Path, content: bytes) -> bool:
    return bool(_SECRET_BYTES.search(content)) or any(
        not _may_name(path, found) for found in set(_PERSONAL_BYTES.findall(content))
    )


def _may_name(path: Path, found: bytes) -> bool:
    """Tell whether what belongs to a person may stand in a file."""
    number = found != CANARY_EMAIL.encode()
    return path.name == _SETTINGS or (number and (STANDINS in path.parts or bool(_LEDGERS.search(path.name))))


def _files(base: Path) -> Iterator[Path]:
    for path in base.rglob("*"):
        if path.is_file() and not path.is_symlink() and _HOMES.isdisjoint(path.relative_to(base).parts):
            yield path


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a test took the rights away, or the file went while we looked
        return b""
