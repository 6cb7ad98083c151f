"""Translations of entries, as they were last brought in."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.times import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translations",
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("translator", sa.Text(), nullable=False),
        sa.Column("checker", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcTime(length=32), nullable=False),
        sa.PrimaryKeyConstraint("entry", "locale", name=op.f("pk_translations")),
    )
    op.create_index(op.f("ix_translations_changed_at"), "translations", ["changed_at"])
