"""Tokens that a platform gives and renews, sealed."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.times import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = UtcTime(length=32)


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("asked", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("given_at", TIME),
        sa.Column("until", TIME),
        sa.Column("person_by", TIME),
        sa.Column("renew_at", TIME),
        sa.Column("intent_at", TIME),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("lost_at", TIME),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("rehearsal", "name", name="pk_tokens"),
    )
