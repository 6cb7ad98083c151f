"""Take back and correct from a chat: what it touches is listed, and a button confirms exactly that."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.editing import edit, edit_time, plan_edit
from bot.holding.scopes import KEYWORDS, known_posts, names_of, read_stop
from bot.moments import read_moment, show
from bot.telegram import seals
from bot.telegram.commands import Command
from bot.telegram.replies import Answer, Talk
from bot.telegram.seals import Button
from bot.undoing.correction import Ask, ask_correction, plan_correction, show_correction
from bot.undoing.demands import read_claim, reason_of, say_done
from bot.undoing.takeback import Touched, show_touched, take_back, touched_by_campaign, touched_by_post
from content_queue.models import Payload, Post, digest
from content_queue.store.approvals import NotAllowedError
from content_queue.store.demands import Claim
from content_queue.store.marks import keep_mark, read_mark
from content_queue.texts import N_, _
from schedules.names import fold

#: Words in the place of a post's code that say that a demand is done.
DONE = frozenset({"xong", "done"})
#: Verb of a confirmation -> the label of its button.
YES: Mapping[str, str] = {
    seals.TAKE_BACK: N_("Gỡ khỏi mọi kênh"),
    seals.CORRECT: N_("Trình duyệt đính chính"),
    seals.EDIT: N_("Trình duyệt bản sửa"),
}
#: Words that open the name of a campaign there.
CAMPAIGN = frozenset(word for word, kind in KEYWORDS.items() if kind == "campaigns")


def go_bai(talk: Talk, command: Command) -> Answer:
    """List what a take-back touches and ask whether that is meant."""
    claim, words = read_claim(command.words, talk.by.now)
    code, _blank, reason = words.partition(" ")
    if fold(code) in DONE:
        return _say_done(talk, command)
    if not code or not reason_of(claim, reason):
        raise NotAllowedError(
            _(
                "Xin ghi mã bài (hoặc đợt “tên đợt”) và lý do, ví dụ: /go_bai GV-2026 sai số liệu\n"
                "Cơ quan có thẩm quyền yêu cầu gỡ: thêm số VB 45/QĐ-STTTT của Sở KH&CN"
            )
        )
    asked: dict[str, str] = {"post": code, "campaign": "", "reason": reason_of(claim, reason)}
    if code.casefold() in CAMPAIGN:
        scope, reason, _document = read_stop(
            words, names_of(talk.desk, known_posts(talk.connection, talk.by.now))
        )
        asked = {"post": "", "campaign": scope["campaigns"][0], "reason": reason_of(claim, reason)}
    asked |= {"number": claim.number, "body": claim.body} if claim else {"number": ""}
    touched = _touched(talk, asked)
    lines = show_touched(touched)
    if not touched.out and not touched.coming and claim is None:
        return Answer(("\n".join(lines),))
    return _confirm(talk, asked, stamp=touched.stamp, verb=seals.TAKE_BACK, lines=lines)


def _say_done(talk: Talk, command: Command) -> Answer:
    """Take a person's word that what no platform could remove was removed by hand."""
    _xong, number = command.split()
    demand = say_done(talk.connection, number, talk.by)
    told = _("Đã ghi: yêu cầu gỡ theo văn bản số {number} đã xong.").format(number=demand.number)
    return Answer((told,), changed=True)


def dinh_chinh(talk: Talk, command: Command) -> Answer:
    """Show what a correction does and ask whether it is to be put into review."""
    code, text = command.split_text()
    if not code:
        raise NotAllowedError(
            _("Xin ghi mã bài, rồi xuống dòng ghi toàn văn mới; không ghi thì lấy dòng của bài trong lịch.")
        )
    asked = {"post": code, "text": text}
    post, lines = plan_correction(talk.connection, code, talk.by, ask=_ask(asked), desk=talk.desk)
    stamp = digest([line.payload.sha256() for line in lines])
    return _confirm(talk, asked, stamp=stamp, verb=seals.CORRECT, lines=show_correction(post, lines))


def _confirm(talk: Talk, asked: Mapping[str, str], *, stamp: str, verb: str, lines: list[str]) -> Answer:
    """Ask with a button that means exactly what was listed; it holds only a digest of that."""
    keep_mark(talk.connection, _key(talk), {**asked, "stamp": stamp})
    data = seals.seal(verb, "", stamp, talk.sealing)
    return Answer(("\n".join(lines),), buttons=((_(YES[verb]), data),))


def sua(talk: Talk, command: Command) -> Answer:
    """Give a post another time at once, or show another text and ask whether it is to be put into review."""
    code, text = command.split_text()
    if not code or not text:
        raise NotAllowedError(
            _("Xin ghi mã bài và giờ mới (/sua GV-2026 20/11 15:00), hoặc xuống dòng ghi toàn văn mới.")
        )
    if "\n" not in command.text.strip():
        done = edit_time(talk.connection, code, talk.by, at=read_moment(text, talk.by.now), desk=talk.desk)
        told = _("Đã sửa giờ bài {post}: {due}. Người khác duyệt lại thì bài mới đăng.")
        return Answer((told.format(post=done.id, due=show(done.due)),), changed=True)
    post, payloads = plan_edit(talk.connection, code, talk.by, texts={"vi": text}, desk=talk.desk)
    told = _("Bài {post} sẽ thành ({count} lượt đăng):").format(post=post.id, count=len(payloads))
    lines = [told, "", next(iter(payloads.values())).text]
    stamp = _stamp(post, payloads.values())
    return _confirm(talk, {"post": post.id, "text": text}, stamp=stamp, verb=seals.EDIT, lines=lines)


def edit_now(talk: Talk, button: Button) -> Answer:
    """Put the edit that was shown into review."""
    asked = _asked(talk, button)
    texts = {"vi": asked["text"]}
    post, payloads = plan_edit(talk.connection, asked["post"], talk.by, texts=texts, desk=talk.desk)
    if _stamp(post, payloads.values()) != asked["stamp"]:
        raise NotAllowedError(_changed())
    keep_mark(talk.connection, _key(talk), None)
    done = edit(talk.connection, post.id, talk.by, texts=texts, desk=talk.desk)
    told = _("Đã trình bản sửa của bài {post}; người khác duyệt thì bài mới đăng.").format(post=done.id)
    return Answer((told,), toast=told, changed=True)


def _stamp(post: Post, payloads: Iterable[Payload]) -> str:
    return digest([post.content_hash, *(payload.sha256() for payload in payloads)])


def take_back_now(talk: Talk, button: Button) -> Answer:
    """Do what was confirmed, if it still is what was listed."""
    asked = _asked(talk, button)
    touched = _touched(talk, asked)
    if touched.stamp != asked["stamp"]:
        raise NotAllowedError(_changed())
    keep_mark(talk.connection, _key(talk), None)
    claim = Claim(asked["number"], asked["body"], talk.by.now) if asked["number"] else None
    count = take_back(talk.connection, touched, talk.by, reason=asked["reason"], claim=claim)
    told = _("Đã ghi yêu cầu gỡ {count} lượt. Kết quả từng kênh sẽ được báo lại.").format(count=count)
    return Answer((told,), toast=told, changed=True)


def correct_now(talk: Talk, button: Button) -> Answer:
    """Put the correction that was shown into review."""
    asked = _asked(talk, button)
    ask = _ask(asked)
    _post, lines = plan_correction(talk.connection, asked["post"], talk.by, ask=ask, desk=talk.desk)
    if digest([line.payload.sha256() for line in lines]) != asked["stamp"]:
        raise NotAllowedError(_changed())
    keep_mark(talk.connection, _key(talk), None)
    added = ask_correction(talk.connection, asked["post"], talk.by, ask=ask, desk=talk.desk)
    told = _("Đã trình {post}; người khác duyệt xong là đăng ngay.").format(post=added.id)
    return Answer((told,), toast=told, changed=True)


def _touched(talk: Talk, asked: Mapping[str, str]) -> Touched:
    if asked["campaign"]:
        return touched_by_campaign(talk.connection, asked["campaign"], talk.by)
    return touched_by_post(talk.connection, asked["post"], talk.by)


def _ask(asked: Mapping[str, str]) -> Ask:
    texts = {"vi": asked["text"]} if asked["text"] else {}
    return Ask(texts, _("đính chính theo đề nghị trong Telegram"))


def _asked(talk: Talk, button: Button) -> Mapping[str, Any]:
    """Return what this button was made for; only the last question of a chat can be confirmed."""
    asked: Mapping[str, Any] | None = read_mark(talk.connection, _key(talk))
    if asked is None or not button.shows(asked["stamp"]):
        raise NotAllowedError(_changed())
    return asked


def _changed() -> str:
    return _("Việc này đã làm rồi, hoặc đã có thay đổi. Xin gõ lại lệnh để xem tình hình hiện nay.")


def _key(talk: Talk) -> str:
    return f"to undo:{talk.chat}"
