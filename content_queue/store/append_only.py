"""The database itself refuses to change or delete what the audit says."""

from sqlalchemy import DDL, Table, event
from sqlalchemy.schema import ExecutableDDLElement

#: (dialect, statement), carried out when the table is made.
GUARDS = [
    (
        "postgresql",
        """CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
    )
]
for _verb in ("UPDATE", "DELETE"):
    _made = f"CREATE TRIGGER audit_refuses_{_verb.lower()} BEFORE {_verb} ON audit"
    _sentence = "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
    GUARDS += [("sqlite", f"{_made} {_sentence}")]
    GUARDS += [("postgresql", f"{_made} EXECUTE FUNCTION audit_refuses()")]


def keep_append_only(audit: Table) -> None:
    """Put the guards on the audit whenever it is made."""
    for dialect, statement in GUARDS:
        guard: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call] # SQLAlchemy's
        event.listen(audit, "after_create", guard.execute_if(dialect=dialect))
