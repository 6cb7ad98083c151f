"""What a hold would catch and what it would let through, before anybody confirms it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.acts import WAITING, By, Stop, as_hold
from bot.desk import Desk
from bot.holding.scopes import show_hold
from bot.moments import show
from content_queue.delivery.decide import in_scope, spared_by
from content_queue.models import Hold, digest
from content_queue.store import Connection
from content_queue.store.holds import Aimed, aimed
from content_queue.texts import _

#: Posts that are named; more are counted.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A hold as it would stand, what waits and would be caught, what is due after its end, what is spared."""

    hold: Hold
    caught: Sequence[Aimed]
    after: Sequence[Aimed]
    spared: Sequence[Aimed]

    @property
    def stamp(self) -> str:
        """Return a digest of the order, by which a confirmation knows what it was shown."""
        hold = self.hold
        times = [str(hold.starts_at), str(hold.until)]
        return digest([dict(hold.scope), hold.reason, hold.document, *times, list(hold.spares)])


def foresee(connection: Connection, stop: Stop, by: By, *, desk: Desk) -> Foreseen:
    """Say what a hold would do.

    Raises:
        NotAllowedError: the person may not order it.
    """
    hold = as_hold(stop, by, desk=desk)
    begins = hold.starts_at or by.now
    meant = [
        each
        for each in aimed(connection, WAITING)
        if each.window_end >= begins and in_scope(hold, each, each.post)
    ]
    spared = [each for each in meant if spared_by(hold, each.post)]
    caught = [each for each in meant if not spared_by(hold, each.post)]
    if hold.starts_at:  # what is due before goes out before
        caught = [each for each in caught if each.planned >= begins]
    after = [each for each in caught if hold.until and each.planned >= hold.until]
    within = [each for each in caught if not hold.until or each.planned < hold.until]
    return Foreseen(hold, within, after, spared)


def show_foreseen(foreseen: Foreseen, desk: Desk) -> list[str]:
    """Say it in lines: the hold, what it catches, what is let through."""
    return [
        show_hold(foreseen.hold, desk),
        *_listed(foreseen.caught, _("Sẽ giữ lại {posts} bài, {count} lượt đăng:")),
        *([] if foreseen.caught else [_("Hiện chưa có bài nào bị giữ lại.")]),
        *_listed(foreseen.spared, _("Không giữ, vì được miễn: {posts} bài, {count} lượt đăng:")),
        *_afterwards(foreseen),
    ]


def _listed(found: Sequence[Aimed], head: str) -> Iterator[str]:
    if not found:
        return
    counted = Counter(each.post.id for each in found)
    posts = {each.post.id: each.post for each in found}
    yield head.format(posts=len(counted), count=len(found))
    for code in list(posts)[:NAMED]:
        yield f"• {code} · {show(posts[code].due)} · {posts[code].summary}"
    if len(posts) > NAMED:
        yield _("… và {count} bài khác.").format(count=len(posts) - NAMED)


def _afterwards(foreseen: Foreseen) -> Iterator[str]:
    """Say that a planned end ends nothing: what is due later is caught, too, until somebody does."""
    if foreseen.after:
        told = _("{count} lượt đăng có giờ sau đó cũng bị giữ, nếu đến lúc ấy chưa ai chấm dứt lệnh này.")
        yield told.format(count=len(foreseen.after))
