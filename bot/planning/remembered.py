"""What the ledger of a home remembers, for commands that also work before there is one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.house import LEDGER
from content_queue.delivery.check import HEALTH
from content_queue.models import Campaign, Delivery, Post
from content_queue.store import Connection, calendar, marks
from content_queue.store.calendar import EntryRow
from content_queue.store.campaigns import kept_campaigns, kept_moves, standing_of_campaign
from content_queue.store.engine import open_ledger
from content_queue.store.posts import cancelled_since, deliveries_of, find_post
from content_queue.store.translations import Kept, kept_translations
from content_queue.store.writer import InlineWriter
from schedules.campaigns import moved
from schedules.identity import KnownEntry

#: What a look at a channel found: ok, problems, at.
Look = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """One post as it stands, with its deliveries by channel and locale."""

    post: Post
    deliveries: Mapping[tuple[str, str], Delivery]


@dataclass(frozen=True, slots=True)
class Remembered:
    """The ledger, or nothing where none was made yet."""

    ledger: InlineWriter | None = None

    def entries(self) -> list[KnownEntry]:
        """Return the entries by which rows without a code are known again."""
        rows = self.ledger.read_now(calendar.known_entries) if self.ledger else []
        return [known(row) for row in rows]

    def translations(self) -> Kept:
        """Return the translations that were brought in."""
        return self.ledger.read_now(kept_translations) if self.ledger else {}

    def campaigns(self) -> Mapping[str, Campaign]:
        """Return the campaigns that the calendars listed when they were last read."""
        return self.ledger.read_now(kept_campaigns) if self.ledger else {}

    def moved(self, campaigns: Mapping[str, Campaign]) -> Mapping[str, Campaign]:
        """Return campaigns with their events where people moved them."""
        return moved(campaigns, self.ledger.read_now(kept_moves)) if self.ledger else campaigns

    def standing(self, campaign: str) -> list[tuple[Post, list[Delivery]]]:
        """Return the posts of a campaign with their deliveries."""
        if self.ledger is None:
            return []
        return self.ledger.read_now(lambda connection: standing_of_campaign(connection, campaign))

    def health(self) -> Mapping[str, Look]:
        """Return what the last look at each channel found, by its name."""
        if self.ledger is None:
            return {}
        found: Mapping[str, Look] = self.ledger.read_now(lambda c: marks.read_mark(c, HEALTH, {}))
        return found

    def post(self, code: str) -> Stored | None:
        """Return a post if it is stored."""
        if self.ledger is None:
            return None
        return self.ledger.read_now(lambda connection: _stored(find_post(connection, code), connection))

    def cancelled(self, since: datetime) -> list[Stored]:
        """Return the posts due since then that will not go out."""
        return self.ledger.read_now(lambda connection: _cancelled(connection, since)) if self.ledger else []


def _cancelled(connection: Connection, since: datetime) -> list[Stored]:
    found = (_stored(post, connection) for post in cancelled_since(connection, since))
    return [stored for stored in found if stored]


def known(row: EntryRow) -> KnownEntry:
    """Return what identity needs of a stored entry."""
    return KnownEntry(row.code, row.fingerprint, row.match_key, row.file, row.typed, row.present)


def _stored(post: Post | None, connection: Connection) -> Stored | None:
    if post is None:
        return None
    return Stored(post, {(d.channel, d.locale): d for d in deliveries_of(connection, post.id)})


@contextmanager
def open_remembered(home: Path) -> Iterator[Remembered]:
    """Open the ledger of a home if there is one."""
    if not (home / LEDGER).exists():
        yield Remembered()
        return
    ledger = InlineWriter(open_ledger(f"sqlite:///{home / LEDGER}"))
    try:
        yield Remembered(ledger)
    finally:
        ledger.close()
