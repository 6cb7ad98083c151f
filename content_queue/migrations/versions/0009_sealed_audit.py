"""The audit is sealed row by row, and knows people by key."""

import sqlalchemy as sa
from alembic import op

from content_queue.store.audit import GENESIS, MACHINES, Act, seal_of, unguarded
from content_queue.store.records import audit, persons

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("name", name=op.f("uq_persons_name")),
    )
    with unguarded(op.get_bind()):
        with op.batch_alter_table("audit") as batch:
            batch.add_column(sa.Column("previous", sa.String(length=64), nullable=False, server_default=""))
            batch.add_column(sa.Column("seal", sa.String(length=64), nullable=False, server_default=""))
        _seal_all(op.get_bind())
        with op.batch_alter_table("audit") as batch:
            batch.alter_column("previous", server_default=None)
            batch.alter_column("seal", server_default=None)
            batch.create_unique_constraint(op.f("uq_audit_previous"), ["previous"])


def _seal_all(connection: sa.Connection) -> None:
    """Seal what stands there in its order, numbered without a gap, and put keys for names."""
    keys: dict[str, str] = {name: name for name in MACHINES}
    before, columns = GENESIS, [audit.c[name] for name in Act.__slots__]
    rows = connection.execute(sa.select(audit.c.id, *columns).order_by(audit.c.id)).all()
    for number, (old, *fields) in enumerate(rows, 1):
        act = Act(*fields)
        if act.actor not in keys:
            made = connection.execute(sa.insert(persons).values(name=act.actor).returning(persons.c.id))
            keys[act.actor] = f"p{made.scalar()}"
        act = Act(act.at, keys[act.actor], act.way, act.verb, act.subject, act.detail)
        seal = seal_of(number, act, before)
        sealed = {"id": number, "actor": act.actor, "previous": before, "seal": seal}
        connection.execute(sa.update(audit).where(audit.c.id == old).values(**sealed))
        before = seal
