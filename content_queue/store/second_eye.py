"""The second look at what a leader alone said yes to: asked for afterwards, and written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, select

from content_queue.models import Person, Post
from content_queue.models.rules import SECOND_EYE, URGENT, same_name
from content_queue.states import PostState
from content_queue.store.approvals import NotAllowedError, not_responsible
from content_queue.store.audit import Act, note
from content_queue.store.decided import approvals
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import attempts, deliveries, posts
from content_queue.texts import _

#: What a second person says, as approvals keep it.
FINE, NOT_FINE = "looked", "objected"


@dataclass(frozen=True, slots=True)
class Hurried:
    """One leader's yes to a post that could not wait, which nobody else has looked at yet."""

    id: int
    person: str
    giver: str
    reason: str
    content_hash: str
    at: datetime
    post: Post


_later = approvals.alias("later")
_LOOKED_AT = exists().where(
    _later.c.post == approvals.c.post,
    _later.c.content_hash == approvals.c.content_hash,
    _later.c.role == SECOND_EYE,
    _later.c.id > approvals.c.id,
)
_LEFT = exists().where(
    deliveries.c.post == posts.c.id,
    attempts.c.delivery == deliveries.c.id,
    attempts.c.content_hash == approvals.c.content_hash,
)
_STANDS = (posts.c.state == PostState.APPROVED) & (posts.c.content_hash == approvals.c.content_hash)
_COLUMNS = tuple(approvals.c[name] for name in Hurried.__slots__ if name != "post")
_UNSEEN = (
    select(*_COLUMNS, *POST)
    .join(posts, posts.c.id == approvals.c.post)
    .where(approvals.c.role == URGENT, ~_LOOKED_AT, _STANDS | _LEFT)
    .order_by(approvals.c.id)
)
_UNSEEN_OF = _UNSEEN.where(approvals.c.post == bindparam("code"))


def unseen(connection: Connection) -> list[Hurried]:
    """Return what still wants a second look: what stands approved, and what has left as it was."""
    return [_hurried(row) for row in connection.execute(_UNSEEN)]


def unseen_of(connection: Connection, post: str) -> Hurried | None:
    """Return a post's yes that still wants a second look, the last if there are several."""
    found = [_hurried(row) for row in connection.execute(_UNSEEN_OF, {"code": post})]
    return found[-1] if found else None


def _hurried(row: Sequence[Any]) -> Hurried:
    cut = len(_COLUMNS)
    return Hurried(*[*row[:cut], a_post(row[cut:])])


def may_not_look(hurried: Hurried, person: Person) -> str | None:
    """Say why a person may not be the second one, or None."""
    if any(same_name(person.name, name) for name in (hurried.person, hurried.giver, *hurried.post.writers)):
        return _("Người duyệt khẩn và người soạn không tự xem lại bài này. Xin nhờ người khác.")
    return not_responsible(person, hurried.post.agency)


def look(connection: Connection, hurried: Hurried, act: Act, *, person: Person) -> None:
    """Write down what a second person says; the verb of `act` is `looked` or `objected`.

    Raises:
        NotAllowedError: it is the same person or the author, or one with no right.
    """
    refusal = may_not_look(hurried, person)
    if refusal:
        raise NotAllowedError(refusal)
    connection.execute(
        insert(approvals).values(
            post=hurried.post.id,
            content_hash=hurried.content_hash,
            person=act.actor,
            decision=act.verb,
            way=act.way,
            reason=act.detail["reason"] or None,
            at=act.at,
            role=SECOND_EYE,
            revision=hurried.post.revision,
        )
    )
    note(connection, act)
