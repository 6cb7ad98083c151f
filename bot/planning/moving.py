"""Move a whole event: its posts follow; what is out already is listed with what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import acts
from bot.acts import By, want_reason
from bot.moments import show
from bot.office import OfficeHome
from content_queue.models import Campaign, Delivery, Move, Post
from content_queue.states import UNDELIVERED, DeliveryState, PostState
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError, not_responsible
from content_queue.store.audit import Act, note
from content_queue.store.campaigns import (
    following_event,
    keep_move,
    kept_campaigns,
    standing_of_campaign,
)
from content_queue.store.notices import Word
from content_queue.texts import _
from schedules.campaigns import first_day
from schedules.names import fold, nearest
from schedules.refusals import ReadError

#: Posts of one kind that are named; more are counted.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Moving:
    """What moving an event comes to.

    `coming` are the posts that follow by `shift`, `out` what is published of the campaign, `fixed`
    posts still to come whose rows name a day of their own.
    """

    campaign: Campaign
    to: str
    shift: timedelta
    coming: tuple[Post, ...]
    out: tuple[tuple[Post, int], ...]
    fixed: tuple[Post, ...]


def campaign_called(campaigns: Mapping[str, Campaign], name: str) -> Campaign:
    """Return a listed campaign.

    Raises:
        NotAllowedError: there is none of this name, with those that look like it.
    """
    found = campaigns.get(fold(name))
    if found is None:
        close = nearest(name, [each.name for each in campaigns.values()])
        hint = _(" Có phải: {names}?").format(names="; ".join(close)) if close else ""
        raise NotAllowedError(_("Không có đợt nào tên “{name}” ở trang Chiến dịch.").format(name=name) + hint)
    return found


def plan_move(connection: Connection, campaign: Campaign, by: By, *, to: str, opened: OfficeHome) -> Moving:
    """Say what moving the event of a campaign comes to, without doing it.

    Raises:
        NotAllowedError: one of the days is none, or some of it is not the person's to move.
    """
    try:
        was, day = (first_day(words, opened.office.occasions) for words in (campaign.event, to))
    except ReadError as error:
        raise NotAllowedError(f"{error.message} {error.hint}") from error
    standing = [each for each in standing_of_campaign(connection, campaign.name) if each[0].corrects is None]
    for refusal in filter(None, (not_responsible(by.person, post.agency) for post, _rows in standing)):
        raise NotAllowedError(refusal)
    following = following_event(connection, campaign.name)
    left = [post for post, rows in standing if _is_open(post, rows)]
    return Moving(
        campaign,
        " ".join(to.split()),
        day - was,
        coming=tuple(post for post in left if post.id in following),
        out=tuple(published(standing)),
        fixed=tuple(post for post in left if post.id not in following),
    )


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What cancelling a campaign comes to: the posts still to come, and what is out already."""

    name: str
    coming: tuple[Post, ...]
    out: tuple[tuple[Post, int], ...]


def plan_cancel(connection: Connection, campaign: str, by: By) -> Cancelling:
    """Say what cancelling a campaign comes to.

    Raises:
        NotAllowedError: there is no such campaign, or some of it is not the person's to cancel.
    """
    standing = standing_of_campaign(connection, campaign)
    if not standing:
        raise NotAllowedError(_("Không có bài nào thuộc đợt “{name}”.").format(name=campaign))
    for refusal in filter(None, (not_responsible(by.person, post.agency) for post, _rows in standing)):
        raise NotAllowedError(refusal)
    left = tuple(post for post, rows in standing if _is_open(post, rows))
    return Cancelling(campaign, left, tuple(published(standing)))


def cancel_campaign(connection: Connection, campaign: str, by: By, *, reason: str) -> int:
    """Cancel every post of a campaign that is still to come; return how many deliveries that is."""
    want_reason(reason)
    coming = plan_cancel(connection, campaign, by).coming
    return sum(acts.cancel(connection, post.id, by, reason=reason) for post in coming)


def show_cancelling(cancelling: Cancelling) -> list[str]:
    """Say what cancelling a campaign comes to."""
    head = _("Đợt “{name}”: {count} bài chưa đăng sẽ hủy.")
    lines = [head.format(name=cancelling.name, count=len(cancelling.coming))]
    lines += _some([f"• {post.id}: {show(post.due)}" for post in cancelling.coming])
    return [*lines, *show_out(cancelling.out)]


def _is_open(post: Post, rows: Sequence[Delivery]) -> bool:
    return post.state != PostState.CANCELLED and any(row.state in UNDELIVERED for row in rows)


def published(standing: Sequence[tuple[Post, Sequence[Delivery]]]) -> Iterator[tuple[Post, int]]:
    """Give the posts of which something is out, with how many deliveries."""
    for post, rows in standing:
        if out := sum(row.state == DeliveryState.PUBLISHED for row in rows):
            yield post, out


def move(connection: Connection, moving: Moving, by: By, *, was: str, reason: str) -> None:
    """Say that the event is on another day than the calendar says (`was`); the next reading follows it.

    Raises:
        NotAllowedError: no reason is given.
    """
    want_reason(reason)
    dues = {post.id: (post.due + moving.shift).isoformat() for post in moving.coming}
    campaign = moving.campaign
    keep_move(connection, fold(campaign.name), Move(campaign.name, was, moving.to, by.person.name, dues))
    detail = {"from": campaign.event, "to": moving.to, "reason": reason.strip(), "posts": sorted(dues)}
    note(connection, Act(by.now, by.person.name, by.way, "move", campaign.name, detail))


def show_moving(moving: Moving) -> list[str]:
    """Say what moving an event comes to."""
    head = _("Dời “{name}” từ {was} sang {to}.")
    lines = [head.format(name=moving.campaign.name, was=moving.campaign.event, to=moving.to)]
    if moving.coming:
        lines.append(_("{count} bài dời theo và phải duyệt lại:").format(count=len(moving.coming)))
        told = _("• {post}: từ {due} sang {new}")
        lines += _some(
            [told.format(post=p.id, due=show(p.due), new=show(p.due + moving.shift)) for p in moving.coming]
        )
    if moving.fixed:
        lines.append(
            _("{count} bài ghi ngày riêng nên không dời theo, xin xem lại trong lịch:").format(
                count=len(moving.fixed)
            )
        )
        lines += _some([f"• {post.id}: {show(post.due)}" for post in moving.fixed])
    return [*lines, *show_out(moving.out)]


def show_out(out: Sequence[tuple[Post, int]]) -> list[str]:
    """List what is out of a campaign, with what can be done about it."""
    if not out:
        return []
    told = _("• {post}: đã đăng {count} lượt. Đính chính: loa correct {post}; gỡ: loa retract {post}")
    head = _("{count} bài đã đăng; xem từng bài và chọn đính chính hay gỡ:")
    lines = [told.format(post=post.id, count=count) for post, count in out]
    return [head.format(count=len(out)), *_some(lines)]


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - NAMED
    return [*lines[:NAMED], *([_("… và {count} bài khác.").format(count=more)] if more > 0 else [])]


def moved_since(connection: Connection, campaigns: Mapping[str, Campaign]) -> Iterator[Word]:
    """Give what is to be told of events that are on another day than at the last reading: what is out."""
    for name, before in kept_campaigns(connection).items():
        now = campaigns.get(name)
        if now is None or not before.event or now.event == before.event:
            continue
        out = list(published(standing_of_campaign(connection, now.name)))
        for agency in sorted({post.agency for post, _count in out}):
            mine = [each for each in out if each[0].agency == agency]
            head = _("“{name}” đã dời từ {was} sang {to}.")
            text = "\n".join(
                [head.format(name=now.name, was=before.event, to=now.event or "?"), *show_out(mine)]
            )
            yield Word(f"moved:{name}:{before.event}:{now.event}", agency, "", text)
