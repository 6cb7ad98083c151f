"""Deliveries that officers post by hand: asked at the due time, ended by an officer's word, or taken back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from content_queue.models import Delivery
from content_queue.states import DeliveryState
from content_queue.store.attempts import intend
from content_queue.store.claims import IS_OPEN
from content_queue.store.deliveries import Standing
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import attempts, deliveries, posts

_IS_ASKED = (deliveries.c.state == DeliveryState.PUBLISHING) & deliveries.c.asked_at.is_not(None)
_LAST = (attempts.c.delivery == deliveries.c.id) & (attempts.c.number == deliveries.c.attempts)
_ASKED = (
    select(*DELIVERY, *POST)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(IS_OPEN, _IS_ASKED)
    .order_by(deliveries.c.asked_at, deliveries.c.id)
)
_CHANGED = (
    select(deliveries.c.id)
    .join(attempts, _LAST)
    .where(IS_OPEN, _IS_ASKED, deliveries.c.variant.is_distinct_from(attempts.c.variant))
)


def ask(connection: Connection, standings: Sequence[Standing], now: datetime) -> None:
    """Note that an officer is asked from now on, as an intent: what was asked for stands in it."""
    if not standings:
        return
    intend(connection, standings, now)
    ids = [each.delivery.id for each in standings]
    connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(asked_at=now))


def asked(connection: Connection) -> list[Standing]:
    """Return what officers are asked to post, longest asked first."""
    cut = len(DELIVERY)
    return [Standing(a_delivery(row), a_post(row[cut:])) for row in connection.execute(_ASKED)]


def changed(connection: Connection) -> frozenset[int]:
    """Return the deliveries whose text is no longer what their officer was asked to post."""
    return frozenset(row.id for row in connection.execute(_CHANGED))


def withdraw(connection: Connection, ids: Sequence[int], *, why: str, now: datetime) -> None:
    """Ask no more: the delivery is judged anew, as everything whose time has come."""
    keys = [{"key": each} for each in ids]
    if not keys:
        return
    connection.execute(
        update(attempts)
        .where(attempts.c.delivery == bindparam("key"), attempts.c.ended_at.is_(None))
        .values(ended_at=now, outcome="not_sent", error=why),
        keys,
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == bindparam("key"), _IS_ASKED)
        .values(state=DeliveryState.SCHEDULED, asked_at=None, ready_at=now),
        keys,
    )


def posted(connection: Connection, delivery: Delivery, link: str, now: datetime) -> bool:
    """Note that an officer has posted it; False if nobody was asked any more."""
    late = round((now - delivery.planned) / timedelta(milliseconds=1))
    values = {"state": DeliveryState.PUBLISHED, "asked_at": None, "link": link, "reason": None}
    done = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery.id, _IS_ASKED)
        .values(**values, published_at=now, lateness_ms=late, ready_at=now)
    )
    connection.execute(
        update(attempts)
        .where(attempts.c.delivery == delivery.id, attempts.c.ended_at.is_(None))
        .values(ended_at=now, outcome="sent")
    )
    return done.rowcount == 1
