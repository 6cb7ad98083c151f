"""Take-backs: asked for by a person, done by the daemon, with the evidence of what was out.

One a delivery. Whatever is done of one may be done again: what a platform has removed it finds gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import Delivery, Payload
from content_queue.states import IN_FLIGHT, DeliveryState
from content_queue.store.audit import Act
from content_queue.store.deliveries import Standing
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, posts, takebacks, variants

#: Deliveries of which something is out, or may be.
OUT = frozenset({DeliveryState.PUBLISHED, *IN_FLIGHT})


@dataclass(frozen=True, slots=True)
class Takeback:
    """One delivery to be taken back; `removed` None while nobody knows, or where nothing was out."""

    id: int
    delivery: int
    person: str
    reason: str
    asked_at: datetime
    ended_at: datetime | None
    tries: int
    removed: bool | None
    told: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A take-back whose time has come, with what it is about."""

    takeback: int
    tries: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Ended:
    """How one call went: over with `removed`, or to be made again at `again_at`."""

    takeback: int
    delivery: int
    removed: bool | None
    told: str
    again_at: datetime | None = None


_COLUMNS = tuple(takebacks.c[name] for name in Takeback.__slots__)
_OPEN = takebacks.c.ended_at.is_(None)
_NOW = bindparam("now", type_=takebacks.c.ready_at.type)
_WANTED = (
    select(takebacks.c.id, takebacks.c.tries, *DELIVERY, *POST)
    .join(deliveries, deliveries.c.id == takebacks.c.delivery)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(_OPEN, takebacks.c.ready_at <= _NOW, deliveries.c.state == DeliveryState.PUBLISHED)
    .order_by(takebacks.c.ready_at, takebacks.c.id)
    .limit(1000)
)
_ANY = select(takebacks.c.id).where(_OPEN).limit(1)


def ask(connection: Connection, rows: Sequence[Delivery], act: Act) -> int:
    """Ask for deliveries to be taken back; those that are asked for already stay so. Return how many are new.

    What was refused before is asked for again.
    """
    known = {t.delivery: t for t in _of(connection, [row.id for row in rows])}
    fresh = [row for row in rows if row.id not in known]
    again = [row.id for row in rows if row.id in known and known[row.id].ended_at is not None]
    said: dict[str, object] = {"person": act.actor, "way": act.way, "reason": str(act.detail["reason"])}
    said |= {"asked_at": act.at, "ready_at": act.at, "tries": 0, "told": ""}
    if fresh:
        seen = _payloads(connection, fresh)
        values = [{**said, "delivery": row.id, "evidence": _evidence(row, seen)} for row in fresh]
        connection.execute(insert(takebacks), values)
    if again:
        connection.execute(
            update(takebacks)
            .where(takebacks.c.delivery.in_(again))
            .values(**said, ended_at=None, begun_at=None, removed=None)
        )
    return len(fresh) + len(again)


def _payloads(connection: Connection, rows: Sequence[Delivery]) -> dict[str, Payload]:
    hashes = {row.variant for row in rows if row.variant}
    found = connection.execute(select(variants.c.hash, variants.c.payload).where(variants.c.hash.in_(hashes)))
    return {row.hash: Payload.from_json(row.payload) for row in found}


def _evidence(row: Delivery, seen: dict[str, Payload]) -> dict[str, object]:
    """Return what was out, as it may have to be shown years later."""
    payload = seen.get(row.variant or "")
    return {
        "channel": row.channel,
        "variant": row.variant,
        "text": payload.text if payload else "",
        "media": [ref.sha256 or ref.url for ref in payload.media] if payload else [],
        "remote_id": row.remote_id,
        "link": row.link,
        "published_at": row.published_at.isoformat() if row.published_at else None,
    }


def wanted(connection: Connection, now: datetime) -> list[Wanted]:
    """Return what is to be taken back now: only what is known to be out."""
    cut = 2 + len(DELIVERY)
    return [
        Wanted(row[0], row[1], Standing(a_delivery(row[2:cut]), a_post(row[cut:])))
        for row in connection.execute(_WANTED, {"now": now})
    ]


def any_open(connection: Connection) -> bool:
    """Tell whether something is still to be taken back."""
    return connection.execute(_ANY).first() is not None


def begin(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Write down what is about to be asked of platforms; the caller commits before the first byte leaves."""
    connection.execute(
        update(takebacks).where(takebacks.c.id.in_(ids)).values(begun_at=now, tries=takebacks.c.tries + 1)
    )


def end(connection: Connection, ended: Ended, now: datetime) -> None:
    """Write down how a call went. Doing it twice is the same as once."""
    over = {"told": ended.told, "removed": ended.removed}
    time = {"ended_at": now} if ended.again_at is None else {"ready_at": ended.again_at}
    connection.execute(
        update(takebacks).where(takebacks.c.id == ended.takeback, _OPEN).values(**over, **time)
    )
    if ended.again_at is None and ended.removed is not None:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == ended.delivery, deliveries.c.state == DeliveryState.PUBLISHED)
            .values(state=DeliveryState.RETRACTED, reason=ended.told or None, measure_at=None)
        )


def end_needless(connection: Connection, now: datetime) -> list[str]:
    """End what turned out never to have been published; return the posts of it."""
    never = select(deliveries.c.id).where(deliveries.c.state.not_in(OUT))
    rows = connection.execute(
        update(takebacks)
        .where(_OPEN, takebacks.c.delivery.in_(never))
        .values(ended_at=now, removed=None, told="")
        .returning(takebacks.c.delivery)
    ).all()
    gone = [row.delivery for row in rows]
    found = connection.execute(select(deliveries.c.post).where(deliveries.c.id.in_(gone)).distinct())
    return [row.post for row in found] if gone else []


def of_post(connection: Connection, post: str) -> list[tuple[Takeback, Delivery]]:
    """Return a post's take-backs with their deliveries, in the order in which they were asked for."""
    rows = connection.execute(
        select(*_COLUMNS, *DELIVERY)
        .join(deliveries, deliveries.c.id == takebacks.c.delivery)
        .where(deliveries.c.post == post)
        .order_by(takebacks.c.id)
    )
    cut = len(_COLUMNS)
    return [(Takeback(*row[:cut]), a_delivery(row[cut:])) for row in rows]


def of_delivery(connection: Connection, delivery: int) -> Takeback | None:
    """Return the take-back of a delivery, if one was asked for."""
    return next(iter(_of(connection, [delivery])), None)


def evidence_of(connection: Connection, delivery: int) -> dict[str, object]:
    """Return what was kept of a delivery when it was to be taken back."""
    kept: dict[str, object] = connection.execute(
        select(takebacks.c.evidence).where(takebacks.c.delivery == delivery)
    ).scalar_one()
    return kept


def _of(connection: Connection, ids: Sequence[int]) -> list[Takeback]:
    return [
        Takeback(*row) for row in connection.execute(select(*_COLUMNS).where(takebacks.c.delivery.in_(ids)))
    ]
