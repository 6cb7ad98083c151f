"""Read numbers in as few requests as pass: all names in one, without those that a Page does not give.

One dead or gated name fails a whole request with #100 or #10. Which one it was is not told: so each is then
asked for alone, once, and what was refused is left out for a while, for that Page.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from content_queue.outcomes import Reading
from publishers.facebook import reach
from publishers.facebook.errors import envelope
from publishers.facebook.errors import numbers as codes
from publishers.facebook.graph import GraphError
from publishers.facebook.page import Page

#: A retired name does not come back; a right may be given any day.
RETIRED, GATED = timedelta(days=7), timedelta(days=1)
#: Code of a name that is none (any more).
INVALID = 100


async def of_post(page: Page, post: str) -> Sequence[Reading]:
    """Read the numbers of a post."""
    answer, refused = await _read(page, post, reach.OF_POST)
    source = f"graph {page.options.version} insights"
    return list(reach.readings(reach.OF_POST, reach.values(answer), refused, source))


async def of_page(page: Page) -> Sequence[Reading]:
    """Read a Page's followers now, and its numbers of the last day that has ended."""
    source = f"graph {page.options.version} page"
    with page.repeatable():
        told = await page.graph.get_object(page.id, fields="followers_count")
    count = reach.number(told.get("followers_count"))
    followers = Reading("followers", count, source, reach.empty() if count is None else None)
    answer, refused = await _read(page, page.id, reach.OF_PAGE, period="day")
    of_day = f"{source} insights {reach.day(answer) or ''}".rstrip()
    return [followers, *reach.readings(reach.OF_PAGE, reach.values(answer), refused, of_day)]


async def _read(
    page: Page, node: str, metrics: Sequence[reach.Metric], **more: str
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """Return the answer for all names that the Page gives, and why it does not give the others."""
    names = reach.names(metrics)
    refused = {name: why for name in names if (why := page.memory.recall((page.id, name)))}
    wanted = [name for name in names if name not in refused]
    answer = await _ask(page, node, wanted, **more) if wanted else {}
    if "error" not in answer:
        return answer, refused
    if reach.is_gone(envelope(answer)):
        return {}, dict.fromkeys(names, reach.why(envelope(answer)))
    rows: list[Any] = []
    for name in wanted:
        alone = await _ask(page, node, [name], **more) if len(wanted) > 1 else answer
        if "error" in alone:
            refused[name] = _learned(page, name, envelope(alone))
        rows += alone.get("data", ())
    return {"data": rows}, refused


def _learned(page: Page, name: str, error: Mapping[str, Any]) -> str:
    """Remember that a Page does not give a number; return why."""
    why = reach.why(error)
    page.memory.keep((page.id, name), why, RETIRED if codes(error)[0] == INVALID else GATED)
    return why


async def _ask(page: Page, node: str, names: Sequence[str], **more: str) -> Mapping[str, Any]:
    """Ask for numbers; a refusal of one of them is an answer too."""
    with page.repeatable():
        try:
            answer: dict[str, Any] = await page.graph.get_connections(
                node, "insights", metric=",".join(names), **more
            )
        except GraphError as error:
            if isinstance(error.body, dict) and reach.is_gated(envelope(error.body)):
                return error.body
            raise
    return answer
