"""Fill the page's templates. Text is data: every template escapes, and none is made of text."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.moments import iso, show
from content_queue.texts import _

TEMPLATES = Path(__file__).parent / "templates"


def filled(template: str, **facts: Any) -> str:
    """Return a template of ours with its facts."""
    return _templates().get_template(template).render(**facts)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["_"] = _
    templates.filters["moment"] = show
    templates.filters["iso"] = iso
    return templates
