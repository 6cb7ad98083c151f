"""A preview as one page that needs nothing beside it: a section a language, a card a platform."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from bot.planning.listing import Line
from bot.press import filled
from bot.web.looks import Look, looks
from content_queue.models import PlannedPost
from content_queue.texts import spoken

PREVIEW = Path(__file__).parent.parent / "web" / "templates" / "preview.html"


def write_page(file: Path, post: PlannedPost, lines: Iterable[Line]) -> None:
    """Write the page; a text that cannot go out yet says why in its place."""
    shown = sorted(_looks(list(lines)), key=lambda look: look.language)
    shown.sort(key=lambda look: look.locale != "vi")
    languages = [(name, list(some)) for name, some in groupby(shown, key=lambda look: look.language)]
    page = filled(PREVIEW, post=post, languages=languages, lang=spoken())
    file.write_text(page, "utf-8")


def _looks(lines: Sequence[Line]) -> list[Look]:
    """Return the looks, those of refused lines with the reason."""
    found: list[Look] = []
    for reason in dict.fromkeys(line.refusal for line in lines):
        alike = (line for line in lines if line.refusal == reason)
        seen = (
            (line.delivery.channel.platform, line.delivery.locale, line.delivery.channel.name, line.payload)
            for line in alike
        )
        found += [replace(look, told=reason or look.told) for look in looks(seen)]
    return found
