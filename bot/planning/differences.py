"""Hold back what a changed calendar would do to posts that people count on, until somebody says yes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.acts import By
from bot.moments import show
from bot.people import answers_for
from bot.planning.reading import Reading
from content_queue.models import Move, Post
from content_queue.store import Connection
from content_queue.store import differences as ledger
from content_queue.store.approvals import PROVINCE, NotAllowedError
from content_queue.store.audit import Act, note
from content_queue.store.campaigns import kept_moves
from content_queue.store.differences import SOON, Asked, Difference
from content_queue.store.notices import Word, tell
from content_queue.texts import _

#: Differences told in one message.
MOST = 15


@dataclass(frozen=True, slots=True)
class Withheld:
    """A reading without what waits for a yes: posts that stay as they stand, and entries that stay."""

    reading: Reading
    posts: frozenset[str]
    entries: frozenset[str]


def withhold(connection: Connection, reading: Reading, *, window: timedelta, now: datetime) -> Withheld:
    """Take out of a reading what it would do to posts that people count on, and ask for it."""
    standing = ledger.counted_on(connection, now)
    found = ledger.differing(connection, standing, reading.composed, window=window, now=now)
    found += map(ledger.cancelling, _leaving(reading, standing.values()))
    agreed = ledger.taken(connection)
    moves = kept_moves(connection)
    waiting = [each for each in found if each.key not in agreed and not _moved_by_a_person(each, moves)]
    lines = [*map(_line, waiting), *(_added(reading, standing, now) if waiting else ())]
    code = ledger.ask(connection, waiting, lines)
    if code:
        tell(connection, _word(code, waiting, lines), now)
    posts = frozenset(each.post.id for each in waiting)
    composed = [item for item in reading.composed if item.post.id not in posts]
    left = replace(reading, composed=composed, planned=reading.planned | posts)
    return Withheld(left, posts, frozenset(each.post.entry for each in waiting if each.kind == "cancelled"))


def _moved_by_a_person(each: Difference, moves: Mapping[str, Move]) -> bool:
    """Tell whether this is what the move of an event said of the post: to this day, by somebody in charge."""
    return each.kind == "moved" and any(
        move.posts.get(each.post.id) == each.due.isoformat() for move in moves.values()
    )


def _leaving(reading: Reading, standing: Collection[Post]) -> Iterator[Post]:
    """Give the posts whose row went, or whose day is no more in the plan."""
    gone, kept = {*reading.matching.gone}, {entry.code for entry in reading.matching.entries}
    for post in standing:
        if post.entry in gone or (post.entry in kept and post.id not in reading.planned):
            yield post


def _line(each: Difference) -> str:
    texts = {
        "changed": _("• sửa: {post}, đăng {due}"),
        "moved": _("• dời: {post}, từ {due} sang {new}"),
        "cancelled": _("• hủy: {post}, đăng {due}"),
    }
    return texts[each.kind].format(post=each.post.id, due=show(each.post.due), new=show(each.due))


def _added(reading: Reading, standing: Collection[str], now: datetime) -> Iterator[str]:
    for item in reading.composed:
        if item.post.id not in standing and item.post.due <= now + SOON:
            yield _("• thêm: {post}, đăng {due}").format(post=item.post.id, due=show(item.post.due))


def _word(code: str, waiting: Sequence[Difference], lines: Sequence[str]) -> Word:
    agencies = {each.post.agency for each in waiting}
    more = [_("… và {count} bài nữa.").format(count=len(lines) - MOST)] if len(lines) > MOST else []
    head = _("Lịch vừa lưu làm thay đổi bài đã duyệt hoặc sắp đăng trong một ngày:")
    ask = _(
        "Chưa ai đồng ý thì các bài ấy vẫn như cũ, đến giờ vẫn đăng bản đã duyệt. "
        "Đồng ý: /nhan_lich {code}. Không đồng ý: sửa lại tệp lịch."
    ).format(code=code)
    text = "\n".join([head, *lines[:MOST], *more, ask])
    return Word(f"differences:{code}", agencies.pop() if len(agencies) == 1 else PROVINCE, "", text)


def take(connection: Connection, by: By, code: str) -> Asked:
    """Say yes to the differences that are asked about under `code`.

    Raises:
        NotAllowedError: nothing is asked, something else is by now, or the person may not answer.
    """
    found = ledger.asked(connection)
    if found is None:
        raise NotAllowedError(_("Không có thay đổi nào của lịch đang chờ đồng ý."))
    if code.strip().upper() != found.code:
        told = _("Lịch đã đổi tiếp; thay đổi đang chờ có mã {code}:").format(code=found.code)
        raise NotAllowedError("\n".join([told, *found.lines[:MOST]]))
    if not all(answers_for(by.person, agency) for agency in found.agencies):
        raise NotAllowedError(_("Chỉ người phụ trách các cơ quan có bài bị đổi mới đồng ý được."))
    ledger.take(connection)
    note(connection, Act(by.now, by.person.name, by.way, "take", "", {"code": code, "lines": [*found.lines]}))
    return found
