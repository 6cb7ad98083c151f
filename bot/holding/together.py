"""What becomes of all that a hold has caught: moved by days, spread, or dropped; listed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import acts
from bot.acts import TIMED, By, Moved
from bot.desk import Desk
from bot.moments import show
from bot.people import answers_for, wrote
from content_queue.delivery.decide import caught_by, has_begun
from content_queue.models import Post, digest
from content_queue.states import DeliveryState
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError
from content_queue.store.holds import active_holds, aimed
from content_queue.texts import _

#: Posts that are named; more are counted.
NAMED = 25


@dataclass(frozen=True, slots=True)
class Fate:
    """A held post and its new time; None drops it."""

    post: Post
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of it: moved posts, dropped ones, and what was refused, with why."""

    moved: Sequence[Moved]
    dropped: int
    refused: Sequence[str]


def held_posts(connection: Connection, by: By) -> list[Post]:
    """Return what was caught, is in no hold any more, and is this person's to give a time, earliest first."""
    in_force = [hold for hold in active_holds(connection) if has_begun(hold, by.now)]
    found = aimed(connection, (DeliveryState.HELD,))
    still = {q.post.id for q in found for hold in in_force if caught_by(hold, q, q.post)}
    posts = {q.post.id: q.post for q in found if q.post.id not in still and q.post.state in TIMED}
    own = [post for post in posts.values() if answers_for(by.person, post.agency) or wrote(by.person, post)]
    return sorted(own, key=lambda post: (post.due, post.id))


def shifted(posts: Sequence[Post], days: int) -> list[Fate]:
    """Move posts by days, each to its own hour."""
    return [Fate(post, post.due + timedelta(days=days)) for post in posts]


def spread(posts: Sequence[Post], first: datetime, every: timedelta) -> list[Fate]:
    """Lay posts out in their order from a moment on, so far from each other."""
    return [Fate(post, first + every * number) for number, post in enumerate(posts)]


def dropped(posts: Sequence[Post]) -> list[Fate]:
    """Drop posts."""
    return [Fate(post, None) for post in posts]


def stamp(fates: Sequence[Fate]) -> str:
    """Return a digest of what is to be done, by which a confirmation knows what it was shown."""
    return digest([[each.post.id, each.post.content_hash, str(each.at)] for each in fates])


def show_fates(fates: Sequence[Fate], now: datetime) -> list[str]:
    """Say what would be done, a line a post."""
    if not fates:
        raise NotAllowedError(_("Không có bài nào đang bị giữ lại mà đã hết lệnh tạm dừng."))
    head = _("{count} bài đang bị giữ lại:").format(count=len(fates))
    more = len(fates) - NAMED
    left = [_("… và {count} bài khác.").format(count=more)] if more > 0 else []
    return [head, *(_line(each, now) for each in fates[:NAMED]), *left]


def _line(fate: Fate, now: datetime) -> str:
    told = f"• {fate.post.id} · {fate.post.summary} · "
    if fate.at is None:
        return told + _("bỏ, không đăng")
    passed = _(" (giờ này đã qua, bài vẫn bị giữ)") if fate.at <= now else ""
    return told + show(fate.at) + passed


def carry_out(connection: Connection, fates: Sequence[Fate], by: By, *, desk: Desk, reason: str = "") -> Done:
    """Do it, post by post; what is refused stays held."""
    moved: list[Moved] = []
    refused: list[str] = []
    for fate in fates:
        try:
            if fate.at is None:
                acts.cancel(connection, fate.post.id, by, reason=reason or _("bị tạm dừng, không đăng nữa"))
            else:
                moved.append(acts.give_new_time(connection, fate.post.id, by, at=fate.at, desk=desk))
        except NotAllowedError as refusal:
            refused.append(str(refusal))
    return Done(moved, len(fates) - len(moved) - len(refused), refused)


def show_done(done: Done) -> list[str]:
    """Say what was done, and what still waits for an approval."""
    waiting = [each.post.id for each in done.moved if each.waits]
    lines = [
        (done.moved, _("Đã cho {count} bài giờ đăng mới.").format(count=len(done.moved))),
        (waiting, _("Còn chờ duyệt với giờ mới: {posts}.").format(posts=", ".join(waiting[:NAMED]))),
        (done.dropped, _("Đã bỏ {count} bài.").format(count=done.dropped)),
    ]
    return [*(line for is_so, line in lines if is_so), *done.refused]
