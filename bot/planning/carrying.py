"""Which bodies have carried the posts of a campaign, and which have not yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.moments import iso, show
from content_queue.models import Campaign, Delivery, Post
from content_queue.states import DeliveryState, PostState
from content_queue.texts import _
from content_queue.words import post_state_name

#: Bodies that are named on one line.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Carried:
    """One post: the agencies of which a channel has published it, and those that should and have not."""

    post: Post
    by: tuple[str, ...]
    not_by: tuple[str, ...]


def carried(post: Post, rows: Sequence[Delivery], agency_of: Mapping[str, str]) -> Carried:
    """Return who has carried a post; `agency_of` is channel -> name of its agency."""
    live = [row for row in rows if row.state != DeliveryState.CANCELLED]
    out = {agency_of.get(row.channel, row.channel) for row in live if row.state == DeliveryState.PUBLISHED}
    meant = dict.fromkeys(agency_of.get(row.channel, row.channel) for row in live)
    return Carried(post, tuple(a for a in meant if a in out), tuple(a for a in meant if a not in out))


def campaign_line(campaign: Campaign, found: Sequence[Carried]) -> list[str]:
    """Return a campaign as a row of the list of them."""
    days = [f"{day:%d/%m/%Y}" if day else "…" for day in (campaign.first, campaign.last)]
    carriers, meant = totals(found)
    return [
        campaign.name,
        f"{days[0]} - {days[1]}" if campaign.first or campaign.last else "",
        campaign.event,
        campaign.owner,
        str(len(found)),
        f"{carriers}/{meant}",
    ]


def totals(found: Sequence[Carried]) -> tuple[int, int]:
    """Count what was carried, and what was to be: once for each post and agency."""
    carriers = sum(len(each.by) for each in found)
    return carriers, carriers + sum(len(each.not_by) for each in found if _is_meant(each))


def _is_meant(each: Carried) -> bool:
    return each.post.state != PostState.CANCELLED


def show_campaign(campaign: Campaign, found: Sequence[Carried]) -> list[str]:
    """Say all of one campaign: what it is, and of each post who has carried it."""
    parts = (
        (_("Mục tiêu"), campaign.goal),
        (_("Từ ngày"), f"{campaign.first:%d/%m/%Y}" if campaign.first else ""),
        (_("Đến ngày"), f"{campaign.last:%d/%m/%Y}" if campaign.last else ""),
        (_("Ngày sự kiện"), campaign.event),
        (_("Thẻ"), " ".join(campaign.hashtags)),
        (_("Kênh"), "; ".join(campaign.channels)),
        (_("Người phụ trách"), campaign.owner),
    )
    lines = [campaign.name, *(f"{title}: {words}" for title, words in parts if words)]
    for each in found:
        count = len(each.by) + len(each.not_by)
        told = _("• {post} · {due} · {state} · đã đăng {out}/{count} cơ quan").format(
            post=each.post.id,
            due=show(each.post.due),
            state=post_state_name(each.post.state),
            out=len(each.by),
            count=count,
        )
        lines.append(told)
        if each.by and each.not_by:
            lines.append(_("    chưa đăng: {names}").format(names=_some(each.not_by)))
    return lines


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return shown if more <= 0 else _("{names} và {count} cơ quan khác").format(names=shown, count=more)


def as_json(campaign: Campaign, found: Sequence[Carried]) -> dict[str, Any]:
    """Return a campaign and what became of it, for programs."""
    return {**campaign.as_json(), "posts": [_post_as_json(each) for each in found]}


def _post_as_json(each: Carried) -> dict[str, Any]:
    return {
        "post": each.post.id,
        "due": iso(each.post.due),
        "state": each.post.state,
        "carried": list(each.by),
        "not_carried": list(each.not_by),
    }
