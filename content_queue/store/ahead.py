"""What is still to go out: which channels want something soon, and which posts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from content_queue.states import DeliveryState, PostState
from content_queue.store.claims import one_of
from content_queue.store.tables import deliveries, posts

_IS_WAITING = one_of(DeliveryState.SCHEDULED, DeliveryState.RETRYING)
_BETWEEN = deliveries.c.ready_at.between(
    bindparam("first", type_=deliveries.c.ready_at.type), bindparam("last", type_=deliveries.c.ready_at.type)
)
_CHANNELS = select(deliveries.c.channel).where(_IS_WAITING, _BETWEEN).distinct()


@dataclass(frozen=True, slots=True)
class Coming:
    """A delivery that is to go out: whose post it is, where and when."""

    post: str
    agency: str
    author: str
    channel: str
    due: datetime


_COMING = (
    select(posts.c.id, posts.c.agency, posts.c.author, deliveries.c.channel, deliveries.c.planned)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(_IS_WAITING, _BETWEEN, posts.c.state.in_((PostState.IN_REVIEW, PostState.APPROVED)))
    .order_by(deliveries.c.planned, posts.c.id, deliveries.c.channel)
)


def channels_due(connection: Connection, first: datetime, last: datetime) -> list[str]:
    """Return the channels that want something to leave between two moments."""
    return list(connection.execute(_CHANNELS, {"first": first, "last": last}).scalars())


def coming(connection: Connection, first: datetime, last: datetime) -> list[Coming]:
    """Return what is to leave between two moments and people have not turned down, the next first."""
    return [Coming(*row) for row in connection.execute(_COMING, {"first": first, "last": last})]
