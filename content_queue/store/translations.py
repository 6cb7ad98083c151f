"""Translations of entries, kept as they were last brought in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Column, Connection, Date, Index, String, Table, Text, delete, func, insert, select

from content_queue.models import Translation, TranslationState
from content_queue.store.naming import metadata
from content_queue.store.times import UtcTime

#: Entry, its code folded, and locale -> its translation.
Kept: TypeAlias = Mapping[tuple[str, str], Translation]

translations = Table(
    "translations",
    metadata,
    Column("entry", String(40), primary_key=True),
    Column("locale", String(8), primary_key=True),
    Column("source", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("deadline", Date),
    Column("translator", Text, nullable=False),
    Column("checker", Text, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index(None, "changed_at"),
)
_FIELDS = [translations.c[name] for name in Translation.__slots__]
_ALL = select(*_FIELDS).order_by(translations.c.entry, translations.c.locale)
_NEWEST = select(func.max(translations.c.changed_at))


def kept_translations(connection: Connection) -> Kept:
    """Return all translations."""
    rows = connection.execute(_ALL).mappings()
    found = (Translation(**{**row, "state": TranslationState(row["state"])}) for row in rows)
    return {(each.entry.casefold(), each.locale): each for each in found}


def translated_at(connection: Connection) -> datetime | None:
    """Return when translations were last brought in."""
    newest: datetime | None = connection.execute(_NEWEST).scalar()
    return newest


def keep_translations(
    connection: Connection, given: Iterable[Translation], now: datetime
) -> list[Translation]:
    """Keep translations in the place of what stood there; return those that are new or other than before."""
    known = kept_translations(connection)
    changed = [each for each in given if known.get((each.entry.casefold(), each.locale)) != each]
    for each in changed:
        _keep(connection, each, now)
    return changed


def _keep(connection: Connection, given: Translation, now: datetime) -> None:
    same = (func.lower(translations.c.entry) == given.entry.lower()) & (translations.c.locale == given.locale)
    connection.execute(delete(translations).where(same))
    values = {name: getattr(given, name) for name in Translation.__slots__}
    connection.execute(insert(translations), {**values, "changed_at": now})
