"""Take posts back: what that touches is listed first, then it is asked for; the daemon does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.acts import By, post_called, want_reason
from bot.moments import show
from content_queue.models import Delivery, Post, digest
from content_queue.states import UNDELIVERED, PostState
from content_queue.store import Connection, demands, takebacks
from content_queue.store import posts as ledger
from content_queue.store.approvals import PROVINCE, NotAllowedError, not_responsible
from content_queue.store.audit import Act, note
from content_queue.store.campaigns import posts_of_campaign
from content_queue.store.corrections import corrections_of
from content_queue.store.demands import Claim
from content_queue.texts import _
from content_queue.words import platform_name

#: Channels of one platform that are named; more are counted.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Touched:
    """What a take-back touches: what is out, or may be, and what has not gone out and will be dropped."""

    posts: tuple[Post, ...]
    out: tuple[Delivery, ...]
    coming: tuple[Delivery, ...]

    @property
    def stamp(self) -> str:
        """Return a digest of it, by which a confirmation knows what it was shown."""
        return digest([[row.id, row.state] for row in (*self.out, *self.coming)])


def touched_by_post(connection: Connection, code: str, by: By) -> Touched:
    """Return what taking back a post touches, its corrections among it.

    Raises:
        NotAllowedError: there is no such post, or the person may not take it back.
    """
    post = post_called(connection, code)
    return _touched(connection, [post], by)


def touched_by_campaign(connection: Connection, campaign: str, by: By) -> Touched:
    """Return what taking back a whole campaign touches.

    Raises:
        NotAllowedError: there is no such campaign, or some of it is not the person's to take back.
    """
    found = posts_of_campaign(connection, campaign)
    if not found:
        raise NotAllowedError(_("Không có bài nào thuộc đợt “{name}”.").format(name=campaign))
    return _touched(connection, found, by)


def _touched(connection: Connection, found: Sequence[Post], by: By) -> Touched:
    for refusal in filter(None, (not_responsible(by.person, post.agency) for post in found)):
        raise NotAllowedError(refusal)
    known = {post.id: post for post in found}
    known |= {each.id: each for post in found for each in corrections_of(connection, post.id)}
    rows = [row for code in known for row in ledger.deliveries_of(connection, code)]
    asked = {
        t.delivery for code in known for t, _row in takebacks.of_post(connection, code) if t.ended_at is None
    }
    out = tuple(row for row in rows if row.state in takebacks.OUT and row.id not in asked)
    coming = tuple(row for row in rows if row.state in UNDELIVERED)
    return Touched(tuple(known.values()), out, coming)


def take_back(
    connection: Connection, touched: Touched, by: By, *, reason: str, claim: Claim | None = None
) -> int:
    """Ask for everything to be taken back and drop what has not gone out; return how many deliveries are new.

    What an authority demands is registered with its clock. Done twice it changes nothing.
    """
    want_reason(reason)
    told = {"reason": reason.strip()}
    asked = 0
    for post in touched.posts:
        mine = [row for row in touched.out if row.post == post.id]
        dropped = [row for row in touched.coming if row.post == post.id]
        if not mine and not dropped:
            continue
        act = Act(by.now, by.person.name, by.way, "retract", post.id, {**told, "deliveries": len(mine)})
        asked += takebacks.ask(connection, mine, act)
        if post.state == PostState.CANCELLED:
            note(connection, act)
        else:
            ledger.cancel(connection, post, act=act)
    if claim is not None:
        _register(connection, claim, touched, Act(by.now, by.person.name, by.way, "demand", "", told))
    return asked


def _register(connection: Connection, claim: Claim, touched: Touched, act: Act) -> None:
    agencies = {post.agency for post in touched.posts}
    agency = agencies.pop() if len(agencies) == 1 else PROVINCE
    demands.register(connection, claim, [post.id for post in touched.posts], agency=agency, act=act)
    demands.close_done(connection, act.at)


def show_touched(touched: Touched) -> list[str]:
    """Say what a take-back touches, channel by channel of each platform."""
    if not touched.out and not touched.coming:
        return [_("Không còn gì để gỡ: chưa có lượt nào đã đăng, hoặc đã gỡ rồi.")]
    lines = [f"• {post.id} · {show(post.due)} · {post.summary}" for post in touched.posts[:NAMED]]
    more = len(touched.posts) - NAMED
    lines += [_("… và {count} bài khác.").format(count=more)] if more > 0 else []
    by_platform: dict[str, list[str]] = {}
    for row in touched.out:
        by_platform.setdefault(row.platform, []).append(row.channel)
    told = _("{platform}: gỡ {count} lượt đã đăng ({channels})")
    lines += [
        told.format(platform=platform_name(platform), count=len(names), channels=_named(names))
        for platform, names in by_platform.items()
    ]
    dropped = _("{count} lượt chưa đăng sẽ không đăng nữa.").format(count=len(touched.coming))
    return [*lines, *([dropped] if touched.coming else [])]


def _named(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return shown if more <= 0 else _("{names} và {count} kênh khác").format(names=shown, count=more)
