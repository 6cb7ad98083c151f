"""The calendar in the ledger: entries by code, and the plan of their posts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from content_queue.models import ComposedDelivery, ComposedPost, Delivery, Entry, Post
from content_queue.states import UNDELIVERED, DeliveryState, PostState
from content_queue.store.audit import Act, note
from content_queue.store.posts import cancel, content_hash, deliveries_of, leave_orphans, rehash
from content_queue.store.rows import DELIVERY, POST, a_delivery, a_post
from content_queue.store.tables import deliveries, entries, posts, variants

#: Who acts when a saved file changes the plan.
CALENDAR = "lịch nội dung"
#: Reasons of posts that the calendar itself took out, and brings back when their row returns.
BY_THE_CALENDAR = ("gone", "moved")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What the ledger knows an entry by."""

    code: str
    fingerprint: str
    match_key: str
    file: str
    typed: bool
    present: bool
    wrong: bool
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to one post: added, changed, drafted, cancelled, returned."""

    post: str
    kind: str
    agency: str
    author: str
    due: datetime
    reasons: tuple[str, ...] = ()


def known_entries(connection: Connection) -> list[EntryRow]:
    """Return what the ledger knows of all entries."""
    return [EntryRow(*row) for row in connection.execute(select(*(entries.c[n] for n in EntryRow.__slots__)))]


def save_entries(connection: Connection, rows: Sequence[tuple[Entry, bool]], now: datetime) -> None:
    """Keep entries as just read; each comes with whether its editor typed the code."""
    known = {entry.code: entry for entry in known_entries(connection)}
    for entry, typed in rows:
        values = _entry_values(entry, typed)
        old = known.get(entry.code)
        if old is None:
            connection.execute(insert(entries).values(**values, first_seen=now, changed_at=now))
        elif (old.fingerprint, old.file, old.present, old.wrong, old.typed) != (
            values["fingerprint"],
            values["file"],
            True,
            False,
            typed,
        ):
            connection.execute(
                update(entries).where(entries.c.code == entry.code).values(**values, changed_at=now)
            )


def _entry_values(entry: Entry, typed: bool) -> dict[str, Any]:  # noqa: FBT001 # a column of the row
    return {
        "code": entry.code,
        "fingerprint": entry.fingerprint(),
        "match_key": entry.match_key(),
        "file": entry.place.file,
        "typed": typed,
        "content": entry.content(),
        "present": True,
        "wrong": False,
    }


def lose_entries(connection: Connection, codes: Iterable[str], now: datetime) -> list[Change]:
    """Cancel what is undelivered of entries whose rows are gone from files that are there."""
    gone = list(codes)
    connection.execute(update(entries).where(entries.c.code.in_(gone)).values(present=False, changed_at=now))
    return [_withdraw(connection, post, "gone", now) for post in _open_posts(connection, gone)]


def spoil_entries(connection: Connection, codes: Iterable[str], now: datetime) -> list[Change]:
    """Take the posts of rows that became wrong back to draft."""
    wrong = list(codes)
    connection.execute(update(entries).where(entries.c.code.in_(wrong)).values(wrong=True, changed_at=now))
    return [
        _to_draft(connection, post, ("row_wrong",), now)
        for post in _open_posts(connection, wrong)
        if post.state != PostState.DRAFT
    ]


def _open_posts(connection: Connection, codes: Sequence[str]) -> list[Post]:
    rows = connection.execute(
        select(*POST).where(posts.c.entry.in_(codes), posts.c.state != PostState.CANCELLED)
    )
    return [post for post in map(a_post, rows) if _undelivered(deliveries_of(connection, post.id))]


def _undelivered(rows: Iterable[Delivery]) -> list[Delivery]:
    return [row for row in rows if row.state in UNDELIVERED]


def _withdraw(connection: Connection, post: Post, why: str, now: datetime) -> Change:
    detail = {"reason": why}
    cancel(connection, post, act=Act(now, CALENDAR, "calendar", "cancel", post.id, detail))
    return Change(post.id, "cancelled", post.agency, post.author, post.due, (why,))


def _to_draft(connection: Connection, post: Post, reasons: tuple[str, ...], now: datetime) -> Change:
    connection.execute(
        update(posts)
        .where(posts.c.id == post.id)
        .values(state=PostState.DRAFT, reason="\n".join(reasons), updated_at=now)
    )
    note(connection, Act(now, CALENDAR, "calendar", "draft", post.id, {"reasons": list(reasons)}))
    return Change(post.id, "drafted", post.agency, post.author, post.due, reasons)


def known_post_ids(connection: Connection) -> frozenset[str]:
    """Return the codes of all posts that were ever planned."""
    return frozenset(row.id for row in connection.execute(select(posts.c.id)))


def withdraw_unplanned(
    connection: Connection,
    planned: Collection[str],
    *,
    after: datetime,
    returning: Collection[str],
    now: datetime,
) -> list[Change]:
    """Cancel open posts due after `after` that today's plan no longer holds, wrong rows' posts excepted.

    `returning` are the codes of the entries whose rows are in force.
    """
    rows = connection.execute(
        select(*POST).where(posts.c.calendar_due > after, posts.c.state != PostState.CANCELLED)
    )
    return [
        _withdraw(connection, post, "moved", now)
        for post in map(a_post, rows)
        if post.id not in planned and post.entry in returning
    ]


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
