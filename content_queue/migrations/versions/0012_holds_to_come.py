"""Holds may begin later, have a planned end, and let some tags through."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.times import UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("holds", sa.Column("starts_at", UtcTime(), nullable=True))
    op.add_column("holds", sa.Column("until", UtcTime(), nullable=True))
    op.add_column("holds", sa.Column("spares", sa.JSON(), nullable=False, server_default="[]"))
