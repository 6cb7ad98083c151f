"""Posts taken back and corrected."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.times import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("corrects", sa.String(length=60), nullable=True))
    op.add_column("deliveries", sa.Column("corrects", sa.BigInteger(), nullable=True))
    op.add_column(
        "deliveries", sa.Column("in_place", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "takebacks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("ready_at", UtcTime(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name=op.f("fk_takebacks_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takebacks")),
        sa.UniqueConstraint("delivery", name=op.f("uq_takebacks_delivery")),
    )
    op.create_index(
        "ix_takebacks_open", "takebacks", ["ready_at"], unique=False, sqlite_where=sa.text("ended_at IS NULL")
    )
