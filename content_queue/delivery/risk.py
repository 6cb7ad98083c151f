"""Tell people of posts whose channel is not well, a day and an hour before their time, not after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from content_queue.delivery.check import HEALTH, look_at
from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.delivery.renew import Renewals
from content_queue.delivery.works import Works
from content_queue.models import digest
from content_queue.store import Connection, ahead, marks
from content_queue.store.ahead import Coming
from content_queue.store.notices import Word, tell
from content_queue.texts import _

#: So long before its time a post at risk is told, the first and the second time.
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Channels that post within the hour are looked at so much earlier, unless a look is as young as this.
EARLY, FRESH = timedelta(minutes=10), timedelta(minutes=60)
#: Channels that one message names.
MOST = 10


@dataclass(frozen=True, slots=True)
class Risk:
    """A post that some channels may not take, told as a `stage`: day or hour."""

    post: Coming
    stage: str
    #: Channel -> what is wrong with it.
    problems: Mapping[str, str]


async def warn(works: Works, renewals: Renewals | None = None) -> list[Risk]:
    """Tell of posts at risk; the channels of the next hour are looked at before."""
    now = works.clock.now()
    coming = await works.ledger.read(partial(ahead.coming, first=now, last=now + DAY))
    looks = await works.ledger.read(_looks)
    wanted = to_look_at(coming, looks, now)
    channels = [channel for name in wanted if (channel := works.open_channel(name)) is not None]
    if channels:
        await look_at(works, channels, renewals)
        looks = await works.ledger.read(_looks)
    risks = at_risk(coming, looks, _ends(works, renewals), now=now)
    if risks:
        await works.ledger.run(partial(_tell, risks=risks, now=now))
    return risks


def to_look_at(coming: Sequence[Coming], looks: Mapping[str, Any], now: datetime) -> list[str]:
    """Return the channels that post within the hour and were not looked at lately. Pure."""
    soon = dict.fromkeys(one.channel for one in coming if one.due - now <= HOUR + EARLY)
    return [name for name in soon if name not in looks or now - _at(looks[name]) > FRESH]


def at_risk(
    coming: Sequence[Coming], looks: Mapping[str, Any], ends: Mapping[str, datetime], *, now: datetime
) -> list[Risk]:
    """Return the posts that some channels may not take; `ends` is when access of a channel ends. Pure."""
    found: list[Risk] = []

    def told_as(one: Coming) -> tuple[str, str]:
        return one.post, _stage(one, now)

    for _post, group in groupby(sorted(coming, key=told_as), key=told_as):
        ones = list(group)
        problems = {one.channel: wrong for one in ones if (wrong := _wrong(one, looks, ends))}
        if problems:
            found.append(Risk(ones[0], _stage(ones[0], now), problems))
    return found


def _stage(one: Coming, now: datetime) -> str:
    return "hour" if one.due - now <= HOUR else "day"


def _wrong(one: Coming, looks: Mapping[str, Any], ends: Mapping[str, datetime]) -> str:
    """Say what is wrong with a channel at a time, empty if nothing is known to be."""
    look = looks.get(one.channel)
    if look is not None and not look["ok"]:
        return " ".join(look["problems"])
    if one.channel in ends and ends[one.channel] <= one.due:
        return _("Quyền đăng hết hạn lúc {moment}.").format(moment=_show(ends[one.channel]))
    return ""


def _ends(works: Works, renewals: Renewals | None) -> dict[str, datetime]:
    """Return when access ends that nobody renews, by channel."""
    known = {} if renewals is None else renewals.known
    ending = {token.name: token.until for token in known.values() if token.renew_at is None}
    return {
        channel.name: end
        for channel in works.channels.values()
        if (end := ending.get(channel.token)) is not None
    }


def _looks(connection: Connection) -> Mapping[str, Any]:
    found: Mapping[str, Any] = marks.read_mark(connection, HEALTH, {})
    return found


def _at(look: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(look["at"])


def _show(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m}"


def _tell(connection: Connection, *, risks: Sequence[Risk], now: datetime) -> None:
    """Tell each once: again only when its time moves, or other channels join."""
    text = _(
        "Bài {post} hẹn {moment} có thể không lên được {count} kênh:\n{channels}\n"
        "Xin xử lý trước giờ ấy, rồi xem lại: loa channels check"
    )
    for risk in risks:
        post, lines = risk.post, [f"• {name}: {wrong}" for name, wrong in risk.problems.items()]
        if len(lines) > MOST:
            lines[MOST:] = [_("… và {count} kênh nữa").format(count=len(lines) - MOST)]
        shown = {"post": post.post, "moment": _show(post.due), "count": len(risk.problems)}
        said = text.format(**shown, channels="\n".join(lines))
        about = digest([post.due.isoformat(), sorted(risk.problems)])[:16]
        tell(connection, Word(f"risk:{post.post}:{risk.stage}:{about}", post.agency, post.author, said), now)
