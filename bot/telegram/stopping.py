"""Stop from a chat: what a hold would catch is listed, and a button confirms exactly that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import acts
from bot.acts import Stop
from bot.desk import Desk
from bot.holding.foresight import foresee, show_foreseen
from bot.holding.ready import ReadyHold
from bot.holding.scopes import PLATFORMS, Names, known_posts, names_of, show_hold
from bot.holding.words import prepared, read_order, read_reason
from bot.telegram import seals
from bot.telegram.commands import Command
from bot.telegram.replies import Answer, Talk, expect, forget
from bot.telegram.seals import Button
from content_queue.models import digest
from content_queue.store.approvals import NotAllowedError
from content_queue.store.marks import keep_mark, read_mark
from content_queue.texts import _
from content_queue.words import platform_name

#: What the reason of a chosen hold is waited for as.
WHY = "why stop"


def tam_dung(talk: Talk, command: Command) -> Answer:
    """List what a hold would do and ask whether that is meant; without words, offer what there is."""
    if not command.words:
        return _offer(talk)
    return _list(talk, read_order(command.words, _names(talk), ready=talk.desk.ready, now=talk.by.now))


def _offer(talk: Talk) -> Answer:
    told = _(
        "Xin chọn một lệnh dưới đây, hoặc gõ phạm vi, thời gian và lý do, ví dụ:\n"
        "/tam_dung nền tảng Zalo vì có bão, số VB 123/UBND-VX\n"
        "/tam_dung quốc tang từ 24/5 đến hết 25/5, số VB 12/CĐ-TTg\n"
        "Bài bị giữ lại được liệt kê trước khi anh/chị xác nhận."
    )
    choices = _choices(talk.desk)
    known = _known(choices)
    buttons = tuple(
        (label, seals.seal(seals.READY, str(number), known, talk.sealing))
        for number, (label, _chosen) in enumerate(choices)
    )
    return Answer((told,), buttons=buttons)


def _choices(desk: Desk) -> list[tuple[str, ReadyHold | str]]:
    """Return what may be chosen, with its label: ready holds; everything; a platform in use, by its key."""
    used = {channel.platform for channel in desk.channels}
    return [
        *((each.name.capitalize(), each) for each in desk.ready),
        (_("Tất cả các kênh…"), ""),
        *((_("Chỉ {platform}…").format(platform=platform_name(p)), p) for p in PLATFORMS if p in used),
    ]


def _known(choices: Sequence[tuple[str, ReadyHold | str]]) -> str:
    return digest([[label, repr(chosen)] for label, chosen in choices])


def choose(talk: Talk, button: Button) -> Answer:
    """Take what was chosen: a ready hold is listed, for another the reason is asked."""
    choices = _choices(talk.desk)
    if not button.shows(_known(choices)):
        raise NotAllowedError(_changed())
    _label, chosen = choices[int(button.subject)]
    if isinstance(chosen, ReadyHold):
        return _list(talk, prepared(chosen, Stop({}, ""), _names(talk)))
    expect(talk, WHY, platform=chosen)
    told = _("Xin ghi lý do (và số VB, thời gian nếu có), trả lời tin này. Ví dụ: có bão, số VB 123/UBND-VX")
    return Answer((told,), toast=_("Xin ghi lý do."), ask=True)


def take_why(talk: Talk, asked: Mapping[str, Any], words: str) -> Answer:
    """Take the reason of a hold whose scope was chosen."""
    forget(talk)
    scope = {"platforms": [asked["platform"]]} if asked["platform"] else {}
    return _list(talk, replace(read_reason(words, now=talk.by.now), scope=scope))


def _list(talk: Talk, stop: Stop) -> Answer:
    foreseen = foresee(talk.connection, stop, talk.by, desk=talk.desk)
    keep_mark(talk.connection, _key(talk), {"stop": _kept(stop), "stamp": foreseen.stamp})
    data = seals.seal(seals.HOLD, "", foreseen.stamp, talk.sealing)
    yes = _("Đặt lệnh tạm dừng") if foreseen.hold.starts_at else _("Tạm dừng ngay")
    lines = show_foreseen(foreseen, talk.desk)
    return Answer(("\n".join(lines),), toast=_("Xin xem lại rồi xác nhận."), buttons=((yes, data),))


def stop_now(talk: Talk, button: Button) -> Answer:
    """Put the hold that was listed in force."""
    asked = read_mark(talk.connection, _key(talk))
    if asked is None or not button.shows(asked["stamp"]):
        raise NotAllowedError(_changed())
    keep_mark(talk.connection, _key(talk), None)
    held = acts.hold(talk.connection, _read(asked["stop"]), talk.by, desk=talk.desk)
    told = _("{hold}\n{count} lượt đăng đang chờ thuộc phạm vi này. Chấm dứt: /tiep_tuc {id}").format(
        hold=show_hold(held.hold, talk.desk), count=len(held.covered), id=held.hold.id
    )
    return Answer((told,), toast=_("Lệnh tạm dừng có hiệu lực."), changed=True)


def _kept(stop: Stop) -> dict[str, object]:
    times = {
        name: at and at.isoformat() for name, at in (("starts_at", stop.starts_at), ("until", stop.until))
    }
    words = {"reason": stop.reason, "document": stop.document, "spares": list(stop.spares)}
    return {"scope": dict(stop.scope), **words, **times}


def _read(kept: Mapping[str, Any]) -> Stop:
    times = {name: kept[name] and datetime.fromisoformat(kept[name]) for name in ("starts_at", "until")}
    return Stop(kept["scope"], kept["reason"], kept["document"], spares=tuple(kept["spares"]), **times)


def _names(talk: Talk) -> Names:
    return names_of(talk.desk, known_posts(talk.connection, talk.by.now))


def _changed() -> str:
    return _("Việc này đã làm rồi, hoặc đã có thay đổi. Xin gõ lại lệnh để xem tình hình hiện nay.")


def _key(talk: Talk) -> str:
    return f"to stop:{talk.chat}"


#: Verb of a button -> what answers it.
TAPS: Mapping[str, Callable[[Talk, Button], Answer]] = {seals.READY: choose, seals.HOLD: stop_now}
#: What words are waited for as -> what takes them.
WORDS: Mapping[str, Callable[[Talk, Mapping[str, Any], str], Answer]] = {WHY: take_why}
