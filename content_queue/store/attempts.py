"""Attempts: intended before the first byte, ended by a receipt or an error, sorted out after a crash."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, literal, select, update

from content_queue.models import Attempt, Payload
from content_queue.states import DeliveryState
from content_queue.store.claims import BEGUN, CLAIMED, IS_OPEN
from content_queue.store.deliveries import Standing
from content_queue.store.posts import leave_orphans, rehash_decided
from content_queue.store.tables import attempts, deliveries, posts, variants

#: So many posts of a channel are told to a read-back.
OWNED = 50


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


_GOING = deliveries.c.id.in_(bindparam("keys", expanding=True))
_COUNT = update(deliveries).where(_GOING).values(attempts=deliveries.c.attempts + 1)
_INTEND = insert(attempts).from_select(
    ("delivery", "number", "variant", "content_hash", "staged", "started_at"),
    select(
        deliveries.c.id,
        deliveries.c.attempts,
        deliveries.c.variant,
        posts.c.content_hash,
        func.coalesce(deliveries.c.staged, literal({}, deliveries.c.staged.type)),
        bindparam("begun", type_=attempts.c.started_at.type),
    )
    .join(posts, posts.c.id == deliveries.c.post)
    .where(_GOING),
)


def intend(connection: Connection, standings: Sequence[Standing], now: datetime) -> None:
    """Write down what is about to leave, as it stands; the caller commits before the first byte does."""
    going = [s.delivery.id for s in standings]
    connection.execute(_COUNT, {"keys": going})
    connection.execute(_INTEND, {"keys": going, "begun": now})


_ENDED_ATTEMPT = (
    update(attempts)
    .where(attempts.c.delivery == bindparam("key"), attempts.c.number == bindparam("nth"))
    .values(ended_at=bindparam("end"), outcome=bindparam("how"), error=bindparam("why"))
)
_ENDED_DELIVERY = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("key"),
        deliveries.c.state == DeliveryState.PUBLISHING,
        deliveries.c.attempts == bindparam("nth"),  # said twice, it must not end a later attempt
    )
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
    """Write down how attempts ended. Doing it twice is the same as once."""
    connection.execute(
        _ENDED_ATTEMPT,
        [
            {"key": e.delivery, "nth": e.number, "end": e.ended_at, "how": e.outcome, "why": e.reason}
            for e in ended
        ],
    )
    connection.execute(_ENDED_DELIVERY, [_ending(e) for e in ended])
    stopped = [e for e in ended if e.state in (DeliveryState.FAILED, DeliveryState.MISSED)]
    for each in stopped:
        leave_orphans(connection, [each.delivery], each.ended_at)
    _after_edits(connection, [e.delivery for e in ended], max(e.ended_at for e in ended))


def _ending(ended: Ended) -> dict[str, Any]:
    return {
        "key": ended.delivery,
        "nth": ended.number,
        "new_state": ended.state,
        "new_ready_at": ended.ready_at,
        "new_reason": ended.reason,
        "new_remote_id": ended.remote_id,
        "new_link": ended.link,
        "new_published_at": ended.published_at,
        "new_lateness_ms": ended.lateness_ms,
        "new_measure_at": ended.measure_at,
    }


def open_attempt(connection: Connection, delivery: int) -> Attempt | None:
    """Return the last attempt of a delivery."""
    row = connection.execute(
        select(
            attempts.c.delivery,
            attempts.c.number,
            variants.c.payload,
            func.coalesce(deliveries.c.staged, attempts.c.staged).label("staged"),
            attempts.c.started_at,
            deliveries.c.channel,
        )
        .join(variants, variants.c.hash == attempts.c.variant)
        .join(deliveries, deliveries.c.id == attempts.c.delivery)
        .where(attempts.c.delivery == delivery)
        .order_by(attempts.c.number.desc())
    ).first()
    if row is None:
        return None
    payload, owned = Payload.from_json(row.payload), _owned(connection, row.channel)
    return Attempt(row.delivery, row.number, payload, row.staged, row.started_at, owned)


def _owned(connection: Connection, channel: str) -> tuple[str, ...]:
    """Return the remote ids of the last posts of a channel, newest first."""
    rows = connection.execute(
        select(deliveries.c.remote_id)
        .where(deliveries.c.channel == channel, deliveries.c.remote_id.is_not(None))
        .order_by(deliveries.c.published_at.desc())
        .limit(OWNED)
    )
    return tuple(row.remote_id for row in rows)


def unsend(connection: Connection, ids: Sequence[int], *, begun: datetime, ready_at: datetime) -> None:
    """Take back intents of `begun` of which nothing left, if they are there; try again at `ready_at`.

    Not before their time: the clock may have been set back.

    Doing it twice is the same as once: later intents of the same deliveries stand.
    """
    connection.execute(
        update(attempts)
        .where(attempts.c.delivery.in_(ids), attempts.c.started_at == begun, attempts.c.ended_at.is_(None))
        .values(ended_at=begun, outcome="not_sent")
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids), CLAIMED)
        .values(
            state=DeliveryState.RETRYING,
            ready_at=case(
                (deliveries.c.planned > ready_at, deliveries.c.planned),
                else_=literal(ready_at, deliveries.c.ready_at.type),
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class Stranded:
    """Deliveries that are claimed and in nobody's hands: `begun` may have left, `claimed` have not."""

    claimed: tuple[int, ...]
    begun: tuple[int, ...]


#: What an officer was asked to post by hand is in that officer's hands.
_UNDER_WAY = select(deliveries.c.id, BEGUN).where(
    IS_OPEN, deliveries.c.state == DeliveryState.PUBLISHING, deliveries.c.asked_at.is_(None)
)


def stranded(connection: Connection, held: Container[int]) -> Stranded:
    """Return what a crash or a failed commit left; `held` are those that somebody works at."""
    rows = connection.execute(_UNDER_WAY)
    left = [(delivery, begun) for delivery, begun in rows if delivery not in held]
    return Stranded(tuple(d for d, begun in left if not begun), tuple(d for d, begun in left if begun))


def recover(connection: Connection, found: Stranded, *, settled: datetime, reason: str) -> None:
    """Let claims without intent wait again, and make intents without receipt unknown.

    `settled` is when the unknown ones may be read back.
    """
    unknown = {"state": DeliveryState.UNCONFIRMED, "ready_at": settled, "reason": reason}
    unknown |= {"looks": 0, "absences": 0}
    mine = deliveries.c.id == bindparam("key")
    if found.begun:
        keys = [{"key": delivery} for delivery in found.begun]
        connection.execute(update(deliveries).where(mine, BEGUN).values(**unknown), keys)
        connection.execute(
            update(attempts)
            .where(attempts.c.delivery == bindparam("key"), attempts.c.ended_at.is_(None))
            .values(ended_at=settled, outcome="unknown", error=reason),
            keys,
        )
    if found.claimed:
        keys = [{"key": delivery} for delivery in found.claimed]
        connection.execute(
            update(deliveries).where(mine, CLAIMED).values(state=DeliveryState.SCHEDULED), keys
        )


def confirm(connection: Connection, delivery: int, values: Mapping[str, Any]) -> bool:
    """Write down what was learnt about a delivery of unknown outcome; False if it is no more unknown.

    With `staged` None, what lay hidden is left to the sweep.
    """
    if values.get("staged", ...) is None:
        leave_orphans(connection, [delivery], values["ready_at"])
    confirmed = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery, deliveries.c.state == DeliveryState.UNCONFIRMED)
        .values(**values)
    )
    _after_edits(connection, [delivery], values["ready_at"])
    return confirmed.rowcount == 1


_EDITED = (
    select(deliveries.c.id, deliveries.c.post, deliveries.c.state, attempts.c.variant)
    .join(attempts, (attempts.c.delivery == deliveries.c.id) & (attempts.c.number == deliveries.c.attempts))
    .where(
        deliveries.c.id.in_(bindparam("keys", expanding=True)),
        deliveries.c.variant.is_distinct_from(attempts.c.variant)
        | (deliveries.c.planned > attempts.c.started_at),
    )
)


def _after_edits(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Settle deliveries that were edited while a request was under way, or while nobody knew how it ended.

    What left stands in the ledger as it left; what did not leave begins anew, as the calendar wants it.
    """
    for row in connection.execute(_EDITED, {"keys": ids}).all():
        if row.state == DeliveryState.PUBLISHED:
            _keep_what_left(connection, row.id, row.variant, post=row.post)
        elif row.state != DeliveryState.UNCONFIRMED:
            leave_orphans(connection, [row.id], now)
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == row.id, deliveries.c.state == DeliveryState.RETRYING)
                .values(state=DeliveryState.SCHEDULED, ready_at=deliveries.c.planned)
            )


def _keep_what_left(connection: Connection, delivery: int, variant: str, *, post: str) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(variant=variant))
    hashed = rehash_decided(connection, post)
    connection.execute(update(posts).where(posts.c.id == post).values(content_hash=hashed))
