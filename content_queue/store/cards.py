"""Cards: the messages in which approvers were shown a post, and where they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

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


def posts_wanting_cards(connection: Connection, *, now: datetime, until: datetime) -> list[Post]:
    """Return posts in review that are due in (now, until], earliest first."""
    rows = connection.execute(
        select(*POST)
        .where(posts.c.state == PostState.IN_REVIEW, posts.c.due > now, posts.c.due <= until)
        .order_by(posts.c.due, posts.c.id)
    )
    return [a_post(row) for row in rows]


def open_cards(connection: Connection, post: str) -> list[Card]:
    """Return the cards of a post that still carry buttons."""
    columns = [cards.c[name] for name in Card.__slots__]
    rows = connection.execute(select(*columns).where(cards.c.post == post, cards.c.closed_at.is_(None)))
    return [Card(*row) for row in rows]


def stale_cards(connection: Connection, *, now: datetime | None = None) -> list[tuple[Card, Post]]:
    """Return open cards whose post was decided, cancelled, drafted, changed, or was due before `now`."""
    columns = [cards.c[name] for name in Card.__slots__]
    changed = (posts.c.state != PostState.IN_REVIEW) | (posts.c.content_hash != cards.c.content_hash)
    if now is not None:
        changed |= posts.c.due <= now
    rows = connection.execute(
        select(*columns, *POST)
        .join(posts, posts.c.id == cards.c.post)
        .where(cards.c.closed_at.is_(None), changed)
        .order_by(cards.c.id)
    )
    cut = len(columns)
    return [(Card(*row[:cut]), a_post(row[cut:])) for row in rows]


def keep_card(connection: Connection, post: Post, *, chat_id: int, message_id: int, now: datetime) -> None:
    """Remember a card that was sent."""
    connection.execute(
        insert(cards).values(
            post=post.id, content_hash=post.content_hash, chat_id=chat_id, message_id=message_id, sent_at=now
        )
    )


def close_cards(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that cards lost their buttons."""
    connection.execute(update(cards).where(cards.c.id.in_(ids)).values(closed_at=now))
