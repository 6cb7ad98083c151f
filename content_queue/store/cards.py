"""Cards: the messages in which approvers were shown a post, and where they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import Post
from content_queue.states import PostState
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import cards, posts


@dataclass(frozen=True, slots=True)
class Card:
    """One card in one chat, showing the content of `content_hash`."""

    id: int
    post: str
    content_hash: str
    chat_id: int
    message_id: int


_CARD = tuple(cards.c[name] for name in Card.__slots__)
_NOW = bindparam("now", type_=posts.c.due.type)
#: Questions of every tick, built once.
_WANTING = (
    select(*POST)
    .where(posts.c.state == PostState.IN_REVIEW, posts.c.due > _NOW, posts.c.due <= bindparam("until"))
    .order_by(posts.c.due, posts.c.id)
)
_OPEN = select(*_CARD).where(cards.c.post == bindparam("post"), cards.c.closed_at.is_(None))
_CHANGED = (
    select(*_CARD, *POST)
    .join(posts, posts.c.id == cards.c.post)
    .where(
        cards.c.closed_at.is_(None),
        (posts.c.state != PostState.IN_REVIEW)
        | (posts.c.content_hash != cards.c.content_hash)
        | (posts.c.due <= _NOW),
    )
    .order_by(cards.c.id)
)


def posts_wanting_cards(connection: Connection, *, now: datetime, until: datetime) -> list[Post]:
    """Return posts in review that are due in (now, until], earliest first."""
    return [a_post(row) for row in connection.execute(_WANTING, {"now": now, "until": until})]


def open_cards(connection: Connection, post: str) -> list[Card]:
    """Return the cards of a post that still carry buttons."""
    return [Card(*row) for row in connection.execute(_OPEN, {"post": post})]


def stale_cards(connection: Connection, *, now: datetime | None = None) -> list[tuple[Card, Post]]:
    """Return open cards whose post was decided, cancelled, drafted, changed, or was due before `now`."""
    cut = len(_CARD)
    rows = connection.execute(_CHANGED, {"now": now})
    return [(Card(*row[:cut]), a_post(row[cut:])) for row in rows]


def keep_card(connection: Connection, post: Post, *, chat_id: int, message_id: int, now: datetime) -> None:
    """Remember a card that was sent."""
    lies = {"chat_id": chat_id, "message_id": message_id, "sent_at": now}
    connection.execute(insert(cards), {"post": post.id, "content_hash": post.content_hash, **lies})


def close_cards(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that cards lost their buttons."""
    connection.execute(update(cards).where(cards.c.id.in_(ids)).values(closed_at=now))
