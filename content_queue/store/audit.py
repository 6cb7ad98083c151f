"""Who did what: append-only, each row sealed over the one before it; the database refuses to change a row.

People stand in it by key. What the keys mean is in a table of its own, whose names may be erased.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from content_queue.models import digest
from content_queue.store.append_only import GUARDS
from content_queue.store.records import audit, persons

#: Who acts where no person does: the daemon, and the calendar.
DAEMON, CALENDAR = "loa", "lịch nội dung"
MACHINES = frozenset({DAEMON, CALENDAR})
#: What stands before the first row.
GENESIS = "0" * 64
#: The verb of a row that stands for older ones, which were exported and taken out.
CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person or of the daemon; `way` is telegram, cli, calendar or daemon."""

    at: datetime
    actor: str
    way: str
    verb: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row of the audit as stored, its actor by key."""

    id: int
    act: Act
    previous: str
    seal: str

    def own_seal(self) -> str:
        """Return the seal that its content and its predecessor give."""
        return seal_of(self.id, self.act, self.previous)


#: Columns of `Act`, in the order of its fields.
_ACT = tuple(audit.c[name] for name in Act.__slots__)
_LAST = select(audit.c.id, audit.c.seal).order_by(audit.c.id.desc()).limit(1)
_PERSON = select(persons.c.id).where(persons.c.name == bindparam("name"))
_NAMES = select(persons.c.id, persons.c.name)


def note(connection: Connection, act: Act) -> None:
    """Write an act down, in the transaction of what it did."""
    last = connection.execute(_LAST).first()
    number, previous = (last.id + 1, last.seal) if last else (1, GENESIS)
    # as it will be read: only so can the seal be reckoned again
    detail = json.loads(json.dumps(dict(act.detail), default=str))
    kept = Act(act.at, _key_of(connection, act.actor), act.way, act.verb, act.subject, detail)
    values = {name: getattr(kept, name) for name in Act.__slots__}
    seal = seal_of(number, kept, previous)
    connection.execute(insert(audit), {"id": number, **values, "previous": previous, "seal": seal})


def seal_of(number: int, act: Act, previous: str) -> str:
    """Return the SHA-256 over a row and the seal of the row before it."""
    at = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest([previous, number, at, act.actor, act.way, act.verb, act.subject, act.detail])


def acts_on(connection: Connection, subject: str) -> list[Act]:
    """Return what happened to a post, an entry or a hold, oldest first, people by name."""
    rows = connection.execute(select(*_ACT).where(audit.c.subject == subject).order_by(audit.c.id))
    names = names_of(connection)
    return [_named(Act(*row), names) for row in rows]


def sealed_rows(connection: Connection, *, until: datetime | None = None) -> Iterator[Sealed]:
    """Yield the rows of the audit as they are stored, oldest first; all, or those before `until`."""
    asked = select(audit.c.id, *_ACT, audit.c.previous, audit.c.seal).order_by(audit.c.id)
    if until is not None:
        asked = asked.where(audit.c.at < until)
    for row in connection.execute(asked.execution_options(yield_per=1000)):
        yield Sealed(row[0], Act(*row[1:-2]), row.previous, row.seal)


# --- people --------------------------------------------------------------------------------------------


def names_of(connection: Connection) -> dict[str, str]:
    """Return key -> name of all people whose name was not erased."""
    return {f"p{number}": name for number, name in connection.execute(_NAMES) if name is not None}


def erase_name(connection: Connection, name: str, act: Act) -> bool:
    """Erase a name; the acts stay, by a key that means nobody any more. Return False if it never acted.

    `act` says who erased it; it is written down with the key.
    """
    number = connection.execute(_PERSON, {"name": name}).scalar()
    if number is None:
        return False
    note(connection, replace(act, subject=f"p{number}"))
    connection.execute(update(persons).where(persons.c.id == number).values(name=None))
    return True


def _key_of(connection: Connection, name: str) -> str:
    if name in MACHINES:
        return name
    number = connection.execute(_PERSON, {"name": name}).scalar()
    if number is None:
        number = connection.execute(insert(persons).values(name=name).returning(persons.c.id)).scalar()
    return f"p{number}"


def _named(act: Act, names: Mapping[str, str]) -> Act:
    return replace(act, actor=names.get(act.actor, act.actor))


# --- looking whether it is whole -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the row, and what is wrong: `changed`, `cut` or `missing`."""

    row: int
    how: str


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows there are, the last one's number and its seal."""

    rows: int
    last: int
    seal: str


def head(connection: Connection) -> Head:
    """Return where the audit ends: whoever has noted its seal can tell later that nothing was cut off."""
    last = connection.execute(_LAST).first()
    rows = connection.execute(select(func.count()).select_from(audit)).scalar() or 0
    return Head(rows, last.id, last.seal) if last else Head(0, 0, GENESIS)


def first_broken(connection: Connection) -> Broken | None:
    """Return the first row at which the chain does not hold; None where it is whole.

    `changed`: its content is not what was sealed. `cut`: it does not follow the row before it.
    `missing`: rows before it are gone, and no checkpoint stands for them.
    """
    before: Sealed | None = None
    for row in sealed_rows(connection):
        if row.own_seal() != row.seal:
            return Broken(row.id, "changed")
        if before is None:
            if row.previous != GENESIS and row.previous not in _checkpoints(connection):
                return Broken(row.id, "missing")
        elif (row.id, row.previous) != (before.id + 1, before.seal):
            return Broken(row.id, "cut" if row.id == before.id + 1 else "missing")
        before = row
    return None


def _checkpoints(connection: Connection) -> set[str]:
    """Return the seals of the last rows that were exported and taken out."""
    details = connection.execute(select(audit.c.detail).where(audit.c.verb == CHECKPOINT)).scalars()
    return {str(detail["seal"]) for detail in details}


def take_out(connection: Connection, last: Sealed, act: Act) -> int:
    """Take out the rows up to `last`, after `act` was written down as the checkpoint that stands for them.

    Return how many rows are gone. `act.detail` says where they are kept.
    """
    detail = {**act.detail, "through": last.id, "seal": last.seal}
    note(connection, replace(act, verb=CHECKPOINT, detail=detail))
    with unguarded(connection):
        return connection.execute(delete(audit).where(audit.c.id <= last.id)).rowcount


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Let the database allow a change of the audit, inside this transaction only."""
    guards = [statement for dialect, statement in GUARDS if dialect == connection.dialect.name]
    for verb in ("update", "delete"):
        on = " ON audit" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER audit_refuses_{verb}{on}"))
    yield
    for statement in guards:
        connection.execute(text(statement))
