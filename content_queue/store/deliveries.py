"""Deliveries on their way: due, claimed, intended, recorded, recovered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from content_queue.models import Attempt, Delivery, Payload, Post
from content_queue.outcomes import Pending, Staged
from content_queue.states import DeliveryState, PostState
from content_queue.store.posts import leave_orphans
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import attempts, deliveries, orphans, posts, variants

_WAITING = (DeliveryState.SCHEDULED, DeliveryState.RETRYING)


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery together with the post that it belongs to: what a decider looks at."""

    delivery: Delivery
    post: Post


@dataclass(frozen=True, slots=True)
class Move:
    """A delivery moved to a state; `ready_at` None leaves its time alone."""

    delivery: int
    state: DeliveryState
    reason: str | None = None
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended, and where its delivery stands now."""

    delivery: int
    number: int
    outcome: str
    ended_at: datetime
    state: DeliveryState
    ready_at: datetime
    reason: str | None = None
    remote_id: str | None = None
    link: str | None = None
    published_at: datetime | None = None
    lateness_ms: int | None = None
    measure_at: datetime | None = None


def next_ready(connection: Connection) -> datetime | None:
    """Return when the next delivery wants to be looked at."""
    return connection.execute(
        select(func.min(deliveries.c.ready_at)).where(deliveries.c.state.in_(_WAITING))
    ).scalar()


def ready(connection: Connection, now: datetime, limit: int = 2000) -> list[Standing]:
    """Return the waiting deliveries whose time has come, in the order in which they go out."""
    return _standings(
        connection,
        deliveries.c.state.in_(_WAITING) & (deliveries.c.ready_at <= now),
        limit,
    )


def to_prepare(connection: Connection, until: datetime, limit: int = 500) -> list[Standing]:
    """Return approved deliveries that are due until `until` and not staged yet."""
    return _standings(
        connection,
        deliveries.c.state.in_(_WAITING)
        & (deliveries.c.ready_at <= until)
        & deliveries.c.staged.is_(None)
        & deliveries.c.variant.is_not(None)
        & (posts.c.state == PostState.APPROVED),
        limit,
    )


def unconfirmed(connection: Connection, now: datetime, limit: int = 200) -> list[Standing]:
    """Return deliveries of unknown outcome that have settled."""
    return _standings(
        connection,
        (deliveries.c.state == DeliveryState.UNCONFIRMED) & (deliveries.c.ready_at <= now),
        limit,
    )


def to_measure(connection: Connection, now: datetime, limit: int = 500) -> list[Standing]:
    """Return published deliveries whose numbers are to be read now."""
    return _standings(
        connection,
        (deliveries.c.state == DeliveryState.PUBLISHED) & (deliveries.c.measure_at <= now),
        limit,
    )


def next_measure(connection: Connection) -> datetime | None:
    """Return when numbers are to be read next."""
    return connection.execute(select(func.min(deliveries.c.measure_at))).scalar()


def next_unconfirmed(connection: Connection) -> datetime | None:
    """Return when the next unknown outcome has settled."""
    return connection.execute(
        select(func.min(deliveries.c.ready_at)).where(deliveries.c.state == DeliveryState.UNCONFIRMED)
    ).scalar()


def _standings(connection: Connection, where: Any, limit: int) -> list[Standing]:
    rows = connection.execute(
        select(*DELIVERY, *POST)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(where)
        .order_by(deliveries.c.ready_at, deliveries.c.id)
        .limit(limit)
    )
    cut = len(DELIVERY)
    found: dict[str, Post] = {}
    standings = []
    for row in rows:
        post = found.get(row[1]) or found.setdefault(row[1], a_post(row[cut:]))
        standings.append(Standing(a_delivery(row), post))
    return standings


_MOVE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("key"),
        # no IN here: executemany takes no list
        or_(*(deliveries.c.state == state for state in (*_WAITING, DeliveryState.PUBLISHING))),
    )
    .values(
        state=bindparam("to"),
        reason=bindparam("why"),
        ready_at=func.coalesce(bindparam("at", type_=deliveries.c.ready_at.type), deliveries.c.ready_at),
    )
)


def move(connection: Connection, moves: Sequence[Move]) -> None:
    """Move deliveries that are still where they were seen."""
    if moves:
        connection.execute(
            _MOVE, [{"key": m.delivery, "to": m.state, "why": m.reason, "at": m.ready_at} for m in moves]
        )


def standing_of(connection: Connection, ids: Sequence[int]) -> list[Standing]:
    """Return claimed deliveries as they stand now, for the last look before an intent."""
    claimed = deliveries.c.id.in_(ids) & (deliveries.c.state == DeliveryState.PUBLISHING)
    return _standings(connection, claimed, len(ids))


def payloads(connection: Connection, hashes: Iterable[str]) -> dict[str, Payload]:
    """Return stored payloads by their hash."""
    rows = connection.execute(
        select(variants.c.hash, variants.c.payload).where(variants.c.hash.in_(set(hashes)))
    )
    return {row.hash: Payload.from_json(row.payload) for row in rows}


def intend(connection: Connection, standings: Sequence[Standing], now: datetime) -> None:
    """Write down what is about to leave; the caller commits before the first byte does."""
    if not standings:
        return
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == bindparam("key"))
        .values(attempts=deliveries.c.attempts + 1),
        [{"key": s.delivery.id} for s in standings],
    )
    connection.execute(insert(attempts), [_intent(s, now) for s in standings])


def _intent(standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "delivery": standing.delivery.id,
        "number": standing.delivery.attempts + 1,
        "variant": standing.delivery.variant,
        "content_hash": standing.post.content_hash,
        "staged": dict(standing.delivery.staged or {}),
        "started_at": now,
    }


_ENDED_ATTEMPT = (
    update(attempts)
    .where(attempts.c.delivery == bindparam("key"), attempts.c.number == bindparam("nth"))
    .values(ended_at=bindparam("end"), outcome=bindparam("how"), error=bindparam("why"))
)
_ENDED_DELIVERY = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("key"), deliveries.c.state == DeliveryState.PUBLISHING)
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "state",
                "ready_at",
                "reason",
                "remote_id",
                "link",
                "published_at",
                "lateness_ms",
                "measure_at",
            )
        }
    )
)


def record(connection: Connection, ended: Sequence[Ended]) -> None:
    """Write down how attempts ended."""
    connection.execute(
        _ENDED_ATTEMPT,
        [
            {"key": e.delivery, "nth": e.number, "end": e.ended_at, "how": e.outcome, "why": e.reason}
            for e in ended
        ],
    )
    connection.execute(_ENDED_DELIVERY, [_ending(e) for e in ended])


def _ending(ended: Ended) -> dict[str, Any]:
    return {
        "key": ended.delivery,
        "new_state": ended.state,
        "new_ready_at": ended.ready_at,
        "new_reason": ended.reason,
        "new_remote_id": ended.remote_id,
        "new_link": ended.link,
        "new_published_at": ended.published_at,
        "new_lateness_ms": ended.lateness_ms,
        "new_measure_at": ended.measure_at,
    }


def memo_of(connection: Connection, delivery: int) -> dict[str, Any] | None:
    """Return how far the staging of a delivery came."""
    return connection.execute(select(deliveries.c.memo).where(deliveries.c.id == delivery)).scalar()


def save_staged(connection: Connection, standing: Standing, result: Staged | Pending, now: datetime) -> None:
    """Keep what lies hidden at the platform, complete or so far.

    Where the delivery changed meanwhile, it is left to the sweep instead.
    """
    complete = isinstance(result, Staged)
    data = dict(result.data if isinstance(result, Staged) else result.memo)
    kept = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == standing.delivery.id,
            deliveries.c.variant == standing.delivery.variant,
            deliveries.c.state.in_([*_WAITING, DeliveryState.PUBLISHING]),
        )
        .values(staged=data if complete else None, memo=None if complete else data)
    )
    if kept.rowcount == 0 and data:
        connection.execute(insert(orphans).values(channel=standing.delivery.channel, staged=data, since=now))


def save_progress(connection: Connection, delivery: int, staged: Mapping[str, Any]) -> None:
    """Keep how far a committing call came that finishes later."""
    connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(staged=dict(staged)))


def open_attempt(connection: Connection, delivery: int) -> Attempt | None:
    """Return the last attempt of a delivery."""
    row = connection.execute(
        select(
            attempts.c.delivery,
            attempts.c.number,
            variants.c.payload,
            func.coalesce(deliveries.c.staged, attempts.c.staged).label("staged"),
            attempts.c.started_at,
        )
        .join(variants, variants.c.hash == attempts.c.variant)
        .join(deliveries, deliveries.c.id == attempts.c.delivery)
        .where(attempts.c.delivery == delivery)
        .order_by(attempts.c.number.desc())
    ).first()
    if row is None:
        return None
    return Attempt(row.delivery, row.number, Payload.from_json(row.payload), row.staged, row.started_at)


def recover(connection: Connection, *, settled: datetime, reason: str) -> tuple[int, int]:
    """Sort out what a crash left: claims without intent wait again, intents without receipt are unknown.

    Return (claims let go, outcomes unknown). `settled` is when the unknown ones may be read back.
    """
    begun = (
        select(attempts.c.delivery)
        .where(attempts.c.delivery == deliveries.c.id, attempts.c.ended_at.is_(None))
        .exists()
    )
    claimed = deliveries.c.state == DeliveryState.PUBLISHING
    unknown = connection.execute(
        update(deliveries)
        .where(claimed, begun)
        .values(state=DeliveryState.UNCONFIRMED, ready_at=settled, reason=reason, looks=0)
    )
    harmless = connection.execute(update(deliveries).where(claimed).values(state=DeliveryState.SCHEDULED))
    connection.execute(
        update(attempts)
        .where(attempts.c.ended_at.is_(None))
        .values(ended_at=settled, outcome="unknown", error=reason)
    )
    return harmless.rowcount, unknown.rowcount


def confirm(connection: Connection, delivery: int, values: Mapping[str, Any]) -> None:
    """Write down what a read-back told about a delivery of unknown outcome.

    With `staged` None, what lay hidden is left to the sweep.
    """
    if values.get("staged", ...) is None:
        leave_orphans(connection, [delivery], values["ready_at"])
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery, deliveries.c.state == DeliveryState.UNCONFIRMED)
        .values(**values)
    )


def waiting_by_due(connection: Connection) -> list[tuple[int, str, datetime, datetime]]:
    """Return (id, channel, due, planned) of all scheduled deliveries in the order of due time."""
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.channel, deliveries.c.due, deliveries.c.planned)
        .where(deliveries.c.state == DeliveryState.SCHEDULED)
        .order_by(deliveries.c.due, deliveries.c.id)
    )
    return [tuple(row) for row in rows]


def set_planned(connection: Connection, planned: Sequence[tuple[int, datetime]]) -> None:
    """Give deliveries the second that their platform's limits leave them."""
    if planned:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == bindparam("key"), deliveries.c.state == DeliveryState.SCHEDULED)
            .values(planned=bindparam("at"), ready_at=bindparam("at")),
            [{"key": key, "at": at} for key, at in planned],
        )


def unswept(connection: Connection) -> list[tuple[int, str, dict[str, Any]]]:
    """Return (id, channel, staged) of what lies hidden at platforms and will not be published."""
    rows = connection.execute(
        select(orphans.c.id, orphans.c.channel, orphans.c.staged)
        .where(orphans.c.swept_at.is_(None))
        .limit(100)
    )
    return [tuple(row) for row in rows]


def mark_swept(connection: Connection, orphan: int, now: datetime) -> None:
    """Note that something hidden was removed."""
    connection.execute(update(orphans).where(orphans.c.id == orphan).values(swept_at=now))


def count_states(connection: Connection) -> dict[str, int]:
    """Return how many deliveries stand in each state."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {row[0]: row[1] for row in rows}
