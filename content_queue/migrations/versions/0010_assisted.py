"""Deliveries that an officer is asked to post by hand."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.times import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("asked_at", UtcTime(length=32), nullable=True))
