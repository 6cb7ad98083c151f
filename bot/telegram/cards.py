"""The card of a post: what it is, where it goes, and its text as readers will see it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.desk import Desk
from bot.moments import show, show_hour
from bot.people import person_with_id
from bot.telegram import seals
from bot.telegram.lengths import MESSAGE, cut, length
from content_queue.kinds import Kind, kind_name
from content_queue.models import Delivery, MediaRef, Payload, Post
from content_queue.models.rules import Review
from content_queue.states import DeliveryState, PostState
from content_queue.store.approvals import able, in_name_of, may_hurry
from content_queue.texts import N_, _
from content_queue.words import language_name, platform_name, role_name

Leaving = Sequence[tuple[Delivery, Payload | None]]
#: Names of channels listed for one platform; with 450 the card would hold nothing else.
LISTED = 6
#: Room kept for the line that tells the decision.
VERDICT = 300
#: Verb of a button of a card -> its label.
LABELS: Mapping[str, str] = {
    seals.APPROVE: N_("Duyệt"),
    seals.REJECT: N_("Từ chối"),
    seals.URGENTLY: N_("Duyệt khẩn…"),
    seals.MOVE: N_("Sửa giờ…"),
    seals.WHOLE: N_("Xem đủ"),
}


def card_text(
    post: Post, leaving: Leaving, desk: Desk, *, before: Sequence[str] = (), changes: str = ""
) -> str:
    """Return the card: facts, channels, what changed, and each distinct text, within one message.

    `before` are lines on what was decided already.
    """
    leaving = [each for each in leaving if each[0].state != DeliveryState.CANCELLED]
    head = "\n".join([*_facts(post, desk), *before, *_channels(leaving)])
    head = cut(head, MESSAGE // 3, "…")
    if changes:
        head = f"{head}\n\n{_('Thay đổi so với bản trước:')}\n{changes}"
    return _with_texts(head, texts_of(leaving), post)


def full_text(post: Post, leaving: Leaving, desk: Desk) -> list[str]:
    """Return the same in parts and uncut, for `/bai`."""
    leaving = [each for each in leaving if each[0].state != DeliveryState.CANCELLED]
    head = "\n".join([*_facts(post, desk), *_channels(leaving)])
    return [head, *(f"{label}\n{text}" for label, text in texts_of(leaving))]


def _facts(post: Post, desk: Desk) -> list[str]:
    lines = [
        _("Bài {post}").format(post=post.id),
        _("Cơ quan: {agency}").format(agency=desk.agency_name(post.agency)),
        _("Giờ đăng: {due}").format(due=show(post.due)),
    ]
    if post.occasion:
        lines.append(_("Dịp: {occasion}").format(occasion=desk.occasion_name(post.occasion)))
    if post.campaign:
        lines.append(_("Đợt truyền thông: {campaign}").format(campaign=post.campaign))
    if post.author:
        lines.append(_("Người soạn: {author}").format(author=post.author))
    if post.edited_by:
        lines.append(_("Người sửa: {people}").format(people=", ".join(post.writers[1:])))
    return lines


def _channels(leaving: Leaving) -> list[str]:
    by_platform: dict[str, dict[str, None]] = {}
    for delivery, _payload in leaving:
        by_platform.setdefault(delivery.platform, {})[delivery.channel] = None
    lines = [
        _("{platform} {count} kênh: {names}").format(
            platform=platform_name(platform), count=len(names), names=_listed(list(names))
        )
        for platform, names in by_platform.items()
    ]
    return [*lines, *_pushed(leaving)]


def _pushed(leaving: Leaving) -> list[str]:
    """Say that followers are written to: it cannot be taken back, and there are few a month."""
    pushing = {delivery.channel for delivery, payload in leaving if payload and "broadcast" in payload.fields}
    told = _("⚠ Gửi thẳng tới mọi người quan tâm của {count} kênh Zalo; tin đã gửi không thu hồi được.")
    return [told.format(count=len(pushing))] if pushing else []


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:LISTED])
    more = len(names) - LISTED
    return shown if more <= 0 else _("{names} và {count} kênh khác").format(names=shown, count=more)


def texts_of(leaving: Leaving) -> list[tuple[str, str]]:
    """Return (label, text) of each distinct text; the label names its language, platforms and files."""
    found: dict[tuple[str, str, tuple[tuple[Kind, str], ...]], dict[str, None]] = {}
    for delivery, payload in leaving:
        if payload is not None:
            key = (delivery.locale, _as_read(payload), tuple((ref.kind, ref.name) for ref in payload.media))
            found.setdefault(key, {})[delivery.platform] = None
    ordered = sorted(found.items(), key=lambda item: item[0][0] != "vi")
    return [(_label(locale, list(where), files), text) for (locale, text, files), where in ordered]


def _as_read(payload: Payload) -> str:
    """Return the text, with the link that a platform shows under it as a preview."""
    link = str(payload.fields.get("link") or "")
    return payload.text if not link or link in payload.text else f"{payload.text}\n\n{link}"


def _label(locale: str, platforms: Sequence[str], files: Sequence[tuple[Kind, str]]) -> str:
    names = ", ".join(platform_name(platform) for platform in platforms)
    return f"── {language_name(locale)} · {names}{_with_files(files) if files else ''} ──"


def _with_files(files: Sequence[tuple[Kind, str]]) -> str:
    """Name the files in their order; what is no picture says what it is."""
    if all(kind == "picture" for kind, _name in files):
        return _(", {count} ảnh: {names}").format(
            count=len(files), names=", ".join(name for _k, name in files)
        )
    named = ", ".join(f"{kind_name(kind)} {name}" for kind, name in files)
    return _(", {count} tệp: {names}").format(count=len(files), names=named)


def _with_texts(head: str, texts: Sequence[tuple[str, str]], post: Post) -> str:
    """Append as many texts as fit, each given its fair part of the room that is left."""
    ending = _("… (xem đủ: /bai {post})").format(post=post.id)
    card = head
    for number, (label, text) in enumerate(texts):
        room = MESSAGE - VERDICT - length(card) - length(label) - 3
        fair = room // (len(texts) - number) if number else max(room // 2, room // len(texts))
        if fair < length(ending) + 40:
            return f"{card}\n\n{ending.removeprefix('… ')}"
        card = f"{card}\n\n{label}\n{cut(text, fair, ending)}"
    return card


def buttons(review: Review, desk: Desk, sealing: seals.Sealing) -> InlineKeyboardMarkup:
    """Return the buttons of a card, sealed for one person: yes, no, a leader's yes to what cannot wait."""
    post, who, now = review.post, person_with_id(desk.people, sealing.person), sealing.at
    hurries = who is not None and may_hurry(review, who, now)
    waits = who is not None and hurries and not able(review, [who], now)
    verbs = [seals.REJECT] if waits else [seals.APPROVE, seals.REJECT]
    rows = [verbs, *([[seals.URGENTLY]] if hurries else []), [seals.MOVE, seals.WHOLE]]

    def button(verb: str) -> InlineKeyboardButton:
        data = seals.seal(verb, post.id, post.content_hash, sealing)
        return InlineKeyboardButton(_(LABELS[verb]), callback_data=data)

    return InlineKeyboardMarkup([[button(verb) for verb in row] for row in rows])


def so_far(review: Review, now: datetime) -> list[str]:
    """Tell who said yes already, and whose yes is asked for next; nothing where one yes is enough."""
    need, said = review.need(now), review.counting(now)
    if need is None or (len(review.rule.needs) == 1 and not said):
        return []
    told = _("Đã duyệt: {person}, {role}, {time}")
    lines = [
        told.format(person=in_name_of(yes.person, yes.giver), role=role_name(yes.role), time=show(yes.at))
        for yes in said
    ]
    return [*lines, _("Đang chờ: {role} duyệt").format(role=role_name(need))]


def verdict_line(post: Post, said: Sequence[tuple[str, str, str, datetime]]) -> str:
    """Say how a post that was shown stands now; `said` are its decisions, oldest first."""
    last: Mapping[str, tuple[str, str, str, datetime]] = {each[1]: each for each in said}
    if post.state in (PostState.APPROVED, PostState.REJECTED) and post.state in last:
        person, _decision, _hash, at = last[post.state]
        if post.state == PostState.APPROVED:
            return _("Đã duyệt: {person} {time}").format(person=person, time=show_hour(at))
        told = _("Đã từ chối: {person} {time}. Lý do: {reason}")
        return told.format(person=person, time=show_hour(at), reason=post.reason or "")
    return _state_line(post)


def _state_line(post: Post) -> str:
    if post.state == PostState.CANCELLED:
        return _("Bài đã được hủy, không đăng.")
    if post.state == PostState.DRAFT:
        return _("Bài đã trở lại bản nháp vì dòng trong lịch có lỗi; sẽ có thẻ mới khi sửa xong.")
    return _("Đã quá giờ đăng mà chưa ai duyệt. Cho giờ mới: /gio_moi {post} 20/11 15:00").format(
        post=post.id
    )


def changed_text(post: Post, changes: str) -> str:
    """Return what is left of a card whose post has changed since, and what changed."""
    told = _("Bài {post}\nBài đã thay đổi, xem thẻ mới.").format(post=post.id)
    return f"{told}\n{changes}".rstrip()


def pictures_of(leaving: Leaving) -> list[MediaRef]:
    """Return the pictures that readers will see, each once, in their order."""
    found = {
        ref.sha256 or ref.url: ref
        for delivery, payload in leaving
        if payload is not None and delivery.state != DeliveryState.CANCELLED
        for ref in payload.media
        if ref.kind == "picture"
    }
    return list(found.values())


def worn_out_text(post: Post) -> str:
    """Return what is left of a card whose buttons are too old."""
    told = _("Bài {post}\nCác nút của thẻ này đã hết hạn sau 72 giờ. Xin thẻ mới: /duyet {post}")
    return told.format(post=post.id)


def closed_text(post: Post, leaving: Leaving, *, line: str, desk: Desk) -> str:
    """Return a card with the line that tells how it ended."""
    return card_text(post, leaving, desk) + "\n\n" + cut(line, VERDICT - 2, "…")
