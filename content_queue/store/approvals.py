"""Approvals: what people decide on one exact content, by its hash. One decision path for all ways."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.models import Person, Post
from content_queue.models.rules import MAY_SAY, URGENT, Review, Rulebook, Yes, same_name
from content_queue.models.tags import is_urgent
from content_queue.states import NEXT_POST, PostState
from content_queue.store.audit import Act, note
from content_queue.store.decided import approvals
from content_queue.store.posts import find_post
from content_queue.store.reviews import review_of
from content_queue.store.tables import posts
from content_queue.texts import _
from content_queue.words import post_state_name, role_name

#: Roles that may say yes and no to whatever their agencies publish.
DECIDING = frozenset({"approver", "leader"})
#: A person who is responsible for every agency.
PROVINCE = "*"


_DECISIONS = (
    select(
        approvals.c.person,
        approvals.c.giver,
        approvals.c.decision,
        approvals.c.content_hash,
        approvals.c.at,
    )
    .where(approvals.c.post == bindparam("post"))
    .order_by(approvals.c.id)
)


class NotAllowedError(Exception):
    """The decision was refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said about a post.

    `seen` is the hash of what the person saw, None where the server shows the present content;
    `way` is telegram, mail or cli; `urgent` asks for no other yes before the post goes out.
    """

    post: str
    verdict: PostState
    person: Person
    way: str
    seen: str | None = None
    reason: str = ""
    urgent: bool = False


def decide(connection: Connection, decision: Decision, now: datetime, book: Rulebook) -> Post:
    """Record a decision and move the post, once nobody's yes is missing; return it as it then stands.

    Raises:
        NotAllowedError: unknown post, wrong person, changed content, too late, or decided already.
    """
    post = find_post(connection, decision.post)
    if post is None:
        raise NotAllowedError(_("Không có bài mang mã {code}.").format(code=decision.post))
    review = review_of(connection, post, book, now)
    refusal = why_not(review, decision, now)
    if refusal:
        raise NotAllowedError(refusal)
    if decision.verdict == PostState.APPROVED:
        return _say_yes(connection, review, decision, now)
    record(connection, post, decision, _no(review, decision.person, now))
    _move(connection, post, now, state=decision.verdict, reason=decision.reason or None)
    return find_post(connection, post.id) or post


def _say_yes(connection: Connection, review: Review, decision: Decision, now: datetime) -> Post:
    post, role = review.post, asked_role(review, decision, now)
    giver = in_whose_name(review, decision.person, role, now)
    yes = Yes(decision.person.name, role, now, "" if giver == decision.person else giver.name)
    record(connection, post, decision, yes)
    after = replace(review, given=(*_standing(review, now), yes))
    if after.need(now) is None:
        _move(connection, post, now, state=PostState.APPROVED, reason=None, valid_until=after.until(now))
    return find_post(connection, post.id) or post


def _no(review: Review, person: Person, now: datetime) -> Yes:
    """Return who says no, and in whose name; a no answers for no role."""
    roles = _deciding(review)
    giver = next(each for each in review.givers(person) if _may_not(each, review.post, roles) is None)
    return Yes(person.name, "", now, "" if giver == person else giver.name)


def _move(connection: Connection, post: Post, now: datetime, **values: object) -> None:
    connection.execute(update(posts).where(posts.c.id == post.id).values(**values, updated_at=now))


def record(connection: Connection, post: Post, decision: Decision, said: Yes) -> None:
    """Write down what was said with the hash that it covers, and in whose name."""
    about = {"post": post.id, "content_hash": post.content_hash, "revision": post.revision}
    how = {"decision": decision.verdict, "way": decision.way, "reason": decision.reason or None}
    who = {name: getattr(said, name) for name in Yes.__slots__}
    connection.execute(insert(approvals).values({**about, **how, **who}))
    detail = {"hash": post.content_hash, "reason": decision.reason, "role": said.role, "for": said.giver}
    told = {name: value for name, value in detail.items() if value or name in ("hash", "reason")}
    note(connection, Act(said.at, said.person, decision.way, str(decision.verdict), post.id, told))


# --- whether a person may ----------------------------------------------------------------------------------


def why_not(review: Review, decision: Decision, now: datetime) -> str | None:
    """Say why this person may not decide this now, or None. Touches nothing."""
    post = review.post
    if decision.seen is not None and decision.seen != post.content_hash:
        return _("Bài {post} đã thay đổi sau khi thẻ này được gửi. Xin xem thẻ mới rồi quyết định.").format(
            post=post.id
        )
    return (
        may_not_decide(review, decision.person)
        or _not_open(post, decision.verdict)
        or _too_late(post, decision.verdict, now)
        or (_not_asked(review, decision, now) if decision.verdict == PostState.APPROVED else None)
    )


def may_not_decide(review: Review, person: Person) -> str | None:
    """Say why a person may never decide this post, neither in the own name nor in another's; or None."""
    if _wrote(person, review.post):
        return _("Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt.")
    refusals = [_may_not(each, review.post, _deciding(review)) for each in review.givers(person)]
    return None if None in refusals else refusals[_best(review, person)]


def _best(review: Review, person: Person) -> int:
    """Return which refusal to tell: one's own, or, of who has no say of the own, the other's."""
    return 0 if person.roles & _deciding(review) else -1


def _wrote(person: Person, post: Post) -> bool:
    return any(same_name(person.name, name) for name in post.writers)


def _deciding(review: Review) -> frozenset[str]:
    return DECIDING.union(*(MAY_SAY[role] for role in review.rule.needs))


def _may_not(giver: Person, post: Post, roles: Collection[str]) -> str | None:
    """Say why nobody may decide a post in this one's right, or None."""
    return not_responsible(giver, post.agency, roles) or (
        _("Không quyết định thay người soạn bài được.") if _wrote(giver, post) else None
    )


def not_responsible(person: Person, agency: str, roles: Collection[str] = DECIDING) -> str | None:
    """Say why a person may not decide for an agency, or None."""
    if not person.roles & set(roles):
        return _("{name} không có quyền duyệt bài.").format(name=person.name)
    if PROVINCE not in person.agencies and agency not in person.agencies:
        return _("{name} không phụ trách cơ quan {agency}.").format(name=person.name, agency=agency)
    return None


def asked_role(review: Review, decision: Decision, now: datetime) -> str:
    """Return the role that a yes would be for.

    A post for which rules that changed meanwhile ask nobody any more begins at its last step anew.
    """
    return URGENT if decision.urgent else review.need(now) or review.rule.needs[-1]


def in_whose_name(review: Review, person: Person, role: str, now: datetime) -> Person:
    """Return in whose right a person may say a yes: the own, else that of somebody who is away.

    Raises:
        NotAllowedError: in nobody's.
    """
    refusals = []
    for giver in review.givers(person):
        refusal = _may_not_say(review, giver, role, now)
        if refusal is None and (giver == person or not _has_said(review, person, now)):
            return giver
        refusals.append(refusal or _said_already(review, now))
    raise NotAllowedError(refusals[_best(review, person)])


def _may_not_say(review: Review, giver: Person, role: str, now: datetime) -> str | None:
    asked = "leader" if role == URGENT else role
    roles = MAY_SAY[asked]
    refusal = _may_not(giver, review.post, DECIDING | roles)
    if refusal:
        return refusal
    if role != URGENT and _has_said(review, giver, now):
        return _said_already(review, now)
    if not giver.roles & roles:
        told = _("Bài {post} đang chờ {role} duyệt; chưa đến lượt anh/chị.")
        return told.format(post=review.post.id, role=role_name(asked))
    return None


def _has_said(review: Review, person: Person, now: datetime) -> bool:
    """Tell whether a person has said yes, or somebody in that one's name."""
    names = [name for yes in _standing(review, now) for name in (yes.person, yes.giver)]
    return any(same_name(person.name, name) for name in names)


def _standing(review: Review, now: datetime) -> tuple[Yes, ...]:
    return review.counting(now) if review.need(now) else ()


def _said_already(review: Review, now: datetime) -> str:
    told = _("Anh/chị đã duyệt bài {post} rồi; bài còn chờ {role} duyệt.")
    return told.format(post=review.post.id, role=role_name(review.need(now) or review.rule.needs[-1]))


def _not_asked(review: Review, decision: Decision, now: datetime) -> str | None:
    """Say why a yes is not this person's to say now."""
    if decision.urgent and not is_urgent(review.post.tags):
        return _("Chỉ bài có thẻ “khẩn” mới được một lãnh đạo duyệt ngay.")
    if decision.urgent and not decision.reason.strip():
        return _("Duyệt khẩn cần lý do. Xin ghi lý do để người xem lại sau biết.")
    try:
        in_whose_name(review, decision.person, asked_role(review, decision, now), now)
    except NotAllowedError as refusal:
        return str(refusal)
    return None


def able(review: Review, people: Collection[Person], now: datetime) -> list[Person]:
    """Return whose turn it is: who may say the yes that is missing."""
    asked = [(each, Decision(review.post.id, PostState.APPROVED, each, "")) for each in people]
    return [person for person, decision in asked if why_not(review, decision, now) is None]


def may_hurry(review: Review, person: Person, now: datetime) -> bool:
    """Tell whether a person may say yes alone to what cannot wait, and an ordinary yes would not do."""
    urgently = Decision(review.post.id, PostState.APPROVED, person, "", reason="?", urgent=True)
    if why_not(review, urgently, now) is not None:
        return False
    yes = Yes(person.name, asked_role(review, replace(urgently, urgent=False), now), now)
    alone = replace(review, given=(*_standing(review, now), yes))
    return not able(review, [person], now) or alone.need(now) is not None


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


def decisions_on(connection: Connection, post: str) -> list[tuple[str, str, str, datetime]]:
    """Return (person, decision, hash, time) of a post, oldest first; the person with in whose name."""
    rows = connection.execute(_DECISIONS, {"post": post})
    return [(in_name_of(person, giver), *rest) for person, giver, *rest in rows]


def in_name_of(person: str, giver: str) -> str:
    """Return how a person is shown who decided in another's name."""
    return _("{person} (thay {giver})").format(person=person, giver=giver) if giver else person
