"""What happened to a delivery, for people who ask why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from content_queue.models import Delivery
from content_queue.store.rows import DELIVERY, a_delivery
from content_queue.store.tables import attempts, deliveries


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt as it ended; `ended_at` None while it is under way."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    error: str | None


def find_delivery(connection: Connection, number: int) -> Delivery | None:
    """Return a delivery by its number."""
    row = connection.execute(select(*DELIVERY).where(deliveries.c.id == number)).first()
    return a_delivery(row) if row else None


def attempts_of(connection: Connection, delivery: int) -> list[Tried]:
    """Return a delivery's attempts, oldest first."""
    columns = [attempts.c[name] for name in Tried.__slots__]
    rows = connection.execute(
        select(*columns).where(attempts.c.delivery == delivery).order_by(attempts.c.number)
    )
    return [Tried(*row) for row in rows]
