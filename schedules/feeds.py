"""Write posts as a calendar of phones (RFC 5545): plain text, lines of at most 75 bytes, times in UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: Bytes of a line; a longer one goes on after a blank (RFC 5545, 3.1).
_LINE = 75
#: How often phones may ask again; many ask less often.
_REFRESH = "PT1H"


@dataclass(frozen=True, slots=True)
class Event:
    """One post in a feed; a higher `revision` replaces what phones have."""

    post: str
    due: datetime
    title: str
    told: str
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
    revision: int


def feed(name: str, events: Iterable[Event], now: datetime) -> str:
    """Return the whole file of one feed."""
    lines = [*_head(name), *(line for event in events for line in _event(event, now)), "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _head(name: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//loa//content calendar//VI", "METHOD:PUBLISH")
    yield from (f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}", f"X-PUBLISHED-TTL:{_REFRESH}")


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{_text(event.post)}@loa", f"DTSTAMP:{_moment(now)}")
    yield from (f"DTSTART:{_moment(event.due)}", "DURATION:PT15M", f"SUMMARY:{_text(event.title)}")
    yield from (f"DESCRIPTION:{_text(event.told)}", f"STATUS:{event.status}", f"SEQUENCE:{event.revision}")
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _moment(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Break a line between letters, never inside one."""
    piece, size = "", 0
    for letter in line:
        more = len(letter.encode())
        if size + more > _LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + more
    yield piece
