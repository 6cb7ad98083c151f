"""Deliveries that are planned and not stored yet, one at a time, with the text as it will appear."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.compose import compose
from bot.moments import iso
from bot.office import OfficeHome
from bot.pictures import picture_refs
from content_queue.models import MediaRef, Payload, PlannedDelivery, PlannedPost
from content_queue.outcomes import RefusedError
from content_queue.ports import Publisher
from schedules.planner import Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One planned delivery. Without a payload, `refusal` says why nothing can go out yet."""

    post: PlannedPost
    delivery: PlannedDelivery
    payload: Payload | None
    refusal: str = ""


def lines_of(
    plan: Plan, opened: OfficeHome, publishers: Mapping[str, Publisher], posts: Iterable[PlannedPost]
) -> Iterator[Line]:
    """Yield the deliveries of these posts, each with its payload or the reason why it has none."""
    for post in posts:
        media = picture_refs(post.entry, opened.calendars)
        for delivery in plan.deliveries_of(post):
            yield _line(post, delivery, opened=opened, publishers=publishers, media=media)


def _line(
    post: PlannedPost,
    delivery: PlannedDelivery,
    *,
    opened: OfficeHome,
    publishers: Mapping[str, Publisher],
    media: tuple[MediaRef, ...],
) -> Line:
    publisher = publishers[delivery.channel.platform]
    try:
        payload = compose(post, delivery, office=opened.office, publisher=publisher, media=media)
    except RefusedError as error:
        return Line(post, delivery, None, str(error))
    return Line(post, delivery, payload)


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
