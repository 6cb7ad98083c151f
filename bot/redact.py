"""Logs without secrets: what is known to be one, and what looks like one, is blotted out last of all."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any, Literal
from zoneinfo import ZoneInfo

BLOT = "•••"
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

#: Bot tokens in addresses and alone, Facebook tokens, whatever is called a token, and e-mail addresses.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bbot\d{5,}:[\w%-]+"), "bot" + BLOT),
    (re.compile(r"\b\d{6,}:[\w-]{30,}"), BLOT),
    (re.compile(r"\bEA[A-Z][A-Za-z0-9]{16,}"), BLOT),
    (
        re.compile(
            r"(?i)\b(access_token|refresh_token|client_secret|appsecret_proof|secret_key)"
            r"(['\"]?\s*[=:]\s*b?['\"]?)[^\s&'\",}]+"
        ),
        rf"\1\2{BLOT}",
    ),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]{8,}"), rf"\1{BLOT}"),
    (re.compile(r"(\w+://)[^/@\s]+@"), rf"\1{BLOT}@"),
    (re.compile(r"(?<![\w/.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), BLOT),
)

#: Libraries that write addresses, headers or bodies into their logs below this level.
QUIET: Mapping[str, int] = dict.fromkeys(
    (
        "httpx",
        "httpcore",
        "apscheduler",
        "telegram",
        "urllib3",
        "requests",
        "asyncio",
        "uvicorn",
        "sqlalchemy",
        "alembic",
    ),
    logging.WARNING,
)

#: Signs at which some readers begin another line -> how JSON spells them.
_LINES = {number: f"\\u{number:04x}" for number in (0x85, 0x2028, 0x2029)}

#: Attributes every record has; whatever else it carries was given as `extra`.
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class Redactor:
    """Remember secrets as they are handed out, and blot them out of text."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def learn(self, secret: str) -> None:
        """Blot this value out from now on, also as it stands in JSON."""
        if len(secret) >= 6:  # noqa: PLR2004 -- shorter ones would blot out words
            self._known |= {secret, json.dumps(secret)[1:-1]}

    def forget(self, secret: str) -> None:
        """Leave this value alone from now on: it opens nothing any more, and new ones come every day."""
        self._known -= {secret, json.dumps(secret)[1:-1]}

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, BLOT)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


class PlainLines(logging.Formatter):
    """One line a record for people: local time, level, sentence, `name=value` of its extras."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, traceback included, without secrets."""
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        first = _one_line(f"{_moment(record)} {record.levelname:<7} {record.getMessage()}{extras}")
        traceback = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return self._redactor.clean(first + traceback)


class JsonLines(logging.Formatter):
    """One JSON object a record for machines."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, traceback included, without secrets."""
        told: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_extras(record),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        line = json.dumps(told, ensure_ascii=False, default=str).translate(_LINES)
        return self._redactor.clean(line)


def set_up_logging(
    *, form: Literal["plain", "json"] = "plain", debug: bool = False, stream: IO[str] | None = None
) -> Redactor:
    """Send all logs through a new redactor to `stream` (stderr), libraries from WARNING on.

    Returns the redactor, to be told of every secret. Setting up again replaces what was set up
    before and leaves the handlers of others alone.
    """
    redactor, root = Redactor(), logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each.formatter, PlainLines | JsonLines)]:
        root.removeHandler(old)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(redactor) if form == "json" else PlainLines(redactor))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet)
    return redactor


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, LOCAL).isoformat(timespec="milliseconds")


def _one_line(text: str) -> str:
    """Return a text in which nothing begins another line, or speaks to a terminal."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in record.__dict__.items() if name not in _USUAL}
