"""Reach snapshots: numbers of one published delivery at one moment, with their source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.outcomes import Reading
from content_queue.store.measured import reach
from content_queue.store.tables import deliveries


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One number as read; `value` None has a `reason`."""

    delivery: int
    post: str
    channel: str
    platform: str
    metric: str
    value: int | None
    reason: str | None
    read_at: datetime
    source: str


_PLAN = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("key"))
    .values(measure_step=bindparam("step"), measure_at=bindparam("at"))
)


def keep_readings(connection: Connection, delivery: int, readings: Sequence[Reading], now: datetime) -> None:
    """Store what was read, beside what was read before."""
    if readings:
        connection.execute(
            insert(reach),
            [
                {
                    "delivery": delivery,
                    "metric": r.metric,
                    "value": r.value,
                    "reason": r.reason,
                    "source": r.source,
                    "read_at": now,
                }
                for r in readings
            ],
        )


def plan_measure(connection: Connection, delivery: int, step: int, at: datetime | None) -> None:
    """Set when a delivery's numbers are read next; None ends the readings."""
    connection.execute(_PLAN, {"key": delivery, "step": step, "at": at})


def snapshots(connection: Connection, *, post: str | None = None) -> list[Snapshot]:
    """Return all snapshots, oldest first."""
    query = (
        select(
            reach.c.delivery,
            deliveries.c.post,
            deliveries.c.channel,
            deliveries.c.platform,
            reach.c.metric,
            reach.c.value,
            reach.c.reason,
            reach.c.read_at,
            reach.c.source,
        )
        .join(deliveries, deliveries.c.id == reach.c.delivery)
        .order_by(reach.c.id)
    )
    if post is not None:
        query = query.where(deliveries.c.post == post)
    return [Snapshot(*row) for row in connection.execute(query)]


def published_at(
    connection: Connection, *, platform: str, channel_remote: Sequence[str], remote_id: str
) -> int | None:
    """Return the delivery that a platform's message belongs to, by channel names and remote id.

    An album is kept as `12,13`; what happens to it is told of its first message.
    """
    row = connection.execute(
        select(deliveries.c.id).where(
            deliveries.c.platform == platform,
            deliveries.c.channel.in_(channel_remote),
            (deliveries.c.remote_id == remote_id) | deliveries.c.remote_id.startswith(f"{remote_id},"),
        )
    ).first()
    return row.id if row else None
