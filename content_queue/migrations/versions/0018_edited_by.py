"""Who edited a post in a chat: none of them may approve it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("edited_by", sa.Text(), nullable=False, server_default=""))
