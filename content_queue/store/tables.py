"""The tables of the ledger. Times are UTC: ISO text in SQLite, `timestamptz` in PostgreSQL."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from content_queue.store.naming import Id, metadata
from content_queue.store.times import UtcTime

#: Alembic's own: the migration that the tables are at.
alembic_version = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))

entries = Table(
    "entries",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("match_key", String(64), nullable=False),
    Column("file", Text, nullable=False),
    Column("typed", Boolean, nullable=False),  # the editor wrote the code, we did not make it
    Column("content", JSON, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("wrong", Boolean, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index(None, "changed_at"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("entry", ForeignKey("entries.code"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("due", UtcTime, nullable=False),
    Column("calendar_due", UtcTime, nullable=False),  # what the calendar says; `due` may be a person's word
    Column("agency", String(60), nullable=False),
    Column("author", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("summary", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("reason", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    # hash of all it was planned from; empty where the calendar is to be asked again
    Column("source", String(64), nullable=False, server_default=""),
    Column("corrects", String(60)),  # the post that this one is a correction of
    Column("valid_until", UtcTime),  # when its approval ends, if a rule says so
    # the row, by its fingerprint, against which somebody's edit in a chat stands
    Column("edited_from", String(64)),
    Column("edited_by", Text, nullable=False, server_default=""),  # their names, a line each
    Index(None, "due"),
    Index(None, "calendar_due"),
    Index(None, "entry"),
    Index("ix_posts_code", text("lower(id)")),
    Index("ix_posts_ending", "valid_until", sqlite_where=text("valid_until IS NOT NULL")),
)

variants = Table(
    "variants",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("locale", String(12), nullable=False),
    Column("payload", JSON, nullable=False),
)

#: Stored pictures by the name under which the web may see them, and the variants that they belong to.
pictures = Table(
    "pictures",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("variant", ForeignKey("variants.hash"), primary_key=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("post", ForeignKey("posts.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("locale", String(12), nullable=False),
    Column("variant", ForeignKey("variants.hash")),
    Column("state", String(12), nullable=False),
    Column("due", UtcTime, nullable=False),
    Column("planned", UtcTime, nullable=False),
    Column("window_end", UtcTime, nullable=False),
    Column("ready_at", UtcTime, nullable=False),  # when the delivery next wants to be looked at
    Column("attempts", Integer, nullable=False, default=0),
    Column("looks", Integer, nullable=False, default=0),  # read-backs of an unknown outcome
    Column("absences", Integer, nullable=False, default=0),  # the last of them that agree in absence
    Column("staged", JSON(none_as_null=True)),  # what lies hidden at the platform, complete
    Column("memo", JSON(none_as_null=True)),  # what lies there so far
    Column("remote_id", Text),
    Column("link", Text),
    Column("published_at", UtcTime),
    Column("lateness_ms", Integer),
    Column("measure_at", UtcTime),
    Column("measure_step", Integer, nullable=False, default=0),
    Column("reason", Text),
    Column("corrects", BigInteger),  # the delivery that this one corrects
    Column("asked_at", UtcTime),  # when an officer was asked to post it by hand
    # as long as it is to be edited, and no post of its own
    Column("in_place", Boolean, nullable=False, default=False, server_default=false()),
    UniqueConstraint("post", "channel", "locale"),
    Index(None, "variant"),
    Index("ix_deliveries_waiting", "ready_at", sqlite_where=text("state IN ('scheduled', 'retrying')")),
    Index("ix_deliveries_open", "state", sqlite_where=text("state IN ('publishing', 'unconfirmed')")),
    Index("ix_deliveries_measure", "measure_at", sqlite_where=text("measure_at IS NOT NULL")),
    Index(None, "channel", "published_at"),
    Index("ix_deliveries_stuck", "state", sqlite_where=text("state IN ('missed', 'held')")),
    Index(None, "post"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("variant", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("staged", JSON, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", String(12)),
    Column("error", Text),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("scope", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("way", String(12), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", Text),
    Column("starts_at", UtcTime),  # empty: at once
    Column("until", UtcTime),  # when a person means to end it
    Column("spares", JSON, nullable=False, server_default="[]"),  # tags that are let through
    Index("ix_holds_in_force", "id", sqlite_where=text("ended_at IS NULL")),
)

cards = Table(
    "cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("post", ForeignKey("posts.id"), nullable=False),
    Column("about", String(40), nullable=False, server_default=""),  # empty: the approval of the post
    Column("content_hash", String(64), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("shows", JSON(none_as_null=True)),  # time, channels and texts, to say later what changed
    Index(None, "post"),
    Index("ix_cards_open", "id", sqlite_where=text("closed_at IS NULL")),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("agency", String(60), nullable=False),
    Column("author", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("asks", String(12), nullable=False, server_default=""),  # who may answer is asked with buttons
    Column("created_at", UtcTime, nullable=False),
    Column("told_in", JSON, nullable=False, server_default="[]"),  # the chats that have it
    Column("told_at", UtcTime),
    UniqueConstraint("key"),
    Index("ix_notices_untold", "id", sqlite_where=text("told_at IS NULL")),
)

orphans = Table(
    "orphans",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("staged", JSON, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("swept_at", UtcTime),
    Index("ix_orphans_unswept", "id", sqlite_where=text("swept_at IS NULL")),
)

tokens = Table(
    "tokens",
    metadata,
    Column("rehearsal", Boolean, primary_key=True),  # what stand-ins gave never meets what platforms gave
    Column("name", String(64), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("account", Text, nullable=False),
    Column("sealed", LargeBinary),  # empty: a person was asked and has not answered yet
    Column("asked", LargeBinary),  # the sealed question that a person was sent off with
    Column("version", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("given_at", UtcTime),
    Column("until", UtcTime),
    Column("person_by", UtcTime),
    Column("renew_at", UtcTime),
    Column("intent_at", UtcTime),
    Column("doubts", Integer, nullable=False),
    Column("lost_at", UtcTime),
    Column("reason", Text),
)

takebacks = Table(
    "takebacks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("way", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("ready_at", UtcTime, nullable=False),
    Column("begun_at", UtcTime),  # the last call that may have left
    Column("ended_at", UtcTime),
    Column("tries", Integer, nullable=False),
    Column("removed", Boolean),  # whether all is gone; None while nobody knows, or where nothing was out
    Column("told", Text, nullable=False),  # what could not be undone
    Column("evidence", JSON, nullable=False),  # what was out: text, pictures, link, when
    UniqueConstraint("delivery"),
    Index("ix_takebacks_open", "ready_at", sqlite_where=text("ended_at IS NULL")),
)

marks = Table("marks", metadata, Column("key", String(60), primary_key=True), Column("value", JSON))
