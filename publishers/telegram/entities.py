"""Put rich text into Telegram's form: one text, and entities that point into it in UTF-16 units.

Entities cannot fail to parse, as HTML can: what editors wrote stays data.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from content_queue.localize.rich import Line, Rich, Run, letters

#: Entities that Telegram shows; the rest it silently leaves out (telegram.constants.MessageLimit).
SHOWN = 100

_STYLES: tuple[tuple[str, Callable[[Run], object]], ...] = (
    ("bold", lambda run: run.bold),
    ("italic", lambda run: run.italic),
    ("text_link", lambda run: run.link if run.link != run.text else ""),
)


def length(text: str) -> int:
    """Count as Telegram does at most: UTF-16 units, which are never fewer than code points."""
    return len(text.encode("utf-16-le")) // 2


def formatted(rich: Rich) -> tuple[str, list[dict[str, Any]]]:
    """Return the letters of a rich text and its entities, in the order in which they begin."""
    entities, offset = list[dict[str, Any]](), 0
    for line in rich.lines:
        entities += _entities(line, offset + length(line.marker))
        offset += length(line.marker + line.text) + 1
    return letters(rich), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _entities(line: Line, start: int) -> Iterator[dict[str, Any]]:
    for kind, style in _STYLES:
        offset = start
        for value, runs in groupby(line.runs, key=style):
            size = sum(length(run.text) for run in runs)
            if value:
                link = {"url": value} if kind == "text_link" else {}
                yield {"type": kind, "offset": offset, "length": size, **link}
            offset += size
