"""Which numbers of a post are read, and how an answer becomes a reading. Pure.

Every `*_impressions*` name is dead since 15 June 2026. One dead or gated name fails a whole request with
#100 or #10, so each is asked for alone; such a refusal is an answer too.
"""

from collections.abc import Mapping
from typing import Any

from content_queue.outcomes import Reading
from content_queue.texts import _
from publishers.facebook.errors import envelope, label, numbers

#: Our metric -> its name in insights; `reach` counts viewers, each once.
INSIGHTS: Mapping[str, str] = {
    "reach": "post_total_media_view_unique",
    "views": "post_media_view",
    "clicks": "post_clicks",
    "reactions": "post_reactions_by_type_total",
}
#: Codes that refuse this number and not the call: dead name, gated field, too few followers.
GATED = frozenset({10, 100, *range(200, 300)})


def is_gated(body: object) -> bool:
    """Tell whether a refusal only means that this number cannot be had."""
    code, _subcode = numbers(envelope(body))
    return code in GATED


def insight(metric: str, answer: Mapping[str, Any], version: str) -> Reading:
    """Read one metric's answer; empty data is "not to be had", not zero."""
    source = f"graph {version} insights"
    if "error" in answer:
        return gated(metric, answer, source)
    value = total(answer.get("data"))
    if value is None:
        told = _(
            "Facebook chưa có số này: bài còn mới, Trang ít người theo dõi hoặc mã thiếu quyền read_insights."
        )
        return Reading(metric, None, source, told)
    return Reading(metric, value, source)


def shares(answer: Mapping[str, Any], version: str) -> Reading:
    """Read how often a post was shared; Facebook leaves the field out at zero."""
    source = f"graph {version} post"
    if "error" in answer:
        return gated("shares", answer, source)
    counted = answer.get("shares")
    value = counted.get("count") if isinstance(counted, dict) else None
    return Reading("shares", value if isinstance(value, int) else 0, source)


def gated(metric: str, answer: Mapping[str, Any], source: str) -> Reading:
    """Return the reading of a number that Facebook does not give."""
    told = _("Facebook không cho biết số này ({code}).").format(code=label(0, envelope(answer)))
    return Reading(metric, None, source, told)


def total(rows: object) -> int | None:
    """Return the number of an insights answer: the value itself, or the sum of an object by type."""
    try:
        value = rows[0]["values"][-1]["value"]  # type: ignore[index]  # any shape may come
    except (TypeError, LookupError):
        return None
    counts = list(value.values()) if isinstance(value, dict) else [value]
    return sum(counts) if all(isinstance(count, int) for count in counts) else None
