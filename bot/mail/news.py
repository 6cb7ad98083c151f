"""What is told by letter: to whom Telegram does not reach, and where Telegram has not reached for a while."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.people import is_concerned
from content_queue.models import Person, digest
from content_queue.store import Connection
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.notices import Notice, notices_after

#: So long Telegram is waited for; so far apart are two letters; older notices are no news.
LATE, APART, OLD = timedelta(minutes=15), timedelta(minutes=5), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class News:
    """What one person is to be told by letter; `last` is the number of the last notice that is done with."""

    person: Person
    notices: Sequence[Notice]
    last: int


def news(connection: Connection, desk: Desk, now: datetime) -> list[tuple[News, bool]]:
    """Return whom something is to be told by letter, and whether it is time to."""
    found = []
    for person in (each for each in desk.people if each.email):
        kept = read_mark(connection, _key(person), {"last": 0, "at": ""})
        known = notices_after(connection, kept["last"], since=now - OLD)
        notices = list(_of_person(person, known, now))
        if notices:
            ready = not kept["at"] or now - datetime.fromisoformat(kept["at"]) >= APART
            found.append((News(person, notices, notices[-1].id), ready))
    return found


def _of_person(person: Person, known: Sequence[tuple[Notice, bool]], now: datetime) -> Iterator[Notice]:
    """Yield what a person is to be told; what Telegram may still tell is waited for, and all after it."""
    for notice, told in known:
        if not is_concerned(person, notice):
            continue
        if person.telegram_id is not None:
            if told or person.telegram_id in notice.told_in:
                continue
            if now - notice.created_at < LATE:
                return
        yield notice


def keep_news(connection: Connection, news: News, now: datetime) -> None:
    """Remember how far a person was told."""
    keep_mark(connection, _key(news.person), {"last": news.last, "at": now.isoformat()})


def _key(person: Person) -> str:
    """Return the mark of what a person was told; it names nobody."""
    return f"news:{digest([person.name])[:16]}"
