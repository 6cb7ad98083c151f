"""What is said, kept once by its hash, with the names of its pictures."""

from collections.abc import Mapping

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from content_queue.models import Payload
from content_queue.served import served_name
from content_queue.store.tables import pictures, variants


def keep_variants(connection: Connection, payloads: Mapping[str, Payload]) -> None:
    """Store payloads by their hash; those that are there stay as they are."""
    if not payloads:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        dialect.insert(variants).on_conflict_do_nothing(),
        [
            {"hash": key, "platform": p.platform, "locale": p.locale, "payload": p.as_json()}
            for key, p in payloads.items()
        ],
    )
    named = {(name, key) for key, p in payloads.items() for name in map(served_name, p.media) if name}
    if named:
        connection.execute(
            dialect.insert(pictures).on_conflict_do_nothing(),
            [{"name": name, "variant": variant} for name, variant in sorted(named)],
        )
