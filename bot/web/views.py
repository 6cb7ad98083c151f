"""What each page shows, read in one look at the ledger: a template and its facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.acts import TIMED, By
from bot.desk import Desk
from bot.holding.foresight import foresee, show_foreseen
from bot.holding.scopes import KINDS, show_hold
from bot.people import answers_for, wrote
from bot.undoing.takeback import show_touched, touched_by_post
from bot.web.acting import Form, by_hand, order_of, visible
from bot.web.lists import LISTS, NAMES, lines_of
from bot.web.looks import shown
from content_queue.models import Post
from content_queue.models.rules import Review
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError, may_hurry, not_responsible, why_not
from content_queue.store.holds import active_holds
from content_queue.store.posts import deliveries_of
from content_queue.store.reviews import review_of
from content_queue.store.second_eye import may_not_look, unseen_of
from content_queue.texts import _


@dataclass(frozen=True, slots=True)
class View:
    """A template of ours and what it shows."""

    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a page, at which desk, and for what: names in the address, or fields of a form."""

    by: By
    desk: Desk
    form: Form


def list_view(connection: Connection, asked: Asked) -> View:
    """Show one of the lists."""
    which = asked.form.one("which") or "cho-duyet"
    if which not in LISTS:
        raise NotAllowedError(_("Không có trang này."))
    lines = lines_of(connection, which, asked.by, asked.desk)
    return View("list.html", {"here": which, "name": _(NAMES[which]), "lines": lines})


def post_view(connection: Connection, asked: Asked) -> View:
    """Show a post, and what the visitor may do with it."""
    post = visible(connection, asked.form.one("post"), asked.by, asked.desk)
    review = review_of(connection, post, asked.desk.book, asked.by.now)
    page, may = shown(connection, post, asked.desk), _may(review, asked.by)
    may = {**may, **_asked_of(connection, post, asked.by)}
    hands = by_hand(connection, post, asked.by, asked.desk)
    return View("post.html", {"page": page, "may": may, "hands": hands})


def _may(review: Review, by: By) -> Mapping[str, Any]:
    """Tell what a visitor may do with a post; `why_not` says why it waits for somebody else."""
    post = review.post
    decisions = (by.yes(post.id), by.no(post.id, ""))
    refusals = {decision.verdict: why_not(review, decision, by.now) for decision in decisions}
    theirs = answers_for(by.person, post.agency) or wrote(by.person, post)
    return {
        "approve": refusals[PostState.APPROVED] is None,
        "reject": refusals[PostState.REJECTED] is None,
        "hurry": may_hurry(review, by.person, by.now),
        "why_not": refusals[PostState.APPROVED] if post.state == PostState.IN_REVIEW else "",
        "new_time": theirs and post.state in TIMED,
        "cancel": theirs and post.state != PostState.CANCELLED,
        "take_back": not_responsible(by.person, post.agency) is None,
    }


def _asked_of(connection: Connection, post: Post, by: By) -> Mapping[str, Any]:
    """Return what a visitor is asked of a post: to look again, and what they see on channels."""
    hurried = unseen_of(connection, post.id)
    may_look = hurried is not None and may_not_look(hurried, by.person) is None
    answers = not_responsible(by.person, post.agency) is None
    rows = deliveries_of(connection, post.id) if answers else []
    unknown = [row for row in rows if row.state == DeliveryState.UNCONFIRMED and row.asked_at is None]
    out = any(row.state == DeliveryState.PUBLISHED for row in rows)
    return {"look": hurried if may_look else None, "unknown": unknown, "correct": out and not post.corrects}


def take_back_view(connection: Connection, asked: Asked) -> View:
    """List what taking a post back touches."""
    post = visible(connection, asked.form.one("post"), asked.by, asked.desk)
    touched = touched_by_post(connection, post.id, asked.by)
    some = bool(touched.out or touched.coming)
    facts = {"post": post, "stamp": touched.stamp, "lines": show_touched(touched), "some": some}
    return View("take_back.html", facts)


def holds_view(connection: Connection, asked: Asked) -> View:
    """Show the holds in force and, for one that is asked for, what it would catch and let through."""
    stops = [(stop.id, show_hold(stop, asked.desk)) for stop in active_holds(connection)]
    facts = {
        "here": "tam-dung",
        "holds": stops,
        "kinds": {kind: _(name) for kind, name in KINDS.items()},
        "ready": [each.name for each in asked.desk.ready],
        "foreseen": (),
        "stamp": "",
        "trouble": "",
    }
    if asked.form.one("reason") or asked.form.one("ready"):
        facts |= _foreseen(connection, asked)
    return View("holds.html", facts)


def _foreseen(connection: Connection, asked: Asked) -> Mapping[str, Any]:
    """Return what a hold would do; what is wrong with it is told above its form, which keeps its words."""
    try:
        order = order_of(connection, asked.form, asked.by, asked.desk)
        foreseen = foresee(connection, order, asked.by, desk=asked.desk)
    except NotAllowedError as refusal:
        return {"trouble": str(refusal)}
    return {"foreseen": show_foreseen(foreseen, asked.desk), "stamp": foreseen.stamp}


#: Name of a page -> what it shows.
VIEWS: Mapping[str, Callable[[Connection, Asked], View]] = {
    "list": list_view,
    "post": post_view,
    "take_back": take_back_view,
    "holds": holds_view,
}
