"""Which numbers of posts and Pages are read, and how an answer becomes readings. Pure.

Every `*_impressions*` name is dead since 15 June 2026. Empty data is "not to be had", never zero; an object
by type leaves out what nobody did.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from content_queue.outcomes import Reading
from content_queue.texts import _
from publishers.facebook.errors import label, numbers

#: A day of Facebook's numbers ends at midnight here.
HOME = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number: ours, and from which of Facebook's it is read.

    `key` takes one part of an object by type, else all parts are summed. An `optional` one that is empty is
    left out: most posts have no film.
    """

    ours: str
    name: str
    key: str = ""
    optional: bool = False


#: `reach` counts viewers, each once. Comments and shares need no further right this way.
OF_POST = (
    Metric("reach", "post_total_media_view_unique"),
    Metric("views", "post_media_view"),
    Metric("clicks", "post_clicks"),
    Metric("reactions", "post_reactions_by_type_total"),
    Metric("comments", "post_activity_by_action_type", key="comment"),
    Metric("shares", "post_activity_by_action_type", key="share"),
    Metric("video_views", "post_video_views", optional=True),
)
#: Of a Page's day.
OF_PAGE = (
    Metric("page_reach", "page_total_media_view_unique"),
    Metric("page_views", "page_media_view"),
    Metric("page_interactions", "page_post_engagements"),
    Metric("page_visits", "page_views_total"),
    Metric("page_new_followers", "page_daily_follows_unique"),
    Metric("page_lost_followers", "page_daily_unfollows_unique"),
)
#: Reactions that are told by their type too.
REACTIONS = ("like", "love", "wow", "haha", "sorry", "anger")
#: Codes that refuse numbers and not the call: dead name, gated field, too few followers.
GATED = frozenset({10, 100, *range(200, 300)})
#: Subcode of what is not there: no number of it can be had.
GONE = 33


def is_gated(error: Mapping[str, Any]) -> bool:
    """Tell whether a refusal only means that a number cannot be had."""
    return numbers(error)[0] in GATED


def is_gone(error: Mapping[str, Any]) -> bool:
    """Tell whether a refusal means that there is nothing to be counted."""
    return numbers(error) == (100, GONE)


def names(metrics: Iterable[Metric]) -> list[str]:
    """Return Facebook's names, each once."""
    return list(dict.fromkeys(metric.name for metric in metrics))


def why(error: Mapping[str, Any]) -> str:
    """Say that Facebook does not give a number."""
    if is_gone(error):
        told = _("Bài không còn trên Facebook, nên không có số này ({code}).")
    else:
        told = _("Facebook không cho biết số này ({code}).")
    return told.format(code=label(0, error))


def readings(
    metrics: Iterable[Metric], rows: Mapping[str, Any], refused: Mapping[str, str], source: str
) -> Iterator[Reading]:
    """Yield what was read of each metric: `rows` by Facebook's names, or why it is `refused`."""
    for metric in metrics:
        value = number(rows.get(metric.name), metric.key)
        if value is not None:
            yield Reading(metric.ours, value, source)
            if metric.ours == "reactions":
                yield from by_type(rows[metric.name], source)
        elif not metric.optional:
            yield Reading(metric.ours, None, source, refused.get(metric.name) or empty())


def empty() -> str:
    """Say that Facebook gave nothing."""
    return _(
        "Facebook chưa có số này: bài còn mới, Trang ít người theo dõi hoặc mã thiếu quyền read_insights."
    )


def by_type(value: object, source: str) -> Iterator[Reading]:
    """Yield the reactions that somebody chose."""
    counts = value if isinstance(value, dict) else {}
    for kind in REACTIONS:
        if isinstance(counts.get(kind), int):
            yield Reading(f"reactions_{kind}", counts[kind], source)


def values(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the last value of each name in an answer; names without any are left out."""
    return {str(row.get("name")): last["value"] for row, last in _last(answer) if "value" in last}


def day(answer: Mapping[str, Any]) -> date | None:
    """Return the day that the last values are of: it ended at midnight of Facebook's home."""
    for _row, last in _last(answer):
        try:
            ended = datetime.fromisoformat(str(last["end_time"])).astimezone(HOME)
        except (KeyError, ValueError):
            continue
        return (ended - timedelta(hours=1)).date()
    return None


def _last(answer: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    rows = answer.get("data")
    for row in rows if isinstance(rows, list) else ():
        found = row.get("values") if isinstance(row, dict) else None
        if isinstance(found, list) and found and isinstance(found[-1], dict):
            yield row, found[-1]


def number(value: object, key: str = "") -> int | None:
    """Return a number: the value itself, one part of an object by type, or the sum of all."""
    if isinstance(value, dict):
        counts = [value.get(key, 0)] if key else list(value.values())
        return sum(counts) if all(isinstance(count, int) for count in counts) else None
    return value if isinstance(value, int) and not key else None
