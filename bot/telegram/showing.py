"""What the bot shows when asked: waiting posts, today, one post whole, its story, how things stand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.acts import Held, Moved, post_called
from bot.desk import Desk
from bot.holding.scopes import show_hold
from bot.moments import local_day, same_hour_tomorrow, show, show_hour
from bot.people import may_see
from bot.story import story
from bot.telegram.cards import full_text
from bot.telegram.commands import menu_of
from bot.undoing.demands import own_demands, show_demand
from content_queue.models import Person, Post
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError
from content_queue.store.deliveries import count_states, next_ready
from content_queue.store.holds import active_holds
from content_queue.store.posts import deliveries_of, payloads_of, posts_in
from content_queue.texts import _
from content_queue.words import delivery_state_name, post_state_name

#: Posts of one list; more are counted.
LISTED = 25
AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class View:
    """Who asks, when, and where it is looked up."""

    connection: Connection
    person: Person
    now: datetime
    desk: Desk


def pending(view: View, words: str) -> list[str]:  # noqa: ARG001 # every answer takes the words
    """List the posts that wait for a decision, earliest first."""
    found = concerning(
        view,
        posts_in(view.connection, states=(PostState.IN_REVIEW,), first=view.now, last=view.now + AHEAD),
    )
    if not found:
        return [_("Không có bài nào đang chờ duyệt.")]
    head = _("{count} bài đang chờ duyệt:").format(count=len(found))
    return ["\n".join([head, *(line_of(post, show(post.due)) for post in found[:LISTED]), *more_of(found)])]


def today(view: View, words: str) -> list[str]:  # noqa: ARG001 # every answer takes the words
    """List today's posts and how many of their deliveries are out."""
    first, last = local_day(view.now)
    states = tuple(state for state in PostState if state != PostState.CANCELLED)
    found = concerning(view, posts_in(view.connection, states=states, first=first, last=last))
    if not found:
        return [_("Hôm nay không có bài nào.")]
    lines = [f"{line_of(post, show_hour(post.due))} · {_standing(view, post)}" for post in found[:LISTED]]
    return ["\n".join([_("Hôm nay có {count} bài:").format(count=len(found)), *lines, *more_of(found)])]


def concerning(view: View, found: Sequence[Post]) -> list[Post]:
    """Return the posts of a person's agencies, and the own ones."""
    return [post for post in found if may_see(view.person, post)]


def line_of(post: Post, when: str) -> str:
    """Return a post as a line of a list."""
    return f"• {post.id} · {when} · {post.summary}"


def more_of(found: Sequence[Post]) -> list[str]:
    """Count what a list has left out."""
    more = len(found) - LISTED
    return [_("… và {count} bài khác.").format(count=more)] if more > 0 else []


def _standing(view: View, post: Post) -> str:
    late = post.state == PostState.IN_REVIEW and post.due <= view.now
    if post.state != PostState.APPROVED and not late:
        return post_state_name(post.state)
    states = [row.state for row in deliveries_of(view.connection, post.id)]
    return _counted(Counter(state for state in states if state is not DeliveryState.CANCELLED))


def _counted(counted: Mapping[DeliveryState, int]) -> str:
    return ", ".join(
        f"{counted[state]} {delivery_state_name(state)}" for state in DeliveryState if state in counted
    )


def whole_post(view: View, words: str) -> list[str]:
    """Show one post with all its texts, uncut."""
    post = post_called(view.connection, _asked_code(words))
    return full_text(post, payloads_of(view.connection, post.id), view.desk)


def why(view: View, words: str) -> list[str]:
    """Tell the story of a post by its code, or of a delivery by its number."""
    return ["\n".join(story(view.connection, _asked_code(words)))]


def _asked_code(words: str) -> str:
    code = words.split(" ", maxsplit=1)[0]
    if not code:
        raise NotAllowedError(_("Xin ghi mã bài, ví dụ: GV-2026. Xem các bài hôm nay: /hom_nay"))
    return code


def status(view: View, words: str) -> list[str]:  # noqa: ARG001 # every answer takes the words
    """Say how things stand: deliveries by state, waiting posts, holds, the next time."""
    counted = Counter({DeliveryState(state): count for state, count in count_states(view.connection).items()})
    waiting = posts_in(view.connection, states=(PostState.IN_REVIEW,), first=view.now, last=view.now + AHEAD)
    following = next_ready(view.connection)
    lines = [
        _("Lượt đăng: {counted}.").format(counted=_counted(counted) or _("chưa có")),
        _("Bài đang chờ duyệt: {count}.").format(count=len(waiting)),
        _("Lượt đăng gần nhất: {due}.").format(due=show(following) if following else _("chưa có")),
        *(show_hold(hold, view.desk) for hold in active_holds(view.connection)),
        *(show_demand(demand) for demand in own_demands(view.connection, view.person)),
    ]
    return ["\n".join(lines)]


def help_text(view: View, words: str) -> list[str]:  # noqa: ARG001 # every answer takes the words
    """List the commands that a person may use."""
    own = menu_of(view.person.roles)
    head = _("Kính chào {name}. Các lệnh:").format(name=view.person.name)
    return ["\n".join([head, *(f"/{verb} – {_(meaning)}" for verb, meaning in own.items())])]


def moved(done: Moved) -> str:
    """Tell that a post has a new time, and whether it is approved with it."""
    told = _("Bài {post} có giờ đăng mới: {due} ({count} lượt đăng).").format(
        post=done.post.id, due=show(done.post.due), count=done.deliveries
    )
    if done.waits:
        return told + "\n" + _("Bài còn chờ duyệt với giờ mới. {why}").format(why=done.waits)
    return told + "\n" + _("Bài đã được duyệt với giờ mới.")


def released(held: Held) -> str:
    """Tell that a hold ended, and which posts it caught wait for a new time."""
    told = _("Đã chấm dứt lệnh tạm dừng số {id}.").format(id=held.hold.id)
    if not held.covered:
        return told + " " + _("Lệnh này chưa giữ lại lượt đăng nào.")
    counted = Counter(queued.post.id for queued in held.covered)
    due = {queued.post.id: queued.post.due for queued in held.covered}
    ended = held.hold.ended_at or held.hold.started_at
    told_each = _("• {post}: {count} lượt đăng. Cho giờ mới, ví dụ: /gio_moi {post} {example}")
    lines = [
        told_each.format(post=post, count=count, example=same_hour_tomorrow(due[post], ended))
        for post, count in counted.items()
    ]
    head = _("Những bài sau vẫn bị giữ lại cho đến khi có giờ mới:")
    return "\n".join([told, head, *lines])
