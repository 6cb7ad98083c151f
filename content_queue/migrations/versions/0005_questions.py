"""Questions with buttons beside approvals."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("about", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("notices", sa.Column("asks", sa.String(length=12), nullable=False, server_default=""))
    op.create_index(
        "ix_deliveries_stuck",
        "deliveries",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state IN ('missed', 'held')"),
    )
