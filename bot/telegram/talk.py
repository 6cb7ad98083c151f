"""What one update changes and what is said back: run in one transaction, without a byte to Telegram."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import acts
from bot.findings import said, tell_finding
from bot.moments import read_new_time
from bot.planning.differences import take
from bot.telegram import all_at_once, deciding, going_on, overview, replies, seals, showing, stopping, undoing
from bot.telegram.commands import Command, read_command
from bot.telegram.gate import Said, Stranger, Tapped
from bot.telegram.replies import Answer, Talk, expected, post_of, use_button, want
from content_queue.store.approvals import NotAllowedError
from content_queue.store.buttons import is_used
from content_queue.store.findings import Finding
from content_queue.texts import _

log = logging.getLogger(__name__)
WAY = "telegram"
#: A question for a reason or a time is forgotten after this, so that a later word is no answer.
PATIENCE = timedelta(minutes=30)


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
        told = {"action": "words_refused", "verb": command.verb if command else "", "chat": talk.chat}
        log.info("Words refused", extra=told)
        return Answer((str(refusal),))


def answer_tap(talk: Talk, tapped: Tapped) -> Answer:
    """Answer a button: decide, or ask for what is still needed to; what it asked for is done once."""
    button = seals.unseal(tapped.data, person=tapped.chat, key=talk.key)
    if button is None or button.verb not in TAPS:
        return _refuse(talk, "forged", deciding.dead())
    if not button.lives(talk.by.now):
        return _refuse(talk, "expired", _("Nút này đã hết hạn sau 72 giờ. Xin thẻ mới: /duyet MÃ"))
    talk = replace(talk, seal=button.seal)
    used = is_used(talk.connection, button.seal)
    try:
        return _again(talk, button) if used else _for_the_first_time(talk, button)
    except NotAllowedError as refusal:
        return replace(
            _refuse(talk, "used" if used else "not_allowed", str(refusal)),
            changed=_shows_more_soon(talk, button),
        )


def _refuse(talk: Talk, why: str, told: str) -> Answer:
    """Say why a button does nothing, and write it into the log: what a person reads stays out of there."""
    log.info("Tap refused", extra={"action": "tap_refused", "why": why, "chat": talk.chat})
    return Answer(toast=told)


def _for_the_first_time(talk: Talk, button: seals.Button) -> Answer:
    answer = TAPS[button.verb](talk, button)
    if answer.changed:
        use_button(talk, button.seal)
    return answer


def _again(talk: Talk, button: seals.Button) -> Answer:
    """Refuse a button that was used, in the words that what it asks for is refused with, if it is."""
    with talk.connection.begin_nested() as point:
        try:
            TAPS[button.verb](talk, button)
        finally:
            point.rollback()
    return _refuse(talk, "used", _("Việc này đã làm rồi. Diễn biến: /vi_sao MÃ"))


def _shows_more_soon(talk: Talk, button: seals.Button) -> bool:
    """Tell whether the card is to be looked at at once: what it asks was settled, or has changed."""
    if button.verb not in ABOUT_CONTENT:
        return True
    post = post_of(talk, button.subject)
    return post is not None and not button.shows(post.content_hash)


def answer_stranger(stranger: Stranger) -> Answer:
    """Tell somebody who is not listed what to do, and nothing about the office."""
    told = _(
        "Kính chào. Bot này chỉ làm việc với người đã đăng ký. Số Telegram của anh/chị là {number}; "
        "xin gửi số này cho cán bộ CNTT của văn phòng để được đăng ký."
    )
    return Answer((told.format(number=stranger.chat),))


def _plain_words(talk: Talk, text: str) -> Answer:
    asked = expected(talk)
    if not asked or talk.by.now - datetime.fromisoformat(asked["at"]) > PATIENCE or not text.strip():
        return Answer((_("Tôi chỉ hiểu các lệnh. Xem các lệnh: /tro_giup"),))
    answer = WORDS[asked["what"]](talk, asked, text)
    if answer.changed:
        use_button(talk, asked.get("seal", ""))
    return answer


def _gio_moi(talk: Talk, command: Command) -> Answer:
    code, words = command.split()
    want(code and words, _("Xin ghi mã bài và giờ mới, ví dụ: /gio_moi GV-2026 20/11 15:00"))
    at = read_new_time(words, talk.by.now)
    done = acts.give_new_time(talk.connection, code, talk.by, at=at, desk=talk.desk)
    return Answer((showing.moved(done),), changed=True)


def _says(*, published: bool) -> Callable[[Talk, Command], Answer]:
    """Make the answer to what a person saw on a channel."""

    def answer(talk: Talk, command: Command) -> Answer:
        number, link = command.split()
        want(number, _("Xin ghi số lượt đăng, ví dụ: /da_len 12"))
        finding = Finding(published, link or None)
        found = tell_finding(talk.connection, number, finding, talk.by, desk=talk.desk)
        return Answer((said(found.channel, published=published),), changed=True)

    return answer


def _asks(show_it: Callable[[showing.View, str], list[str]]) -> Callable[[Talk, Command], Answer]:
    """Make an answer of what only shows."""

    def answer(talk: Talk, command: Command) -> Answer:
        view = showing.View(talk.connection, talk.by.person, talk.by.now, talk.desk)
        return Answer(tuple(show_it(view, command.words)))

    return answer


def _nhan_lich(talk: Talk, command: Command) -> Answer:
    want(command.words, _("Xin ghi mã của thay đổi, ví dụ: /nhan_lich 3F9A2C"))
    found = take(talk.connection, talk.by, command.words)
    told = _("Đã đồng ý; {count} thay đổi có hiệu lực trong vài giây. Bài bị sửa sẽ xin duyệt lại.")
    return Answer((told.format(count=len(found.lines)),), changed=True)


#: Buttons that say yes or no to a post's content.
ABOUT_CONTENT = (seals.APPROVE, seals.REJECT, seals.URGENTLY)
#: Verb of a button -> what answers it.
TAPS: Mapping[str, Callable[[Talk, seals.Button], Answer]] = replies.ANSWERS | {
    seals.APPROVE: deciding.approve,
    seals.REJECT: deciding.ask_reason,
    seals.URGENTLY: deciding.ask_hurry,
    seals.FINE: deciding.fine,
    seals.NOT_FINE: deciding.ask_objection,
    seals.TAKE_BACK: undoing.take_back_now,
    seals.CORRECT: undoing.correct_now,
    seals.EDIT: undoing.edit_now,
    seals.ASK_ALL: all_at_once.ask_all,
    seals.APPROVE_ALL: all_at_once.approve_all,
    **stopping.TAPS,
    **going_on.TAPS,
}
#: What words are waited for as -> what takes them.
WORDS: Mapping[str, Callable[[Talk, Mapping[str, Any], str], Answer]] = {
    **deciding.WORDS,
    replies.LINK: replies.take_link,
    replies.TIME: replies.take_time,
    replies.MOVE: replies.take_time,
    **stopping.WORDS,
    **going_on.WORDS,
}
#: Verb -> what answers it.
ANSWERS: Mapping[str, Callable[[Talk, Command], Answer]] = {
    "cho_duyet": _asks(showing.pending),
    "duyet": deciding.duyet,
    "duyet_khan": deciding.duyet_khan,
    "tu_choi": deciding.tu_choi,
    "uy_quyen": deciding.uy_quyen,
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
    "sua": undoing.sua,
    "da_len": _says(published=True),
    "chua_len": _says(published=False),
    "nhan_lich": _nhan_lich,
    "vi_sao": _asks(showing.why),
    "trang_thai": _asks(showing.status),
    "tro_giup": _asks(showing.help_text),
}
