"""Yes and no to a post: by a button, by a command, alone where it cannot wait, and looked at afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import acts
from bot.approving.delegating import (
    ENDING,
    delegate,
    delegations,
    read_delegation,
    show_delegation,
    take_over_again,
)
from bot.approving.second_look import look_again
from bot.telegram import all_at_once, seals, undoing
from bot.telegram.commands import Command
from bot.telegram.replies import Answer, Talk, expect, forget, post_of, want
from bot.telegram.seals import Button
from content_queue.models import Post
from content_queue.store.approvals import Decision, NotAllowedError, why_not
from content_queue.store.cards import open_cards
from content_queue.store.reviews import review_of
from content_queue.store.second_eye import Hurried, may_not_look, unseen_of
from content_queue.texts import _
from schedules.names import fold

#: What words in a chat are waited for as.
REASON, HURRY, OBJECTION = "reason", "hurry", "objection"
#: Words in the place of a code that mean everything.
ALL = frozenset({"het", "tat ca", "all"})


def approve(talk: Talk, button: Button) -> Answer:
    """Say yes to exactly what the card showed."""
    post, seen = _shown(talk, button)
    return replace(_approve(talk, post, seen), texts=())


def ask_reason(talk: Talk, button: Button) -> Answer:
    """Ask why it is a no."""
    post, seen = _shown(talk, button)
    return _ask_reason(talk, post, seen)


def ask_hurry(talk: Talk, button: Button) -> Answer:
    """Ask why a post cannot wait for all whose yes is asked."""
    post, seen = _shown(talk, button)
    _want_right(talk, post, talk.by.yes(post.id, seen=seen, urgently="?"))
    expect(talk, HURRY, post=post.id, seen=seen)
    told = _("Xin cho biết vì sao bài {post} không chờ được (trả lời tin này).").format(post=post.id)
    return Answer((told,), toast=_("Xin ghi lý do duyệt khẩn."), ask=True)


def _shown(talk: Talk, button: Button) -> tuple[Post, str]:
    """Return the post that a card was about, and the hash of what the card showed.

    Raises:
        NotAllowedError: there is no such post.
    """
    post = post_of(talk, button.subject)
    if post is None:
        raise NotAllowedError(dead())
    return post, post.content_hash if button.shows(post.content_hash) else button.short


def dead() -> str:
    """Say that a button means nothing."""
    return _("Nút này không còn dùng được. Gõ /cho_duyet để xem bài đang chờ.")


def _approve(talk: Talk, post: Post, seen: str | None) -> Answer:
    yes = talk.by.yes(post.id, seen=seen)
    done = acts.approve(talk.connection, yes, talk.by.now, desk=talk.desk)
    told = acts.standing_words(talk.connection, done, talk.desk, talk.by.now)
    return Answer((told,), toast=told, changed=True)


def _ask_reason(talk: Talk, post: Post, seen: str) -> Answer:
    _want_right(talk, post, talk.by.no(post.id, "", seen=seen))
    expect(talk, REASON, post=post.id, seen=seen)
    told = _("Xin cho biết lý do từ chối bài {post} (trả lời tin này).").format(post=post.id)
    return Answer((told,), toast=_("Xin ghi lý do từ chối."), ask=True)


def _want_right(talk: Talk, post: Post, decision: Decision) -> None:
    """Refuse at once what would be refused in the end."""
    refusal = why_not(review_of(talk.connection, post, talk.desk.book, talk.by.now), decision, talk.by.now)
    if refusal:
        raise NotAllowedError(refusal)


def take_reason(talk: Talk, asked: Mapping[str, Any], text: str) -> Answer:
    """Take the reason that was asked for, and do what it was asked for."""
    forget(talk)
    taking = {REASON: _reject, HURRY: _hurry, OBJECTION: _object}
    return taking[asked["what"]](talk, asked["post"], reason=text, seen=asked["seen"])


def _reject(talk: Talk, code: str, *, reason: str, seen: str | None = None) -> Answer:
    no = talk.by.no(code, reason, seen=seen)
    done = acts.reject(talk.connection, no, talk.by.now, desk=talk.desk)
    told = _("Đã từ chối bài {post}. Người soạn sẽ thấy lý do.").format(post=done.id)
    return Answer((told,), changed=True)


def _hurry(talk: Talk, code: str, *, reason: str, seen: str | None = None) -> Answer:
    yes = talk.by.yes(code, seen=seen, urgently=reason)
    done = acts.approve(talk.connection, yes, talk.by.now, desk=talk.desk)
    told = acts.standing_words(talk.connection, done, talk.desk, talk.by.now)
    after = _("Một người khác sẽ được nhờ xem lại bài này.")
    return Answer((f"{told} {after}",), changed=True)


# --- commands -----------------------------------------------------------------------------------------------


def duyet(talk: Talk, command: Command) -> Answer:
    """Say yes to what lies in the chat; what was not seen yet is shown first."""
    code, _rest = command.split()
    want(code, _("Xin ghi mã bài, ví dụ: /duyet GV-2026. Xem bài đang chờ: /cho_duyet"))
    if fold(command.words) in ALL:
        return replace(all_at_once.ask_all(talk), toast="")
    post = acts.post_called(talk.connection, code)
    _want_right(talk, post, talk.by.yes(post.id))
    if _has_seen(talk, post):
        return replace(_approve(talk, post, post.content_hash), toast="")
    return _show_first(post)


def duyet_khan(talk: Talk, command: Command) -> Answer:
    """Let a leader alone say yes to what cannot wait."""
    code, reason = command.split()
    want(code and reason, _("Xin ghi mã bài và lý do, ví dụ: /duyet_khan GV-2026 bão vào trong hai giờ tới"))
    post = acts.post_called(talk.connection, code)
    if not _has_seen(talk, post):
        return _show_first(post)
    return _hurry(talk, post.id, reason=reason, seen=post.content_hash)


def _has_seen(talk: Talk, post: Post) -> bool:
    lying = [card for card in open_cards(talk.connection, post.id) if card.chat_id == talk.chat]
    return any(
        card.content_hash == post.content_hash and talk.by.now < card.sent_at + seals.LIVES for card in lying
    )


def _show_first(post: Post) -> Answer:
    told = _("Anh/chị chưa xem bản hiện tại của bài {post}. Xin xem thẻ dưới đây rồi bấm Duyệt hoặc Từ chối.")
    return Answer((told.format(post=post.id),), card=post)


def tu_choi(talk: Talk, command: Command) -> Answer:
    """Say no, with a reason."""
    code, reason = command.split()
    want(code, _("Xin ghi mã bài và lý do, ví dụ: /tu_choi GV-2026 sai ngày tháng"))
    if reason:
        return _reject(talk, code, reason=reason)
    post = acts.post_called(talk.connection, code)
    return replace(_ask_reason(talk, post, post.content_hash), toast="")


def uy_quyen(talk: Talk, command: Command) -> Answer:
    """Let somebody decide in one's name, end that, or show what is in force."""
    if fold(command.words) in ENDING:
        take_over_again(talk.connection, talk.by)
        return Answer((_("Đã thôi ủy quyền."),), changed=True)
    if command.words:
        wanted = read_delegation(command.words, talk.by)
        done = delegate(talk.connection, talk.by, wanted, desk=talk.desk)
        return Answer((show_delegation(done),), changed=True)
    found = delegations(talk.connection, talk.by)
    return Answer(("\n".join(map(show_delegation, found)) or _("Không có ủy quyền nào."),))


# --- the second look ----------------------------------------------------------------------------------------


def fine(talk: Talk, button: Button) -> Answer:
    """Take a second person's yes to what a leader alone said yes to."""
    hurried = _hurried(talk, button)
    look_again(talk.connection, hurried.post.id, talk.by)
    told = _("Đã ghi: anh/chị đồng ý với bài {post}.").format(post=hurried.post.id)
    return Answer(toast=told, changed=True)


def ask_objection(talk: Talk, button: Button) -> Answer:
    """Ask what is wrong."""
    hurried = _hurried(talk, button)
    refusal = may_not_look(hurried, talk.by.person)
    if refusal:
        raise NotAllowedError(refusal)
    expect(talk, OBJECTION, post=hurried.post.id, seen=hurried.content_hash)
    told = _("Xin cho biết điều chưa đúng của bài {post} (trả lời tin này).").format(post=hurried.post.id)
    return Answer((told,), toast=_("Xin ghi điều chưa đúng."), ask=True)


def _object(talk: Talk, code: str, *, reason: str, seen: str | None = None) -> Answer:
    """Write the objection down and offer to take the post back."""
    hurried = unseen_of(talk.connection, code)
    if hurried is None or hurried.content_hash != seen:
        raise NotAllowedError(_settled())
    look_again(talk.connection, code, talk.by, objection=reason)
    offered = undoing.go_bai(talk, Command("go_bai", f"{code} {reason}"))
    told = _("Đã ghi ý kiến của anh/chị và báo những người liên quan. Nếu cần gỡ bài:")
    return replace(offered, texts=(told, *offered.texts), changed=True)


def _hurried(talk: Talk, button: Button) -> Hurried:
    post = post_of(talk, button.subject)
    hurried = unseen_of(talk.connection, post.id) if post else None
    if hurried is None or not button.shows(hurried.content_hash):
        raise NotAllowedError(_settled())
    return hurried


def _settled() -> str:
    return _("Bài này đã có người xem lại. Diễn biến: /vi_sao MÃ")


#: What words are waited for as -> what takes them.
WORDS = dict.fromkeys((REASON, HURRY, OBJECTION), take_reason)
