"""Cards remember what they showed, so that the next one says what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("shows", sa.JSON(none_as_null=True), nullable=True))
