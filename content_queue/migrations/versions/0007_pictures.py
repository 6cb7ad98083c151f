"""The names under which stored pictures may be fetched, and an index to find whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: As `content_queue.served` had it.
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def upgrade() -> None:
    pictures = op.create_table(
        "pictures",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["variant"], ["variants.hash"], name=op.f("fk_pictures_variant_variants")),
        sa.PrimaryKeyConstraint("name", "variant", name=op.f("pk_pictures")),
    )
    op.create_index(op.f("ix_deliveries_variant"), "deliveries", ["variant"], unique=False)
    variants = sa.table("variants", sa.column("hash", sa.String), sa.column("payload", sa.JSON))
    stored = op.get_bind().execute(sa.select(variants.c.hash, variants.c.payload))
    named = {
        (f"{ref['sha256']}.{ENDINGS[ref['mime']]}", row.hash)
        for row in stored
        for ref in row.payload["media"]
        if ref["sha256"] and not ref["url"] and ref["mime"] in ENDINGS
    }
    op.bulk_insert(pictures, [{"name": name, "variant": variant} for name, variant in sorted(named)])
