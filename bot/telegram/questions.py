"""Questions beside approvals: is the post there, and what becomes of one that missed its time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.desk import Desk
from bot.moments import show, show_hour
from bot.people import answers_for, posters, wrote
from bot.telegram import seals
from bot.telegram.cards import Leaving, card_text
from bot.telegram.lengths import MESSAGE, cut, length
from content_queue.delivery.decide import NEVER, caught_by, has_begun
from content_queue.models import Hold, MediaRef, Payload, Person, Post
from content_queue.states import DeliveryState
from content_queue.store import Connection, assisted
from content_queue.store.approvals import in_name_of, not_responsible
from content_queue.store.audit import Act, acts_on
from content_queue.store.cards import Card, Subject
from content_queue.store.deliveries import Standing, payloads, wanting_eyes, wanting_time
from content_queue.store.holds import active_holds
from content_queue.store.posts import payloads_of
from content_queue.store.second_eye import FINE, NOT_FINE, Hurried, may_not_look, unseen
from content_queue.texts import N_, _
from content_queue.words import platform_name
from publishers.addresses import address_of

#: So long after its time people are asked what becomes of a post; commands take a new time later, too.
ASKED_FOR = timedelta(days=7)
#: Characters that the question may take of a message, before the post as its readers would see it.
HEAD = 900
#: What a question about a post is about, and the beginning of what one about a delivery is.
TIME, LOOK, HANDS = "time", "look", "hands"
#: Whether a second person agrees with what a leader alone said yes to.
EYE = "eye"

#: What is asked about -> the buttons' rows: verb and label.
BUTTONS: Mapping[str, Sequence[Sequence[tuple[str, str]]]] = {
    TIME: (
        ((seals.NEW_TIME, N_("Giờ mới…")), (seals.AT_ONCE, N_("Đăng ngay"))),
        ((seals.DROP, N_("Bỏ")),),
    ),
    HANDS: (((seals.POSTED, N_("Đã đăng")),),),
    EYE: (((seals.FINE, N_("Đã xem, đồng ý")), (seals.NOT_FINE, N_("Không đồng ý…"))),),
    LOOK: (((seals.THERE, N_("Đã lên")), (seals.NOT_THERE, N_("Chưa lên, đăng lại ngay"))),),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom: one a post where its time is over, one a delivery where nobody knows.

    `hurried` is what a second person is asked about.
    """

    post: Post
    about: str
    standings: tuple[Standing, ...] = ()
    hurried: Hurried | None = None

    @property
    def kind(self) -> str:
        """Return which answers there are."""
        return self.about.partition(":")[0]

    @property
    def subject(self) -> Subject:
        """Return what is asked, with the state of things that an answer is for."""
        if self.hurried is not None:
            return Subject(self.post.id, self.about, self.hurried.content_hash)
        stamp = str(self.standings[0].delivery.attempts) if self.kind != TIME else self.post.content_hash
        return Subject(self.post.id, self.about, stamp)

    def buttons(self, sealing: seals.Sealing) -> InlineKeyboardMarkup:
        """Return the answers as buttons, sealed for one person."""
        subject = self.subject
        named = subject.post if self.kind in (TIME, EYE) else self.about.partition(":")[2]

        def button(verb: str, label: str) -> InlineKeyboardButton:
            data = seals.seal(verb, named, subject.content_hash, sealing)
            return InlineKeyboardButton(_(label), callback_data=data)

        return InlineKeyboardMarkup([[button(*each) for each in row] for row in BUTTONS[self.kind]])


def unanswered(connection: Connection, now: datetime) -> list[Question]:
    """Return what is open: first what only a person can post, or can see on a channel."""
    eyes = [
        Question(each.post, f"{LOOK}:{each.delivery.id}", (each,)) for each in wanting_eyes(connection, NEVER)
    ]
    in_force = [hold for hold in active_holds(connection) if has_begun(hold, now)]
    hands = [
        Question(each.post, f"{HANDS}:{each.delivery.id}", (each,)) for each in assisted.asked(connection)
    ]
    second = [Question(each.post, f"{EYE}:{each.id}", hurried=each) for each in unseen(connection)]
    return [*hands, *eyes, *second, *_timeless(wanting_time(connection, now - ASKED_FOR), in_force)]


def _timeless(stuck: Sequence[Standing], in_force: Sequence[Hold]) -> list[Question]:
    """Return a question a post; while a hold covers something of it, no time can be given yet."""
    by_post = sorted(stuck, key=lambda each: (each.post.due, each.post.id))
    posts = [(found[0].post, found) for _id, each in groupby(by_post, _post_id) if (found := tuple(each))]
    return [
        Question(post, TIME, found)
        for post, found in posts
        if not any(caught_by(hold, each.delivery, post) for hold in in_force for each in found)
    ]


def _post_id(standing: Standing) -> str:
    return standing.post.id


def able_to_answer(people: Sequence[Person], question: Question, desk: Desk) -> list[Person]:
    """Return who is asked: to post by hand, the channel's own officers; else who may say."""
    if question.kind == HANDS:
        [standing] = question.standings
        able = posters(desk.people, desk.agency_of(standing.delivery.channel) or question.post.agency)
        return [person for person in people if person in able]
    if question.hurried is not None:
        return [person for person in people if may_not_look(question.hurried, person) is None]
    return [person for person in people if may_answer(person, question)]


def may_answer(person: Person, question: Question) -> bool:
    """Tell whether a person is asked: about a channel who may approve, about a time who may give one."""
    return is_asked(question.kind, person, question.post.agency) or (
        question.kind == TIME and wrote(person, question.post)
    )


def is_asked(kind: str, person: Person, agency: str) -> bool:
    """Tell whether a person gets questions of this kind of an agency, with buttons."""
    asked: Mapping[str, Callable[[], bool]] = {
        TIME: lambda: answers_for(person, agency),
        LOOK: lambda: not_responsible(person, agency) is None,
    }
    return asked[kind]()


def question_text(connection: Connection, question: Question, desk: Desk) -> str:
    """Return the question with what its answer is about."""
    if question.kind == HANDS:
        return _hands_text(question, _payload(connection, question))
    if question.hurried is not None:
        return _eye_text(question.hurried, payloads_of(connection, question.post.id), desk)
    if question.kind == LOOK:
        return _look_text(question, desk, _first_line(connection, question.standings[0]))
    return _time_text(question, payloads_of(connection, question.post.id), desk)


def pictures(connection: Connection, question: Question) -> Sequence[MediaRef]:
    """Return what is sent beside the question: the pictures of what is to be posted by hand."""
    payload = _payload(connection, question) if question.kind == HANDS else None
    return payload.media if payload else ()


def _payload(connection: Connection, question: Question) -> Payload | None:
    variant = question.standings[0].delivery.variant
    return payloads(connection, [variant]).get(variant) if variant else None


def _hands_text(question: Question, payload: Payload | None) -> str:
    [standing] = question.standings
    delivery = standing.delivery
    told = _(
        "Nhờ đăng tay bài {post} lên kênh {channel} ({platform}), chậm nhất {end}. "
        "Xin chép nguyên văn phần dưới, kèm ảnh ở trên nếu có; đăng xong thì bấm “Đã đăng” và dán liên kết."
    )
    head = told.format(
        post=question.post.id,
        channel=delivery.channel,
        platform=platform_name(delivery.platform),
        end=show_hour(delivery.window_end),
    )
    ending = _("… (xem đủ: /bai {post})").format(post=question.post.id)
    text = cut(payload.text if payload else "", MESSAGE - length(head) - 2, ending)
    return f"{head}\n\n{text}"


def _first_line(connection: Connection, standing: Standing) -> str:
    variant = standing.delivery.variant
    found = payloads(connection, [variant]) if variant else {}
    text = found[variant].text if variant in found else standing.post.summary
    return text.strip().partition("\n")[0]


def _look_text(question: Question, desk: Desk, first: str) -> str:
    [standing] = question.standings
    delivery, post = standing.delivery, standing.post
    known = next((channel for channel in desk.channels if channel.name == delivery.channel), None)
    address = address_of(known) if known else ""
    lines = [
        _("Chưa rõ bài {post} đã lên kênh {channel} ({platform}) hay chưa.").format(
            post=post.id, channel=delivery.channel, platform=platform_name(delivery.platform)
        ),
        _("Giờ đăng: {due}").format(due=show(delivery.due)),
        f"“{cut(first, HEAD, '…')}”",
        _("Xin mở kênh xem giúp rồi bấm một nút. Chương trình không tự đăng lại."),
        address,
    ]
    return "\n".join(line for line in lines if line)


def _time_text(question: Question, leaving: Leaving, desk: Desk) -> str:
    head = "\n".join([*_what_happened(question), _("Xin chọn: giờ mới, đăng ngay, hay bỏ?")])
    return _with_card(head, question.post, leaving, desk)


def _with_card(head: str, post: Post, leaving: Leaving, desk: Desk) -> str:
    """Return a question with the post that it is about, as its readers would see it."""
    head, ending = cut(head, HEAD, "…"), _("… (xem đủ: /bai {post})").format(post=post.id)
    return f"{head}\n\n{cut(card_text(post, leaving, desk), MESSAGE - length(head) - 2, ending)}"


def _eye_text(hurried: Hurried, leaving: Leaving, desk: Desk) -> str:
    told = _(
        "Bài khẩn {post} do {leader} duyệt một mình lúc {time}. Lý do: {reason}\n"
        "Xin anh/chị xem lại nội dung dưới đây rồi bấm một nút."
    )
    leader = in_name_of(hurried.person, hurried.giver)
    head = told.format(post=hurried.post.id, leader=leader, time=show(hurried.at), reason=hurried.reason)
    return _with_card(head, hurried.post, leaving, desk)


def _what_happened(question: Question) -> list[str]:
    held = all(each.delivery.state == DeliveryState.HELD for each in question.standings)
    told = _("Bài {post} bị tạm dừng; nay đã hết lệnh tạm dừng.") if held else _("Bài {post} lỡ giờ đăng.")
    reasons = dict.fromkeys(each.delivery.reason for each in question.standings if each.delivery.reason)
    count = _("{count} lượt đăng chưa lên.").format(count=len(question.standings))
    return [told.format(post=question.post.id), *reasons, count]


def ended_text(connection: Connection, card: Card, post: Post) -> str:
    """Return what is left of a question: what was asked, and what came of it."""
    asked = _("Bài {post}: lỡ giờ hoặc bị tạm dừng.")
    if card.about.startswith(HANDS):
        asked = _("Bài {post}: nhờ đăng tay.")
    elif card.about.startswith(EYE):
        asked = _("Bài khẩn {post}: nhờ xem lại.")
    elif card.about != TIME:
        asked = _("Bài {post}: chưa rõ đã lên kênh hay chưa.")
    return "\n".join([asked.format(post=post.id), f"“{post.summary}”", _verdict(connection, card)])


def _verdict(connection: Connection, card: Card) -> str:
    acts = [act for act in acts_on(connection, card.post) if act.at >= card.sent_at and _answers(act, card)]
    if not acts:
        return _("Không cần trả lời nữa.")
    last = acts[-1]
    at = last.detail.get("at")
    due = show(datetime.fromisoformat(at)) if at else ""
    return _(ENDINGS[last.verb]).format(person=last.actor, time=show_hour(last.at), due=due)


def _answers(act: Act, card: Card) -> bool:
    if act.verb in (FINE, NOT_FINE):
        return card.about.startswith(EYE)
    kind = HANDS if act.verb == "posted" else LOOK
    about = f"{kind}:{act.detail['delivery']}" if "delivery" in act.detail else TIME
    return act.verb in ENDINGS and about == card.about


#: Verb of the audit -> how it ends a question.
ENDINGS: Mapping[str, str] = {
    "found": N_("{person} {time}: bài đã lên."),
    "posted": N_("{person} {time}: đã đăng tay."),
    "found_absent": N_("{person} {time}: bài chưa lên, đăng lại ngay."),
    "new_time": N_("{person} {time}: giờ đăng mới {due}."),
    "cancel": N_("{person} {time}: bỏ, không đăng."),
    FINE: N_("{person} {time}: đã xem, đồng ý."),
    NOT_FINE: N_("{person} {time}: không đồng ý."),
}
