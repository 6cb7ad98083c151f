"""Keep the ledger at what the calendars say: notice what was saved, read it, plan it, tell what changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.desk import desk_of
from bot.errors import SettingsError
from bot.house import House
from bot.office import OfficeHome, office_files, open_office, read_calendars
from bot.planning.differences import withhold
from bot.planning.moving import moved_since
from bot.planning.reading import Known, Reading, understand
from bot.planning.returned import Returns
from bot.planning.tidings import tidings
from content_queue.delivery.plan import plan_seconds
from content_queue.models import Problem
from content_queue.store import Connection
from content_queue.store import calendar as ledger
from content_queue.store.calendar import Change, EntryRow
from content_queue.store.campaigns import keep_campaigns, kept_moves
from content_queue.store.differences import taken
from content_queue.store.notices import tell
from content_queue.store.plan import apply_plan
from content_queue.store.reviews import follow_rules, rules_of
from content_queue.store.translations import kept_translations, translated_at
from schedules.annotated import FOLDER
from schedules.calendar import Kept
from schedules.clock import OFFICE_ZONE
from schedules.readers import Stamp, stamp_of

log = logging.getLogger(__name__)
#: So long after its day an edit still reaches a post that waits for a new time.
LOOK_BACK = timedelta(days=31)

Stamps = Mapping[str, Stamp]


@dataclass(slots=True)
class Written:
    """All entries and the codes of all posts, as this process last wrote them: nobody else writes them."""

    entries: dict[str, EntryRow]
    posts: set[str]


class Calendars:
    """Watches a home's calendars and list of channels, and keeps the ledger at what they say."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._read: Stamps | None = None  # what the files looked like when they were last read
        self._said: object = None  # what people had said yes to and translated by then
        self._reading = asyncio.Lock()
        self._seen: Stamps | None = None  # what they looked like at the last look
        self._good: OfficeHome | None = None  # the office with the last good list of channels
        self._listed: tuple[Mapping[Path, Stamp | None], OfficeHome] | None = None  # as its tables last said
        self._kept = Kept()
        self._returns = Returns()
        self._written: Written | None = None  # None: the ledger is to be asked
        self._seconds_stand = False  # every delivery has the second that its platform's limits leave it
        self.opened: OfficeHome | None = None  # the office as last read

    async def read_if_changed(self, then: Callable[[], Awaitable[None]]) -> None:
        """Read the calendars if a file changed and has kept still since the last look, then call `then`."""
        stamps = self._stamps()
        still, self._seen = self._read is None or stamps == self._seen, stamps
        said = await self._house.ledger.read(_said)
        if still and (stamps != self._read or said != self._said):
            await self.plan_again(then)
            self._said = said
            self._read = stamps  # only now: what could not be read or kept is tried again at the next look

    async def plan_again(self, then: Callable[[], Awaitable[None]]) -> None:
        """Read and plan whatever lies there now: also needed as days pass, for the horizon moves.

        One reading at a time: two would give the same new code to different rows.
        """
        async with self._reading:
            await self._plan(then)

    async def _plan(self, then: Callable[[], Awaitable[None]]) -> None:
        house, now = self._house, self._house.clock.now()
        if self._written is None:
            self._written = await house.ledger.read(_all_written)
        known = await house.ledger.read(partial(_known, written=self._written, now=now))
        reading = await asyncio.to_thread(self._understand, known)
        listed = {channel.name: channel for channel in reading.opened.office.channels}
        if [*listed.items()] != [*house.channels.items()]:  # their order is that of priority
            self._seconds_stand = False
            house.channels.clear()
            house.channels.update(listed)
        self.opened = reading.opened
        self._seconds_stand &= not reading.composed
        changes = await self._apply(reading, known, now)
        if changes or not self._seconds_stand:
            self._seconds_stand = False
            await plan_seconds(house.works)
            self._seconds_stand = True
        _log(reading, changes)
        await then()
        await asyncio.to_thread(self._returns.write, reading)

    async def _apply(self, reading: Reading, known: Known, now: datetime) -> Sequence[Change]:
        """Write what was read; where that failed, ask the ledger next time what it knows."""
        written, self._written = self._written, None
        change = partial(apply, reading=reading, known=known, house=self._house, now=now)
        changes, entries = await self._house.ledger.run(change)
        if written is not None:
            written.entries.update({row.code: row for row in entries})
            written.posts.update(reading.planned)
            self._written = written
        return changes

    def _stamps(self) -> Stamps:
        folder = self._house.home / self._house.settings.calendar.folder
        files = [*folder.glob("*"), *self._tables()]
        shown = (path for path in files if not path.name.startswith((".", "~$")) and path.name != FOLDER)
        return {str(path): stamp for path in shown if (stamp := stamp_of(path))}

    def _understand(self, known: Known) -> Reading:
        opened, problems = self._open()
        calendar = read_calendars(opened, self._kept)
        return understand(self._house, opened, calendar, known=known, problems=problems)

    def _open(self) -> tuple[OfficeHome, Sequence[Problem]]:
        """Open the office; with a wrong list of channels the last good one stays in force."""
        opened = self._opened()
        if all(problem.severity != "error" for problem in opened.problems):
            self._good = opened
        elif self._good is None:
            raise SettingsError([f"{p.file} {p.cell}: {p.message} {p.hint}" for p in opened.problems])
        return self._good, opened.problems

    def _opened(self) -> OfficeHome:
        """Return the office as its tables say, read anew only if one of them changed."""
        stamps = {path: stamp_of(path) for path in self._tables()}
        if self._listed is None or self._listed[0] != stamps:
            self._listed = stamps, open_office(self._house.home, self._house.settings)
        return self._listed[1]

    def _tables(self) -> list[Path]:
        return office_files(self._house.home, self._house.settings)


def _said(connection: Connection) -> object:
    """Return what people said that a reading depends on: differences, translations, moves."""
    return taken(connection), translated_at(connection), kept_moves(connection)


def _all_written(connection: Connection) -> Written:
    entries = {row.code: row for row in ledger.known_entries(connection)}
    return Written(entries, set(ledger.known_post_ids(connection)))


def _known(connection: Connection, written: Written, now: datetime) -> Known:
    midnight = datetime.combine(now.astimezone(OFFICE_ZONE).date(), time.min, OFFICE_ZONE)
    since = midnight - LOOK_BACK
    still_open = ledger.open_before(connection, midnight, since=since)
    sources = ledger.sources_since(connection, since)
    told = kept_translations(connection), kept_moves(connection)
    return Known(written.entries, written.posts, still_open, sources, *told)


def apply(
    connection: Connection, reading: Reading, known: Known, *, house: House, now: datetime
) -> tuple[list[Change], list[EntryRow]]:
    """Bring the ledger to what was read, in one transaction; return what changed, posts and entries."""
    window = timedelta(minutes=house.settings.calendar.window_minutes)
    lasting = frozenset[str]()
    if house.settings.calendar.ask_before:
        held = withhold(connection, reading, window=window, now=now)
        reading, lasting = held.reading, held.entries
    matching = reading.matching
    typed = {entry.code.casefold() for entry in reading.calendar.entries if entry.code}
    rows = [(entry, entry.code.casefold() in typed) for entry in matching.entries]
    ledger.save_entries(connection, rows, known.entries, now=now)
    refused = {refused.entry.code for refused in reading.plan.refused}
    changes = ledger.lose_entries(connection, [code for code in matching.gone if code not in lasting], now)
    changes += ledger.spoil_entries(connection, [*matching.wrong, *refused], now)
    returning = {entry.code for entry in matching.entries} - refused
    changes += ledger.withdraw_unplanned(connection, reading.planned, after=now, returning=returning, now=now)
    for word in moved_since(connection, reading.calendar.campaigns):
        tell(connection, word, now)
    keep_campaigns(connection, reading.calendar.campaigns)
    book, composed = desk_of(reading.opened).book, [item.post.id for item in reading.composed]
    rules = rules_of(connection, composed, book)
    changes += apply_plan(connection, reading.composed, window=window, now=now, sources=reading.sources)
    follow_rules(connection, rules, book, now)
    for word in tidings(reading, changes, now.astimezone(OFFICE_ZONE).date()):
        tell(connection, word, now)
    return changes, ledger.known_entries(connection, changed_at=now)


def _log(reading: Reading, changes: Sequence[Change]) -> None:
    log.info(
        "Calendars read",
        extra={
            "action": "calendars_read",
            "entries": len(reading.matching.entries),
            "problems": len(reading.problems),
            "posts": len(reading.planned),
            "changed": len(changes),
        },
    )
