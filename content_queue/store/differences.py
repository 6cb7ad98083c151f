"""What a changed calendar would do to posts that people count on: shown first, done after a yes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from content_queue.models import ComposedPost, Post, digest
from content_queue.states import PostState
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.plan import apply_plan
from content_queue.store.planned import hash_of
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import posts

#: A post in review is counted on from so long before its time; an approved one always.
SOON = timedelta(days=1)
#: Marks: what is asked now, and what was said yes to.
_ASKED, _TAKEN = "differences asked", "differences taken"
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Difference:
    """One post as it stands, and what would become of it: `changed`, `moved` or `cancelled`.

    `due` is its new time. `key` names exactly this change of exactly what stands.
    """

    post: Post
    kind: str
    due: datetime
    key: str


def counted_on(connection: Connection, now: datetime) -> dict[str, Post]:
    """Return the posts that are approved, or are in review and due within a day."""
    soon = (posts.c.state == PostState.IN_REVIEW) & (posts.c.due <= now + SOON)
    rows = connection.execute(
        select(*POST).where(posts.c.due > now, (posts.c.state == PostState.APPROVED) | soon)
    )
    return {post.id: post for post in map(a_post, rows)}


def differing(
    connection: Connection,
    standing: dict[str, Post],
    composed: Sequence[ComposedPost],
    *,
    window: timedelta,
    now: datetime,
) -> list[Difference]:
    """Return what a plan would change of what stands: it is tried, and taken back."""
    wanted = {item.post.id: item for item in composed if item.post.id in standing}
    if not wanted:
        return []
    with connection.begin_nested() as point:
        changes = apply_plan(connection, [*wanted.values()], window=window, now=now)
        point.rollback()
    return [_difference(standing[change.post], wanted[change.post]) for change in changes]


def _difference(post: Post, item: ComposedPost) -> Difference:
    due = item.post.due
    wanted = sorted([d.channel, d.locale, hash_of(d)] for d in item.deliveries)
    key = digest([post.id, post.content_hash, due.isoformat(), wanted, item.problems])
    return Difference(post, "changed" if due == post.due else "moved", due, key)


def cancelling(post: Post) -> Difference:
    """Return the difference of a post whose row went."""
    return Difference(post, "cancelled", post.due, digest([post.id, post.content_hash, "cancelled"]))


def taken(connection: Connection) -> frozenset[str]:
    """Return the keys of the differences that somebody said yes to."""
    return frozenset(read_mark(connection, _TAKEN, []))


def ask(connection: Connection, differences: Sequence[Difference], lines: Sequence[str]) -> str:
    """Keep what is asked about now, nothing if that is nothing; return the code that an answer names."""
    keys = sorted(each.key for each in differences)
    code = digest(keys)[:6].upper() if keys else ""
    agencies = sorted({each.post.agency for each in differences})
    asked = {"code": code, "keys": keys, "agencies": agencies, "lines": list(lines)}
    if read_mark(connection, _ASKED, {}).get("code", "") != code:
        keep_mark(connection, _ASKED, asked)
    return code


@dataclass(frozen=True, slots=True)
class Asked:
    """What people are asked to take: its code, whose posts, and the differences in words."""

    code: str
    agencies: Collection[str]
    lines: Sequence[str]


def asked(connection: Connection) -> Asked | None:
    """Return what is asked about, None if nothing is."""
    kept = read_mark(connection, _ASKED, {})
    return Asked(kept["code"], kept["agencies"], kept["lines"]) if kept.get("code") else None


def take(connection: Connection) -> None:
    """Say yes to what is asked about now; the next reading brings it into force."""
    kept = read_mark(connection, _ASKED, {})
    keep_mark(connection, _TAKEN, [*read_mark(connection, _TAKEN, []), *kept.get("keys", [])][-_REMEMBERED:])
    keep_mark(connection, _ASKED, {})
