"""Fit text into messages: Telegram counts at most UTF-16 units, 4096 a message."""

from collections.abc import Iterator, Sequence

#: What one message holds (core.telegram.org/bots/api#sendmessage), counted the stricter way.
MESSAGE = 4096


def length(text: str) -> int:
    """Count UTF-16 units, which are never fewer than code points."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, room: int, ending: str) -> str:
    """Return the text, or as much of it as fits into `room` together with `ending`."""
    if length(text) <= room:
        return text
    return _first(text, max(room - length(ending), 0)).rstrip() + ending


def _first(text: str, room: int) -> str:
    """Return the longest beginning of at most `room` units; no letter is cut in two."""
    short = text[:room]
    while length(short) > room:
        short = short[:-1]
    return short


def pages(parts: Sequence[str], room: int = MESSAGE) -> Iterator[str]:
    """Join parts with blank lines into as few messages as hold them; a longer part is cut into several."""
    page = ""
    for part in (piece for whole in parts for piece in _pieces(whole, room)):
        joined = f"{page}\n\n{part}" if page else part
        if length(joined) > room:
            yield page
            joined = part
        page = joined
    if page:
        yield page


def _pieces(text: str, room: int) -> Iterator[str]:
    while length(text) > room:
        head = _first(text, room)
        at = max(head.rfind("\n"), head.rfind(" "))
        head = head[:at] if at > room // 2 else head
        yield head
        text = text[len(head) :].lstrip()
    if text:
        yield text
