"""What one update changes and what is said back: run in one transaction, without a byte to Telegram."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import acts
from bot.differences import take
from bot.findings import said, tell_finding
from bot.moments import read_new_time, show
from bot.telegram import all_at_once, going_on, overview, replies, seals, showing, stopping, undoing
from bot.telegram.commands import Command, read_command
from bot.telegram.gate import Said, Stranger, Tapped
from bot.telegram.replies import Answer, Talk, expect, expected, forget, post_of
from content_queue.models import Post
from content_queue.states import PostState
from content_queue.store.approvals import Decision, NotAllowedError, why_not
from content_queue.store.cards import open_cards
from content_queue.store.findings import Finding
from content_queue.texts import _
from schedules.names import fold

WAY = "telegram"
#: What a reason is waited for as.
REASON = "reason"
#: A question for a reason or a time is forgotten after this, so that a later word is no answer.
PATIENCE = timedelta(minutes=30)
#: Words in the place of a code that mean everything.
ALL = frozenset({"het", "tat ca", "all"})


def answer_words(talk: Talk, said: Said) -> Answer:
    """Answer what a listed person wrote: a command, or the reason that was asked for."""
    command = read_command(said.text)
    try:
        if command is None:
            return _plain_words(talk, said.text)
        if not command.verb:
            return Answer(
                (_("Không có lệnh “/{words}”. Xem các lệnh: /tro_giup").format(words=command.words),)
            )
        return ANSWERS[command.verb](talk, command)
    except NotAllowedError as refusal:
        return Answer((str(refusal),))


def answer_tap(talk: Talk, tapped: Tapped) -> Answer:
    """Answer a button: decide, or ask for what is still needed to."""
    button = seals.unseal(tapped.data, person=tapped.chat, key=talk.key)
    if button and button.verb in TAPS:
        return replies.answer(talk, button, TAPS)
    post = post_of(talk, button.subject) if button else None
    if button is None or post is None:
        return Answer(toast=_("Nút này không còn dùng được. Gõ /cho_duyet để xem bài đang chờ."))
    seen = post.content_hash if button.shows(post.content_hash) else button.short
    try:
        if button.verb == seals.REJECT:
            return _ask_reason(talk, post, seen)
        return replace(_approve(talk, post, seen), texts=())
    except NotAllowedError as refusal:
        return Answer(toast=str(refusal), changed=seen != post.content_hash)


def answer_stranger(stranger: Stranger) -> Answer:
    """Tell somebody who is not listed what to do, and nothing about the office."""
    told = _(
        "Kính chào. Bot này chỉ làm việc với người đã đăng ký. Số Telegram của anh/chị là {number}; "
        "xin gửi số này cho cán bộ CNTT của văn phòng để được đăng ký."
    )
    return Answer((told.format(number=stranger.chat),))


def _approve(talk: Talk, post: Post, seen: str | None) -> Answer:
    done = acts.approve(talk.connection, post.id, talk.by, seen=seen)
    told = _("Đã duyệt bài {post}, đăng lúc {due}.").format(post=done.id, due=show(done.due))
    return Answer((told,), toast=told, changed=True)


def _ask_reason(talk: Talk, post: Post, seen: str) -> Answer:
    decision = Decision(post.id, PostState.REJECTED, talk.by.person, WAY, seen)
    refusal = why_not(post, decision, talk.by.now)
    if refusal:
        raise NotAllowedError(refusal)
    expect(talk, REASON, post=post.id, seen=seen)
    told = _("Xin cho biết lý do từ chối bài {post} (trả lời tin này).").format(post=post.id)
    return Answer((told,), toast=_("Xin ghi lý do từ chối."), ask=True)


def _plain_words(talk: Talk, text: str) -> Answer:
    asked = expected(talk)
    if not asked or talk.by.now - datetime.fromisoformat(asked["at"]) > PATIENCE or not text.strip():
        return Answer((_("Tôi chỉ hiểu các lệnh. Xem các lệnh: /tro_giup"),))
    return WORDS[asked["what"]](talk, asked, text)


def _take_reason(talk: Talk, asked: Mapping[str, Any], words: str) -> Answer:
    forget(talk)
    return _reject(talk, asked["post"], reason=words, seen=asked["seen"])


def _reject(talk: Talk, code: str, *, reason: str, seen: str | None = None) -> Answer:
    done = acts.reject(talk.connection, code, talk.by, reason=reason, seen=seen)
    told = _("Đã từ chối bài {post}. Người soạn sẽ thấy lý do.").format(post=done.id)
    return Answer((told,), changed=True)


def _duyet(talk: Talk, command: Command) -> Answer:
    code, _rest = command.split()
    _want(code, _("Xin ghi mã bài, ví dụ: /duyet GV-2026. Xem bài đang chờ: /cho_duyet"))
    if fold(command.words) in ALL:
        return replace(all_at_once.ask_all(talk), toast="")
    post = acts.post_called(talk.connection, code)
    decision = Decision(post.id, PostState.APPROVED, talk.by.person, WAY)
    refusal = why_not(post, decision, talk.by.now)
    if refusal:
        raise NotAllowedError(refusal)
    shown = [card.content_hash for card in open_cards(talk.connection, post.id) if card.chat_id == talk.chat]
    if post.content_hash in shown:
        return replace(_approve(talk, post, post.content_hash), toast="")
    told = _("Anh/chị chưa xem bản hiện tại của bài {post}. Xin xem thẻ dưới đây rồi bấm Duyệt hoặc Từ chối.")
    return Answer((told.format(post=post.id),), card=post)


def _tu_choi(talk: Talk, command: Command) -> Answer:
    code, reason = command.split()
    _want(code, _("Xin ghi mã bài và lý do, ví dụ: /tu_choi GV-2026 sai ngày tháng"))
    if reason:
        return _reject(talk, code, reason=reason)
    post = acts.post_called(talk.connection, code)
    return replace(_ask_reason(talk, post, post.content_hash), toast="")


def _gio_moi(talk: Talk, command: Command) -> Answer:
    code, words = command.split()
    _want(code and words, _("Xin ghi mã bài và giờ mới, ví dụ: /gio_moi GV-2026 20/11 15:00"))
    at = read_new_time(words, talk.by.now)
    done = acts.give_new_time(talk.connection, code, talk.by, at=at, window=talk.desk.window)
    return Answer((showing.moved(done),), changed=True)


def _says(*, published: bool) -> Callable[[Talk, Command], Answer]:
    """Make the answer to what a person saw on a channel."""

    def answer(talk: Talk, command: Command) -> Answer:
        number, link = command.split()
        _want(number, _("Xin ghi số lượt đăng, ví dụ: /da_len 12"))
        finding = Finding(published, link or None)
        found = tell_finding(talk.connection, number, finding, talk.by, desk=talk.desk)
        return Answer((said(found.channel, published=published),), changed=True)

    return answer


def _want(words: str, usage: str) -> None:
    if not words:
        raise NotAllowedError(usage)


def _asks(show_it: Callable[[showing.View, str], list[str]]) -> Callable[[Talk, Command], Answer]:
    """Make an answer of what only shows."""

    def answer(talk: Talk, command: Command) -> Answer:
        view = showing.View(talk.connection, talk.by.person, talk.by.now, talk.desk)
        return Answer(tuple(show_it(view, command.words)))

    return answer


def _nhan_lich(talk: Talk, command: Command) -> Answer:
    _want(command.words, _("Xin ghi mã của thay đổi, ví dụ: /nhan_lich 3F9A2C"))
    found = take(talk.connection, talk.by, command.words)
    told = _("Đã đồng ý; {count} thay đổi có hiệu lực trong vài giây. Bài bị sửa sẽ xin duyệt lại.")
    return Answer((told.format(count=len(found.lines)),), changed=True)


#: Verb of a button -> what answers it, besides approvals.
TAPS: Mapping[str, Callable[[Talk, seals.Button], Answer]] = replies.ANSWERS | {
    seals.TAKE_BACK: undoing.take_back_now,
    seals.CORRECT: undoing.correct_now,
    seals.ASK_ALL: all_at_once.ask_all,
    seals.APPROVE_ALL: all_at_once.approve_all,
    **stopping.TAPS,
    **going_on.TAPS,
}
#: What words are waited for as -> what takes them.
WORDS: Mapping[str, Callable[[Talk, Mapping[str, Any], str], Answer]] = {
    REASON: _take_reason,
    replies.LINK: replies.take_link,
    replies.TIME: replies.take_time,
    replies.MOVE: replies.take_time,
    **stopping.WORDS,
    **going_on.WORDS,
}
#: Verb -> what answers it.
ANSWERS: Mapping[str, Callable[[Talk, Command], Answer]] = {
    "cho_duyet": _asks(showing.pending),
    "duyet": _duyet,
    "tu_choi": _tu_choi,
    "hom_nay": _asks(showing.today),
    "lich": _asks(overview.schedule),
    "so_lieu": _asks(overview.numbers),
    "kenh": _asks(overview.channels),
    "bai": _asks(showing.whole_post),
    "gio_moi": _gio_moi,
    "tam_dung": stopping.tam_dung,
    "tiep_tuc": going_on.tiep_tuc,
    "go_bai": undoing.go_bai,
    "dinh_chinh": undoing.dinh_chinh,
    "da_len": _says(published=True),
    "chua_len": _says(published=False),
    "nhan_lich": _nhan_lich,
    "vi_sao": _asks(showing.why),
    "trang_thai": _asks(showing.status),
    "tro_giup": _asks(showing.help_text),
}
