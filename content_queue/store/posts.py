"""Posts as people see them: found, listed, cancelled, given a new time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from content_queue.models import Delivery, Payload, Post, digest
from content_queue.states import UNDELIVERED, DeliveryState, PostState
from content_queue.store.audit import Act, note
from content_queue.store.claims import take_back
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, orphans, posts, variants


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery with its post and the text as it will appear (empty while one is awaited)."""

    delivery: Delivery
    post: Post
    text: str


#: Questions of every card and every edit, built once.
_BY_CODE = select(*POST).where(func.lower(posts.c.id) == bindparam("code"))
_PAYLOADS = (
    select(*DELIVERY, variants.c.payload)
    .outerjoin(variants, variants.c.hash == deliveries.c.variant)
    .where(deliveries.c.post == bindparam("post"))
    .order_by(deliveries.c.platform, deliveries.c.locale, deliveries.c.channel)
)
_COVERED = select(deliveries.c.channel, deliveries.c.locale, deliveries.c.variant, deliveries.c.due).where(
    deliveries.c.post == bindparam("post"), deliveries.c.state != DeliveryState.CANCELLED
)
_AS_DECIDED = (
    select(deliveries.c.channel, deliveries.c.locale, deliveries.c.variant, deliveries.c.due)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(
        posts.c.id == bindparam("post"),
        (deliveries.c.state != DeliveryState.CANCELLED)
        | ((posts.c.state == PostState.CANCELLED) & deliveries.c.reason.is_not_distinct_from(posts.c.reason)),
    )
)


def find_post(connection: Connection, code: str) -> Post | None:
    """Return a post by its code, as people type it: letter case does not matter."""
    row = connection.execute(_BY_CODE, {"code": code.strip().lower()}).first()
    return a_post(row) if row else None


def cancelled_since(connection: Connection, since: datetime) -> list[Post]:
    """Return the cancelled posts that were due since then, earliest first."""
    rows = connection.execute(
        select(*POST).where(posts.c.state == PostState.CANCELLED, posts.c.due >= since).order_by(posts.c.due)
    )
    return [a_post(row) for row in rows]


def posts_of_entry(connection: Connection, code: str) -> list[Post]:
    """Return the posts of an entry that are not cancelled, earliest first, without corrections.

    Letter case does not matter.
    """
    rows = connection.execute(
        select(*POST)
        .where(
            func.lower(posts.c.entry) == code.strip().lower(),
            posts.c.state != PostState.CANCELLED,
            posts.c.corrects.is_(None),
        )
        .order_by(posts.c.due, posts.c.id)
    )
    return [a_post(row) for row in rows]


def posts_in(
    connection: Connection, *, states: Sequence[PostState], first: datetime, last: datetime
) -> list[Post]:
    """Return the posts in these states that are due in [first, last], earliest first."""
    rows = connection.execute(
        select(*POST)
        .where(posts.c.state.in_(states), posts.c.due >= first, posts.c.due <= last)
        .order_by(posts.c.due, posts.c.id)
    )
    return [a_post(row) for row in rows]


def deliveries_of(connection: Connection, post: str) -> list[Delivery]:
    """Return a post's deliveries in the order of channel and locale."""
    rows = connection.execute(
        select(*DELIVERY).where(deliveries.c.post == post).order_by(deliveries.c.channel, deliveries.c.locale)
    )
    return [a_delivery(row) for row in rows]


def payloads_of(connection: Connection, post: str) -> list[tuple[Delivery, Payload | None]]:
    """Return a post's deliveries with what would leave."""
    rows = connection.execute(_PAYLOADS, {"post": post})
    return [(a_delivery(row), row.payload and Payload.from_json(row.payload)) for row in rows]


def queue(
    connection: Connection, *, states: Sequence[DeliveryState] = tuple(DeliveryState), post: str | None = None
) -> list[Queued]:
    """Return deliveries in the order in which they go out."""
    query = (
        select(*DELIVERY, *POST, variants.c.payload["text"].as_string())
        .join(posts, posts.c.id == deliveries.c.post)
        .outerjoin(variants, variants.c.hash == deliveries.c.variant)
        .where(deliveries.c.state.in_(states))
        .order_by(deliveries.c.planned, deliveries.c.id)
    )
    if post is not None:
        query = query.where(deliveries.c.post == post)
    cut = len(DELIVERY)
    return [Queued(a_delivery(row), a_post(row[cut:]), row[-1] or "") for row in connection.execute(query)]


def content_hash(lines: Sequence[tuple[str, str, str | None, datetime]]) -> str:
    """Hash what an approval covers: per delivery its channel, locale, payload and due minute."""
    return digest(
        sorted(
            [channel, locale, variant or "", due.replace(second=0, microsecond=0).isoformat()]
            for channel, locale, variant, due in lines
        )
    )


def rehash(connection: Connection, post: str) -> str:
    """Return the content hash of a post as it stands in the ledger."""
    return content_hash([tuple(row) for row in connection.execute(_COVERED, {"post": post})])


def rehash_decided(connection: Connection, post: str) -> str:
    """Return the content hash of a post with what was cancelled together with it: a person saw that too."""
    return content_hash([tuple(row) for row in connection.execute(_AS_DECIDED, {"post": post})])


def cancel(connection: Connection, post: Post, *, act: Act) -> int:
    """Take a post out of the plan; what is published stays. Return how many deliveries were cancelled."""
    take_back(connection, post.id)
    leave_orphans(
        connection, [d.id for d in deliveries_of(connection, post.id) if d.state in UNDELIVERED], act.at
    )
    cancelled = connection.execute(
        update(deliveries)
        .where(deliveries.c.post == post.id, deliveries.c.state.in_(UNDELIVERED))
        .values(state=DeliveryState.CANCELLED, reason=act.detail.get("reason"))
    )
    connection.execute(
        update(posts)
        .where(posts.c.id == post.id)
        .values(state=PostState.CANCELLED, reason=act.detail.get("reason"), updated_at=act.at)
    )
    note(connection, act)
    return cancelled.rowcount


_MOVE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("key"))
    .values(
        state=DeliveryState.SCHEDULED,
        due=bindparam("at"),
        planned=bindparam("at"),
        ready_at=bindparam("at"),
        window_end=bindparam("end"),
        reason=None,
    )
)


def give_time(connection: Connection, post: Post, at: datetime, *, window: timedelta, act: Act) -> int:
    """Give what is held, missed, failed or still to come a new time; its approval falls with the old one.

    Channels that take turns keep their distance.
    Return how many deliveries were moved.
    """
    take_back(connection, post.id)
    movable = [d for d in deliveries_of(connection, post.id) if d.state in UNDELIVERED]
    leave_orphans(connection, [d.id for d in movable], act.at)
    if movable:
        turns = [(d.id, at + max(d.due - post.due, timedelta(0))) for d in movable]
        connection.execute(_MOVE, [{"key": key, "at": due, "end": due + window} for key, due in turns])
        connection.execute(
            update(posts)
            .where(posts.c.id == post.id)
            .values(
                due=at,
                state=PostState.IN_REVIEW,
                content_hash=rehash(connection, post.id),
                revision=post.revision + 1,
                reason=None,
                updated_at=act.at,
            )
        )
        note(connection, act)
    return len(movable)


def leave_orphans(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note what lies hidden at a platform for deliveries that will not go out as staged."""
    if not ids:
        return
    column = func.coalesce(deliveries.c.staged, deliveries.c.memo)
    rows = connection.execute(
        select(deliveries.c.channel, deliveries.c.staged, deliveries.c.memo).where(
            deliveries.c.id.in_(ids),
            column.is_not(None),
            deliveries.c.in_place.is_(False),  # what an edit is under way of, readers see
        )
    ).all()
    left = [row.staged or row.memo for row in rows]
    found = [
        {"channel": row.channel, "staged": staged, "since": now}
        for row, staged in zip(rows, left, strict=True)
        if staged
    ]
    if found:
        connection.execute(orphans.insert(), found)
    connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(staged=None, memo=None))
