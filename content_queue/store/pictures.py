"""Stored pictures as the web may see them: whether one is approved, and which are needed soon."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from content_queue.states import DeliveryState, PostState
from content_queue.store.claims import one_of
from content_queue.store.tables import deliveries, pictures, posts

_GONE = (DeliveryState.CANCELLED, DeliveryState.RETRACTED)
_APPROVED = (
    select(pictures.c.name)
    .join(deliveries, deliveries.c.variant == pictures.c.variant)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(pictures.c.name == bindparam("name"), posts.c.state == PostState.APPROVED)
    .where(deliveries.c.state.not_in(_GONE))
    .limit(1)
)
_NEEDED = (
    select(pictures.c.name, deliveries.c.post)
    .join(pictures, pictures.c.variant == deliveries.c.variant)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(one_of(DeliveryState.SCHEDULED, DeliveryState.RETRYING))
    .where(deliveries.c.ready_at <= bindparam("until", type_=deliveries.c.ready_at.type))
    .where(posts.c.state == PostState.APPROVED)
    .where(deliveries.c.platform.in_(bindparam("platforms", expanding=True)))
    .distinct()
    .order_by(pictures.c.name, deliveries.c.post)
)


def is_approved(connection: Connection, name: str) -> bool:
    """Tell whether a picture belongs to something approved that is still to go out, or is out."""
    return connection.execute(_APPROVED, {"name": name}).first() is not None


def needed_pictures(
    connection: Connection, until: datetime, platforms: Sequence[str]
) -> dict[str, list[str]]:
    """Return the pictures of approved posts that go out to these platforms until then, with the posts."""
    needed: dict[str, list[str]] = {}
    for name, post in connection.execute(_NEEDED, {"until": until, "platforms": list(platforms)}):
        needed.setdefault(name, []).append(post)
    return needed
