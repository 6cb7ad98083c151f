"""What people hear of by themselves: tomorrow's posts, and what nobody has approved yet. Only looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.holding.scopes import show_hold
from bot.moments import local_day, show, show_day, show_hour
from bot.remind_options import RemindOptions
from content_queue.delivery.decide import has_begun
from content_queue.models import Hold, Person, Post
from content_queue.models.rules import MAY_SAY
from content_queue.states import PostState
from content_queue.store import Connection
from content_queue.store.approvals import PROVINCE, able
from content_queue.store.cards import open_in, unapproved
from content_queue.store.demands import Demand, left_of, open_demands
from content_queue.store.holds import active_holds
from content_queue.store.notices import Word
from content_queue.store.posts import posts_in
from content_queue.store.reviews import reviews_of
from content_queue.texts import _
from content_queue.words import post_state_name

#: Roles that a rule may ask.
VOTING = frozenset(MAY_SAY)
#: Posts of one message; more are counted.
LISTED = 40
#: What a digest shows: all but what will not go out.
SHOWN = (PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, PostState.REJECTED)
#: People are told so long before the planned end of a hold, and at it.
BEFORE_END = (timedelta(hours=1), timedelta())
#: So long before the clock of a demand runs out, and when it has.
BEFORE_DUE = (timedelta(hours=6), timedelta(hours=1), timedelta())
#: Channels that are named.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Digest:
    """One message to one person: its lines, and whether there is something to approve."""

    lines: tuple[str, ...]
    asks: bool


def tomorrow(connection: Connection, person: Person, desk: Desk, now: datetime) -> Digest | None:
    """Return tomorrow's posts of a person's agencies, None where there are none."""
    first, last = local_day(now, 1)
    found = _own(person, posts_in(connection, states=SHOWN, first=first, last=last))
    if not found:
        return None
    waiting = [post for post in found if post.state == PostState.IN_REVIEW]
    head = _("Ngày mai, {day}: {count} bài, {waiting} bài chưa duyệt.")
    stops = [hold for hold in active_holds(connection) if has_begun(hold, last)]
    lines = [
        head.format(day=show_day(first), count=len(found), waiting=len(waiting)),
        *(show_hold(hold, desk) for hold in stops),
        *_by_agency(found, desk),
    ]
    return Digest(tuple(lines), bool(_asked(connection, person, waiting, desk, now=now)))


def evening(connection: Connection, person: Person, desk: Desk, now: datetime) -> Digest | None:
    """Return what a person could still approve of what is due until tomorrow's end, None where nothing."""
    _first, last = local_day(now, 1)
    waiting = [post for post, _since in unapproved(connection, now=now, until=last)]
    found = _asked(connection, person, waiting, desk, now=now)
    if not found:
        return None
    head = _("Còn {count} bài đăng từ nay đến hết ngày mai chưa được duyệt. Chưa duyệt thì sẽ không đăng.")
    return Digest((head.format(count=len(found)), *_by_agency(found, desk)), asks=True)


def gets_digests(person: Person) -> bool:
    """Tell whether a person is among those who say yes and can be written to in Telegram."""
    return person.telegram_id is not None and bool(person.roles & VOTING)


def _asked(
    connection: Connection, person: Person, found: Sequence[Post], desk: Desk, *, now: datetime
) -> list[Post]:
    """Return those of these posts to which a person may say yes now."""
    reviews = reviews_of(connection, found, desk.book, now)
    return [post for post in found if able(reviews[post.id], [person], now)]


def _own(person: Person, found: Sequence[Post]) -> list[Post]:
    return [post for post in found if PROVINCE in person.agencies or post.agency in person.agencies]


def _by_agency(found: Sequence[Post], desk: Desk) -> Iterator[str]:
    shown = found[:LISTED]
    for agency in dict.fromkeys(post.agency for post in shown):
        yield f"\n{desk.agency_name(agency)}"
        yield from (_line(post) for post in shown if post.agency == agency)
    if len(found) > LISTED:
        yield _("… và {count} bài khác.").format(count=len(found) - LISTED)


def _line(post: Post) -> str:
    return f"• {show_hour(post.due)} · {post.id} · {post.summary} · {post_state_name(post.state)}"


def to_approve(
    connection: Connection, person: Person, desk: Desk, now: datetime
) -> tuple[list[Post], list[Post]]:
    """Return what one may approve until tomorrow's end: what was shown in the chat as it is; the rest."""
    _first, last = local_day(now, 1)
    lie = open_in(connection, person.telegram_id or 0)
    waiting = [post for post, _since in unapproved(connection, now=now, until=last)]
    found = _asked(connection, person, waiting, desk, now=now)
    seen = [post for post in found if (post.id, post.content_hash) in lie]
    return seen, [post for post in found if (post.id, post.content_hash) not in lie]


# --- told once to everybody concerned ---------------------------------------------------------------------


def reminders(connection: Connection, options: RemindOptions, now: datetime) -> list[Word]:
    """Return what is to be told now of unapproved posts and of holds; each has a key of its own."""
    found = unapproved(connection, now=now, until=now + max(options.before, default=timedelta()))
    words = (_unapproved(post, since, options, now) for post, since in found)
    ends = (_of_end(hold, now) for hold in active_holds(connection))
    clocks = (_of_demand(demand, left_of(connection, demand), now) for demand in open_demands(connection))
    return [word for word in (*words, *ends, *clocks) if word]


def _unapproved(post: Post, since: datetime, options: RemindOptions, now: datetime) -> Word | None:
    """Remind of a post that has waited since before this reminder's time; who just got its card knows."""
    reached = [before for before in options.before if since <= post.due - before <= now]
    if not reached:
        return None
    text = _(
        "Bài {post} đăng lúc {due} chưa được duyệt; đến giờ mà chưa duyệt thì không đăng.\n/duyet {post}"
    )
    key = f"unapproved:{post.id}:{post.due.isoformat()}:{min(reached).total_seconds():.0f}"
    return Word(key, post.agency, post.author, text.format(post=post.id, due=show_hour(post.due)))


def _of_end(hold: Hold, now: datetime) -> Word | None:
    reached = [before for before in BEFORE_END if hold.until and hold.until - before <= now]
    if not reached or hold.until is None:
        return None
    text = _(
        "Lệnh tạm dừng số {id} ({reason}) dự kiến kết thúc lúc {until}, và còn hiệu lực cho tới khi có người "
        "chấm dứt: /tiep_tuc {id}. Bài bị giữ lại không tự đăng."
    )
    told = text.format(id=hold.id, reason=hold.reason, until=show_hour(hold.until))
    [agency] = hold.scope.get("agencies", ())[:1] or [PROVINCE]
    key = f"hold ends:{hold.id}:{hold.until.isoformat()}:{min(reached).total_seconds():.0f}"
    return Word(key, agency, hold.person, told)


def _of_demand(demand: Demand, left: Sequence[str], now: datetime) -> Word | None:
    reached = [before for before in BEFORE_DUE if demand.due_at - before <= now]
    if not reached:
        return None
    text = _(
        "Yêu cầu gỡ theo văn bản số {number} có hạn {due} mà còn {count} kênh chưa gỡ xong: {channels}. "
        "Xin tự gỡ trên kênh rồi báo: /go_bai xong {number}"
    )
    named = ", ".join(left[:NAMED]) + (" …" if len(left) > NAMED else "")
    told = text.format(number=demand.number, due=show(demand.due_at), count=len(left), channels=named)
    key = f"demand:{demand.id}:{min(reached).total_seconds():.0f}"
    return Word(key, demand.agency, demand.person, told)
