"""Put posts back into review whose approval has ended: an approval ends only where a rule says so."""

from datetime import datetime

from content_queue.delivery.works import Works
from content_queue.models import Post
from content_queue.store import Connection, reviews
from content_queue.store.notices import Word, tell
from content_queue.texts import _


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
