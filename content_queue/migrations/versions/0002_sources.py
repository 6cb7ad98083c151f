"""What a post was planned from, and its day in the calendar as an index."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("source", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_posts_calendar_due", "posts", ["calendar_due"])
