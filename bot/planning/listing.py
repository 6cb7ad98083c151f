"""Planned deliveries, one at a time, with the text as it will appear and where they stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import tee
from pathlib import Path
from typing import Any

from bot.moments import iso
from bot.office import OfficeHome
from bot.planning.compose import composer
from bot.planning.pictures import media_of
from bot.planning.remembered import Remembered, Stored
from content_queue.delivery.pace import slots
from content_queue.media import refer
from content_queue.models import Payload, PlannedDelivery, PlannedPost
from content_queue.outcomes import RefusedError
from content_queue.ports import Limit, Publisher
from content_queue.states import DeliveryState, PostState
from schedules.office import Office
from schedules.planner import Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One planned delivery. Without a payload, `refusal` says why nothing can go out yet."""

    post: PlannedPost
    delivery: PlannedDelivery
    payload: Payload | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A line with its second under its platform's limits, and what the ledger knows of it."""

    line: Line
    planned: datetime
    post_state: PostState | None = None
    state: DeliveryState | None = None


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
    try:
        media = media_of(post.entry, folder, of_file=refer)
    except RefusedError as error:
        yield from (Line(post, delivery, None, str(error)) for delivery in deliveries)
        return
    payload_of = composer(post, office=office, publishers=publishers, media=media)
    for delivery in deliveries:
        try:
            payload = payload_of(delivery)
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


def standings(
    lines: Iterable[Line], remembered: Remembered, *, publishers: Mapping[str, Publisher]
) -> Iterator[Standing]:
    """Add to each line its planned second, and its state if it is stored; one at a time."""
    waiting, asked = tee(lines)
    channels: dict[str, Sequence[Limit]] = {}

    def limits_of(name: str) -> Sequence[Limit]:
        return channels[name]

    def due() -> Iterator[tuple[int, str, datetime]]:
        for number, line in enumerate(asked):
            channel = line.delivery.channel
            channels.setdefault(channel.name, publishers[channel.platform].limits(channel))
            yield number, channel.name, line.delivery.due

    stored: tuple[str, Stored | None] = ("", None)
    for line, (_number, planned) in zip(waiting, slots(due(), limits_of), strict=True):
        if stored[0] != line.post.id:
            stored = (line.post.id, remembered.post(line.post.id))
        yield _standing(line, planned, stored[1])


def _standing(line: Line, planned: datetime, stored: Stored | None) -> Standing:
    if stored is None:
        return Standing(line, planned)
    found = stored.deliveries.get((line.delivery.channel.name, line.delivery.locale))
    if found is None:
        return Standing(line, planned, stored.post.state)
    return Standing(line, found.planned, stored.post.state, found.state)


def as_json(standing: Standing, opened: OfficeHome) -> dict[str, Any]:
    """Return the stable contract of `loa plan --json`; states are null until something is stored."""
    line = standing.line
    post, delivery = line.post, line.delivery
    return {
        "entry": post.entry.code,
        "post": post.id,
        "post_state": standing.post_state,
        "occasion": post.facts.names.get("vi"),
        "campaign": post.entry.campaign or None,
        "agency": opened.office.agencies[post.entry.agency].names["vi"],
        "due": iso(post.due),
        "planned": iso(standing.planned),
        "channel": delivery.channel.name,
        "platform": delivery.channel.platform,
        "locale": delivery.locale,
        "state": standing.state,
        "text": line.payload.text if line.payload else None,
    }


def audience(plan: Plan, post: PlannedPost) -> Counter[tuple[str, str]]:
    """Count the deliveries of a post by platform and locale."""
    return Counter((each.channel.platform, each.locale) for each in plan.deliveries_of(post))
