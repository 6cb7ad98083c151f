"""The calendar in the ledger: entries by code, and the plan of their posts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from content_queue.models import Delivery, Entry, Post
from content_queue.states import SETTLED, PostState
from content_queue.store.audit import CALENDAR, Act, note
from content_queue.store.posts import cancel, deliveries_of
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import deliveries, entries, posts

#: Reasons of posts that the calendar itself took out, and brings back when their row returns.
BY_THE_CALENDAR = ("gone", "moved")


#: Corrections are people's; no edit of a calendar reaches them.
IS_PLANNED = posts.c.corrects.is_(None)


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


@dataclass(frozen=True, slots=True)
class OpenPost:
    """An earlier post that may still go out, if a person says when."""

    entry: str
    due: datetime


def known_entries(connection: Connection, *, changed_at: datetime | None = None) -> list[EntryRow]:
    """Return what the ledger knows of all entries, or of those that changed at one moment."""
    query = select(*(entries.c[name] for name in EntryRow.__slots__))
    if changed_at is not None:
        query = query.where(entries.c.changed_at == changed_at)
    return [EntryRow(*row) for row in connection.execute(query)]


def save_entries(
    connection: Connection,
    rows: Sequence[tuple[Entry, bool]],
    known: Mapping[str, EntryRow],
    *,
    now: datetime,
) -> None:
    """Keep entries as just read; each comes with whether its editor typed the code.

    `known` are all entries as they stood before, by code.
    """
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
    if not gone:
        return []
    connection.execute(update(entries).where(entries.c.code.in_(gone)).values(present=False, changed_at=now))
    return [_withdraw(connection, post, "gone", now) for post in _open_posts(connection, gone)]


def spoil_entries(connection: Connection, codes: Iterable[str], now: datetime) -> list[Change]:
    """Take the posts of rows that became wrong back to draft."""
    wrong = list(codes)
    if not wrong:
        return []
    connection.execute(update(entries).where(entries.c.code.in_(wrong)).values(wrong=True, changed_at=now))
    return [
        _to_draft(connection, post, ("row_wrong",), now)
        for post in _open_posts(connection, wrong)
        if post.state != PostState.DRAFT
    ]


def _open_posts(connection: Connection, codes: Sequence[str]) -> list[Post]:
    rows = connection.execute(
        select(*POST).where(posts.c.entry.in_(codes), posts.c.state != PostState.CANCELLED, IS_PLANNED)
    )
    return [post for post in map(a_post, rows) if _may_leave(deliveries_of(connection, post.id))]


def _may_leave(rows: Iterable[Delivery]) -> bool:
    return any(row.state not in SETTLED for row in rows)


def _withdraw(connection: Connection, post: Post, why: str, now: datetime) -> Change:
    detail = {"reason": why}
    cancel(connection, post, act=Act(now, CALENDAR, "calendar", "cancel", post.id, detail))
    connection.execute(update(posts).where(posts.c.id == post.id).values(source=""))
    return Change(post.id, "cancelled", post.agency, post.author, post.due, (why,))


def _to_draft(connection: Connection, post: Post, reasons: tuple[str, ...], now: datetime) -> Change:
    connection.execute(
        update(posts)
        .where(posts.c.id == post.id)
        .values(state=PostState.DRAFT, reason="\n".join(reasons), updated_at=now, source="")
    )
    note(connection, Act(now, CALENDAR, "calendar", "draft", post.id, {"reasons": list(reasons)}))
    return Change(post.id, "drafted", post.agency, post.author, post.due, reasons)


def known_post_ids(connection: Connection) -> frozenset[str]:
    """Return the codes of all posts that were ever planned."""
    return frozenset(row.id for row in connection.execute(select(posts.c.id)))


def sources_since(connection: Connection, since: datetime) -> dict[str, str]:
    """Return what the posts were planned from that the calendar has at or after `since`."""
    rows = connection.execute(select(posts.c.id, posts.c.source).where(posts.c.calendar_due >= since))
    return {row.id: row.source for row in rows}


def open_before(connection: Connection, day: datetime, *, since: datetime) -> dict[str, OpenPost]:
    """Return the posts of [since, day) that may still go out, if a person says when."""
    waits = (deliveries.c.post == posts.c.id) & deliveries.c.state.not_in(SETTLED)
    rows = connection.execute(
        select(posts.c.id, posts.c.entry, posts.c.calendar_due).where(
            posts.c.calendar_due >= since,
            posts.c.calendar_due < day,
            posts.c.state != PostState.CANCELLED,
            select(deliveries.c.id).where(waits).exists(),
        )
    )
    return {row.id: OpenPost(row.entry, row.calendar_due) for row in rows}


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
        select(*POST).where(posts.c.calendar_due > after, posts.c.state != PostState.CANCELLED, IS_PLANNED)
    )
    return [
        _withdraw(connection, post, "moved", now)
        for post in map(a_post, rows)
        if post.id not in planned and post.entry in returning
    ]
