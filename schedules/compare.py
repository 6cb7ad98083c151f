"""Compare two plans of one span: which posts come, go, move or change, and in what. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from content_queue.models import Entry, PlannedPost
from schedules.planner import Plan

#: Fields of an entry that show in its post's own time.
_TIMES = frozenset({"date_words", "offset", "at", "years"})


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One post that is not the same in both plans: as it will be, or as it was if it is cancelled.

    `before` and `after` are its times, None where it is not planned; `fields` are those of its entry
    that differ, a text being a field of its own for each language: `texts.en`.
    """

    kind: Literal["added", "changed", "moved", "cancelled"]
    post: PlannedPost
    before: datetime | None
    after: datetime | None
    fields: tuple[str, ...] = ()


def plan_differences(old: Plan, new: Plan) -> list[PlanDifference]:
    """Return what differs, ordered by the time of the post as it will be, or as it was."""
    before, after = ({post.id: post for post in plan.posts} for plan in (old, new))
    gone = (post for name, post in before.items() if name not in after)
    found = [PlanDifference("cancelled", post, post.due, None) for post in gone]
    for name, post in after.items():
        if name not in before:
            found.append(PlanDifference("added", post, None, post.due))
        elif told := _difference(before[name], post):
            found.append(told)
    return sorted(found, key=lambda each: (each.post.due, each.post.id))


def _difference(before: PlannedPost, after: PlannedPost) -> PlanDifference | None:
    fields = tuple(_fields(before.entry, after.entry))
    if before.due != after.due:
        return PlanDifference("moved", after, before.due, after.due, fields)
    return PlanDifference("changed", after, before.due, after.due, fields) if fields else None


def _fields(before: Entry, after: Entry) -> Iterator[str]:
    """Give the fields that differ, but for those that tell the time."""
    old, new = _flat(before.content()), _flat(after.content())
    return (name for name in {**old, **new} if name not in _TIMES and old.get(name) != new.get(name))


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields, words in each language apart."""
    parts = {name: value for name, value in content.items() if isinstance(value, Mapping)}
    apart = {f"{name}.{key}": value for name, each in parts.items() for key, value in each.items()}
    return {**{name: value for name, value in content.items() if name not in parts}, **apart}
