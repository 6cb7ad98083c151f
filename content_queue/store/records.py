"""The tables of what people did, and of what they were told to do."""

from sqlalchemy import JSON, Column, Index, String, Table, Text, UniqueConstraint, text

from content_queue.store.append_only import keep_append_only
from content_queue.store.naming import Id, metadata
from content_queue.store.times import UtcTime

#: Who the keys of the audit stand for; a name may be erased, the acts stay.
persons = Table(
    "persons", metadata, Column("id", Id, primary_key=True), Column("name", Text), UniqueConstraint("name")
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),  # `p7` is a person; the daemon and the calendar have names
    Column("way", String(12), nullable=False),
    Column("verb", String(24), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),  # the seal of the row before
    Column("seal", String(64), nullable=False),  # over this row and the one before
    Index(None, "subject"),
    UniqueConstraint("previous"),
)
keep_append_only(audit)

#: What authorities want taken back, each with its clock.
demands = Table(
    "demands",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),  # of the document
    Column("body", Text, nullable=False),  # the authority
    Column("reason", Text, nullable=False),
    Column("posts", JSON, nullable=False),
    Column("agency", String(60), nullable=False),
    Column("person", Text, nullable=False),
    Column("way", String(12), nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Index("ix_demands_open", "id", sqlite_where=text("done_at IS NULL")),
)
