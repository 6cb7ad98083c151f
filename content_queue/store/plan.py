"""Bring the ledger to what the calendar says: posts added, revised, their deliveries renewed or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import ComposedPost, Delivery, Post
from content_queue.states import DeliveryState, PostState
from content_queue.store.audit import CALENDAR, Act, note
from content_queue.store.calendar import BY_THE_CALENDAR, Change
from content_queue.store.claims import claims_of
from content_queue.store.planned import change_of, delivery_values, hash_of, post_values
from content_queue.store.posts import content_hash
from content_queue.store.revision import Revision, revise
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, posts
from content_queue.store.variants import keep_variants

#: Nobody knows what posts are planned from.
NOWHERE: Mapping[str, str] = {}


def apply_plan(
    connection: Connection,
    composed: Sequence[ComposedPost],
    *,
    window: timedelta,
    now: datetime,
    sources: Mapping[str, str] = NOWHERE,
) -> list[Change]:
    """Bring the ledger to what the calendar says; return what changed.

    `sources` says what posts are planned from; a reading that plans the same from the same may leave
    them out. Of posts that are not in it, nobody can say.

    An edit of what was approved or rejected returns it to review; what has left is not touched;
    what was staged of a changed delivery is left to the sweep.
    """
    payloads = (d.payload for item in composed for d in item.deliveries if d.payload is not None)
    keep_variants(connection, {payload.sha256(): payload for payload in payloads})
    stored = _stored_posts(connection, [item.post.id for item in composed])
    rows = _stored_deliveries(connection, [item.post.id for item in composed])
    changes = []
    for item in composed:
        post = stored.get(item.post.id)
        if post is None:
            changes.append(_add(connection, item, window, now))
            continue
        revision = Revision(item, *post, rows.get(item.post.id, {}), window)
        if not _cancelled_by_a_person(revision) and not _edited_against(revision):
            changes += revise(connection, revision, now)
    _keep_sources(connection, composed, sources)
    return changes


def _keep_sources(
    connection: Connection, composed: Sequence[ComposedPost], sources: Mapping[str, str]
) -> None:
    if composed:
        connection.execute(
            update(posts).where(posts.c.id == bindparam("key")).values(source=bindparam("from")),
            [{"key": item.post.id, "from": sources.get(item.post.id, "")} for item in composed],
        )


def _edited_against(revision: Revision) -> bool:
    """Tell whether a person edited a post while its row was just this: the row does not undo it."""
    post, item = revision.post, revision.item
    stands = post.state in (PostState.IN_REVIEW, PostState.APPROVED, PostState.REJECTED)
    return stands and not item.problems and post.edited_from == item.post.entry.fingerprint()


def _cancelled_by_a_person(revision: Revision) -> bool:
    """Tell whether a person took out exactly this; the calendar alone does not bring it back."""
    post = revision.post
    if post.state != PostState.CANCELLED or post.reason in BY_THE_CALENDAR:
        return False
    lines = {(d.channel, d.locale): (hash_of(d), revision.due + d.after) for d in revision.item.deliveries}
    stayed = {k: (d.variant, d.due) for k, d in revision.rows.items() if d.state != DeliveryState.CANCELLED}
    return post.content_hash == content_hash([(*key, *line) for key, line in (lines | stayed).items()])


def _stored_posts(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Post, datetime]]:
    rows = connection.execute(select(*POST, posts.c.calendar_due).where(posts.c.id.in_(ids)))
    return {row.id: (a_post(row), row.calendar_due) for row in rows}


def _stored_deliveries(
    connection: Connection, ids: Sequence[str]
) -> dict[str, dict[tuple[str, str], Delivery]]:
    """Return deliveries by post, and by channel and locale; what is only claimed counts as scheduled."""
    found: dict[str, dict[tuple[str, str], Delivery]] = {}
    claims = claims_of(connection, ids)
    for row in map(a_delivery, connection.execute(select(*DELIVERY).where(deliveries.c.post.in_(ids)))):
        stands = replace(row, state=DeliveryState.SCHEDULED) if row.id in claims else row
        found.setdefault(row.post, {})[row.channel, row.locale] = stands
    return found


def _add(connection: Connection, item: ComposedPost, window: timedelta, now: datetime) -> Change:
    due = item.post.due
    hashed = content_hash([(d.channel, d.locale, hash_of(d), due + d.after) for d in item.deliveries])
    connection.execute(
        insert(posts).values(
            **post_values(item),
            id=item.post.id,
            entry=item.post.entry.code,
            year=item.post.year,
            due=due,
            content_hash=hashed,
            state=PostState.DRAFT if item.problems else PostState.IN_REVIEW,
            revision=1,
            created_at=now,
            updated_at=now,
        )
    )
    if item.deliveries:
        connection.execute(
            insert(deliveries), [delivery_values(item.post.id, d, due, window) for d in item.deliveries]
        )
    note(connection, Act(now, CALENDAR, "calendar", "plan", item.post.id, {"hash": hashed}))
    return change_of(item, "added")
