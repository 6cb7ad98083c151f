"""Rules of approval: which role a yes was for, in whose name, until when; edits in a chat."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.times import UtcTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("valid_until", UtcTime(length=32), nullable=True))
    op.add_column("posts", sa.Column("edited_from", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_posts_ending", "posts", ["valid_until"], sqlite_where=sa.text("valid_until IS NOT NULL")
    )
    op.add_column("approvals", sa.Column("role", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("approvals", sa.Column("giver", sa.Text(), nullable=False, server_default=""))
    op.add_column("approvals", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_approvals_urgent", "approvals", ["post"], sqlite_where=sa.text("role = 'urgent'"))
    op.create_table(
        "delegations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("taker", sa.Text(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(
        "ix_delegations_open", "delegations", ["until"], sqlite_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "used_buttons",
        sa.Column("seal", sa.String(length=24), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_used_buttons")),
    )
    op.create_index(op.f("ix_used_buttons_at"), "used_buttons", ["at"], unique=False)
