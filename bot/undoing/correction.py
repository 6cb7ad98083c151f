"""Correct what is out, by the calendar's row as it now stands or by a text: a numbered post to be approved.

On each channel the published post is edited where its platform can, else a post of its own follows. Both say
the same, and begin with the words that it is a correction, so that what was approved is right for either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time, timedelta
from typing import Any, TypeAlias

from bot.acts import By, post_called, want_reason
from bot.desk import Desk
from bot.office import OfficeHome
from bot.planning.compose import composer
from bot.planning.pictures import media_of
from bot.platforms import Renderers
from content_queue.localize import parse
from content_queue.localize.notices import correction_heading
from content_queue.media import MediaStore
from content_queue.models import (
    Delivery,
    Entry,
    MediaRef,
    Payload,
    Place,
    PlannedDelivery,
    PlannedPost,
    Post,
)
from content_queue.outcomes import RefusedError
from content_queue.store import Connection, corrections
from content_queue.store.approvals import NotAllowedError, not_responsible
from content_queue.store.audit import Act
from content_queue.store.campaigns import kept_campaigns, posts_of_campaign
from content_queue.store.corrections import Corrected, Correction
from content_queue.store.translations import kept_translations
from content_queue.texts import _
from content_queue.words import platform_name
from schedules.clock import OFFICE_ZONE
from schedules.planner import Span, plan
from schedules.translations import translated

#: A correction waits so long for an approval; then people are asked once more.
WAITS = timedelta(hours=24)
Published: TypeAlias = Sequence[tuple[Delivery, Payload]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said instead: `texts` by locale, or nothing for the calendar's row as it now stands."""

    post: Post
    number: int
    row: Mapping[str, Any]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a correction is asked for: with what texts by locale (none: the calendar's row), and why."""

    texts: Mapping[str, str]
    reason: str


def ask_correction(connection: Connection, code: str, by: By, *, ask: Ask, desk: Desk) -> Post:
    """Put a correction of what is out into review, and return it.

    Raises:
        NotAllowedError: the person may not, nothing is out, nothing differs, or it would be refused.
    """
    want_reason(ask.reason)
    post, lines = plan_correction(connection, code, by, ask=ask, desk=desk)
    asked = Correction(post, lines, (by.now + WAITS).replace(microsecond=0), desk.window)
    act = Act(by.now, by.person.name, by.way, "correct", post.id, {"reason": ask.reason.strip()})
    return corrections.add_correction(connection, asked, act)


def plan_correction(
    connection: Connection, code: str, by: By, *, ask: Ask, desk: Desk
) -> tuple[Post, Sequence[Corrected]]:
    """Return the post and what a correction would do to each delivery of it, without doing it.

    Raises:
        NotAllowedError: as `ask_correction` says.
    """
    post = _may_be_corrected(connection, code, by)
    published = corrections.published_of(connection, post.id)
    if not published:
        told = _(
            "Bài {post} không có lượt nào để đính chính: chưa đăng, đã gỡ, hoặc đang được gỡ. "
            "Nếu chưa đăng, xin sửa dòng của bài trong lịch."
        )
        raise NotAllowedError(told.format(post=post.id))
    lines = _differing(connection, post, published, ask=ask, desk=desk)
    if not lines:
        told = _("Nội dung chưa khác với bài {post} đã đăng. Xin sửa dòng của bài trong lịch trước.")
        raise NotAllowedError(told.format(post=post.id))
    return post, lines


def plan_corrections(
    connection: Connection, campaign: str, by: By, *, ask: Ask, desk: Desk
) -> list[tuple[Post, Sequence[Corrected]]]:
    """Return the posts of a campaign whose rows say something else than what is out, and what it would do.

    Raises:
        NotAllowedError: as `ask_correction` says of one of them, or nothing differs.
    """
    found = []
    for each in posts_of_campaign(connection, campaign):
        published = corrections.published_of(connection, each.id)
        if each.corrects or not published:
            continue
        post = _may_be_corrected(connection, each.id, by)
        if lines := _differing(connection, post, published, ask=ask, desk=desk):
            found.append((post, lines))
    if not found:
        told = _("Đợt “{name}” không có bài đã đăng nào khác với dòng của nó trong lịch.")
        raise NotAllowedError(told.format(name=campaign))
    return found


def _differing(
    connection: Connection, post: Post, published: Published, *, ask: Ask, desk: Desk
) -> Sequence[Corrected]:
    if desk.opened is None:
        raise NotAllowedError(
            _("Chương trình chưa đọc xong danh sách kênh và lịch. Xin thử lại sau ít phút.")
        )
    number, row = corrections.next_number(connection, post.id), corrections.row_of(connection, post)
    opened = desk.opened.knowing(kept_campaigns(connection))
    (spoken,) = translated([entry_of(post.entry, row)], kept_translations(connection))
    row = {**row, "texts": dict(spoken.texts)}
    return corrected(opened, Wanted(post, number, row, ask.texts), published)


def _may_be_corrected(connection: Connection, code: str, by: By) -> Post:
    post = post_called(connection, code)
    refusal = not_responsible(by.person, post.agency)
    if refusal:
        raise NotAllowedError(refusal)
    if post.corrects:
        told = _("{post} là bài đính chính. Xin đính chính bài gốc: {first}.")
        raise NotAllowedError(told.format(post=post.id, first=post.corrects))
    return post


def corrected(opened: OfficeHome, wanted: Wanted, published: Published) -> list[Corrected]:
    """Compose what each channel will say instead, where it differs from what is out."""
    entry = entry_of(wanted.post.entry, wanted.row)
    entry = replace(entry, texts=dict(wanted.texts)) if wanted.texts else entry
    planned = plan_of(opened, entry, wanted.post)
    renderers = Renderers(opened.home, opened.settings)
    try:
        media = _media(opened, entry, wanted, published)
        plain = composer(planned, office=opened.office, publishers=renderers, media=media)
        headed = _headed(planned, wanted, published)
        said = composer(headed, office=opened.office, publishers=renderers, media=media)
        told = [each for each in published if each[1].locale in entry.texts]
        return _lines(opened, renderers, told, (plain, said))
    except RefusedError as error:
        raise NotAllowedError(str(error)) from error


def entry_of(code: str, row: Mapping[str, Any]) -> Entry:
    """Return a calendar's row as the ledger keeps it."""
    kept = {each.name for each in fields(Entry)}
    told: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in row.items() if name in kept
    }
    told |= {name: time.fromisoformat(told[name]) for name in ("at", "until") if told.get(name)}
    told |= {"code": code, "place": Place("", "", 0)}
    return Entry(**told)


def plan_of(opened: OfficeHome, entry: Entry, post: Post) -> PlannedPost:
    """Return the post as the row plans it: the facts that its placeholders stand for.

    Raises:
        NotAllowedError: by its row the post is on another day, or none.
    """
    planning = opened.planning()
    span = Span(date(post.year - 1, 1, 1), date(post.year + 1, 12, 31), post.due)
    found = {each.id: each for each in plan([entry], planning, span=span, known_posts=[post.id]).posts}
    if post.id not in found:
        told = _("Dòng của bài {post} trong lịch nay đã đổi ngày hoặc kênh; xin đính chính bằng tệp chữ.")
        raise NotAllowedError(told.format(post=post.id))
    return found[post.id]


def _media(opened: OfficeHome, entry: Entry, wanted: Wanted, published: Published) -> tuple[MediaRef, ...]:
    """Return the pictures: those of the row, or, where only the words change, those that are out."""
    if wanted.texts:
        return max((payload.media for _delivery, payload in published), key=len)
    return media_of(entry, opened.calendars, of_file=MediaStore(opened.home / "media").keep)


def _headed(planned: PlannedPost, wanted: Wanted, published: Published) -> PlannedPost:
    """Let each text begin with the words that it is a correction."""
    out = min(each.published_at or wanted.post.due for each, _payload in published)
    day = out.astimezone(OFFICE_ZONE).date()
    texts = {
        locale: _under(correction_heading(locale, wanted.number, day), text)
        for locale, text in planned.entry.texts.items()
    }
    return replace(planned, entry=replace(planned.entry, texts=texts))


def _under(heading: str, text: str) -> str:
    """Put the heading before the first line, which titles and summaries are made of; a list stands below."""
    listed = parse(text).lines[0].marker
    return f"{heading}\n\n{text}" if listed else f"{heading} {text}"


Compose: TypeAlias = Callable[[PlannedDelivery], Payload]


def _lines(
    opened: OfficeHome, renderers: Renderers, published: Published, compose: tuple[Compose, Compose]
) -> list[Corrected]:
    channels = {channel.name: channel for channel in opened.office.channels}
    plain, said = compose
    found = []
    for old, payload in published:
        channel = channels.get(old.channel)
        if channel is None:
            continue
        wanted = PlannedDelivery(old.post, channel, old.locale, payload.locale, old.due)
        if plain(wanted).sha256() == payload.sha256():
            continue
        new = said(wanted)
        refusal = renderers[old.platform].uneditable(payload, new)
        found.append(Corrected(old, new, in_place=bool(old.remote_id) and not refusal))
    return found


def show_correction(post: Post, lines: Sequence[Corrected]) -> list[str]:
    """Say what a correction does on each platform."""
    told = {
        True: _("{platform}: sửa tại chỗ {count} lượt"),
        False: _("{platform}: không sửa tại chỗ được, đăng bài đính chính riêng trên {count} kênh"),
    }
    counted: dict[tuple[str, bool], int] = {}
    for line in lines:
        key = (line.old.platform, line.in_place)
        counted[key] = counted.get(key, 0) + 1
    head = _("Đính chính bài {post}:").format(post=post.id)
    ways = [told[way].format(platform=platform_name(p), count=n) for (p, way), n in counted.items()]
    return [head, *ways, "", lines[0].payload.text]
