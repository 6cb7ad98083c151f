"""The page's lists: what waits, what is due today, what was held, what missed its time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.acts import By
from bot.desk import Desk
from bot.moments import local_day
from bot.people import may_see
from bot.web.looks import Line, line_of
from content_queue.models import Post
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection
from content_queue.store.approvals import able
from content_queue.store.posts import posts_in, queue
from content_queue.store.reviews import reviews_of
from content_queue.texts import N_

#: Posts of one list; more are counted.
LISTED = 200
#: How far around now is looked.
AROUND = timedelta(days=400)


def lines_of(connection: Connection, which: str, by: By, desk: Desk) -> list[Line]:
    """Return the posts of a list that concern a person, earliest first; `mine` wait for this one's yes."""
    found = [post for post in LISTS[which](connection, by) if may_see(by.person, post)][:LISTED]
    reviews = reviews_of(connection, found, desk.book, by.now)
    mine = {code for code, review in reviews.items() if able(review, [by.person], by.now)}
    counted = which != "cho-duyet"  # there all of them wait
    return [line_of(connection, post, mine=post.id in mine, counted=counted) for post in found]


def _waiting(connection: Connection, by: By) -> Sequence[Post]:
    return posts_in(connection, states=(PostState.IN_REVIEW,), first=by.now, last=by.now + AROUND)


def _today(connection: Connection, by: By) -> Sequence[Post]:
    first, last = local_day(by.now)
    states = tuple(state for state in PostState if state != PostState.CANCELLED)
    return posts_in(connection, states=states, first=first, last=last)


def _held(connection: Connection, by: By) -> Sequence[Post]:  # noqa: ARG001 - every list takes who asks
    return _with(connection, DeliveryState.HELD)


def _missed(connection: Connection, by: By) -> Sequence[Post]:
    late = posts_in(connection, states=(PostState.IN_REVIEW,), first=by.now - AROUND, last=by.now)
    found = {post.id: post for post in (*late, *_with(connection, DeliveryState.MISSED))}
    return sorted(found.values(), key=lambda post: (post.due, post.id))


def _with(connection: Connection, state: DeliveryState) -> list[Post]:
    return list({queued.post.id: queued.post for queued in queue(connection, states=(state,))}.values())


#: Place in the address -> how it is read.
LISTS: Mapping[str, Callable[[Connection, By], Sequence[Post]]] = {
    "cho-duyet": _waiting,
    "hom-nay": _today,
    "bi-giu": _held,
    "lo-gio": _missed,
}
#: Place in the address -> what it is called.
NAMES: Mapping[str, str] = {
    "cho-duyet": N_("Chờ duyệt"),
    "hom-nay": N_("Hôm nay"),
    "bi-giu": N_("Bị giữ"),
    "lo-gio": N_("Lỡ giờ"),
}
