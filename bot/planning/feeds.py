"""What the feeds of an office say: one for all, and one for each agency, channel and language."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from bot.moments import local_day
from bot.office import OfficeHome, identify
from bot.planning.remembered import Remembered, Stored
from content_queue.models import PlannedPost
from content_queue.states import PostState
from content_queue.texts import _
from content_queue.words import language_name, post_state_name
from schedules.calendar import Calendar
from schedules.feeds import Event, feed
from schedules.names import fold
from schedules.planner import Plan, Span
from schedules.planner import plan as plan_entries

#: Days that a feed looks back and ahead.
BACK, AHEAD = timedelta(days=31), timedelta(days=400)


_CHANNELS = "kenh/"


@dataclass(slots=True)
class _Feed:
    name: str
    events: list[Event] = field(default_factory=list)


def feeds(
    opened: OfficeHome, calendar: Calendar, remembered: Remembered, *, now: datetime
) -> Iterator[tuple[str, str]]:
    """Give the path of each feed and its text; posts of the ledger that were cancelled stand in them too."""
    found: dict[str, _Feed] = {}
    plan = _plan(opened, calendar, remembered, now)
    for post in plan.posts:
        stored = remembered.post(post.id)
        event = _event(post, stored)
        places = [(d.channel.name, d.locale) for d in plan.deliveries_of(post)]
        _put(found, event, opened, agency=post.entry.agency, places=places)
    planned = {post.id for post in plan.posts}
    for stored in (each for each in remembered.cancelled(now - BACK) if each.post.id not in planned):
        event = Event(
            stored.post.id,
            stored.post.due,
            stored.post.summary,
            post_state_name(stored.post.state),
            "CANCELLED",
            stored.post.revision,
        )
        _put(found, event, opened, agency=stored.post.agency, places=stored.deliveries)
    channels = _slugs(each.name for place, each in found.items() if place.startswith(_CHANNELS))
    for place, each in found.items():
        path = f"{_CHANNELS}{channels[each.name]}" if place.startswith(_CHANNELS) else place
        yield f"{path}.ics", feed(each.name, each.events, now)


def _plan(opened: OfficeHome, calendar: Calendar, remembered: Remembered, now: datetime) -> Plan:
    entries = identify(calendar, remembered.entries()).entries
    today = local_day(now)[0]
    span = Span((today - BACK).date(), (today + AHEAD).date(), today - BACK)
    return plan_entries(entries, opened.knowing(remembered.moved(calendar.campaigns)).planning(), span=span)


def _event(post: PlannedPost, stored: Stored | None) -> Event:
    entry = post.entry
    title = entry.title or post.facts.names.get("vi", "") or next(iter(entry.texts.values()), post.id)
    state = stored.post.state if stored else None
    sure = state == PostState.APPROVED
    told = _("Bài {post}: {state}. Người soạn: {author}.").format(
        post=post.id, state=post_state_name(state) if state else _("chưa lên kế hoạch"), author=entry.author
    )
    due = stored.post.due if stored else post.due
    revision = stored.post.revision if stored else 0
    title = " ".join(title.split())[:120]
    if state == PostState.CANCELLED:
        return Event(post.id, due, title, told, "CANCELLED", revision)
    return Event(post.id, due, title, told, "CONFIRMED" if sure else "TENTATIVE", revision)


def _put(
    found: dict[str, _Feed],
    event: Event,
    opened: OfficeHome,
    *,
    agency: str,
    places: Iterable[tuple[str, str]],
) -> None:
    known = opened.office.agencies.get(agency)
    names = {
        "tat-ca": _("Lịch đăng bài"),
        f"co-quan/{agency}": known.names["vi"] if known else agency,
    }
    for channel, locale in places:
        names[f"{_CHANNELS}{channel}"] = channel
        names[f"ngon-ngu/{locale}"] = language_name(locale)
    for path, name in names.items():
        found.setdefault(path, _Feed(name)).events.append(event)


def _slugs(names: Iterable[str]) -> Mapping[str, str]:
    """Return name -> name of its file; where several would share one, each has a mark of its own."""
    plain = {name: re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "kenh" for name in names}
    shared = Counter(plain.values())
    return {name: slug if shared[slug] == 1 else f"{slug}-{_mark(name)}" for name, slug in plain.items()}


def _mark(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:6]
