"""Holds: stops over a scope, with reason and document number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from content_queue.models import Hold
from content_queue.store.audit import DAEMON, Act, note
from content_queue.store.rows import HOLD, a_hold
from content_queue.store.tables import holds


@dataclass(frozen=True, slots=True)
class Order:
    """What a person orders: scope, reason, document number, and by which way it came."""

    scope: Mapping[str, Sequence[str]]
    reason: str
    document: str
    person: str
    way: str


_IN_FORCE = select(*HOLD).where(holds.c.ended_at.is_(None)).order_by(holds.c.id)
_OWN = select(holds.c.id).where(holds.c.way == DAEMON, holds.c.ended_at.is_(None)).limit(1)


def begin_hold(connection: Connection, order: Order, now: datetime) -> int:
    """Put a hold in force and return its number."""
    values = {"scope": dict(order.scope), "reason": order.reason, "document": order.document}
    row = connection.execute(
        insert(holds)
        .values(**values, person=order.person, way=order.way, started_at=now)
        .returning(holds.c.id)
    ).one()
    note(connection, Act(now, order.person, order.way, "hold", f"hold:{row.id}", values))
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
    """Return the holds in force, oldest first."""
    return [a_hold(row) for row in connection.execute(_IN_FORCE)]
