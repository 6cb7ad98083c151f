"""Cards: the messages with buttons in which people were asked about a post, and where they lie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import Post
from content_queue.states import PostState
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import cards, posts

#: What a card is about that asks for an approval: the first yes, the one after it, and so on.
APPROVALS = ("", "+1", "+2", "+3", "+4", "+5")


@dataclass(frozen=True, slots=True)
class Subject:
    """What people are asked: the post, what about it, and the state of things it was asked in.

    `content_hash` is what an approval would cover; a question about a delivery has its attempt there.
    """

    post: str
    about: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Card:
    """One card in one chat."""

    id: int
    post: str
    about: str
    content_hash: str
    chat_id: int
    message_id: int
    sent_at: datetime
    shows: Mapping[str, Any] | None = None

    @property
    def subject(self) -> Subject:
        """What was asked."""
        return Subject(self.post, self.about, self.content_hash)


#: Columns of `Card`, in the order of its fields.
CARD = tuple(cards.c[name] for name in Card.__slots__)

_NOW = bindparam("now", type_=posts.c.due.type)
#: Questions of every tick, built once.
_WANTING = (
    select(*POST)
    .where(posts.c.state == PostState.IN_REVIEW, posts.c.due > _NOW, posts.c.due <= bindparam("until"))
    .order_by(posts.c.due, posts.c.id)
)
_UNAPPROVED = (
    select(*POST, posts.c.updated_at)
    .where(posts.c.state == PostState.IN_REVIEW, posts.c.due > _NOW, posts.c.due <= bindparam("until"))
    .order_by(posts.c.due, posts.c.id)
)
_IS_APPROVAL = cards.c.about.in_(APPROVALS)
_OPEN_IN = select(cards.c.post, cards.c.content_hash).where(
    cards.c.closed_at.is_(None), _IS_APPROVAL, cards.c.chat_id == bindparam("chat")
)
_LAST = (
    select(cards.c.shows)
    .where(
        cards.c.post == bindparam("post"),
        _IS_APPROVAL,
        cards.c.content_hash != bindparam("present"),
        cards.c.shows.is_not(None),
    )
    .order_by(cards.c.id.desc())
    .limit(1)
)
_OPEN = select(*CARD).where(cards.c.post == bindparam("post"), _IS_APPROVAL, cards.c.closed_at.is_(None))
_SHOWN = select(cards.c.post, cards.c.about, cards.c.content_hash, cards.c.chat_id).where(
    cards.c.closed_at.is_(None)
)
_STANDING = (
    select(*CARD, *POST)
    .join(posts, posts.c.id == cards.c.post)
    .where(cards.c.closed_at.is_(None))
    .order_by(cards.c.id)
)
_WORN_OUT = _STANDING.where(cards.c.sent_at <= bindparam("before"))
_QUESTIONS = _STANDING.where(~_IS_APPROVAL)
_CHANGED = _STANDING.where(
    _IS_APPROVAL,
    (posts.c.state != PostState.IN_REVIEW)
    | (posts.c.content_hash != cards.c.content_hash)
    | (posts.c.due <= _NOW),
)


def worn_out(connection: Connection, before: datetime) -> list[tuple[Card, Post]]:
    """Return the open cards that were sent until `before`: their buttons cannot be used any more."""
    return _with_posts(connection.execute(_WORN_OUT, {"before": before}))


def posts_wanting_cards(connection: Connection, *, now: datetime, until: datetime) -> list[Post]:
    """Return posts in review that are due in (now, until], earliest first."""
    return [a_post(row) for row in connection.execute(_WANTING, {"now": now, "until": until})]


def unapproved(connection: Connection, *, now: datetime, until: datetime) -> list[tuple[Post, datetime]]:
    """Return the posts in review that are due in (now, until], earliest first, and since when they are so."""
    rows = connection.execute(_UNAPPROVED, {"now": now, "until": until})
    return [(a_post(row), row.updated_at) for row in rows]


def open_in(connection: Connection, chat: int) -> set[tuple[str, str]]:
    """Return (post, hash) of each approval that is asked for with buttons in a chat."""
    return {(row.post, row.content_hash) for row in connection.execute(_OPEN_IN, {"chat": chat})}


def open_cards(connection: Connection, post: str) -> list[Card]:
    """Return the cards of a post that ask for an approval and still carry buttons."""
    return [Card(*row) for row in connection.execute(_OPEN, {"post": post})]


def shown(connection: Connection) -> set[tuple[Subject, int]]:
    """Return what is asked with buttons now, and in which chats."""
    return {(Subject(*row[:3]), row[3]) for row in connection.execute(_SHOWN)}


def questioned(connection: Connection) -> dict[str, set[int]]:
    """Return post -> the chats in which something else than an approval is asked of it with buttons."""
    chats: dict[str, set[int]] = {}
    for subject, chat in shown(connection):
        if subject.about not in APPROVALS:
            chats.setdefault(subject.post, set()).add(chat)
    return chats


def open_questions(connection: Connection) -> list[tuple[Card, Post]]:
    """Return the cards that ask something else than an approval and still carry buttons."""
    return _with_posts(connection.execute(_QUESTIONS))


def stale_cards(connection: Connection, *, now: datetime | None = None) -> list[tuple[Card, Post]]:
    """Return open approval cards whose post was decided, drafted, changed, or was due before `now`."""
    return _with_posts(connection.execute(_CHANGED, {"now": now}))


def _with_posts(rows: Iterable[Sequence[Any]]) -> list[tuple[Card, Post]]:
    return [(Card(*row[: len(CARD)]), a_post(row[len(CARD) :])) for row in rows]


@dataclass(frozen=True, slots=True)
class Lies:
    """Where a card lies, since when, and what it shows."""

    chat_id: int
    message_id: int
    sent_at: datetime
    shows: Mapping[str, Any] | None = None


def last_shown(connection: Connection, post: Post) -> Mapping[str, Any] | None:
    """Return what the newest card showed that showed something else of a post than it is now."""
    found: Mapping[str, Any] | None = connection.execute(
        _LAST, {"post": post.id, "present": post.content_hash}
    ).scalar()
    return found


def keep_card(connection: Connection, subject: Subject, lies_at: Lies) -> None:
    """Remember a card that was sent."""
    asked = {"post": subject.post, "about": subject.about, "content_hash": subject.content_hash}
    lies = {name: getattr(lies_at, name) for name in Lies.__slots__}
    connection.execute(insert(cards), {**asked, **lies})


def close_cards(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that cards lost their buttons."""
    connection.execute(update(cards).where(cards.c.id.in_(ids)).values(closed_at=now))
