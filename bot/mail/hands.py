"""Whom to write who posts by hand: asked with the ready text, reminded, told when to post no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.desk import Desk
from bot.people import posters
from content_queue.delivery.assist import is_waiting_long
from content_queue.models import Payload, Person, digest
from content_queue.states import DeliveryState
from content_queue.store import Connection, assisted
from content_queue.store.deliveries import Standing, payloads
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.posts import find_post
from content_queue.store.story import find_delivery

#: What a letter does: asks to post, reminds of it, or takes that back. "" has nothing to say.
ASK, REMIND, STOP = "ask", "remind", "stop"
Told = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Errand:
    """One letter to one officer about one delivery; `key` names the asking that it is about."""

    person: Person
    what: str
    key: str
    standing: Standing
    payload: Payload | None = None


def errands(connection: Connection, desk: Desk, now: datetime) -> tuple[list[Errand], bool]:
    """Return what officers are to be written now, and whether somebody is asked at all."""
    asked = {_asking(each): each for each in assisted.asked(connection)}
    found = [
        errand
        for person in desk.people
        if person.email
        for errand in _of_person(connection, desk, person, asked=asked, now=now)
    ]
    return found, bool(asked)


def _of_person(
    connection: Connection, desk: Desk, person: Person, *, asked: Mapping[str, Standing], now: datetime
) -> Iterator[Errand]:
    told: Told = read_mark(connection, _mark(person), {})
    for key, standing in asked.items():
        what = next_word(told.get(key, ""), waiting_long=is_waiting_long(standing, now))
        agency = desk.agency_of(standing.delivery.channel) or standing.post.agency
        if what and person in posters(desk.people, agency):
            variant = standing.delivery.variant or ""
            yield Errand(person, what, key, standing, payloads(connection, [variant]).get(variant))
    for key in sorted(told.keys() - asked.keys()):
        delivery = find_delivery(connection, int(key.partition(":")[0]))
        post = find_post(connection, delivery.post) if delivery else None
        if delivery and post:
            yield Errand(person, STOP, key, Standing(delivery, post))


def next_word(told: str, *, waiting_long: bool) -> str:
    """Say what an officer is to be written after what was written last. Pure."""
    if not told:
        return ASK
    return REMIND if told == ASK and waiting_long else ""


def is_over_well(errand: Errand) -> bool:
    """Tell whether an asking that is over ended in a post, so that there is nothing to take back."""
    return errand.what == STOP and errand.standing.delivery.state == DeliveryState.PUBLISHED


def keep_told(connection: Connection, errand: Errand) -> None:
    """Remember what was written; what is over is forgotten."""
    told = dict(read_mark(connection, _mark(errand.person), {}))
    told.pop(errand.key, None)
    if errand.what != STOP:
        told[errand.key] = errand.what
    keep_mark(connection, _mark(errand.person), told)


def _asking(standing: Standing) -> str:
    return f"{standing.delivery.id}:{standing.delivery.attempts}"


def _mark(person: Person) -> str:
    """Return the mark of what a person was written; it names nobody."""
    return f"hands:{digest([person.name])[:16]}"
