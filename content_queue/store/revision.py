"""Revise a post that stands in the ledger: what may still change follows the calendar, what left does not.

A delivery whose outcome is not known yet keeps its state, but takes over what the calendar wants: if it
proves not to have left, only that may go out, and only if somebody approves it. A receipt says what left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, update

from content_queue.models import ComposedDelivery, ComposedPost, Delivery, Post
from content_queue.states import IN_FLIGHT, SETTLED, UNDELIVERED, DeliveryState, PostState
from content_queue.store.audit import CALENDAR, Act, note
from content_queue.store.calendar import Change
from content_queue.store.notices import Word, tell
from content_queue.store.planned import change_of, delivery_values, hash_of, post_values
from content_queue.store.posts import leave_orphans, rehash
from content_queue.store.tables import deliveries, posts
from content_queue.texts import _

#: Out of these only a new time leads, from whomever it comes.
_STOPPED = frozenset({DeliveryState.HELD, DeliveryState.MISSED, DeliveryState.FAILED})


@dataclass(frozen=True, slots=True)
class Revision:
    """A post as the calendar wants it, as it stands, and its deliveries by channel and locale.

    Deliveries that are only claimed are given as scheduled.
    """

    item: ComposedPost
    post: Post
    calendar_due: datetime
    rows: Mapping[tuple[str, str], Delivery]
    window: timedelta

    @property
    def due(self) -> datetime:
        """The calendar's time, unless a person gave another since it last changed."""
        return self.post.due if self.calendar_due == self.item.post.due else self.item.post.due

    def is_over(self, now: datetime) -> bool:
        """Tell whether its window has closed: then nothing is added or brought back."""
        return self.due + self.window <= now


def revise(connection: Connection, revision: Revision, now: datetime) -> list[Change]:
    """Bring one post to what the calendar says; return the change that people are told of, if any."""
    if revision.is_over(now) and revision.post.state == PostState.CANCELLED:
        return []
    _update_deliveries(connection, revision, now)
    hashed = rehash(connection, revision.post.id)
    same = hashed == revision.post.content_hash
    state = _next_state(revision, same=same)
    # what becomes of it is told once more, and no yes from before counts
    anew = not same or state == PostState.IN_REVIEW or revision.post.state == PostState.CANCELLED
    if same and state == revision.post.state and not _changes_hands_in_review(revision):
        _follow(connection, revision)
        return []
    connection.execute(
        update(posts)
        .where(posts.c.id == revision.post.id)
        .values(
            **post_values(revision.item),
            due=revision.due,
            content_hash=hashed,
            state=state,
            revision=revision.post.revision + anew,
            edited_from=None,
            edited_by="",
            updated_at=now,
        )
    )
    _tell_editors(connection, revision.post, now)
    verb = "draft" if state == PostState.DRAFT else "edit"
    note(connection, Act(now, CALENDAR, "calendar", verb, revision.post.id, {"hash": hashed}))
    return [change_of(revision.item, "drafted" if state == PostState.DRAFT else "changed")]


def _tell_editors(connection: Connection, post: Post, now: datetime) -> None:
    """Tell whoever edited a post in a chat that its row has changed since, and counts."""
    told = _(
        "Dòng của bài {post} trong lịch đã đổi: bản trong lịch thay bản sửa của {person} và chờ duyệt lại."
    )
    for person in post.writers[1:]:
        key = f"edit replaced:{post.id}:{post.revision}:{person}"
        text = told.format(post=post.id, person=person)
        tell(connection, Word(key, post.agency, person, text), now)


def _follow(connection: Connection, revision: Revision) -> None:
    """Take over what is no part of the approved content, such as tags: holds and lists go by it."""
    post, wanted = revision.post, post_values(revision.item)
    del wanted["reason"]  # may be a person's
    stands = (post.campaign, post.occasion, list(post.tags), post.summary, revision.calendar_due)
    if stands != tuple(wanted[name] for name in ("campaign", "occasion", "tags", "summary", "calendar_due")):
        connection.execute(update(posts).where(posts.c.id == post.id).values(**wanted))


def _next_state(revision: Revision, *, same: bool) -> PostState:
    post, entry = revision.post, revision.item.post.entry
    if revision.item.problems:
        return PostState.DRAFT
    if not same or post.state in (PostState.DRAFT, PostState.CANCELLED):
        return PostState.IN_REVIEW
    if (post.agency, post.author) != (entry.agency, entry.author):
        return PostState.IN_REVIEW  # whoever decided may not decide that any more
    return post.state


def _changes_hands_in_review(revision: Revision) -> bool:
    """Tell whether a post that waits for decisions has another author or agency: others may decide then."""
    post, entry = revision.post, revision.item.post.entry
    return post.state == PostState.IN_REVIEW and (post.agency, post.author) != (entry.agency, entry.author)


def _update_deliveries(connection: Connection, revision: Revision, now: datetime) -> None:
    wanted = {(d.channel, d.locale): d for d in revision.item.deliveries}
    dropped = [row for key, row in revision.rows.items() if key not in wanted and row.state not in SETTLED]
    touched: list[tuple[Delivery, ComposedDelivery | None]] = [
        (row, d)
        for key, d in wanted.items()
        if (row := revision.rows.get(key)) and _differs(row, d, revision, now)
    ]
    touched += [(row, None) for row in dropped if row.state in IN_FLIGHT and row.variant is not None]
    unwanted = [row.id for row in dropped if row.state in UNDELIVERED]
    leave_orphans(
        connection, unwanted + [row.id for row, _wanted in touched if row.state not in IN_FLIGHT], now
    )
    if unwanted:
        connection.execute(
            update(deliveries).where(deliveries.c.id.in_(unwanted)).values(state=DeliveryState.CANCELLED)
        )
    if touched:
        connection.execute(_RENEW, [_renewal(row, d, revision, now) for row, d in touched])
    _add_deliveries(connection, revision, now)


def _add_deliveries(connection: Connection, revision: Revision, now: datetime) -> None:
    new = [d for d in revision.item.deliveries if (d.channel, d.locale) not in revision.rows]
    if new and not revision.is_over(now):
        values = [delivery_values(revision.post.id, d, revision.due, revision.window) for d in new]
        connection.execute(insert(deliveries), values)


def _differs(row: Delivery, wanted: ComposedDelivery, revision: Revision, now: datetime) -> bool:
    if row.state == DeliveryState.CANCELLED:
        return not revision.is_over(now)
    return row.state not in SETTLED and (row.variant, row.due) != (
        hash_of(wanted),
        revision.due + wanted.after,
    )


_RENEW = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("key"))
    .values(
        variant=bindparam("wanted"),
        state=bindparam("to"),
        due=bindparam("at"),
        planned=bindparam("second"),
        ready_at=func.coalesce(bindparam("ready", type_=deliveries.c.ready_at.type), deliveries.c.ready_at),
        window_end=bindparam("end"),
        reason=bindparam("why"),
    )
)


def _renewal(
    row: Delivery, wanted: ComposedDelivery | None, revision: Revision, now: datetime
) -> dict[str, Any]:
    due = revision.due + (wanted.after if wanted else timedelta(0))
    moved = row.due != due
    stays = row.state in IN_FLIGHT or (row.state in _STOPPED and not (moved and not revision.is_over(now)))
    return {
        "key": row.id,
        "wanted": hash_of(wanted) if wanted else None,
        "to": row.state if stays else DeliveryState.SCHEDULED,
        "at": due,
        "second": due if moved or not stays else row.planned,
        "ready": None if stays else due,
        "end": due + revision.window,
        "why": row.reason if stays else None,
    }
