"""The tables of what people decided about posts, and of who stands in for whom."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from content_queue.store.naming import Id, metadata
from content_queue.store.times import UtcTime

approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("post", ForeignKey("posts.id"), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("person", Text, nullable=False),
    Column("decision", String(12), nullable=False),
    Column("way", String(12), nullable=False),
    Column("reason", Text),
    Column("at", UtcTime, nullable=False),
    Column("role", String(12), nullable=False, server_default=""),  # what was asked and this answers
    Column("giver", Text, nullable=False, server_default=""),  # in whose name, where that is another's
    Column("revision", Integer, nullable=False, server_default="0"),  # of the post as it was seen
    Index(None, "post"),
    Index("ix_approvals_urgent", "post", sqlite_where=text("role = 'urgent'")),
)

#: Who decides in whose name while somebody is away.
delegations = Table(
    "delegations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("giver", Text, nullable=False),
    Column("taker", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Index("ix_delegations_open", "until", sqlite_where=text("ended_at IS NULL")),
)

#: Seals of buttons whose act is done, as long as the buttons live.
used_buttons = Table(
    "used_buttons",
    metadata,
    Column("seal", String(24), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Index(None, "at"),
)
