"""Edits that people make of one post past the calendar: another text or time, to be approved by others."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from content_queue.models import Payload, Post
from content_queue.states import PostState
from content_queue.store.audit import Act, note
from content_queue.store.claims import take_back
from content_queue.store.posts import leave_orphans, rehash
from content_queue.store.tables import deliveries, entries, posts
from content_queue.store.variants import keep_variants


def edit_texts(connection: Connection, post: Post, payloads: Mapping[int, Payload], act: Act) -> None:
    """Give deliveries other texts and put their post into review; nothing of it is out yet."""
    take_back(connection, post.id)
    leave_orphans(connection, list(payloads), act.at)
    keep_variants(connection, {payload.sha256(): payload for payload in payloads.values()})
    for number, payload in payloads.items():
        new = {"variant": payload.sha256(), "reason": None}
        connection.execute(update(deliveries).where(deliveries.c.id == number).values(**new))
    words = next(iter(payloads.values())).text.strip().partition("\n")[0][:120]
    hashed = rehash(connection, post.id)
    connection.execute(
        update(posts)
        .where(posts.c.id == post.id)
        .values(
            state=PostState.IN_REVIEW,
            content_hash=hashed,
            revision=post.revision + 1,
            summary=words,
            reason=None,
            updated_at=act.at,
        )
    )
    note(connection, act)
    keep_editor(connection, post, act.actor)


def keep_editor(connection: Connection, post: Post, person: str) -> None:
    """Remember who edited a post, and against which row; a second one comes beside the first."""
    row = connection.execute(select(entries.c.fingerprint).where(entries.c.code == post.entry)).scalar_one()
    people = dict.fromkeys([*filter(None, post.edited_by.split("\n")), person])
    edited = {"edited_from": row, "edited_by": "\n".join(people)}
    connection.execute(update(posts).where(posts.c.id == post.id).values(**edited))
