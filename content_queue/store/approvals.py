"""Approvals: one person's decision on one exact content, by its hash. One decision path for all ways."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import Person, Post
from content_queue.states import NEXT_POST, PostState
from content_queue.store.audit import Act, note
from content_queue.store.posts import find_post
from content_queue.store.tables import approvals, posts
from content_queue.texts import _
from content_queue.words import post_state_name

#: Roles that may say yes and no.
DECIDING = frozenset({"approver", "leader"})
#: A person who is responsible for every agency.
PROVINCE = "*"


_DECISIONS = (
    select(approvals.c.person, approvals.c.decision, approvals.c.content_hash, approvals.c.at)
    .where(approvals.c.post == bindparam("post"))
    .order_by(approvals.c.id)
)


class NotAllowedError(Exception):
    """The decision was refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said about a post.

    `seen` is the hash of what the person saw, None where the server shows the present content;
    `way` is telegram or cli.
    """

    post: str
    verdict: PostState
    person: Person
    way: str
    seen: str | None = None
    reason: str = ""


def decide(connection: Connection, decision: Decision, now: datetime) -> Post:
    """Record a decision and move the post; return it as it then stands.

    Raises:
        NotAllowedError: unknown post, wrong person, changed content, too late, or decided already.
    """
    post = find_post(connection, decision.post)
    if post is None:
        raise NotAllowedError(_("Không có bài mang mã {code}.").format(code=decision.post))
    refusal = why_not(post, decision, now)
    if refusal:
        raise NotAllowedError(refusal)
    connection.execute(
        update(posts)
        .where(posts.c.id == post.id)
        .values(state=decision.verdict, reason=decision.reason or None, updated_at=now)
    )
    record(connection, post, decision, now)
    return find_post(connection, post.id) or post


def record(connection: Connection, post: Post, decision: Decision, now: datetime) -> None:
    """Write the approval down with the hash that it covers."""
    said = {"decision": decision.verdict, "way": decision.way, "reason": decision.reason or None}
    connection.execute(
        insert(approvals).values(
            post=post.id, content_hash=post.content_hash, person=decision.person.name, at=now, **said
        )
    )
    detail = {"hash": post.content_hash, "reason": decision.reason}
    note(connection, Act(now, decision.person.name, decision.way, str(decision.verdict), post.id, detail))


def why_not(post: Post, decision: Decision, now: datetime) -> str | None:
    """Say why this person may not decide this now, or None. Touches nothing."""
    if decision.seen is not None and decision.seen != post.content_hash:
        return _("Bài {post} đã thay đổi sau khi thẻ này được gửi. Xin xem thẻ mới rồi quyết định.").format(
            post=post.id
        )
    return (
        may_not_approve(decision.person, post)
        or _not_open(post, decision.verdict)
        or _too_late(post, decision.verdict, now)
    )


def may_not_approve(person: Person, post: Post) -> str | None:
    """Say why a person may never decide this post, or None."""
    return not_responsible(person, post.agency) or _is_author(person, post)


def not_responsible(person: Person, agency: str) -> str | None:
    """Say why a person may not decide for an agency, or None."""
    if not person.roles & DECIDING:
        return _("{name} không có quyền duyệt bài.").format(name=person.name)
    if PROVINCE not in person.agencies and agency not in person.agencies:
        return _("{name} không phụ trách cơ quan {agency}.").format(name=person.name, agency=agency)
    return None


def _is_author(person: Person, post: Post) -> str | None:
    if _folded(person.name) == _folded(post.author):
        return _("Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt.")
    return None


def _not_open(post: Post, verdict: PostState) -> str | None:
    if post.state == verdict == PostState.APPROVED:
        return _("Bài {post} đã được duyệt rồi.").format(post=post.id)
    if verdict not in NEXT_POST[post.state]:
        return _("Bài {post} đang ở trạng thái “{state}”, không quyết định được.").format(
            post=post.id, state=post_state_name(post.state)
        )
    return None


def _too_late(post: Post, verdict: PostState, now: datetime) -> str | None:
    if verdict == PostState.APPROVED and now >= post.due:
        return _("Đã quá giờ đăng của bài {post}. Xin cho giờ mới trước khi duyệt.").format(post=post.id)
    return None


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def decisions_on(connection: Connection, post: str) -> list[tuple[str, str, str, datetime]]:
    """Return (person, decision, hash, time) of a post, oldest first."""
    return [tuple(row) for row in connection.execute(_DECISIONS, {"post": post})]
