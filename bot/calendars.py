"""Read the calendars folder into the ledger: notice what was saved, check it, plan it, say what changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.compose import compose
from bot.errors import SettingsError
from bot.house import House
from bot.office import OfficeHome, identify, open_office, read_calendars
from bot.remembered import known as remembered
from bot.tidings import tidings
from content_queue.delivery.plan import plan_seconds
from content_queue.models import ComposedDelivery, ComposedPost, MediaRef, PlannedPost, Problem
from content_queue.outcomes import RefusedError
from content_queue.store import Connection
from content_queue.store import calendar as ledger
from content_queue.store.calendar import Change, EntryRow
from content_queue.store.notices import tell
from content_queue.store.plan import apply_plan
from schedules.calendar import Calendar
from schedules.clock import OFFICE_ZONE
from schedules.identity import Matching
from schedules.planner import Plan, Span, plan

log = logging.getLogger(__name__)
#: So long after its day an edit still reaches a post that waits for a new time.
LOOK_BACK = timedelta(days=31)

Stamps = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of all calendars comes to, before the ledger is touched."""

    opened: OfficeHome
    calendar: Calendar
    matching: Matching
    plan: Plan
    composed: Sequence[ComposedPost]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows before a reading: entries, codes of posts, and earlier posts still open."""

    entries: Sequence[EntryRow]
    posts: frozenset[str]
    open: Mapping[str, datetime]


class Calendars:
    """Watches a home's calendars and list of channels, and keeps the ledger at what they say."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._read: Stamps | None = None  # what the files looked like when they were last read
        self._reading = asyncio.Lock()
        self._seen: Stamps | None = None  # what they looked like at the last look
        self._good: OfficeHome | None = None  # the office with the last good list of channels
        self.opened: OfficeHome | None = None  # the office as last read

    async def read_if_changed(self, then: Callable[[], Awaitable[None]]) -> None:
        """Read the calendars if a file changed and has kept still since the last look, then call `then`."""
        stamps = self._stamps()
        still, self._seen = self._read is None or stamps == self._seen, stamps
        if still and stamps != self._read:
            await self.plan_again(then)
            self._read = stamps  # only now: what could not be read or kept is tried again at the next look

    async def plan_again(self, then: Callable[[], Awaitable[None]]) -> None:
        """Read and plan whatever lies there now: also needed as days pass, for the horizon moves.

        One reading at a time: two would give the same new code to different rows.
        """
        async with self._reading:
            await self._plan(then)

    async def _plan(self, then: Callable[[], Awaitable[None]]) -> None:
        house = self._house
        known = await house.ledger.read(partial(_known, now=house.clock.now()))
        reading = await asyncio.to_thread(self._understand, known)
        self.opened = reading.opened
        house.channels.clear()
        house.channels.update({channel.name: channel for channel in reading.opened.office.channels})
        changes = await house.ledger.run(partial(apply, reading=reading, house=house, now=house.clock.now()))
        await plan_seconds(house.works)
        _log(reading, changes)
        await then()

    def _stamps(self) -> Stamps:
        folder = self._house.home / self._house.settings.calendar.folder
        files = [*folder.glob("*"), self._house.home / self._house.settings.channels]
        return {str(path): stamp for path in files if (stamp := _stamp(path))}

    def _understand(self, known: Known) -> Reading:
        house, now = self._house, self._house.clock.now()
        opened, problems = self._open()
        calendar = read_calendars(opened)
        matching = identify(calendar, [remembered(row) for row in known.entries])
        seen = {row.code: row.first_seen for row in known.entries}
        today = now.astimezone(OFFICE_ZONE).date()
        span = Span(today, today + timedelta(days=house.settings.calendar.horizon_days), now)
        planning = partial(plan, matching.entries, opened.planning(), known_posts=known.posts, seen=seen)
        planned = planning(span=span)
        composed = [_compose(house, opened, planned, post) for post in planned.posts]
        if known.open:
            first = min(known.open.values()).astimezone(OFFICE_ZONE).date()
            earlier = planning(span=Span(first, today - timedelta(days=1), now))
            composed += [_compose(house, opened, earlier, p) for p in earlier.posts if p.id in known.open]
        return Reading(opened, calendar, matching, planned, composed, (*problems, *calendar.problems))

    def _open(self) -> tuple[OfficeHome, Sequence[Problem]]:
        """Open the office; with a wrong list of channels the last good one stays in force."""
        opened = open_office(self._house.home, self._house.settings)
        if all(problem.severity != "error" for problem in opened.problems):
            self._good = opened
        elif self._good is None:
            raise SettingsError([f"{p.file} {p.cell}: {p.message} {p.hint}" for p in opened.problems])
        return self._good, opened.problems


def _known(connection: Connection, now: datetime) -> Known:
    midnight = datetime.combine(now.astimezone(OFFICE_ZONE).date(), time.min, OFFICE_ZONE)
    still_open = ledger.open_before(connection, midnight, since=midnight - LOOK_BACK)
    return Known(ledger.known_entries(connection), ledger.known_post_ids(connection), still_open)


def _stamp(path: Path) -> tuple[int, int] | None:
    if path.name.startswith((".", "~$")):
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _compose(house: House, opened: OfficeHome, planned: Plan, post: PlannedPost) -> ComposedPost:
    problems: dict[str, None] = {}
    try:
        media = _pictures(house, post)
    except RefusedError as error:
        return ComposedPost(post, (), (str(error),))
    found = []
    for delivery in planned.deliveries_of(post):
        payload = None
        if delivery.text_locale:
            try:
                publisher = house.works.publishers[delivery.channel.platform]
                payload = compose(post, delivery, office=opened.office, publisher=publisher, media=media)
            except RefusedError as error:
                problems[str(error)] = None
        channel = delivery.channel
        found.append(ComposedDelivery(channel.name, channel.platform, delivery.locale, payload))
    return ComposedPost(post, tuple(found), tuple(problems))


def _pictures(house: House, post: PlannedPost) -> tuple[MediaRef, ...]:
    """Keep an entry's pictures in the media store; https addresses stay addresses."""
    folder = house.home / house.settings.calendar.folder
    return tuple(
        MediaRef("", "", name.rsplit("/", 1)[-1], 0, url=name)
        if name.startswith("https://")
        else house.media.keep(folder / name)
        for name in post.entry.pictures
    )


def apply(connection: Connection, reading: Reading, house: House, now: datetime) -> list[Change]:
    """Bring the ledger to what was read, in one transaction; return what changed."""
    matching, window = reading.matching, timedelta(minutes=house.settings.calendar.window_minutes)
    typed = {entry.code.casefold() for entry in reading.calendar.entries if entry.code}
    ledger.save_entries(connection, [(e, e.code.casefold() in typed) for e in matching.entries], now)
    refused = {refused.entry.code for refused in reading.plan.refused}
    changes = ledger.lose_entries(connection, matching.gone, now)
    changes += ledger.spoil_entries(connection, [*matching.wrong, *refused], now)
    changes += ledger.withdraw_unplanned(
        connection,
        {item.post.id for item in reading.composed},
        after=now,
        returning={entry.code for entry in matching.entries} - refused,
        now=now,
    )
    changes += apply_plan(connection, reading.composed, window=window, now=now)
    for word in tidings(reading, changes):
        tell(connection, word, now)
    return changes


def _log(reading: Reading, changes: Sequence[Change]) -> None:
    log.info(
        "Calendars read",
        extra={
            "action": "calendars_read",
            "entries": len(reading.matching.entries),
            "problems": len(reading.problems),
            "posts": len(reading.composed),
            "changed": len(changes),
        },
    )
