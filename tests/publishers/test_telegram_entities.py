"""Rich text in Telegram's form: entities that point at exactly the letters that are meant."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from hypothesis import given

from content_queue.localize.rich import Line, Rich, Run, letters, parse
from publishers.telegram.entities import formatted
from tests.content_queue.riches import RICH


def shown(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Run]:
    """Return the runs that a reader of Telegram sees: each UTF-16 unit under the entities over it."""
    units = text.encode("utf-16-le")
    seen = []
    for at in range(0, len(units), 2):
        over = {e["type"]: e for e in entities if e["offset"] <= at // 2 < e["offset"] + e["length"]}
        link = over.get("text_link", {}).get("url", "")
        seen.append((units[at : at + 2], ("bold" in over, "italic" in over, link)))
    alike = groupby(seen, key=lambda unit: unit[1])
    return [Run(b"".join(unit for unit, _s in same).decode("utf-16-le"), *style) for style, same in alike]


def meant(rich: Rich) -> list[Run]:
    """Return the runs of the whole text, its markers and line breaks as letters."""
    plain = [
        run
        for number, line in enumerate(rich.lines)
        for run in (Run(("\n" if number else "") + line.marker), *line.runs)
    ]
    bare = [replace(run, link="" if run.link == run.text else run.link) for run in plain if run.text]
    alike = groupby(bare, key=lambda run: (run.bold, run.italic, run.link))
    return [Run("".join(run.text for run in same), *style) for style, same in alike]


@given(RICH)
def test_readers_see_what_is_meant(rich: Rich) -> None:
    """Law: what Telegram shows is bold, slanted and linked exactly where the editor said so."""
    text, entities = formatted(rich)
    assert (shown(text, entities), text) == (meant(rich), letters(rich))


def test_units_are_counted_as_telegram_does() -> None:
    """An emoji is two of them, a Vietnamese letter in NFC one."""
    text, entities = formatted(parse("👍🏽 ữ **đậm**\n- 😀 [x](https://a.vn) _y_"))
    assert text == "👍🏽 ữ đậm\n- 😀 x y"
    assert entities == [
        {"type": "bold", "offset": 7, "length": 3},
        {"type": "text_link", "offset": 16, "length": 1, "url": "https://a.vn"},
        {"type": "italic", "offset": 18, "length": 1},
    ]


def test_one_entity_reaches_over_runs_that_share_it() -> None:
    """A bold link in a bold text is one bold and one link."""
    rich = Rich((Line((Run("a ", bold=True), Run("b", bold=True, link="https://a.vn"))),))
    assert formatted(rich)[1] == [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "text_link", "offset": 2, "length": 1, "url": "https://a.vn"},
    ]
