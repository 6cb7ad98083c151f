"""Deliveries that are planned and not stored yet, one at a time, with the text as it will appear."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.compose import compose
from bot.moments import iso
from bot.office import OfficeHome
from bot.pictures import picture_refs
from content_queue.models import Payload, PlannedDelivery, PlannedPost
from content_queue.outcomes import RefusedError
from content_queue.ports import Publisher
from schedules.office import Office
from schedules.planner import Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One planned delivery. Without a payload, `refusal` says why nothing can go out yet."""

    post: PlannedPost
    delivery: PlannedDelivery
    payload: Payload | None
    refusal: str = ""


def lines_of(
    post: PlannedPost,
    deliveries: Iterable[PlannedDelivery],
    *,
    office: Office,
    publishers: Mapping[str, Publisher],
    folder: Path,
) -> Iterator[Line]:
    """Yield deliveries of one post, each with its payload or the reason why it has none.

    `folder` is where the calendar lies, and its pictures with it.
    """
    media = picture_refs(post.entry, folder)
    for delivery in deliveries:
        publisher = publishers[delivery.channel.platform]
        try:
            payload = compose(post, delivery, office=office, publisher=publisher, media=media)
        except RefusedError as error:
            yield Line(post, delivery, None, str(error))
        else:
            yield Line(post, delivery, payload)


def lines_of_plan(plan: Plan, opened: OfficeHome, *, publishers: Mapping[str, Publisher]) -> Iterator[Line]:
    """Yield all deliveries of a plan, one at a time."""
    for post in plan.posts:
        deliveries = plan.deliveries_of(post)
        yield from lines_of(
            post, deliveries, office=opened.office, publishers=publishers, folder=opened.calendars
        )


def as_json(line: Line, opened: OfficeHome) -> dict[str, Any]:
    """Return the stable contract of `loa plan --json`; states are null until something is stored."""
    post, delivery = line.post, line.delivery
    return {
        "entry": post.entry.code,
        "post": post.id,
        "post_state": None,
        "occasion": post.facts.names.get("vi"),
        "campaign": post.entry.campaign or None,
        "agency": opened.office.agencies[post.entry.agency].names["vi"],
        "due": iso(post.due),
        "planned": iso(delivery.due),
        "channel": delivery.channel.name,
        "platform": delivery.channel.platform,
        "locale": delivery.locale,
        "state": None,
        "text": line.payload.text if line.payload else None,
    }


def audience(plan: Plan, post: PlannedPost) -> Counter[tuple[str, str]]:
    """Count the deliveries of a post by platform and locale."""
    return Counter((each.channel.platform, each.locale) for each in plan.deliveries_of(post))
