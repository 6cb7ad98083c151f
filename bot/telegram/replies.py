"""What a button under a question changes, and the words that a question waits for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import acts
from bot.acts import By
from bot.desk import Desk
from bot.findings import said, say_posted, tell_finding
from bot.holding.scopes import known_posts
from bot.moments import read_new_time, same_hour_tomorrow
from bot.telegram import seals, showing
from bot.telegram.cards import full_text
from bot.telegram.seals import Button
from content_queue.models import Post
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection, buttons
from content_queue.store.approvals import NotAllowedError
from content_queue.store.findings import Finding
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.posts import deliveries_of, find_post, payloads_of
from content_queue.store.story import find_delivery
from content_queue.texts import _

#: What words in a chat are waited for as.
TIME, LINK, MOVE = "time", "link", "move"
#: Deliveries that wait for a person to say what becomes of them.
STUCK = (DeliveryState.MISSED, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said back: messages, a short word for a tap, a question, or a card to look at."""

    texts: tuple[str, ...] = ()
    toast: str = ""
    ask: bool = False
    card: Post | None = None
    changed: bool = False
    #: Under the last message: label and data of each.
    buttons: tuple[tuple[str, str], ...] = ()
    #: What was asked for is in the messages.
    shown: bool = False

    @property
    def is_final(self) -> bool:
        """Tell whether nothing follows: no change, no question, no choice, nothing to look at."""
        return not (self.changed or self.ask or self.buttons or self.shown)


@dataclass(frozen=True, slots=True)
class Talk:
    """The surroundings of one update."""

    connection: Connection
    by: By
    chat: int
    desk: Desk
    key: bytes
    #: Of the button that is answered.
    seal: str = ""

    @property
    def sealing(self) -> seals.Sealing:
        """How buttons are sealed that are answered with."""
        return seals.Sealing(self.chat, self.key, self.by.now)


def post_of(talk: Talk, named: str) -> Post | None:
    """Return the post that a button names."""
    if not named.startswith("#"):
        return find_post(talk.connection, named)
    around = known_posts(talk.connection, talk.by.now)
    return next((post for post in around if seals.named(post.id) == named), None)


def expect(talk: Talk, what: str, **known: Any) -> None:
    """Wait for the next words in this chat, as `what`; the button that asked is used up by the answer."""
    asked = {"what": what, "at": talk.by.now.isoformat(), "seal": talk.seal, **known}
    keep_mark(talk.connection, _key(talk), asked)


def expected(talk: Talk) -> Mapping[str, Any] | None:
    """Return what the next words in this chat are waited for as, None if for nothing."""
    asked: Mapping[str, Any] | None = read_mark(talk.connection, _key(talk))
    return asked


def forget(talk: Talk) -> None:
    """Wait for no words any more."""
    keep_mark(talk.connection, _key(talk), None)


def use_button(talk: Talk, seal: str) -> None:
    """Let the button of this seal never be used again; nothing where no button asked."""
    if seal and not buttons.is_used(talk.connection, seal):
        buttons.use(talk.connection, seal, talk.by.now, lives=seals.LIVES)


def want(words: str, usage: str) -> None:
    """Refuse a command that lacks words, and say how it is written."""
    if not words:
        raise NotAllowedError(usage)


def _key(talk: Talk) -> str:
    return f"words wanted:{talk.chat}"


def _saw(*, published: bool) -> Callable[[Talk, Button], Answer]:
    """Make the answer to what a person saw on a channel."""

    def answer(talk: Talk, button: Button) -> Answer:
        found = find_delivery(talk.connection, int(button.subject))
        is_open = found is not None and found.state == DeliveryState.UNCONFIRMED
        if found is None or not is_open or not button.shows(str(found.attempts)):
            raise NotAllowedError(_settled())
        finding = Finding(published)
        found = tell_finding(talk.connection, button.subject, finding, talk.by, desk=talk.desk)
        return Answer(toast=said(found.channel, published=published), changed=True)

    return answer


def _ask_time(talk: Talk, button: Button) -> Answer:
    post = _timeless(talk, button)
    expect(talk, TIME, post=post.id, seen=post.content_hash)
    told = _("Xin cho giờ đăng mới của bài {post} (trả lời tin này), ví dụ: {example}")
    example = same_hour_tomorrow(post.due, talk.by.now)
    return Answer((told.format(post=post.id, example=example),), toast=_("Xin ghi giờ mới."), ask=True)


def _ask_move(talk: Talk, button: Button) -> Answer:
    """Ask for another time of a post that still is as its card showed it."""
    post = post_of(talk, button.subject)
    if post is None or not button.shows(post.content_hash):
        raise NotAllowedError(_settled())
    expect(talk, MOVE, post=post.id, seen=post.content_hash)
    told = _("Xin cho giờ đăng mới của bài {post} (trả lời tin này), ví dụ: {example}")
    example = same_hour_tomorrow(post.due, talk.by.now)
    return Answer((told.format(post=post.id, example=example),), toast=_("Xin ghi giờ mới."), ask=True)


def _show_whole(talk: Talk, button: Button) -> Answer:
    post = post_of(talk, button.subject)
    if post is None:
        raise NotAllowedError(_settled())
    texts = full_text(post, payloads_of(talk.connection, post.id), talk.desk)
    return Answer(tuple(texts), toast=_("Toàn văn ở dưới."), shown=True)


def take_time(talk: Talk, asked: Mapping[str, Any], words: str) -> Answer:
    """Take the time that was asked for; what is no time is asked for again, unless all is settled."""
    post = find_post(talk.connection, asked["post"])
    is_open = post is not None and (
        post.state == PostState.IN_REVIEW if asked["what"] == MOVE else _is_stuck(talk, post)
    )
    if post is None or post.content_hash != asked["seen"] or not is_open:
        forget(talk)
        return Answer((_settled(),))
    try:
        at = read_new_time(words, talk.by.now)
    except NotAllowedError as refusal:
        return Answer((str(refusal),), ask=True)
    forget(talk)
    return _move(talk, post, at)


def _ask_link(talk: Talk, button: Button) -> Answer:
    """Ask for the link of what was posted by hand."""
    found = find_delivery(talk.connection, int(button.subject))
    if found is None or found.asked_at is None or not button.shows(str(found.attempts)):
        raise NotAllowedError(_settled())
    expect(talk, LINK, delivery=found.id)
    told = _("Xin dán liên kết của bài trên kênh {channel} (trả lời tin này).").format(channel=found.channel)
    return Answer((told,), toast=_("Xin dán liên kết."), ask=True)


def take_link(talk: Talk, asked: Mapping[str, Any], words: str) -> Answer:
    """Take the link that was asked for; what is no link is asked for again."""
    found = find_delivery(talk.connection, int(asked["delivery"]))
    if found is None or found.asked_at is None:
        forget(talk)
        return Answer((_settled(),))
    try:
        say_posted(talk.connection, found, words.strip(), talk.by, desk=talk.desk)
    except NotAllowedError as refusal:
        return Answer((str(refusal),), ask=True)
    forget(talk)
    return Answer((said(found.channel, published=True),), changed=True)


def _at_once(talk: Talk, button: Button) -> Answer:
    return _move(talk, _timeless(talk, button), None)


def _move(talk: Talk, post: Post, at: datetime | None) -> Answer:
    done = acts.give_new_time(talk.connection, post.id, talk.by, at=at, desk=talk.desk)
    told = showing.moved(done)
    return Answer((told,), toast=told, changed=True)


def _drop(talk: Talk, button: Button) -> Answer:
    post = _timeless(talk, button)
    count = acts.cancel(talk.connection, post.id, talk.by, reason=_("lỡ giờ, không đăng nữa"))
    told = _("Đã hủy bài {post}: {count} lượt đăng sẽ không đăng.").format(post=post.id, count=count)
    return Answer(toast=told, changed=True)


def _timeless(talk: Talk, button: Button) -> Post:
    """Return the post whose time is asked about.

    Raises:
        NotAllowedError: it has changed, or somebody has answered.
    """
    post = post_of(talk, button.subject)
    if post is None or not button.shows(post.content_hash) or not _is_stuck(talk, post):
        raise NotAllowedError(_settled())
    return post


def _is_stuck(talk: Talk, post: Post) -> bool:
    return any(each.state in STUCK for each in deliveries_of(talk.connection, post.id))


def _settled() -> str:
    return _("Việc này đã có người quyết định, hoặc bài đã thay đổi. Xin xem tin mới nhất.")


#: Verb of a button -> what answers it.
ANSWERS: dict[str, Callable[[Talk, Button], Answer]] = {
    seals.THERE: _saw(published=True),
    seals.NOT_THERE: _saw(published=False),
    seals.POSTED: _ask_link,
    seals.NEW_TIME: _ask_time,
    seals.AT_ONCE: _at_once,
    seals.DROP: _drop,
    seals.MOVE: _ask_move,
    seals.WHOLE: _show_whole,
}
