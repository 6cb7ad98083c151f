"""Seals of buttons that were used: what a button asked for is done once."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from content_queue.store.decided import used_buttons

_USED = select(used_buttons.c.seal).where(used_buttons.c.seal == bindparam("mark"))


def is_used(connection: Connection, seal: str) -> bool:
    """Tell whether what a button asked for was done."""
    return connection.execute(_USED, {"mark": seal}).first() is not None


def use(connection: Connection, seal: str, now: datetime, *, lives: timedelta) -> None:
    """Remember that what a button asked for is done; those that are dead by themselves are forgotten."""
    connection.execute(delete(used_buttons).where(used_buttons.c.at < now - lives))
    connection.execute(insert(used_buttons).values(seal=seal, at=now))
