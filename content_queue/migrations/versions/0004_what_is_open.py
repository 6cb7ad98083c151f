"""Indexes for the questions that are asked all day: what is open is found without reading all that ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, column, where in (
        ("ix_cards_open", "cards", "id", "closed_at IS NULL"),
        ("ix_notices_untold", "notices", "id", "told_at IS NULL"),
        ("ix_orphans_unswept", "orphans", "id", "swept_at IS NULL"),
        ("ix_holds_in_force", "holds", "id", "ended_at IS NULL"),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(where))
    op.create_index("ix_posts_code", "posts", [sa.text("lower(id)")])
    op.create_index("ix_entries_changed_at", "entries", ["changed_at"])
    op.create_index("ix_deliveries_channel_published_at", "deliveries", ["channel", "published_at"])
