"""Deliveries on their way: due, claimed, intended, recorded, recovered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, select, update

from content_queue.models import Delivery, Payload, Post
from content_queue.outcomes import Pending, Staged
from content_queue.states import DeliveryState, PostState
from content_queue.store.claims import CLAIMED, IS_OPEN, one_of
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, orphans, posts, variants

_IS_WAITING = one_of(DeliveryState.SCHEDULED, DeliveryState.RETRYING)
_IS_STUCK = one_of(DeliveryState.MISSED, DeliveryState.HELD)
#: Deliveries that people are asked about at most.
ASKED = 2000
#: Staging that begins goes on from nothing.
NOTHING: Mapping[str, Any] = {}
_LEAVING = (DeliveryState.SCHEDULED, DeliveryState.RETRYING, DeliveryState.PUBLISHING)
#: A delivery's number, the second that it is given, and the one that it had.
Slot: TypeAlias = tuple[int, datetime, datetime]


def _standing(where: ColumnElement[bool]) -> Select[Any]:
    """Build a question for deliveries with their posts, in the order in which they go out.

    Those asked at every tick are built once: building takes longer than asking.
    """
    return (
        select(*DELIVERY, *POST)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(where)
        .order_by(deliveries.c.ready_at, deliveries.c.planned, deliveries.c.id)
        .limit(bindparam("most"))
    )


_NOW = bindparam("now", type_=deliveries.c.ready_at.type)
_ID = bindparam("key", type_=deliveries.c.id.type)
_COMES = deliveries.c.ready_at <= _NOW
_NEXT_READY = select(func.min(deliveries.c.ready_at)).where(_IS_WAITING)
_READY = _standing(_IS_WAITING & _COMES)
_TO_PREPARE = _standing(
    _IS_WAITING
    & _COMES
    & deliveries.c.staged.is_(None)
    & deliveries.c.variant.is_not(None)
    & (posts.c.state == PostState.APPROVED)
    & (posts.c.valid_until.is_(None) | (posts.c.valid_until > deliveries.c.ready_at))
)
_UNCONFIRMED = _standing(IS_OPEN & (deliveries.c.state == DeliveryState.UNCONFIRMED) & _COMES)
_ANY_OPEN = select(deliveries.c.id).where(IS_OPEN).limit(1)
_WANTING_EYES = _standing(
    IS_OPEN & (deliveries.c.state == DeliveryState.UNCONFIRMED) & (deliveries.c.ready_at == _NOW)
)
_WANTING_TIME = _standing(
    _IS_STUCK & posts.c.state.in_((PostState.IN_REVIEW, PostState.APPROVED)) & (posts.c.due > _NOW)
)
_TO_MEASURE = _standing((deliveries.c.state == DeliveryState.PUBLISHED) & (deliveries.c.measure_at <= _NOW))
_NEXT_MEASURE = select(func.min(deliveries.c.measure_at)).where(
    deliveries.c.state == DeliveryState.PUBLISHED, deliveries.c.measure_at.is_not(None)
)
_CLAIMED_OF = _standing(deliveries.c.id.in_(bindparam("keys", expanding=True)) & CLAIMED)
_PAYLOADS = select(variants.c.hash, variants.c.payload).where(
    variants.c.hash.in_(bindparam("hashes", expanding=True))
)
_SAME = (deliveries.c.id == _ID) & (deliveries.c.variant == bindparam("as_seen"))
_STAGED = select(deliveries.c.staged, deliveries.c.memo).where(_SAME)
_SAVE_STAGED = (
    update(deliveries)
    .where(_SAME, deliveries.c.state.in_(_LEAVING))
    .values(staged=bindparam("complete"), memo=bindparam("so_far"))
)
_SAVE_PROGRESS = update(deliveries).where(deliveries.c.id == _ID).values(staged=bindparam("so_far"))
_UNSWEPT = (
    select(orphans.c.id, orphans.c.channel, orphans.c.staged).where(orphans.c.swept_at.is_(None)).limit(100)
)


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


def next_ready(connection: Connection) -> datetime | None:
    """Return when the next delivery wants to be looked at."""
    return connection.execute(_NEXT_READY).scalar()


def ready(connection: Connection, now: datetime, limit: int = 2000) -> list[Standing]:
    """Return the waiting deliveries whose time has come, in the order in which they go out."""
    return _standings(connection, _READY, now=now, most=limit)


def count_ready(connection: Connection, now: datetime) -> int:
    """Return how many waiting deliveries have come to their time."""
    return int(
        connection.execute(select(func.count()).where(_IS_WAITING & _COMES), {"now": now}).scalar() or 0
    )


def to_prepare(connection: Connection, until: datetime, limit: int = 500) -> list[Standing]:
    """Return approved deliveries that are due until `until` and not staged yet."""
    return _standings(connection, _TO_PREPARE, now=until, most=limit)


def unconfirmed(connection: Connection, now: datetime, limit: int = 200) -> list[Standing]:
    """Return deliveries of unknown outcome that have settled."""
    return _standings(connection, _UNCONFIRMED, now=now, most=limit)


def any_open(connection: Connection) -> bool:
    """Tell whether there is a delivery under way, or of unknown outcome."""
    return connection.execute(_ANY_OPEN).first() is not None


def wanting_eyes(connection: Connection, never: datetime) -> list[Standing]:
    """Return deliveries of unknown outcome that only a person's look can settle: read again `never`."""
    return _standings(connection, _WANTING_EYES, now=never, most=ASKED)


def wanting_time(connection: Connection, since: datetime) -> list[Standing]:
    """Return missed and held deliveries of posts due after `since` whose text stands."""
    return _standings(connection, _WANTING_TIME, now=since, most=ASKED)


def to_measure(connection: Connection, now: datetime, limit: int = 500) -> list[Standing]:
    """Return published deliveries whose numbers are to be read now."""
    return _standings(connection, _TO_MEASURE, now=now, most=limit)


def next_measure(connection: Connection) -> datetime | None:
    """Return when numbers are to be read next."""
    return connection.execute(_NEXT_MEASURE).scalar()


def _standings(connection: Connection, question: Select[Any], **given: Any) -> list[Standing]:
    rows = connection.execute(question, given)
    cut = len(DELIVERY)
    found: dict[str, Post] = {}
    standings = []
    for row in rows:
        post = found.get(row[1]) or found.setdefault(row[1], a_post(row[cut:]))
        standings.append(Standing(a_delivery(row), post))
    return standings


def move(connection: Connection, moves: Sequence[Move]) -> None:
    """Move deliveries that are still where they were seen; those that move alike, in one statement."""
    alike: dict[tuple[DeliveryState, str | None, datetime | None], list[int]] = {}
    for each in moves:
        alike.setdefault((each.state, each.reason, each.ready_at), []).append(each.delivery)
    for (state, reason, ready_at), ids in alike.items():
        time = {} if ready_at is None else {"ready_at": ready_at}
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(_LEAVING))
            .values(state=state, reason=reason, **time)
        )


def standing_of(connection: Connection, ids: Sequence[int]) -> list[Standing]:
    """Return claimed deliveries as they stand now, for the last look before an intent.

    One whose request is already under way is not among them.
    """
    return _standings(connection, _CLAIMED_OF, keys=ids, most=len(ids))


def is_claimed(connection: Connection, standing: Standing) -> bool:
    """Tell whether a delivery is still claimed as it was, and nothing of it has left."""
    same = (deliveries.c.id == standing.delivery.id) & deliveries.c.variant.is_not_distinct_from(
        standing.delivery.variant
    )
    return connection.execute(select(deliveries.c.id).where(same, CLAIMED)).first() is not None


def payloads(connection: Connection, hashes: Iterable[str]) -> dict[str, Payload]:
    """Return stored payloads by their hash."""
    rows = connection.execute(_PAYLOADS, {"hashes": list(set(hashes))})
    return {row.hash: Payload.from_json(row.payload) for row in rows}


def staged_so_far(connection: Connection, standing: Standing) -> Staged | Mapping[str, Any]:
    """Return what lies staged for exactly this variant, or the memo of how far its staging came."""
    row = connection.execute(_STAGED, _seen(standing)).first()
    if row is None:
        return {}
    return row.memo or {} if row.staged is None else Staged(row.staged)


def save_staged(
    connection: Connection,
    standing: Standing,
    result: Staged | Pending,
    now: datetime,
    *,
    since: Mapping[str, Any] = NOTHING,
) -> None:
    """Keep what lies hidden at the platform, complete or so far; `since` is the memo that it goes on from.

    Where the delivery changed meanwhile, it is left to the sweep instead: so is what it goes on from.
    Doing it twice is the same as once.
    """
    complete = isinstance(result, Staged)
    data = dict(result.data if isinstance(result, Staged) else result.memo)
    lies = {"complete": data if complete else None, "so_far": None if complete else data}
    goes_on = staged_so_far(connection, standing) in (since, data, result)
    kept = goes_on and connection.execute(_SAVE_STAGED, {**_seen(standing), **lies}).rowcount
    if not kept and data:
        connection.execute(insert(orphans).values(channel=standing.delivery.channel, staged=data, since=now))


def _seen(standing: Standing) -> dict[str, Any]:
    return {"key": standing.delivery.id, "as_seen": standing.delivery.variant}


def save_progress(connection: Connection, delivery: int, staged: Mapping[str, Any]) -> None:
    """Keep how far a committing call came that finishes later."""
    connection.execute(_SAVE_PROGRESS, {"key": delivery, "so_far": dict(staged)})


def waiting_by_due(connection: Connection) -> list[tuple[int, str, datetime, datetime]]:
    """Return (id, channel, due, planned) of all scheduled deliveries in the order of due time."""
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.channel, deliveries.c.due, deliveries.c.planned)
        .where(_IS_WAITING, deliveries.c.state == DeliveryState.SCHEDULED)
        .order_by(deliveries.c.due, deliveries.c.id)
    )
    return [tuple(row) for row in rows]


def set_planned(connection: Connection, planned: Sequence[Slot]) -> None:
    """Give deliveries the second that their platform's limits leave them, where nothing else moved them."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == bindparam("key"),
            deliveries.c.state == DeliveryState.SCHEDULED,
            deliveries.c.planned == bindparam("was"),
        )
        .values(planned=bindparam("at"), ready_at=bindparam("at")),
        [{"key": key, "at": at, "was": was} for key, at, was in planned],
    )


def unswept(connection: Connection) -> list[tuple[int, str, dict[str, Any]]]:
    """Return (id, channel, staged) of what lies hidden at platforms and will not be published."""
    return [tuple(row) for row in connection.execute(_UNSWEPT)]


def mark_swept(connection: Connection, orphan: int, now: datetime) -> None:
    """Note that something hidden was removed."""
    connection.execute(update(orphans).where(orphans.c.id == orphan).values(swept_at=now))


def count_states(connection: Connection) -> dict[str, int]:
    """Return how many deliveries stand in each state."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {row[0]: row[1] for row in rows}
