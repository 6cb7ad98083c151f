"""A post as the page shows it: facts, and how it will look on each platform. Pure but for its reading."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.changes import Change, changes_between
from bot.desk import Desk
from bot.moments import show
from bot.story import story_of_post
from content_queue.kinds import Kind
from content_queue.models import Delivery, MediaRef, Payload, Post
from content_queue.states import DeliveryState
from content_queue.store import Connection
from content_queue.store.posts import deliveries_of, payloads_of
from content_queue.store.revisions import as_it_is, shown_before
from content_queue.texts import _
from content_queue.words import delivery_state_name, language_name, platform_name, post_state_name

#: Channels of one look that are named; more are counted.
NAMED = 8

Leaving = Sequence[tuple[Delivery, Payload | None]]
#: Platform, locale and channel of something that leaves, and what it is.
Seen = tuple[str, str, str, Payload | None]


@dataclass(frozen=True, slots=True)
class File:
    """A picture, video or document of a look; `address` where an editor gave one instead of a file."""

    kind: Kind
    name: str
    alt: str
    sha256: str
    address: str


@dataclass(frozen=True, slots=True)
class Look:
    """One way a post will look, and the channels that will show it so."""

    platform: str
    platform_name: str
    locale: str
    language: str
    channels: str
    count: int
    title: str
    text: str
    link: str
    files: tuple[File, ...]
    #: What else happens, such as a push to followers.
    told: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One post on the page."""

    post: Post
    state: str
    due: str
    facts: Sequence[tuple[str, str]]
    standing: str
    looks: Sequence[Look]
    changes: Sequence[Change]
    story: Sequence[str]


def shown(connection: Connection, post: Post, desk: Desk) -> Shown:
    """Return a post as the page shows it."""
    leaving = [each for each in payloads_of(connection, post.id) if _counts(each[0])]
    return Shown(
        post,
        post_state_name(post.state),
        show(post.due),
        facts_of(post, desk),
        standing_of([row for row, _payload in leaving]),
        looks_of(leaving),
        _changes(connection, post),
        story_of_post(connection, post),
    )


def _changes(connection: Connection, post: Post) -> list[Change]:
    before = shown_before(connection, post)
    return changes_between(before, as_it_is(connection, post)) if before else []


def _counts(row: Delivery) -> bool:
    return row.state != DeliveryState.CANCELLED


def facts_of(post: Post, desk: Desk) -> list[tuple[str, str]]:
    """Return what is known of a post beside its texts, as (label, words)."""
    facts = [
        (_("Cơ quan"), desk.agency_name(post.agency)),
        (_("Dịp"), desk.occasion_name(post.occasion) if post.occasion else ""),
        (_("Đợt truyền thông"), post.campaign),
        (_("Người soạn"), post.author),
        (_("Thẻ"), ", ".join(post.tags)),
        (_("Đính chính cho bài"), post.corrects or ""),
    ]
    return [(label, words) for label, words in facts if words]


def standing_of(rows: Sequence[Delivery]) -> str:
    """Count deliveries by where they stand: `3 đã đăng, 1 bị tạm dừng`."""
    counted: Mapping[DeliveryState, int] = Counter(row.state for row in rows)
    return ", ".join(
        f"{counted[state]} {delivery_state_name(state)}" for state in DeliveryState if state in counted
    )


def looks_of(leaving: Leaving) -> list[Look]:
    """Return how stored deliveries look."""
    return looks((row.platform, row.locale, row.channel, payload) for row, payload in leaving)


def looks(leaving: Iterable[Seen]) -> list[Look]:
    """Return each distinct look, Vietnamese first, with the channels that share it."""
    alike: dict[tuple[bool, str, str, str], list[tuple[str, Payload | None]]] = {}
    for platform, locale, channel, payload in leaving:
        key = (locale != "vi", locale, platform, payload.sha256() if payload else "")
        alike.setdefault(key, []).append((channel, payload))
    return [
        _look(key[2], key[1], [name for name, _payload in same], same[0][1])
        for key, same in sorted(alike.items(), key=lambda item: item[0][:3])
    ]


def _look(platform: str, locale: str, channels: Sequence[str], payload: Payload | None) -> Look:
    fields: Mapping[str, object] = payload.fields if payload else {}
    title = str(fields.get("title") or fields.get("heading") or "")
    text = payload.text if payload else ""
    link = str(fields.get("link") or "")
    return Look(
        platform=platform,
        platform_name=platform_name(platform),
        locale=locale,
        language=language_name(locale),
        channels=_named(list(dict.fromkeys(channels))),
        count=len(channels),
        title=title,
        text=text.removeprefix(title).lstrip() if title else text,
        link="" if link in text else link,
        files=tuple(_file(ref) for ref in payload.media) if payload else (),
        told=_told(payload),
    )


def _told(payload: Payload | None) -> str:
    if payload is None:
        return _("Còn chờ bản viết bằng ngôn ngữ này.")
    if "broadcast" in payload.fields:
        return _("Gửi thẳng tới mọi người quan tâm của kênh; tin đã gửi không thu hồi được.")
    return ""


def _file(ref: MediaRef) -> File:
    return File(ref.kind, ref.name, ref.alt, ref.sha256, ref.url)


def _named(names: Sequence[str]) -> str:
    listed, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return listed if more <= 0 else _("{names} và {count} kênh khác").format(names=listed, count=more)


def file_of(connection: Connection, post: Post, sha256: str) -> MediaRef | None:
    """Return the reference of a stored file that a post will show, None where it shows no such."""
    refs = (ref for _row, payload in payloads_of(connection, post.id) if payload for ref in payload.media)
    return next((ref for ref in refs if ref.sha256 == sha256 and not ref.url), None)


@dataclass(frozen=True, slots=True)
class Line:
    """A post in a list; `mine` says that the visitor may decide it now."""

    post: Post
    due: str
    state: str
    standing: str
    mine: bool


def line_of(connection: Connection, post: Post, *, mine: bool, counted: bool) -> Line:
    """Return a post as a list shows it; where its deliveries are `counted`, with where they stand."""
    rows = [row for row in deliveries_of(connection, post.id) if _counts(row)] if counted else []
    return Line(post, show(post.due), post_state_name(post.state), standing_of(rows), mine)
