"""Holds: stops over a scope, with reason and document number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import Hold, Post
from content_queue.states import DeliveryState
from content_queue.store.audit import DAEMON, Act, note
from content_queue.store.rows import HOLD, POST, a_hold, a_post
from content_queue.store.tables import deliveries, holds, posts


@dataclass(frozen=True, slots=True)
class Order:
    """What a person orders: scope, reason, document number, and by which way it came."""

    scope: Mapping[str, Sequence[str]]
    reason: str
    document: str
    person: str
    way: str
    starts_at: datetime | None = None
    until: datetime | None = None
    spares: Sequence[str] = ()

    def told(self) -> dict[str, object]:
        """Return what the audit keeps of it."""
        said: dict[str, object] = {
            "scope": dict(self.scope),
            "reason": self.reason,
            "document": self.document,
        }
        more = {"starts_at": self.starts_at, "until": self.until, "spares": list(self.spares)}
        return said | {name: value for name, value in more.items() if value}


@dataclass(frozen=True, slots=True)
class Aimed:
    """A delivery as far as a hold may catch it: where it goes and when, and its post."""

    channel: str
    platform: str
    locale: str
    planned: datetime
    window_end: datetime
    post: Post


_AIMS = tuple(
    deliveries.c[name] for name in ("channel", "platform", "locale", "planned", "window_end", "post")
)
_AIMED = (
    select(*_AIMS)
    .where(deliveries.c.state.in_(bindparam("states", expanding=True)))
    .order_by(deliveries.c.planned, deliveries.c.id)
)
_POSTS = select(*POST).where(
    posts.c.id.in_(
        select(deliveries.c.post).where(deliveries.c.state.in_(bindparam("states", expanding=True)))
    )
)
_IN_FORCE = select(*HOLD).where(holds.c.ended_at.is_(None)).order_by(holds.c.id)
_OWN = select(holds.c.id).where(holds.c.way == DAEMON, holds.c.ended_at.is_(None)).limit(1)


def begin_hold(connection: Connection, order: Order, now: datetime) -> int:
    """Order a hold, which is in force now or from a time to come, and return its number."""
    values = {name: getattr(order, name) for name in Order.__slots__}
    values |= {"scope": dict(order.scope), "spares": list(order.spares), "started_at": now}
    row = connection.execute(insert(holds).values(**values).returning(holds.c.id)).one()
    note(connection, Act(now, order.person, order.way, "hold", f"hold:{row.id}", order.told()))
    return int(row.id)


def end_hold(connection: Connection, hold: int, *, person: str, way: str, now: datetime) -> bool:
    """End a hold; what it caught stays held. Return False if it is not in force."""
    ended = connection.execute(
        update(holds)
        .where(holds.c.id == hold, holds.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=person)
    )
    if ended.rowcount == 1:
        note(connection, Act(now, person, way, "end_hold", f"hold:{hold}", {}))
    return ended.rowcount == 1


def own_pause(connection: Connection) -> int | None:
    """Return the number of the hold by which the daemon itself stopped everything; a person ends it."""
    number: int | None = connection.execute(_OWN).scalar()
    return number


def active_holds(connection: Connection) -> list[Hold]:
    """Return the holds that nobody has ended, those of a time to come among them, oldest first."""
    return [a_hold(row) for row in connection.execute(_IN_FORCE)]


def aimed(connection: Connection, states: Sequence[DeliveryState]) -> list[Aimed]:
    """Return the deliveries in these states, as far as holds ask, in the order in which they go out."""
    found = {post.id: post for post in map(a_post, connection.execute(_POSTS, {"states": states}))}
    rows = connection.execute(_AIMED, {"states": states}).mappings()
    return [Aimed(**{**row, "post": found[row["post"]]}) for row in rows]
