"""What people must be told: kept until somebody could be told, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.store.tables import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the people of an agency (`*` for the province), and to its author if there is one.

    Where it `asks` something, whoever may answer is asked with buttons instead, as soon as that can be asked.
    """

    id: int
    key: str
    agency: str
    author: str
    message: str
    asks: str
    created_at: datetime
    told_in: tuple[int, ...] = ()

    @property
    def what(self) -> str:
        """What it is about."""
        return self.key.partition(":")[0]

    @property
    def post(self) -> str:
        """The post that it asks about."""
        return self.key.split(":")[1]


@dataclass(frozen=True, slots=True)
class Word:
    """Something to be told: `key` makes sure that it is told once; where it asks, that is `what:post:…`."""

    key: str
    agency: str
    author: str
    message: str
    asks: str = ""


_KNOWN = select(notices.c.id).where(notices.c.key == bindparam("key"))
_UNTOLD = (
    select(*(notices.c[name] for name in Notice.__slots__))
    .where(notices.c.told_at.is_(None))
    .order_by(notices.c.id)
    .limit(bindparam("most"))
)
_AFTER = (
    select(*(notices.c[name] for name in Notice.__slots__), notices.c.told_at)
    .where(notices.c.id > bindparam("number"), notices.c.created_at >= bindparam("since"))
    .order_by(notices.c.id)
    .limit(bindparam("most"))
)
_KEEP_TOLD = (
    update(notices)
    .where(notices.c.id == bindparam("number"))
    .values(told_in=bindparam("chats"), told_at=bindparam("at"))
)


def tell(connection: Connection, word: Word, now: datetime) -> None:
    """Keep a message for the people concerned; the same key is told only once."""
    known = connection.execute(_KNOWN, {"key": word.key}).first()
    if known is None:
        connection.execute(
            insert(notices).values(
                key=word.key,
                agency=word.agency,
                author=word.author,
                message=word.message,
                asks=word.asks,
                created_at=now,
            )
        )


def unheard(connection: Connection, words: Sequence[Word]) -> list[Word]:
    """Return those of which nothing was kept yet."""
    return [word for word in words if connection.execute(_KNOWN, {"key": word.key}).first() is None]


def untold(connection: Connection, limit: int = 50) -> list[Notice]:
    """Return what has not been told yet, oldest first."""
    return [_notice(row) for row in connection.execute(_UNTOLD, {"most": limit}).mappings()]


def notices_after(
    connection: Connection, number: int, *, since: datetime, limit: int = 200
) -> list[tuple[Notice, bool]]:
    """Return the notices after a number that are no older than `since`, oldest first, and which are told."""
    asked = {"number": number, "since": since, "most": limit}
    rows = connection.execute(_AFTER, asked).mappings()
    return [(_notice(row), row["told_at"] is not None) for row in rows]


def _notice(row: Mapping[Any, Any]) -> Notice:
    fields = {name: row[name] for name in Notice.__slots__}
    return Notice(**{**fields, "told_in": tuple(row["told_in"])})


@dataclass(frozen=True, slots=True)
class Told:
    """In which chats a notice now was told, and whether that is all."""

    notice: int
    chats: tuple[int, ...]
    done: bool


def keep_told(connection: Connection, told: Sequence[Told], now: datetime) -> None:
    """Note which chats have which notices."""
    rows = [{"number": t.notice, "chats": list(t.chats), "at": now if t.done else None} for t in told]
    connection.execute(_KEEP_TOLD, rows)
