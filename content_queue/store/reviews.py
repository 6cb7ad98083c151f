"""Posts before their deciders: which rule covers each, who said yes, who stands in for whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update

from content_queue.models import Post
from content_queue.models.rules import Case, Delegation, Review, Rule, Rulebook, Yes
from content_queue.states import UNDELIVERED, DeliveryState, PostState
from content_queue.store.audit import CALENDAR, DAEMON, Act, note
from content_queue.store.decided import approvals, delegations
from content_queue.store.rows import POST, a_post
from content_queue.store.tables import deliveries, posts, variants

_NOW = bindparam("now", type_=posts.c.due.type)
_POSTS: BindParameter[Any] = bindparam("posts", expanding=True)
_GIVEN = (
    select(approvals.c.post, approvals.c.person, approvals.c.role, approvals.c.at, approvals.c.giver)
    .join(posts, posts.c.id == approvals.c.post)
    .where(
        approvals.c.post.in_(_POSTS),
        approvals.c.decision == PostState.APPROVED,
        approvals.c.role != "",
        approvals.c.revision == posts.c.revision,
        approvals.c.content_hash == posts.c.content_hash,
    )
    .order_by(approvals.c.id)
)
#: Where a post goes; a payload is looked into only for whether it is a broadcast.
_GOES = (
    select(
        deliveries.c.post,
        deliveries.c.channel,
        deliveries.c.platform,
        deliveries.c.locale,
        variants.c.payload[("fields", "broadcast")].as_string().is_not(None),
    )
    .outerjoin(variants, variants.c.hash == deliveries.c.variant)
    .where(deliveries.c.post.in_(_POSTS), deliveries.c.state != DeliveryState.CANCELLED)
)
_STANDING_IN = (
    select(*(delegations.c[name] for name in Delegation.__slots__))
    .where(delegations.c.ended_at.is_(None), delegations.c.until > _NOW)
    .order_by(delegations.c.id)
)
_ENDED = select(*POST).where(posts.c.valid_until.is_not(None), posts.c.valid_until <= _NOW)


def review_of(connection: Connection, post: Post, book: Rulebook, now: datetime) -> Review:
    """Return a post before its deciders."""
    return reviews_of(connection, [post], book, now)[post.id]


def reviews_of(
    connection: Connection, found: Sequence[Post], book: Rulebook, now: datetime
) -> dict[str, Review]:
    """Return posts before their deciders, by code."""
    ids = [post.id for post in found]
    given, cases = _given(connection, ids), _cases(connection, found, book)
    in_force = tuple(each for each in open_delegations(connection, now) if each.since <= now)
    return {
        post.id: Review(
            post, book.rule_for(cases[post.id]), tuple(given.get(post.id, ())), in_force, book.people
        )
        for post in found
    }


def _given(connection: Connection, ids: Sequence[str]) -> dict[str, list[Yes]]:
    found: dict[str, list[Yes]] = {}
    for post, *yes in connection.execute(_GIVEN, {"posts": ids}):
        found.setdefault(post, []).append(Yes(*yes))
    return found


def _cases(connection: Connection, found: Sequence[Post], book: Rulebook) -> Mapping[str, Case]:
    """Return what rules look at; without rules nobody looks."""
    if not book.rules:
        return {post.id: Case(post.agency) for post in found}
    goes: dict[str, list[Sequence[object]]] = {}
    for post, *where in connection.execute(_GOES, {"posts": [post.id for post in found]}):
        goes.setdefault(post, []).append(where)
    return {post.id: _case(post, goes.get(post.id, ()), book) for post in found}


def _case(post: Post, goes: Sequence[Sequence[object]], book: Rulebook) -> Case:
    channels, platforms, languages, broadcasts = zip(*goes, strict=True) if goes else ((), (), (), ())
    owners = {book.owners.get(str(channel), post.agency) for channel in channels}
    return Case(
        post.agency,
        post.campaign,
        frozenset(post.tags),
        frozenset(map(str, platforms)),
        frozenset(map(str, languages)),
        broadcast=any(broadcasts),
        relay=bool(owners - {post.agency}),
    )


def carry(connection: Connection, review: Review, post: Post, now: datetime) -> None:
    """Let the yeses to a correction stand as it goes out at once: that is what they were said to."""
    counting = review.counting(now)
    rows = [
        {
            "post": post.id,
            "content_hash": post.content_hash,
            "revision": post.revision,
            "decision": PostState.APPROVED,
            "way": DAEMON,
            **{name: getattr(yes, name) for name in Yes.__slots__},
        }
        for yes in counting
    ]
    connection.execute(insert(approvals), rows)
    approved = {"state": PostState.APPROVED, "valid_until": review.until(now)}
    connection.execute(update(posts).where(posts.c.id == post.id).values(**approved))
    detail = {"hash": post.content_hash, "reason": "", "carried": [yes.person for yes in counting]}
    note(connection, Act(now, DAEMON, DAEMON, str(PostState.APPROVED), post.id, detail))


def ended_approvals(connection: Connection, now: datetime) -> list[Post]:
    """Return the posts whose approval has come to its end, as a rule says."""
    return [a_post(row) for row in connection.execute(_ENDED, {"now": now})]


def lapse(connection: Connection, now: datetime) -> list[Post]:
    """Put posts back into review whose approval has ended; of what is out, nothing changes."""
    ended = ended_approvals(connection, now)
    lapsed = [post for post in ended if post.state == PostState.APPROVED and _waits(connection, post)]
    for post in ended:
        values: dict[str, object] = {"valid_until": None}
        if post in lapsed:
            values |= {"state": PostState.IN_REVIEW, "revision": post.revision + 1, "updated_at": now}
            note(connection, Act(now, DAEMON, DAEMON, "lapse", post.id, {"hash": post.content_hash}))
        connection.execute(update(posts).where(posts.c.id == post.id).values(**values))
    return lapsed


def _waits(connection: Connection, post: Post) -> bool:
    waiting = select(deliveries.c.id).where(
        deliveries.c.post == post.id, deliveries.c.state.in_((*UNDELIVERED, DeliveryState.PUBLISHING))
    )
    return connection.execute(waiting.limit(1)).first() is not None


def rules_of(connection: Connection, ids: Sequence[str], book: Rulebook) -> dict[str, tuple[int, Rule]]:
    """Return which rule covers each of these posts that is approved or in review, and its revision."""
    if not book.rules:
        return {}
    open_ = (PostState.IN_REVIEW, PostState.APPROVED)
    rows = connection.execute(select(*POST).where(posts.c.id.in_(ids), posts.c.state.in_(open_)))
    found = [a_post(row) for row in rows]
    cases = _cases(connection, found, book)
    return {post.id: (post.revision, book.rule_for(cases[post.id])) for post in found}


def follow_rules(
    connection: Connection, before: Mapping[str, tuple[int, Rule]], book: Rulebook, now: datetime
) -> list[str]:
    """Begin the review of posts anew that came under another rule, though no letter of them changed."""
    after = rules_of(connection, list(before), book)
    moved = [
        code
        for code, (revision, rule) in before.items()
        if code in after and after[code][0] == revision and after[code][1] != rule
    ]
    for code in moved:
        connection.execute(
            update(posts)
            .where(posts.c.id == code)
            .values(state=PostState.IN_REVIEW, revision=posts.c.revision + 1, updated_at=now)
        )
        note(connection, Act(now, CALENDAR, "calendar", "edit", code, {"reason": "rule"}))
    return moved


# --- while somebody is away ------------------------------------------------------------------------------


def open_delegations(connection: Connection, now: datetime) -> list[Delegation]:
    """Return the delegations that are in force or to come, oldest first."""
    return [Delegation(*row) for row in connection.execute(_STANDING_IN, {"now": now})]


def delegate(connection: Connection, wanted: Delegation, act: Act) -> Delegation:
    """Let a person decide in another's name; its number is given here."""
    values = {name: getattr(wanted, name) for name in Delegation.__slots__ if name != "id"}
    number = connection.execute(insert(delegations).values(values).returning(delegations.c.id)).scalar_one()
    note(connection, act)
    return Delegation(int(number), wanted.giver, wanted.taker, wanted.since, wanted.until)


def end_delegation(connection: Connection, number: int, act: Act) -> bool:
    """End a delegation before its time; return False if it has ended."""
    ended = connection.execute(
        update(delegations)
        .where(delegations.c.id == number, delegations.c.ended_at.is_(None))
        .values(ended_at=act.at)
    )
    if ended.rowcount == 1:
        note(connection, act)
    return ended.rowcount == 1
