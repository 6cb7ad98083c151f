"""Why a delivery or a post stands where it stands, told in plain sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from bot.acts import WAITING, post_called
from bot.moments import show
from content_queue.delivery.decide import caught_by
from content_queue.models import Delivery, Hold, Post
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection, takebacks
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act, acts_on
from content_queue.store.corrections import corrections_of
from content_queue.store.holds import active_holds
from content_queue.store.posts import deliveries_of, find_post
from content_queue.store.story import Tried, attempts_of, find_delivery
from content_queue.texts import N_, _
from content_queue.words import delivery_state_name, platform_name, post_state_name

#: Verb of the audit -> its sentence; `{who}` did it, `{why}` is the reason given.
ACTS: Mapping[str, str] = {
    "plan": N_("Được đưa vào kế hoạch theo {who}."),
    "edit": N_("Nội dung hoặc giờ đăng thay đổi theo {who}; cần duyệt lại."),
    "draft": N_("Trở lại bản nháp vì dòng trong lịch có lỗi."),
    PostState.APPROVED: N_("{who} duyệt."),
    PostState.REJECTED: N_("{who} từ chối. Lý do: {why}"),
    "lapse": N_("Phê duyệt hết hạn theo quy định; cần duyệt lại."),
    "looked": N_("{who} xem lại bài khẩn, đồng ý."),
    "objected": N_("{who} xem lại bài khẩn, không đồng ý: {why}"),
    "cancel": N_("{who} hủy. Lý do: {why}"),
    "new_time": N_("{who} cho giờ đăng mới."),
    "move": N_("{who} dời sự kiện. Lý do: {why}"),
    "retract": N_("{who} cho gỡ bài. Lý do: {why}"),
    "correct": N_("{who} đề nghị đính chính. Lý do: {why}"),
    "correction": N_("{who} trình bài đính chính. Lý do: {why}"),
    "found": N_("{who} mở kênh xem: bài đã lên."),
    "number": N_("{who} ghi tay một số liệu."),
    "posted": N_("{who} đã đăng tay."),
    "found_absent": N_("{who} mở kênh xem: bài chưa lên, cho đăng lại."),
}
#: Reasons that the calendar writes -> how they read.
REASONS: Mapping[str, str] = {
    "gone": N_("dòng không còn trong lịch"),
    "moved": N_("lịch không còn bài này vào ngày ấy"),
    "row_wrong": N_("dòng trong lịch có lỗi"),
}
#: How an attempt ended -> its sentence.
OUTCOMES: Mapping[str, str] = {
    "sent": N_("đã đăng"),
    "not_sent": N_("chưa gửi đi được"),
    "refused": N_("nền tảng từ chối"),
    "unknown": N_("đã gửi, chưa rõ kết quả"),
}
#: Deliveries told one by one in the story of a post; more are counted.
TOLD = 30


def story(connection: Connection, words: str) -> list[str]:
    """Tell the story of a delivery by its number, or of a post by its code, a sentence a line.

    Raises:
        NotAllowedError: there is neither.
    """
    delivery = find_delivery(connection, int(words)) if words.isdecimal() else None
    if delivery is None:
        return story_of_post(connection, post_called(connection, words))
    post = find_post(connection, delivery.post)
    if post is None:
        raise NotAllowedError(_("Không có lượt đăng số {number}.").format(number=words))
    stops = _stops(connection, [delivery], post)
    return [*_head(post), *_past(connection, post), *stops, *_of_delivery(connection, delivery)]


def story_of_post(connection: Connection, post: Post) -> list[str]:
    """Tell the story of a post and where each of its deliveries stands."""
    rows = deliveries_of(connection, post.id)
    lines = [line for row in rows[:TOLD] for line in _of_delivery(connection, row)]
    more = len(rows) - TOLD
    left = [_("… và {count} lượt đăng khác: loa queue").format(count=more)] if more > 0 else []
    stops = _stops(connection, rows, post)
    return [*_head(post), *_past(connection, post), *stops, *lines, *left, *_linked(connection, post)]


def _linked(connection: Connection, post: Post) -> list[str]:
    """Tell of which post this is a correction, and its own corrections."""
    first = [_("Đây là bài đính chính của {first}.").format(first=post.corrects)] if post.corrects else []
    told = _("Đính chính {post}, {due}: {state}.")
    return first + [
        told.format(post=each.id, due=show(each.due), state=post_state_name(each.state))
        for each in corrections_of(connection, post.id)
    ]


def _head(post: Post) -> list[str]:
    told = _("Bài {post}, giờ đăng {due}: {state}.")
    return [told.format(post=post.id, due=show(post.due), state=post_state_name(post.state)), *_now(post)]


def _now(post: Post) -> list[str]:
    if post.state == PostState.IN_REVIEW:
        return [_("Chưa ai duyệt; đến giờ mà chưa được duyệt thì không đăng.")]
    if not post.reason:
        return []
    reasons = "; ".join(reason_words(reason) for reason in post.reason.splitlines())
    return [_("Lý do: {reason}").format(reason=reasons)]


def reason_words(reason: str) -> str:
    """Return a stored reason as people read it."""
    return _(REASONS[reason]) if reason in REASONS else reason


def _past(connection: Connection, post: Post) -> list[str]:
    return [_of_act(act) for act in acts_on(connection, post.id)]


def _stops(connection: Connection, rows: Sequence[Delivery], post: Post) -> list[str]:
    """Tell the holds in force that keep what still waits."""
    waiting = [row for row in rows if row.state in WAITING]
    caught = [s for s in active_holds(connection) if any(caught_by(s, row, post) for row in waiting)]
    return [_of_stop(stop) for stop in caught]


def _of_stop(stop: Hold) -> str:
    told = _("Đang có lệnh tạm dừng số {id}: {reason}.")
    if stop.starts_at:
        told = _("Từ {begins} có lệnh tạm dừng số {id}: {reason}.")
    begins = show(stop.starts_at or stop.started_at)
    return told.format(id=stop.id, reason=stop.reason.rstrip("."), begins=begins)


def _of_act(act: Act) -> str:
    told = _(ACTS[act.verb]) if act.verb in ACTS else f"{act.verb}: {{who}}"
    why = reason_words(str(act.detail.get("reason") or ""))
    return f"{show(act.at)}: " + told.format(who=act.actor, why=why)


def _of_delivery(connection: Connection, delivery: Delivery) -> list[str]:
    told = _("Lượt đăng số {id}, kênh {channel} ({platform}, {locale}): {state}.")
    head = told.format(
        id=delivery.id,
        channel=delivery.channel,
        platform=platform_name(delivery.platform),
        locale=delivery.locale,
        state=delivery_state_name(delivery.state),
    )
    extra = [_(label).format(value=shown(value)) for label, value, shown in _extras(delivery) if value]
    said = [act for act in acts_on(connection, delivery.post) if act.detail.get("delivery") == delivery.id]
    tries = _tries(delivery, attempts_of(connection, delivery.id), said)
    return [" ".join([head, *extra]), *tries, *_taken_back(connection, delivery)]


def _taken_back(connection: Connection, delivery: Delivery) -> list[str]:
    """Tell how taking a delivery back went, and what could not be undone."""
    found = takebacks.of_delivery(connection, delivery.id)
    if found is None:
        return []
    if found.ended_at is None:
        told = _("Đang chờ gỡ, đã thử {tries} lần. {told}")
    elif found.removed is None:
        told = _("Chưa gỡ được. {told}") if found.told else _("Không cần gỡ: bài chưa lên kênh.")
    else:
        told = _("Gỡ lúc {at}. {told}")
    at = _second(found.ended_at) if found.ended_at else ""
    return ["  " + told.format(at=at, tries=found.tries, told=found.told).strip()]


def _tries(delivery: Delivery, tries: Sequence[Tried], said: Sequence[Act]) -> Iterator[str]:
    """Tell each attempt, and how it came out what became of one of unknown outcome."""
    for tried, following in zip_longest(tries, tries[1:]):
        yield _of_try(tried)
        if tried.outcome == "unknown":
            until = following.started_at if following else None
            by_people = [act for act in said if act.at >= tried.started_at and (not until or act.at <= until)]
            told = "" if by_people else _found_out(delivery, sent_again=following is not None)
            yield from [f"  {told}"] if told else []


def _found_out(delivery: Delivery, *, sent_again: bool) -> str:
    """Say what reading the channel brought; what people said about it stands among their acts."""
    if sent_again:
        return _("Đọc lại kênh hai lần đều không thấy bài, nên gửi lại.")
    if delivery.state == DeliveryState.UNCONFIRMED:
        return _("Chưa gửi lại. loa đọc lại kênh; đọc vẫn không rõ thì hỏi người.")
    if delivery.state in (DeliveryState.PUBLISHED, DeliveryState.RETRACTED):
        return _("Đọc lại kênh thì thấy bài đã lên, nên không gửi lại.")
    return ""


def _extras(delivery: Delivery) -> Sequence[tuple[str, object, Callable[..., str]]]:
    return (
        (N_("Đăng lúc {value}."), delivery.published_at, show),
        (N_("Liên kết: {value}"), delivery.link, str),
        (N_("Lý do: {value}"), delivery.reason, reason_words),
    )


def _of_try(tried: Tried) -> str:
    outcome = _(OUTCOMES.get(tried.outcome or "", N_("đang gửi")))
    error = f" ({tried.error})" if tried.error else ""
    return "  " + _("Lần thử {number}, {at}: {outcome}{error}").format(
        number=tried.number, at=_second(tried.started_at), outcome=outcome, error=error
    )


def _second(moment: datetime) -> str:
    return show(moment.replace(microsecond=0))
