"""Small things that must survive a restart: the update offset, the next free code."""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from content_queue.store.tables import marks

_READ = select(marks.c.value).where(marks.c.key == bindparam("mark"))
_CHANGE = update(marks).where(marks.c.key == bindparam("mark")).values(value=bindparam("now"))


def read_mark(connection: Connection, key: str, default: Any = None) -> Any:
    """Return what was kept under `key`."""
    row = connection.execute(_READ, {"mark": key}).first()
    return default if row is None else row.value


def keep_mark(connection: Connection, key: str, value: object) -> None:
    """Keep a JSON-able value under `key`."""
    if connection.execute(_CHANGE, {"mark": key, "now": value}).rowcount == 0:
        connection.execute(insert(marks), {"key": key, "value": value})
