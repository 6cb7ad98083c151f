"""Bring the ledger to what the calendar says: posts added, revised, their deliveries renewed or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from content_queue.models import ComposedDelivery, ComposedPost, Delivery, Post
from content_queue.states import UNDELIVERED, DeliveryState, PostState
from content_queue.store.audit import Act, note
from content_queue.store.calendar import BY_THE_CALENDAR, CALENDAR, Change
from content_queue.store.posts import content_hash, leave_orphans, rehash
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, posts, variants


def apply_plan(
    connection: Connection, composed: Sequence[ComposedPost], *, window: timedelta, now: datetime
) -> list[Change]:
    """Bring the ledger to what the calendar says; return what changed.

    An edit of what was approved or rejected returns it to review; what has left is not touched;
    what was staged of a changed delivery is left to the sweep.
    """
    _keep_variants(connection, composed)
    stored = _stored_posts(connection, [item.post.id for item in composed])
    rows = _stored_deliveries(connection, [item.post.id for item in composed])
    changes = []
    for item in composed:
        post = stored.get(item.post.id)
        if post is None:
            changes.append(_add(connection, item, window, now))
        elif item.post.due + window > now and not _cancelled_by_a_person(item, *post):
            changes += _revise(connection, _Revision(item, *post, rows.get(item.post.id, {}), window), now)
    return changes


@dataclass(frozen=True, slots=True)
class _Revision:
    item: ComposedPost
    post: Post
    calendar_due: datetime
    rows: Mapping[tuple[str, str], Delivery]
    window: timedelta

    @property
    def due(self) -> datetime:
        """The calendar's time, unless a person gave another since it last changed."""
        return self.post.due if self.calendar_due == self.item.post.due else self.item.post.due


def _cancelled_by_a_person(item: ComposedPost, post: Post, calendar_due: datetime) -> bool:
    """Tell whether a person took out exactly this; the calendar alone does not bring it back."""
    if post.state != PostState.CANCELLED or post.reason in BY_THE_CALENDAR:
        return False
    due = post.due if calendar_due == item.post.due else item.post.due
    return post.content_hash == content_hash([(d.channel, d.locale, _hash(d), due) for d in item.deliveries])


def _keep_variants(connection: Connection, composed: Sequence[ComposedPost]) -> None:
    found = {
        d.payload.sha256(): {"platform": d.platform, "locale": d.locale, "payload": d.payload.as_json()}
        for item in composed
        for d in item.deliveries
        if d.payload is not None
    }
    if found:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(
            dialect.insert(variants).on_conflict_do_nothing(),
            [{"hash": key, **values} for key, values in found.items()],
        )


def _stored_posts(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Post, datetime]]:
    rows = connection.execute(select(*POST, posts.c.calendar_due).where(posts.c.id.in_(ids)))
    return {row.id: (a_post(row), row.calendar_due) for row in rows}


def _stored_deliveries(
    connection: Connection, ids: Sequence[str]
) -> dict[str, dict[tuple[str, str], Delivery]]:
    found: dict[str, dict[tuple[str, str], Delivery]] = {}
    for row in map(a_delivery, connection.execute(select(*DELIVERY).where(deliveries.c.post.in_(ids)))):
        found.setdefault(row.post, {})[row.channel, row.locale] = row
    return found


def _add(connection: Connection, item: ComposedPost, window: timedelta, now: datetime) -> Change:
    due = item.post.due
    hashed = content_hash([(d.channel, d.locale, _hash(d), due) for d in item.deliveries])
    connection.execute(
        insert(posts).values(
            **_post_values(item),
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
            insert(deliveries), [_delivery_values(item.post.id, d, due, window) for d in item.deliveries]
        )
    note(connection, Act(now, CALENDAR, "calendar", "plan", item.post.id, {"hash": hashed}))
    return _change(item, "added")


def _post_values(item: ComposedPost) -> dict[str, Any]:
    entry = item.post.entry
    summary = (entry.title or next(iter(entry.texts.values()), "")).strip().splitlines()
    return {
        "calendar_due": item.post.due,
        "agency": entry.agency,
        "author": entry.author,
        "campaign": entry.campaign,
        "occasion": item.post.facts.occasion,
        "tags": list(entry.tags),
        "summary": summary[0][:120] if summary else "",
        "reason": "\n".join(item.problems) or None,
    }


def _delivery_values(post: str, wanted: ComposedDelivery, due: datetime, window: timedelta) -> dict[str, Any]:
    return {
        "post": post,
        "channel": wanted.channel,
        "platform": wanted.platform,
        "locale": wanted.locale,
        "variant": _hash(wanted),
        "state": DeliveryState.SCHEDULED,
        "due": due,
        "planned": due,
        "ready_at": due,
        "window_end": due + window,
    }


def _hash(wanted: ComposedDelivery) -> str | None:
    return wanted.payload.sha256() if wanted.payload else None


def _change(item: ComposedPost, kind: str) -> Change:
    entry = item.post.entry
    return Change(item.post.id, kind, entry.agency, entry.author, item.post.due, item.problems)


def _revise(connection: Connection, revision: _Revision, now: datetime) -> list[Change]:
    _update_deliveries(connection, revision, now)
    hashed = rehash(connection, revision.post.id)
    same = hashed == revision.post.content_hash
    state = _next_state(revision, same=same)
    if same and state == revision.post.state:
        return []
    connection.execute(
        update(posts)
        .where(posts.c.id == revision.post.id)
        .values(
            **_post_values(revision.item),
            due=revision.due,
            content_hash=hashed,
            state=state,
            revision=revision.post.revision + (0 if same else 1),
            updated_at=now,
        )
    )
    verb = "draft" if state == PostState.DRAFT else "edit"
    note(connection, Act(now, CALENDAR, "calendar", verb, revision.post.id, {"hash": hashed}))
    return [_change(revision.item, "drafted" if state == PostState.DRAFT else "changed")]


def _next_state(revision: _Revision, *, same: bool) -> PostState:
    if revision.item.problems:
        return PostState.DRAFT
    if not same or revision.post.state == PostState.DRAFT:
        return PostState.IN_REVIEW
    return revision.post.state


def _update_deliveries(connection: Connection, revision: _Revision, now: datetime) -> None:
    wanted = {(d.channel, d.locale): d for d in revision.item.deliveries}
    unwanted = [
        row.id for key, row in revision.rows.items() if key not in wanted and row.state in UNDELIVERED
    ]
    changed = [
        (revision.rows[key].id, d)
        for key, d in wanted.items()
        if key in revision.rows and _differs(revision.rows[key], d, revision.due)
    ]
    leave_orphans(connection, unwanted + [key for key, _d in changed], now)
    if unwanted:
        connection.execute(
            update(deliveries).where(deliveries.c.id.in_(unwanted)).values(state=DeliveryState.CANCELLED)
        )
    if changed:
        connection.execute(_RENEW, [_renewal(key, d, revision) for key, d in changed])
    new = [d for key, d in wanted.items() if key not in revision.rows]
    if new:
        values = [_delivery_values(revision.post.id, d, revision.due, revision.window) for d in new]
        connection.execute(insert(deliveries), values)


def _differs(row: Delivery, wanted: ComposedDelivery, due: datetime) -> bool:
    if row.state == DeliveryState.CANCELLED:
        return True
    return row.state in UNDELIVERED and (row.variant, row.due) != (_hash(wanted), due)


_RENEW = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("key"))
    .values(
        variant=bindparam("variant"),
        state=DeliveryState.SCHEDULED,
        due=bindparam("due"),
        planned=bindparam("due"),
        ready_at=bindparam("due"),
        window_end=bindparam("window_end"),
        reason=None,
    )
)


def _renewal(key: int, wanted: ComposedDelivery, revision: _Revision) -> dict[str, Any]:
    end = revision.due + revision.window
    return {"key": key, "variant": _hash(wanted), "due": revision.due, "window_end": end}
