"""Who did what: append-only, the database refuses to change or delete a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from content_queue.store.tables import audit


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person or of the daemon; `way` is telegram, cli, calendar or daemon."""

    at: datetime
    actor: str
    way: str
    verb: str
    subject: str
    detail: Mapping[str, Any]


def note(connection: Connection, act: Act) -> None:
    """Write an act down, in the transaction of what it did."""
    connection.execute(
        insert(audit).values(
            at=act.at,
            actor=act.actor,
            way=act.way,
            verb=act.verb,
            subject=act.subject,
            detail=dict(act.detail),
        )
    )


def acts_on(connection: Connection, subject: str) -> list[Act]:
    """Return what happened to a post, an entry or a hold, oldest first."""
    columns = [audit.c[name] for name in Act.__slots__]
    rows = connection.execute(select(*columns).where(audit.c.subject == subject).order_by(audit.c.id))
    return [Act(*row) for row in rows]
