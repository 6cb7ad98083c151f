"""What time does to approvals: some end, as a rule says; a second look is asked for again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from content_queue.delivery.works import Works
from content_queue.models import Post
from content_queue.store import Connection, reviews
from content_queue.store.notices import Word, tell, unheard
from content_queue.store.second_eye import Hurried, unseen
from content_queue.texts import _

#: Between two reminders of a second look, and how many there are.
APART, MOST = timedelta(days=1), 7


async def lapse(works: Works) -> None:
    """Let approvals end whose time has come, and tell the people who can give new ones."""
    now = works.clock.now()
    if await works.ledger.read(lambda connection: reviews.ended_approvals(connection, now)):
        await works.ledger.run(lambda connection: _lapse(connection, now))


def _lapse(connection: Connection, now: datetime) -> None:
    for post in reviews.lapse(connection, now):
        tell(connection, _word(post), now)


def _word(post: Post) -> Word:
    told = _("Phê duyệt của bài {post} đã hết hạn theo quy định duyệt; bài chờ duyệt lại trước giờ đăng.")
    return Word(f"lapsed:{post.id}:{post.revision}", post.agency, post.author, told.format(post=post.id))


async def remind(works: Works) -> None:
    """Remind, once a day, of what a leader alone said yes to and nobody else has looked at."""
    now = works.clock.now()
    words = await works.ledger.read(lambda connection: unheard(connection, list(_reminders(connection, now))))
    if words:
        await works.ledger.run(lambda connection: _tell(connection, words, now))


def _tell(connection: Connection, words: list[Word], now: datetime) -> None:
    for word in words:
        tell(connection, word, now)


def _reminders(connection: Connection, now: datetime) -> Iterator[Word]:
    for each in unseen(connection):
        days = min((now - each.at) // APART, MOST)
        if days:
            yield _reminder(each, days)


def _reminder(hurried: Hurried, days: int) -> Word:
    told = _(
        "Bài khẩn {post} do {leader} duyệt một mình, đã {days} ngày chưa có người xem lại. Xem: /bai {post}"
    )
    post = hurried.post
    text = told.format(post=post.id, leader=hurried.person, days=days)
    return Word(f"second look:{post.id}:{hurried.id}:{days}", post.agency, post.author, text)
