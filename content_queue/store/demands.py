"""Demands of authorities to take something back, each with a clock of 24 hours, closed when done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from content_queue.store import takebacks
from content_queue.store.audit import DAEMON, Act, note
from content_queue.store.records import demands

#: From its receipt, whatever way it came (Decree 147/2024/NĐ-CP).
TIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Demand:
    """What an authority wants taken back: its document, the posts, its clock, and when it was done."""

    id: int
    number: str
    body: str
    reason: str
    posts: tuple[str, ...]
    agency: str
    person: str
    received_at: datetime
    due_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person registers: the document, whose it is, and when it came."""

    number: str
    body: str
    received_at: datetime


_COLUMNS = tuple(demands.c[name] for name in Demand.__slots__)
_OPEN = select(*_COLUMNS).where(demands.c.done_at.is_(None)).order_by(demands.c.id)


def register(connection: Connection, claim: Claim, posts: Sequence[str], *, agency: str, act: Act) -> Demand:
    """Write a demand down and return it; one of the same document and posts is not written twice."""
    known = [
        each for each in all_demands(connection) if (each.number, each.body) == (claim.number, claim.body)
    ]
    same = next((each for each in known if set(each.posts) == set(posts)), None)
    if same is not None:
        return same
    said: dict[str, object] = {"number": claim.number, "body": claim.body, "posts": list(posts)}
    times = {"received_at": claim.received_at, "due_at": claim.received_at + TIME}
    values = {**said, **times, "reason": str(act.detail["reason"]), "agency": agency}
    who = {"person": act.actor, "way": act.way}
    row = connection.execute(insert(demands).values(**values, **who).returning(*_COLUMNS)).one()
    note(connection, Act(act.at, act.actor, act.way, "demand", f"demand:{row.id}", said | times))
    return _a_demand(row)


def open_demands(connection: Connection) -> list[Demand]:
    """Return the demands that are not done, oldest first."""
    return [_a_demand(row) for row in connection.execute(_OPEN)]


def all_demands(connection: Connection) -> list[Demand]:
    """Return all demands, oldest first."""
    return [_a_demand(row) for row in connection.execute(select(*_COLUMNS).order_by(demands.c.id))]


def close_done(connection: Connection, now: datetime) -> list[Demand]:
    """Close and return what the platforms have done in full; what is left somewhere is a person's to end."""
    done = [each for each in open_demands(connection) if not left_of(connection, each)]
    for each in done:
        close(connection, each, Act(now, DAEMON, DAEMON, "demand_done", f"demand:{each.id}", {}))
    return done


def close(connection: Connection, demand: Demand, act: Act) -> None:
    """Write down that a demand is done."""
    connection.execute(update(demands).where(demands.c.id == demand.id).values(done_at=act.at))
    note(connection, act)


def left_of(connection: Connection, demand: Demand) -> list[str]:
    """Return the channels on which something of a demand is still out, or may be."""
    return [
        delivery.channel
        for post in demand.posts
        for takeback, delivery in takebacks.of_post(connection, post)
        if takeback.ended_at is None or takeback.told
    ]


def _a_demand(row: Sequence[Any]) -> Demand:
    fields = dict(zip(Demand.__slots__, row, strict=True))
    return Demand(**{**fields, "posts": tuple(fields["posts"])})
