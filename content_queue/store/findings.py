"""What people saw on a channel settles an outcome that nobody knew."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from content_queue.models import Delivery
from content_queue.states import DeliveryState
from content_queue.store.attempts import confirm
from content_queue.store.tables import attempts, posts


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person saw on a channel: the post is there, with its link if it was told, or it is not."""

    published: bool
    link: str | None = None


def decide_unconfirmed(
    connection: Connection, delivery: Delivery, finding: Finding, *, window_end: datetime, now: datetime
) -> bool:
    """Settle an unknown outcome by what a person saw; what is not there is scheduled again, at once.

    Return False if the outcome is no more unknown.
    """
    if finding.published:
        values: dict[str, Any] = {"state": DeliveryState.PUBLISHED, "link": finding.link, "reason": None}
        values |= {"published_at": _last_start(connection, delivery.id), "ready_at": now}
    else:
        values = {"state": DeliveryState.SCHEDULED, "staged": None, "reason": None}
        values |= {"looks": 0, "absences": 0}
        values |= {"planned": now, "ready_at": now, "window_end": max(window_end, delivery.window_end)}
        anew = update(posts).where(posts.c.id == delivery.post).values(revision=posts.c.revision + 1)
        connection.execute(anew)  # whatever stops it now is told, though it may have been told before
    return confirm(connection, delivery.id, values)


def _last_start(connection: Connection, delivery: int) -> datetime | None:
    return connection.execute(
        select(func.max(attempts.c.started_at)).where(attempts.c.delivery == delivery)
    ).scalar()
