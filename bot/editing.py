"""Edit one post before it goes out, past its row in the calendar: another text, or another time.

The edit is a revision of its own: whoever made it may not approve it, and neither may the author of the row.
The calendar does not undo it, as long as its row stays as it is; the row's author is told to change it, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.acts import By, post_called
from bot.desk import Desk
from bot.moments import show
from bot.people import answers_for, may_post
from bot.planning.compose import composer
from bot.platforms import Renderers
from bot.undoing.correction import entry_of, plan_of
from content_queue.models import Delivery, Payload, PlannedDelivery, Post
from content_queue.outcomes import RefusedError
from content_queue.states import UNDELIVERED, DeliveryState, PostState
from content_queue.store import Connection
from content_queue.store import posts as ledger
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.campaigns import kept_campaigns
from content_queue.store.corrections import row_of
from content_queue.store.edits import edit_texts, keep_editor
from content_queue.store.notices import Word, tell
from content_queue.texts import _
from content_queue.words import post_state_name

#: Posts that may be edited: what is a draft or cancelled is mended in the calendar.
EDITABLE = (PostState.IN_REVIEW, PostState.APPROVED, PostState.REJECTED)


def plan_edit(
    connection: Connection, code: str, by: By, *, texts: Mapping[str, str], desk: Desk
) -> tuple[Post, Mapping[int, Payload]]:
    """Return a post and what each of its deliveries would say, by number, without doing it.

    Raises:
        NotAllowedError: the person may not, something is out already, nothing differs, or it is refused.
    """
    post, rows = _editable(connection, code, by)
    if desk.opened is None:
        told = _("Chương trình chưa đọc xong danh sách kênh và lịch. Xin thử lại sau ít phút.")
        raise NotAllowedError(told)
    try:
        payloads = _composed(connection, post, rows, texts=texts, desk=desk)
    except RefusedError as error:
        raise NotAllowedError(str(error)) from error
    if not payloads:
        raise NotAllowedError(_("Nội dung không khác với bài {post} hiện nay.").format(post=post.id))
    return post, payloads


def _editable(
    connection: Connection, code: str, by: By
) -> tuple[Post, Sequence[tuple[Delivery, Payload | None]]]:
    post = post_called(connection, code)
    if not (answers_for(by.person, post.agency) or may_post(by.person, post.agency)):
        told = _("{name} không phụ trách cơ quan của bài này.")
        raise NotAllowedError(told.format(name=by.person.name))
    if post.state not in EDITABLE or post.corrects:
        told = _("Bài {post} đang ở trạng thái “{state}”, không sửa ở đây được. Xin sửa bài trong lịch.")
        raise NotAllowedError(told.format(post=post.id, state=post_state_name(post.state)))
    rows = ledger.payloads_of(connection, post.id)
    going = [each for each in rows if each[0].state != DeliveryState.CANCELLED]
    if not going or any(row.state not in UNDELIVERED for row, _payload in going):
        told = _("Bài {post} đã đăng hoặc đang đăng. Xin đính chính: /dinh_chinh {post}")
        raise NotAllowedError(told.format(post=post.id))
    return post, going


def _composed(
    connection: Connection,
    post: Post,
    rows: Sequence[tuple[Delivery, Payload | None]],
    *,
    texts: Mapping[str, str],
    desk: Desk,
) -> dict[int, Payload]:
    """Compose what the deliveries in these languages would say, where that differs."""
    opened = desk.opened.knowing(kept_campaigns(connection)) if desk.opened else None
    if opened is None:
        return {}
    entry = entry_of(post.entry, row_of(connection, post))
    planned = plan_of(opened, replace(entry, texts={**entry.texts, **texts}), post)
    media = max((payload.media for _row, payload in rows if payload), key=len, default=())
    renderers, channels = Renderers(opened.home, opened.settings), opened.office.channels
    compose = composer(planned, office=opened.office, publishers=renderers, media=media)
    listed = {channel.name: channel for channel in channels}
    found: dict[int, Payload] = {}
    for row, payload in rows:
        if payload and payload.locale in texts and row.channel in listed:
            wanted = PlannedDelivery(post.id, listed[row.channel], row.locale, payload.locale, row.due)
            new = compose(wanted)
            if new.sha256() != payload.sha256():
                found[row.id] = new
    return found


def edit(connection: Connection, code: str, by: By, *, texts: Mapping[str, str], desk: Desk) -> Post:
    """Give a post another text; it waits for an approval of somebody who wrote none of it.

    Raises:
        NotAllowedError: as `plan_edit` says.
    """
    post, payloads = plan_edit(connection, code, by, texts=texts, desk=desk)
    act = Act(by.now, by.person.name, by.way, "edit", post.id, {"texts": dict(texts)})
    edit_texts(connection, post, payloads, act)
    _tell_author(connection, post, by, what="\n".join(texts.values()))
    return post_called(connection, post.id)


def edit_time(connection: Connection, code: str, by: By, *, at: datetime, desk: Desk) -> Post:
    """Give a post another time, as an edit: who gives it may not approve it.

    Raises:
        NotAllowedError: the person may not, or the time has passed.
    """
    post, _rows = _editable(connection, code, by)
    if at <= by.now:
        raise NotAllowedError(_("{moment} đã qua. Xin cho một giờ trong tương lai.").format(moment=show(at)))
    act = Act(by.now, by.person.name, by.way, "new_time", post.id, {"at": at.isoformat()})
    ledger.give_time(connection, post, at, window=desk.window, act=act)
    keep_editor(connection, post, by.person.name)
    _tell_author(connection, post, by, what=show(at))
    return post_called(connection, post.id)


def _tell_author(connection: Connection, post: Post, by: By, *, what: str) -> None:
    """Tell whoever wrote the row: it is as it was, and takes the place of the edit once it changes."""
    told = _(
        "{person} đã sửa bài {post}; bản sửa chờ người khác duyệt. Dòng của bài trong lịch vẫn như cũ: "
        "xin sửa dòng cho khớp. Khi dòng ấy đổi, bản trong lịch thay bản sửa này và phải duyệt lại.\n"
        "Bản sửa: {what}"
    )
    text = told.format(person=by.person.name, post=post.id, what=what)
    tell(connection, Word(f"edited:{post.id}:{post.revision}", post.agency, post.author, text), by.now)
