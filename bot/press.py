"""Fill templates of ours. Text is data: every template escapes, and none is made of text."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.moments import iso, show
from content_queue.texts import _


def filled(template: Path, **facts: Any) -> str:
    """Return a template with its facts; it may extend and include others of its folder."""
    return _templates(template.parent).get_template(template.name).render(**facts)


@cache
def _templates(folder: Path) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["_"] = _
    templates.filters["moment"] = show
    templates.filters["iso"] = iso
    return templates
