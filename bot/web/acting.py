"""What the page's forms do: the acts of `bot.acts`, each with what the form has to say.

Every act takes place in one transaction and returns what to tell; what is refused raises `NotAllowedError`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import acts
from bot.acts import By, Stop
from bot.approving.second_look import look_again
from bot.desk import Desk
from bot.findings import said, say_posted, tell_finding
from bot.holding.foresight import foresee
from bot.holding.scopes import KINDS, known_posts, names_of, show_hold
from bot.holding.words import prepared, ready_named
from bot.moments import read_edge, read_new_time
from bot.people import may_post, may_see
from bot.telegram.showing import moved, released
from bot.undoing.correction import Ask, ask_correction
from bot.undoing.takeback import take_back, touched_by_post
from content_queue.models import Delivery, Post
from content_queue.store import Connection, assisted
from content_queue.store.approvals import NotAllowedError
from content_queue.store.findings import Finding
from content_queue.texts import _


@dataclass(frozen=True, slots=True)
class Form:
    """What a visitor sent: name -> values, in their order."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """Return the value of a field, empty where there is none."""
        return (self.fields.get(name) or ("",))[0].strip()

    def all(self, name: str) -> Sequence[str]:
        """Return all values of a field."""
        return self.fields.get(name, ())


@dataclass(frozen=True, slots=True)
class Doing:
    """One act under way: where, by whom, at which desk, with what form."""

    connection: Connection
    by: By
    desk: Desk
    form: Form

    def post(self) -> Post:
        """Return the post that the form is about, as it was shown."""
        post = visible(self.connection, self.form.one("post"), self.by, self.desk)
        if post.content_hash != self.form.one("seen"):
            raise NotAllowedError(_("Bài {post} vừa thay đổi. Xin xem lại bản mới.").format(post=post.id))
        return post


def visible(connection: Connection, code: str, by: By, desk: Desk) -> Post:
    """Return a post that a person may see: it concerns them, or they are asked to post it by hand.

    Raises:
        NotAllowedError: there is none, or it is none of theirs.
    """
    post = acts.post_called(connection, code)
    if not may_see(by.person, post) and not by_hand(connection, post, by, desk):
        raise NotAllowedError(_("Không có bài mang mã {code}.").format(code=code))
    return post


def by_hand(connection: Connection, post: Post, by: By, desk: Desk) -> list[Delivery]:
    """Return what of a post waits to be posted by hand and this person may say to have posted."""
    return [
        each.delivery
        for each in assisted.asked(connection)
        if each.post.id == post.id
        and any(
            may_post(by.person, agency) for agency in (post.agency, desk.agency_of(each.delivery.channel))
        )
    ]


def _posted(doing: Doing) -> str:
    post, number = doing.post(), doing.form.one("delivery")
    asked = {str(each.id): each for each in by_hand(doing.connection, post, doing.by, doing.desk)}
    if number not in asked:
        raise NotAllowedError(_("Lượt đăng {number} không còn chờ đăng tay nữa.").format(number=number))
    say_posted(doing.connection, asked[number], doing.form.one("link"), doing.by, desk=doing.desk)
    return said(asked[number].channel, published=True)


def _approve(doing: Doing) -> str:
    post = doing.post()
    yes, now = doing.by.yes(post.id, seen=post.content_hash), doing.by.now
    done = acts.approve(doing.connection, yes, now, desk=doing.desk)
    return acts.standing_words(doing.connection, done, doing.desk, now)


def _hurry(doing: Doing) -> str:
    """Say yes alone to what cannot wait; somebody else looks at it afterwards."""
    post, reason = doing.post(), doing.form.one("reason")
    acts.want_reason(reason)
    yes, now = doing.by.yes(post.id, seen=post.content_hash, urgently=reason), doing.by.now
    done = acts.approve(doing.connection, yes, now, desk=doing.desk)
    after = _("Một người khác sẽ được nhờ xem lại bài này.")
    return f"{acts.standing_words(doing.connection, done, doing.desk, now)} {after}"


def _look(doing: Doing) -> str:
    """Be the second eye: agree, or object with a reason."""
    post, objects = doing.post(), doing.form.one("act") == "object"
    objection = doing.form.one("reason") if objects else ""
    if objects:
        acts.want_reason(objection)
    look_again(doing.connection, post.id, doing.by, objection=objection)
    return _("Đã ghi ý kiến xem lại bài {post}.").format(post=post.id)


def _found(doing: Doing) -> str:
    """Say what was seen on a channel of a delivery whose outcome nobody knows."""
    doing.post()
    published, number = doing.form.one("act") == "found", doing.form.one("delivery")
    finding = Finding(published, doing.form.one("link") or None)
    done = tell_finding(doing.connection, number, finding, doing.by, desk=doing.desk)
    return said(done.channel, published=published)


def _correct(doing: Doing) -> str:
    """Put a correction into review: the text that was typed, else what the calendar says now."""
    post, text = doing.post(), doing.form.one("text")
    ask = Ask({"vi": text} if text else {}, doing.form.one("reason"))
    added = ask_correction(doing.connection, post.id, doing.by, ask=ask, desk=doing.desk)
    return _("Đã trình {post}; người khác duyệt xong là đăng ngay.").format(post=added.id)


def _reject(doing: Doing) -> str:
    post = doing.post()
    no = doing.by.no(post.id, doing.form.one("reason"), seen=post.content_hash)
    done = acts.reject(doing.connection, no, doing.by.now, desk=doing.desk)
    return _("Đã từ chối bài {post}. Người soạn sẽ thấy lý do.").format(post=done.id)


def _new_time(doing: Doing) -> str:
    post, words = doing.post(), doing.form.one("at")
    if not words:
        raise NotAllowedError(_("Xin chọn giờ mới."))
    at = read_new_time(words, doing.by.now)
    done = acts.give_new_time(doing.connection, post.id, doing.by, at=at, desk=doing.desk)
    return moved(done)


def _cancel(doing: Doing) -> str:
    post = doing.post()
    count = acts.cancel(doing.connection, post.id, doing.by, reason=doing.form.one("reason"))
    return _("Đã hủy bài {post}: {count} lượt sẽ không đăng.").format(post=post.id, count=count)


def _take_back(doing: Doing) -> str:
    post = doing.post()
    touched = touched_by_post(doing.connection, post.id, doing.by)
    if touched.stamp != doing.form.one("stamp"):
        raise NotAllowedError(_("Bài {post} vừa thay đổi. Xin xem lại bản mới.").format(post=post.id))
    count = take_back(doing.connection, touched, doing.by, reason=doing.form.one("reason"))
    return _("Đã ghi yêu cầu gỡ {count} lượt. Kết quả từng kênh sẽ được báo lại.").format(count=count)


def _approve_chosen(doing: Doing) -> str:
    """Approve each chosen post as it was listed; what is refused is told, the others stand."""
    chosen = [each.partition(" ")[::2] for each in doing.form.all("chosen")]
    if not chosen:
        raise NotAllowedError(_("Xin chọn ít nhất một bài."))
    return "\n".join(_one_of_several(doing, code, seen) for seen, code in chosen)


def _one_of_several(doing: Doing, code: str, seen: str) -> str:
    try:
        post = visible(doing.connection, code, doing.by, doing.desk)
        yes, now = doing.by.yes(post.id, seen=seen), doing.by.now
        done = acts.approve(doing.connection, yes, now, desk=doing.desk)
    except NotAllowedError as refusal:
        return str(refusal)
    return acts.standing_words(doing.connection, done, doing.desk, now)


def order_of(connection: Connection, form: Form, by: By, desk: Desk) -> Stop:
    """Return what a form wants stopped; everything where it names nothing.

    Raises:
        NotAllowedError: there is no such name, or a time is none.
    """
    names = names_of(desk, known_posts(connection, by.now))
    kind, name, ready = form.one("kind"), form.one("name"), form.one("ready")
    if kind and (kind not in KINDS or not name):
        raise NotAllowedError(_("Xin ghi tên kênh, nền tảng, cơ quan, đợt, thẻ hoặc ngôn ngữ cần dừng."))
    stop = Stop(
        {kind: [names.find(kind, name)]} if kind else {},
        form.one("reason"),
        form.one("document"),
        _edge(form.one("from"), by, end=False),
        _edge(form.one("until"), by, end=True),
        tuple(tag for each in form.one("spares").split(",") if (tag := each.strip(" #"))),
    )
    return prepared(ready_named(desk.ready, ready), stop, names) if ready else stop


def _edge(words: str, by: By, *, end: bool) -> datetime | None:
    return read_edge(words, by.now, end=end) if words else None


def _hold(doing: Doing) -> str:
    stop = order_of(doing.connection, doing.form, doing.by, doing.desk)
    if foresee(doing.connection, stop, doing.by, desk=doing.desk).stamp != doing.form.one("stamp"):
        raise NotAllowedError(_("Lệnh này khác với lệnh vừa xem. Xin xem lại rồi xác nhận."))
    held = acts.hold(doing.connection, stop, doing.by, desk=doing.desk)
    told = _("{count} lượt đăng đang chờ thuộc phạm vi này.").format(count=len(held.covered))
    return f"{show_hold(held.hold, doing.desk)}\n{told}"


def _release(doing: Doing) -> str:
    number = doing.form.one("number")
    if not number.isdecimal():
        raise NotAllowedError(_("Hiện không có lệnh tạm dừng nào."))
    return released(acts.release(doing.connection, int(number), doing.by, desk=doing.desk))


#: Value of a form's button -> what it does.
ACTS: Mapping[str, Callable[[Doing], str]] = {
    "approve": _approve,
    "hurry": _hurry,
    "agree": _look,
    "object": _look,
    "found": _found,
    "absent": _found,
    "reject": _reject,
    "new_time": _new_time,
    "cancel": _cancel,
    "take_back": _take_back,
    "correct": _correct,
    "posted": _posted,
    "approve_chosen": _approve_chosen,
    "hold": _hold,
    "release": _release,
}
