"""Who still is to be told what: each person concerned once, however often a chat fails meanwhile."""

from collections.abc import Collection, Mapping, Sequence
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
    """A notice and the chats in which it is still to be told.

    `asked` are those in which a question with buttons stands for it, `awaited` those in which that has not
    arrived yet. A notice may concern nobody.
    """

    notice: Notice
    chats: frozenset[int]
    asked: frozenset[int]
    awaited: frozenset[int]
    concerns: bool


def telling_of(
    notice: Notice,
    people: Sequence[Person],
    *,
    asking: Collection[tuple[str, str]],
    questioned: Mapping[str, Collection[int]],
) -> Telling:
    """Return where a notice is still to be told; who is asked with buttons is not told beside it.

    `asking` is (what, post) of each question that is open now; `questioned` is post -> the chats in which a
    question of it lies. What was settled before anybody could be asked waits for nothing.
    """
    all_concerned = {person.telegram_id or 0: person for person in concerned(people, notice)}
    asked = {chat for chat, person in all_concerned.items() if _is_asked(notice, person, asking)}
    here = asked & set(questioned.get(notice.post, ())) if _is_open(notice, asking) else asked
    told = set(all_concerned) - asked - set(notice.told_in)
    return Telling(notice, frozenset(told), frozenset(here), frozenset(asked - here), bool(all_concerned))


def _is_open(notice: Notice, asking: Collection[tuple[str, str]]) -> bool:
    return bool(notice.asks) and (notice.asks, notice.post) in asking


def _is_asked(notice: Notice, person: Person, asking: Collection[tuple[str, str]]) -> bool:
    if notice.asks == TIME:  # whoever is concerned may give a new time, its author too; in a hold nobody may
        return _is_open(notice, asking)
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
    everybody = telling.concerns and not telling.awaited and telling.chats <= set(reached)
    anybody = bool(chats or telling.asked)
    done = everybody or (anybody and now - notice.created_at >= PATIENCE)
    return Told(notice.id, chats, done) if done or chats != notice.told_in else None
