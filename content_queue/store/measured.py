"""The tables of what was read back: of posts that are out, and of the channels themselves."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from content_queue.store.naming import Id, metadata
from content_queue.store.times import UtcTime

reach = Table(
    "reach",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False),
    Column("metric", String(60), nullable=False),
    Column("value", BigInteger),
    Column("reason", Text),
    Column("source", Text, nullable=False),
    Column("read_at", UtcTime, nullable=False),
    Index(None, "delivery"),
)

figures = Table(
    "figures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("metric", String(60), nullable=False),
    Column("value", BigInteger),
    Column("reason", Text),
    Column("source", Text, nullable=False),
    Column("read_at", UtcTime, nullable=False),
    Index(None, "channel", "metric"),
)
