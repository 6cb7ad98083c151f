"""Who still is to be told what: each person concerned once, however often a chat fails meanwhile."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.people import concerned
from bot.telegram.questions import TIME, is_asked
from content_queue.models import Person
from content_queue.store.notices import Notice, Told

#: So long a chat that cannot be reached is tried; then it is enough that somebody has heard.
PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice, the chats in which it is still to be told, and whether it concerns anybody."""

    notice: Notice
    chats: frozenset[int]
    concerns: bool


def telling_of(notice: Notice, people: Sequence[Person], *, untimed: Collection[str]) -> Telling:
    """Return where a notice is still to be told; who is asked with buttons is not told beside it.

    `untimed` are the posts of which people are asked now what becomes of them.
    """
    all_concerned = concerned(people, notice)
    told = [person for person in all_concerned if not _is_asked(notice, person, untimed)]
    chats = {person.telegram_id or 0 for person in told}
    return Telling(notice, frozenset(chats - set(notice.told_in)), bool(all_concerned))


def _is_asked(notice: Notice, person: Person, untimed: Collection[str]) -> bool:
    if notice.asks == TIME:  # whoever is concerned may give a new time, its author too; in a hold nobody may
        return notice.post in untimed
    return bool(notice.asks) and is_asked(notice.asks, person, notice.agency)


def by_chat(tellings: Sequence[Telling]) -> dict[int, list[Notice]]:
    """Return what is to be told in each chat, oldest first."""
    chats: dict[int, list[Notice]] = {}
    for telling in tellings:
        for chat in telling.chats:
            chats.setdefault(chat, []).append(telling.notice)
    return chats


def told_of(telling: Telling, reached: Collection[int], now: datetime) -> Told | None:
    """Return how far a notice is told now; None where nothing is new."""
    notice = telling.notice
    chats = (*notice.told_in, *sorted(telling.chats & set(reached)))
    everybody = telling.concerns and telling.chats <= set(reached)
    done = everybody or (bool(chats) and now - notice.created_at >= PATIENCE)
    return Told(notice.id, chats, done) if done or chats != notice.told_in else None
