"""Notices remember in which chats they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("told_in", sa.JSON(), nullable=False, server_default="[]"))
