"""Corrections: numbered posts, linked to the first, each delivery of theirs to the one that it corrects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from content_queue.models import ComposedDelivery, Delivery, Payload, Post
from content_queue.outcomes import Receipt
from content_queue.states import IN_FLIGHT, UNDELIVERED, DeliveryState, PostState
from content_queue.store.audit import Act, note
from content_queue.store.planned import delivery_values, hash_of
from content_queue.store.posts import cancel, content_hash, deliveries_of, find_post
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, entries, posts, takebacks, variants
from content_queue.store.variants import keep_variants
from content_queue.texts import _


@dataclass(frozen=True, slots=True)
class Corrected:
    """One delivery that is out, what it is to say, and whether it is edited or followed by a post."""

    old: Delivery
    payload: Payload
    in_place: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a post: its deliveries, who asks for it, and how long it waits for an approval."""

    post: Post
    lines: Sequence[Corrected]
    due: datetime
    window: timedelta


def published_of(connection: Connection, post: str) -> list[tuple[Delivery, Payload]]:
    """Return what is out of a post and stays so, with its payload as it left."""
    going = select(takebacks.c.delivery).where(takebacks.c.ended_at.is_(None))
    rows = connection.execute(
        select(*DELIVERY, variants.c.payload)
        .join(variants, variants.c.hash == deliveries.c.variant)
        .where(deliveries.c.post == post, deliveries.c.state == DeliveryState.PUBLISHED)
        .where(deliveries.c.id.not_in(going))
        .order_by(deliveries.c.id)
    )
    return [(a_delivery(row), Payload.from_json(row.payload)) for row in rows]


def next_number(connection: Connection, post: str) -> int:
    """Return the number of the next correction of a post."""
    return (connection.execute(select(func.count()).where(posts.c.corrects == post)).scalar() or 0) + 1


def corrections_of(connection: Connection, post: str) -> list[Post]:
    """Return the corrections of a post, the first one first."""
    rows = connection.execute(select(*POST).where(posts.c.corrects == post).order_by(posts.c.created_at))
    return [a_post(row) for row in rows]


def add_correction(connection: Connection, asked: Correction, act: Act) -> Post:
    """Put a correction into review and return it; its author is who asks for it.

    It takes the place of all earlier ones that have not gone out: else one of these, agreed to or tried
    again later, would write over it.
    """
    first, lines = asked.post, asked.lines
    name = f"{first.id}-DC{next_number(connection, first.id)}"
    _drop_earlier(connection, first, name, act)
    keep_variants(connection, {line.payload.sha256(): line.payload for line in lines})
    composed = [
        ComposedDelivery(line.old.channel, line.old.platform, line.old.locale, line.payload) for line in lines
    ]
    hashed = content_hash([(d.channel, d.locale, hash_of(d), asked.due) for d in composed])
    connection.execute(insert(posts).values(**_post_values(asked, name, act), content_hash=hashed))
    rows = [
        {
            **delivery_values(name, delivery, asked.due, asked.window),
            "corrects": line.old.id,
            "in_place": line.in_place,
        }
        for delivery, line in zip(composed, lines, strict=True)
    ]
    connection.execute(insert(deliveries), rows)
    note(connection, act)
    note(connection, Act(act.at, act.actor, act.way, "correction", name, {**act.detail, "hash": hashed}))
    return find_post(connection, name) or first


def _drop_earlier(connection: Connection, first: Post, name: str, act: Act) -> None:
    why = {"reason": _("Thay bằng {post}.").format(post=name)}
    for earlier in corrections_of(connection, first.id):
        if any(row.state in UNDELIVERED | IN_FLIGHT for row in deliveries_of(connection, earlier.id)):
            cancel(connection, earlier, act=Act(act.at, act.actor, act.way, "cancel", earlier.id, why))


def _post_values(asked: Correction, name: str, act: Act) -> dict[str, object]:
    first = asked.post
    return {
        "id": name,
        "entry": first.entry,
        "year": first.year,
        "due": asked.due,
        "calendar_due": asked.due,
        "agency": first.agency,
        "author": act.actor,
        "campaign": first.campaign,
        "occasion": first.occasion,
        "tags": list(first.tags),
        "summary": asked.lines[0].payload.text.strip().partition("\n")[0][:120],
        "state": PostState.IN_REVIEW,
        "revision": 1,
        "created_at": act.at,
        "updated_at": act.at,
        "corrects": first.id,
    }


def row_of(connection: Connection, post: Post) -> Mapping[str, Any]:
    """Return the calendar's row of a post as it was last read."""
    content: Mapping[str, Any] = connection.execute(
        select(entries.c.content).where(entries.c.code == post.entry)
    ).scalar_one()
    return content


def corrected_receipt(connection: Connection, delivery: Delivery) -> Receipt:
    """Return where that lies which a delivery corrects."""
    row = connection.execute(
        select(deliveries.c.remote_id, deliveries.c.link).where(deliveries.c.id == delivery.corrects)
    ).one()
    return Receipt(row.remote_id or "", row.link)


def let_follow(connection: Connection, delivery: int) -> None:
    """Let a correction go out as a post of its own: what it corrects cannot be edited."""
    connection.execute(
        update(deliveries).where(deliveries.c.id == delivery).values(in_place=False, staged=None, memo=None)
    )
