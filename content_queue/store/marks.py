"""Small things that must survive a restart: the update offset, the next free code."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from content_queue.store.tables import marks


def read_mark(connection: Connection, key: str, default: Any = None) -> Any:
    """Return what was kept under `key`."""
    row = connection.execute(select(marks.c.value).where(marks.c.key == key)).first()
    return default if row is None else row.value


def keep_mark(connection: Connection, key: str, value: object) -> None:
    """Keep a JSON-able value under `key`."""
    connection.execute(delete(marks).where(marks.c.key == key))
    connection.execute(insert(marks).values(key=key, value=value))
