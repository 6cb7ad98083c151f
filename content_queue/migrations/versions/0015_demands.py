"""Demands of authorities to take something back."""

from alembic import op

from content_queue.store.records import demands

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    demands.create(op.get_bind())
