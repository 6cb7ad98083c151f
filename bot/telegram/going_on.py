"""Go on from a chat: end a hold, and deal with all that it caught at once, listed before it is done."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot import acts
from bot.holding.together import (
    Fate,
    carry_out,
    dropped,
    held_posts,
    shifted,
    show_done,
    show_fates,
    spread,
    stamp,
)
from bot.moments import local_day, plain_words, read_moment
from bot.telegram import seals, showing
from bot.telegram.commands import Command
from bot.telegram.replies import Answer, Talk, expect, forget
from bot.telegram.seals import Button
from content_queue.models import Post, digest
from content_queue.store.approvals import NotAllowedError
from content_queue.store.holds import active_holds
from content_queue.store.marks import keep_mark, read_mark
from content_queue.texts import N_, _

#: What words in a chat are waited for as.
DAYS, SPAN = "days", "span"
_NUMBER = re.compile(r"(?:so|lenh|no\.?|\s)*(?P<number>\d+)")
_SHIFT = re.compile(r"(?:doi |shift )?(?P<days>[1-9]\d{0,2})(?: ngay| days?)?")
_SPREAD = re.compile(
    r"(?:(?:rai|spread)(?: deu)? )?(?:(?:tu|from) )?(?P<first>.*?\d.*?)[ ,]+"
    r"(?:cach(?: nhau)?|every) (?P<count>[1-9]\d{0,3}) ?(?P<unit>[a-z]*)"
)
_UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(("", "p", "ph", "phut", "m", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("g", "h", "gio", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("ngay", "day", "days"), timedelta(days=1)),
}
#: What can be done with all held posts at once: a button's verb and label.
LABELS = (
    (seals.SHIFT, N_("Dời cùng số ngày…")),
    (seals.SPREAD, N_("Rải đều…")),
    (seals.DROP_ALL, N_("Bỏ tất cả…")),
)


def tiep_tuc(talk: Talk, command: Command) -> Answer:
    """End a hold, or say what becomes of all that was held."""
    words = plain_words(command.words)
    number = _NUMBER.fullmatch(words)
    if words and not number:
        return _list(talk, words)
    if not words and not active_holds(talk.connection) and held_posts(talk.connection, talk.by):
        return _ask(talk, [])
    held = acts.release(talk.connection, int(number["number"]) if number else None, talk.by, desk=talk.desk)
    return _ask(talk, [showing.released(held)])


def _ask(talk: Talk, told: Sequence[str]) -> Answer:
    """Offer what can be done with all held posts at once."""
    posts = held_posts(talk.connection, talk.by)
    if told and len(posts) < 2:  # noqa: PLR2004 # one post has its own question
        return Answer(tuple(told), changed=True)
    head = _("{count} bài đang bị giữ lại. Có thể cho giờ mới từng bài, hoặc cùng lúc:").format(
        count=len(posts)
    )
    known = _known_posts(posts)
    buttons = tuple((_(label), seals.seal(verb, "", known, talk.sealing)) for verb, label in LABELS)
    return Answer((*told, head), buttons=buttons, changed=True)


def _known_posts(posts: Sequence[Post]) -> str:
    return digest([[post.id, post.content_hash] for post in posts])


def _asks(what: str, question: Callable[[Talk], str]) -> Callable[[Talk, Button], Answer]:
    """Make the answer to a button that still needs a number."""

    def answer(talk: Talk, button: Button) -> Answer:
        if not button.shows(_known_posts(held_posts(talk.connection, talk.by))):
            raise NotAllowedError(_changed())
        expect(talk, what)
        return Answer((question(talk),), toast=_("Xin trả lời tin dưới đây."), ask=True)

    return answer


def _ask_days(_talk: Talk) -> str:
    return _("Dời tất cả thêm mấy ngày, giữ nguyên giờ? (trả lời tin này), ví dụ: 7")


def _ask_span(talk: Talk) -> str:
    example = f"{local_day(talk.by.now, 1)[0]:%d/%m} 08:00"
    told = _("Bắt đầu từ giờ nào, cách nhau bao lâu? (trả lời tin này), ví dụ: {example} cách 30 phút")
    return told.format(example=example)


def take_fate(talk: Talk, asked: Mapping[str, Any], words: str) -> Answer:  # noqa: ARG001 # as all that take words
    """Take the days or the times that were asked for; what cannot be read is asked for again."""
    try:
        answer = _list(talk, words)
    except NotAllowedError as refusal:
        return Answer((str(refusal),), ask=True)
    forget(talk)
    return answer


def _list(talk: Talk, words: str) -> Answer:
    """List what becomes of each held post and ask whether that is meant."""
    fates = _fates(talk, words)
    lines = show_fates(fates, talk.by.now)
    keep_mark(talk.connection, _key(talk), {"words": words, "stamp": stamp(fates)})
    data = seals.seal(seals.TOGETHER, "", stamp(fates), talk.sealing)
    yes = (_("Làm như trên"), data)
    return Answer(("\n".join(lines),), toast=_("Xin xem lại rồi xác nhận."), buttons=(yes,))


def _fates(talk: Talk, words: str) -> list[Fate]:
    posts, plain = held_posts(talk.connection, talk.by), plain_words(words)
    if plain.split(" ")[0] in {"bo", "drop"}:
        return dropped(posts)
    if days := _SHIFT.fullmatch(plain):
        return shifted(posts, int(days["days"]))
    span = _SPREAD.fullmatch(plain)
    every = span and _UNITS.get(span["unit"])
    if not span or not every:
        told = _("Xin ghi số lệnh cần chấm dứt, hoặc: dời 7 ngày; rải từ 26/5 8:00 cách 30 phút; bỏ.")
        raise NotAllowedError(told)
    return spread(posts, read_moment(span["first"], talk.by.now), every * int(span["count"]))


def drop_all(talk: Talk, button: Button) -> Answer:
    """List what would be dropped."""
    if not button.shows(_known_posts(held_posts(talk.connection, talk.by))):
        raise NotAllowedError(_changed())
    return _list(talk, "bo")


def do_together(talk: Talk, button: Button) -> Answer:
    """Do with all held posts what was listed, if they still are what was listed."""
    asked = read_mark(talk.connection, _key(talk))
    if asked is None or not button.shows(asked["stamp"]):
        raise NotAllowedError(_changed())
    fates = _fates(talk, asked["words"])
    if stamp(fates) != asked["stamp"]:
        raise NotAllowedError(_changed())
    keep_mark(talk.connection, _key(talk), None)
    done = carry_out(talk.connection, fates, talk.by, desk=talk.desk)
    return Answer(("\n".join(show_done(done)),), toast=_("Đã làm."), changed=True)


def _changed() -> str:
    return _("Việc này đã làm rồi, hoặc đã có thay đổi. Xin gõ lại lệnh để xem tình hình hiện nay.")


def _key(talk: Talk) -> str:
    return f"to go on:{talk.chat}"


#: Verb of a button -> what answers it.
TAPS: Mapping[str, Callable[[Talk, Button], Answer]] = {
    seals.SHIFT: _asks(DAYS, _ask_days),
    seals.SPREAD: _asks(SPAN, _ask_span),
    seals.DROP_ALL: drop_all,
    seals.TOGETHER: do_together,
}
#: What words are waited for as -> what takes them.
WORDS: Mapping[str, Callable[[Talk, Mapping[str, Any], str], Answer]] = {
    DAYS: take_fate,
    SPAN: take_fate,
}
