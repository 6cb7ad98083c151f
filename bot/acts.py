"""What people do to posts and holds: one way for Telegram and for the command line.

Each act checks its own right, writes to the ledger, and returns what to tell. What is refused raises
`NotAllowedError` with a sentence that says why and what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.holding.scopes import allowed_scope
from bot.moments import show
from bot.people import answers_for, wrote
from content_queue.delivery.claim import catch
from content_queue.delivery.decide import caught_by
from content_queue.models import Hold, Person, Post
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection
from content_queue.store import posts as ledger
from content_queue.store.approvals import Decision, NotAllowedError, decide, may_not_decide, why_not
from content_queue.store.audit import DAEMON, Act
from content_queue.store.holds import Aimed, Order, active_holds, aimed, begin_hold, end_hold
from content_queue.store.notices import Word, tell
from content_queue.store.posts import find_post
from content_queue.store.reviews import carry, review_of
from content_queue.texts import _
from content_queue.words import post_state_name, role_name

#: Deliveries that a hold in force will catch when their time comes.
WAITING = (DeliveryState.SCHEDULED, DeliveryState.RETRYING)
#: Posts of one entry that are named when several could be meant.
NAMED = 5
#: What goes out at once goes out so much later: approved before its time, as everything is.
AT_ONCE = timedelta(seconds=2)
#: Posts whose text stands; only these can be given another time.
TIMED = (PostState.IN_REVIEW, PostState.APPROVED)


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, by which way (telegram, mail or cli), and when."""

    person: Person
    way: str
    now: datetime

    def yes(self, post: str, *, seen: str | None = None, urgently: str = "") -> Decision:
        """Return a yes to a post; alone and at once, where a reason for that is given."""
        verdict, urgent = PostState.APPROVED, bool(urgently)
        return Decision(post, verdict, self.person, self.way, seen, urgently.strip(), urgent)

    def no(self, post: str, reason: str, *, seen: str | None = None) -> Decision:
        """Return a no to a post."""
        return Decision(post, PostState.REJECTED, self.person, self.way, seen, reason.strip())


@dataclass(frozen=True, slots=True)
class Stop:
    """What a person wants stopped, why, by which document, when, and the tags that are let through."""

    scope: Mapping[str, Sequence[str]]
    reason: str
    document: str = ""
    starts_at: datetime | None = None
    until: datetime | None = None
    spares: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A hold and the deliveries that it covers."""

    hold: Hold
    covered: Sequence[Aimed]


@dataclass(frozen=True, slots=True)
class Moved:
    """A post with its new time; `waits` says why its new time still needs somebody's approval."""

    post: Post
    deliveries: int
    waits: str | None


def approve(connection: Connection, decision: Decision, now: datetime, *, desk: Desk) -> Post:
    """Say yes to a post; it is approved once nobody's yes is missing: `standing_words` says whose is.

    An approved correction goes out at once: its time is only how long it waits for that.
    """
    post = post_called(connection, decision.post)
    if decision.urgent:
        want_reason(decision.reason)
    done = decide(connection, replace(decision, post=post.id), now, desk.book)
    if not post.corrects or done.state != PostState.APPROVED:
        return done
    return _at_once(connection, done, decision, now=now, desk=desk)


def _at_once(connection: Connection, post: Post, decision: Decision, *, now: datetime, desk: Desk) -> Post:
    """Give an approved correction the present time; what was said yes to was that it goes out at once."""
    review = review_of(connection, post, desk.book, now)
    at, window = (now + AT_ONCE).replace(microsecond=0), _window_of(connection, post)
    act = Act(now, decision.person.name, decision.way, "new_time", post.id, {"at": at.isoformat()})
    ledger.give_time(connection, post, at, window=window, act=act)
    carry(connection, review, post_called(connection, post.id), now)
    return post_called(connection, post.id)


def standing_words(connection: Connection, post: Post, desk: Desk, now: datetime) -> str:
    """Say what came of a yes: approved, or whose yes is missing still."""
    if post.state == PostState.APPROVED:
        return _("Đã duyệt bài {post}, đăng lúc {due}.").format(post=post.id, due=show(post.due))
    need = review_of(connection, post, desk.book, now).need(now)
    told = _("Đã ghi ý kiến duyệt bài {post}; bài còn chờ {role} duyệt.")
    return told.format(post=post.id, role=role_name(need or ""))


def reject(connection: Connection, decision: Decision, now: datetime, *, desk: Desk) -> Post:
    """Say no to a post, with a reason that its author can work with."""
    want_reason(decision.reason)
    post = post_called(connection, decision.post)
    rejected = decide(connection, replace(decision, post=post.id), now, desk.book)
    tell(connection, _rejection(rejected, decision.person, now), now)
    return rejected


def _rejection(post: Post, person: Person, now: datetime) -> Word:
    """Return what the author is told, to mend the row by."""
    told = _("Bài {post} bị {person} từ chối. Lý do: {reason}\nXin sửa dòng của bài trong lịch để trình lại.")
    text = told.format(post=post.id, person=person.name, reason=post.reason)
    return Word(f"rejected:{post.id}:{post.content_hash}:{now.isoformat()}", post.agency, post.author, text)


def cancel(connection: Connection, code: str, by: By, *, reason: str) -> int:
    """Take a post out of the plan; what is out stays. Return how many deliveries will not go out."""
    post = post_called(connection, code)
    if not (answers_for(by.person, post.agency) or wrote(by.person, post)):
        raise NotAllowedError(_not_theirs(by.person))
    want_reason(reason)
    if post.state == PostState.CANCELLED:
        raise NotAllowedError(_("Bài {post} đã được hủy trước đó.").format(post=post.id))
    detail = {"reason": reason.strip()}
    return ledger.cancel(connection, post, act=Act(by.now, by.person.name, by.way, "cancel", post.id, detail))


def give_new_time(connection: Connection, code: str, by: By, *, at: datetime | None, desk: Desk) -> Moved:
    """Give what is held, missed, refused or still to come a new time; None is at once.

    Whoever does it with the right to approve approves in the same act.
    """
    post = post_called(connection, code)
    if at is None:
        _want_approver(connection, post, by, desk)
        at = (by.now + AT_ONCE).replace(microsecond=0)
    _want_timed(post, by, at)
    detail = {"at": at.isoformat()}
    act = Act(by.now, by.person.name, by.way, "new_time", post.id, detail)
    count = ledger.give_time(connection, post, at, window=desk.window, act=act)
    if not count:
        told = _("Bài {post} không còn lượt đăng nào đang chờ, bị tạm dừng, lỡ giờ hay bị từ chối.")
        raise NotAllowedError(told.format(post=post.id))
    post = post_called(connection, post.id)
    decision = by.yes(post.id, seen=post.content_hash)
    refusal = why_not(review_of(connection, post, desk.book, by.now), decision, by.now)
    if refusal:
        return Moved(post, count, refusal)
    done = decide(connection, decision, by.now, desk.book)
    waits = None if done.state == PostState.APPROVED else standing_words(connection, done, desk, by.now)
    return Moved(done, count, waits)


def hold(connection: Connection, stop: Stop, by: By, *, desk: Desk) -> Held:
    """Stop what a scope covers; someone of one agency stops only that agency's posts."""
    thought = as_hold(stop, by, desk=desk)
    told = {name: getattr(thought, name) for name in Order.__slots__ if name != "way"}
    begun = replace(thought, id=begin_hold(connection, Order(**told, way=by.way), by.now))
    return Held(begun, covered(connection, begun, WAITING))


def as_hold(stop: Stop, by: By, *, desk: Desk) -> Hold:
    """Return the hold that a person's words would make, with number 0.

    Raises:
        NotAllowedError: the person may not order it, or it would be over before it began.
    """
    want_reason(stop.reason)
    starts_at = stop.starts_at if stop.starts_at and stop.starts_at > by.now else None
    if stop.until and stop.until <= (starts_at or by.now):
        raise NotAllowedError(_("Giờ dự kiến kết thúc phải sau giờ bắt đầu tạm dừng."))
    return Hold(
        id=0,
        scope=allowed_scope(by.person, stop.scope, desk),
        reason=stop.reason.strip(),
        document=stop.document.strip(),
        person=by.person.name,
        started_at=by.now,
        starts_at=starts_at,
        until=stop.until,
        spares=tuple(stop.spares),
    )


def release(connection: Connection, number: int | None, by: By, *, desk: Desk) -> Held:
    """End a hold; what it caught stays held and is returned, for somebody to give it a new time."""
    ending = _hold_to_end(active_holds(connection), number)
    if allowed_scope(by.person, ending.scope, desk) != dict(ending.scope):
        raise NotAllowedError(
            _("Lệnh tạm dừng số {number} rộng hơn phạm vi {name} phụ trách. Xin báo lãnh đạo.").format(
                number=ending.id, name=by.person.name
            )
        )
    if ending.person != DAEMON:  # in a pause of its own nothing is caught: it goes by its window
        catch(connection, ending, by.now)
    end_hold(connection, ending.id, person=by.person.name, way=by.way, now=by.now)
    return Held(replace(ending, ended_at=by.now), covered(connection, ending, (DeliveryState.HELD,)))


def covered(connection: Connection, stop: Hold, states: Sequence[DeliveryState]) -> list[Aimed]:
    """Return the deliveries in these states that a hold covers."""
    return [each for each in aimed(connection, states) if caught_by(stop, each, each.post)]


def post_called(connection: Connection, code: str) -> Post:
    """Return a post by its code, or by the code of its entry where that has only one post.

    Raises:
        NotAllowedError: there is none, or several could be meant.
    """
    post = find_post(connection, code)
    found = [post] if post else ledger.posts_of_entry(connection, code)
    if not found:
        told = _("Không có bài mang mã {code}. Mã bài đăng gồm Mã bài và năm, ví dụ GV-2026.")
        raise NotAllowedError(told.format(code=code))
    if len(found) > 1:
        told = _("Mục {code} có nhiều bài. Xin ghi rõ một bài: {posts}.")
        named = ", ".join(f"{each.id} ({show(each.due)})" for each in found[:NAMED])
        raise NotAllowedError(told.format(code=code, posts=named))
    return found[0]


def _hold_to_end(in_force: Sequence[Hold], number: int | None) -> Hold:
    chosen = [stop for stop in in_force if number in (None, stop.id)]
    if len(chosen) == 1:
        return chosen[0]
    if not in_force:
        raise NotAllowedError(_("Hiện không có lệnh tạm dừng nào."))
    numbers = ", ".join(str(stop.id) for stop in in_force)
    raise NotAllowedError(
        _("Xin ghi số lệnh tạm dừng cần chấm dứt. Đang có lệnh số: {numbers}.").format(numbers=numbers)
    )


def want_reason(reason: str) -> None:
    """Refuse an act without a reason."""
    if not reason.strip():
        raise NotAllowedError(_("Chưa có lý do. Xin ghi lý do để người liên quan biết cách xử lý."))


def _want_timed(post: Post, by: By, at: datetime) -> None:
    if not (answers_for(by.person, post.agency) or wrote(by.person, post)):
        raise NotAllowedError(_not_theirs(by.person))
    if post.state not in TIMED:
        told = _("Bài {post} đang ở trạng thái “{state}”, không cho giờ mới được. Xin sửa bài trong lịch.")
        raise NotAllowedError(told.format(post=post.id, state=post_state_name(post.state)))
    if at <= by.now:
        raise NotAllowedError(_("{moment} đã qua. Xin cho một giờ trong tương lai.").format(moment=show(at)))


def _want_approver(connection: Connection, post: Post, by: By, desk: Desk) -> None:
    refusal = may_not_decide(review_of(connection, post, desk.book, by.now), by.person)
    if refusal:
        told = _("{why} Chỉ người có quyền duyệt mới cho đăng ngay được; xin chọn giờ mới để kịp duyệt.")
        raise NotAllowedError(told.format(why=refusal))


def _window_of(connection: Connection, post: Post) -> timedelta:
    return max(
        (row.window_end - row.due for row in ledger.deliveries_of(connection, post.id)), default=AT_ONCE
    )


def _not_theirs(person: Person) -> str:
    return _("{name} không phụ trách cơ quan của bài này.").format(name=person.name)
