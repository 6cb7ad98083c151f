"""The audit: sealed row by row, people by key, and whatever is done to it is found and named."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

from content_queue.store import audit
from content_queue.store.audit import CHECKPOINT, Act, Broken
from content_queue.store.engine import MIGRATIONS, migrate, open_ledger

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def an_act(number: int, actor: str = "Nguyễn Thị Lãnh") -> Act:
    return Act(AT + timedelta(minutes=number), actor, "cli", "approved", f"B{number:04d}-2026", {"n": number})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_ledger(f"sqlite:///{tmp_path / 'loa.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        for number in range(1, 6):
            audit.note(connection, an_act(number))
        yield connection


def test_an_untouched_audit_is_whole(connection: Connection) -> None:
    """And its head is the last row's number and seal."""
    end = audit.head(connection)
    rows = list(audit.sealed_rows(connection))

    assert audit.first_broken(connection) is None
    assert (end.rows, end.last, end.seal) == (5, 5, rows[-1].seal)
    assert [row.previous for row in rows[1:]] == [row.seal for row in rows[:-1]]


@pytest.mark.parametrize(
    "column", ["at", "actor", "way", "verb", "subject", "detail", "previous", "seal", "id"]
)  # fmt: skip
def test_one_changed_letter_is_found_in_whatever_column_it_is(connection: Connection, column: str) -> None:
    """The row is named; a changed seal shows there, or at the row that stands on it."""
    changed = {
        "at": "replace(at, '2026', '2025')",
        "detail": "replace(detail, '3', '4')",
        "id": "30",
    }.get(column, f"substr({column}, 2) || 'x'")
    with audit.unguarded(connection):
        connection.execute(text(f"UPDATE audit SET {column} = {changed} WHERE id = 3"))  # noqa: S608 # ours

    found = audit.first_broken(connection)
    assert found is not None
    assert found.row == (4 if column == "id" else 3)


def test_every_single_bit_of_a_row_counts(connection: Connection) -> None:
    """Law: one flipped bit of its text is found, and the row named."""
    subject = "B0002-2026"
    flips = [subject[:n] + chr(ord(letter) ^ 1 << bit) + subject[n + 1 :]
             for n, letter in enumerate(subject) for bit in range(7)]  # fmt: skip
    with audit.unguarded(connection):
        for flipped in flips:
            connection.execute(text("UPDATE audit SET subject = :s WHERE id = 2"), {"s": flipped})
            assert audit.first_broken(connection) == Broken(2, "changed")
        connection.execute(text("UPDATE audit SET subject = :s WHERE id = 2"), {"s": subject})
    assert audit.first_broken(connection) is None


@pytest.mark.parametrize(("gone", "broken"), [(1, Broken(2, "missing")), (3, Broken(4, "missing"))])
def test_a_row_taken_out_is_missed(connection: Connection, gone: int, broken: Broken) -> None:
    """At the beginning and in the middle."""
    with audit.unguarded(connection):
        connection.execute(text("DELETE FROM audit WHERE id = :id"), {"id": gone})
    assert audit.first_broken(connection) == broken


def test_an_end_cut_off_is_known_by_a_seal_that_was_noted(connection: Connection) -> None:
    """The chain alone cannot tell: that is what the daily witness is for."""
    noted = audit.head(connection).seal
    with audit.unguarded(connection):
        connection.execute(text("DELETE FROM audit WHERE id = 5"))
    assert audit.first_broken(connection) is None
    assert noted not in {row.seal for row in audit.sealed_rows(connection)}


def test_people_stand_in_it_by_key_and_a_name_can_be_erased(connection: Connection) -> None:
    """The acts stay and the chain stays whole; the daemon is nobody's person."""
    audit.note(connection, an_act(6, audit.DAEMON))
    audit.note(connection, an_act(7, "Lê Văn Duyệt"))
    stored = [row.act.actor for row in audit.sealed_rows(connection)]
    before = [act.actor for act in audit.acts_on(connection, "B0001-2026")]
    erased = audit.erase_name(connection, "Nguyễn Thị Lãnh", an_act(8, "Lê Văn Duyệt"))
    after = [act.actor for act in audit.acts_on(connection, "B0001-2026")]

    assert stored == ["p1"] * 5 + ["loa", "p2"]
    assert (before, erased, after) == (["Nguyễn Thị Lãnh"], True, ["p1"])
    assert not audit.erase_name(connection, "Nguyễn Thị Lãnh", an_act(9))
    assert list(audit.sealed_rows(connection))[-1].act.subject == "p1"
    assert audit.first_broken(connection) is None


def test_old_rows_leave_behind_a_checkpoint(connection: Connection) -> None:
    """What is left is whole; without the checkpoint it would not be."""
    third = list(audit.sealed_rows(connection))[2]
    by = Act(AT + timedelta(days=1), "Võ Văn Quản", "cli", CHECKPOINT, "audit", {"file": "2026.xlsx"})
    gone = audit.take_out(connection, third, by)
    left = list(audit.sealed_rows(connection))

    assert (gone, [row.id for row in left]) == (3, [4, 5, 6])
    assert left[-1].act.detail == {"file": "2026.xlsx", "through": 3, "seal": third.seal}
    assert audit.first_broken(connection) is None
    with audit.unguarded(connection):
        connection.execute(text("DELETE FROM audit WHERE id = 6"))
    assert audit.first_broken(connection) == Broken(4, "missing")


def test_taking_out_leaves_the_guards_up(engine: Engine, connection: Connection) -> None:
    """The database refuses again, at once."""
    third = list(audit.sealed_rows(connection))[2]
    audit.take_out(connection, third, an_act(8))
    for statement in ("UPDATE audit SET way = 'x'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="append-only"), connection.begin_nested():
            connection.execute(text(statement))


def test_an_older_audit_is_sealed_when_it_is_brought_up_to_date(tmp_path: Path) -> None:
    """Its rows keep their order and their people, whatever numbers they had."""
    old = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        for number, actor in ((4, "Lãnh"), (9, "lịch nội dung"), (11, "Lãnh")):
            connection.execute(
                text(
                    "INSERT INTO audit (id, at, actor, way, verb, subject, detail) VALUES "
                    "(:id, '2026-11-20T01:00:00.000000+00:00', :who, 'cli', 'plan', 'B1', '{\"a\": 1}')"
                ),
                {"id": number, "who": actor},
            )
    old.dispose()
    engine = open_ledger(f"sqlite:///{tmp_path / 'old.db'}")
    migrate(engine)
    with engine.connect() as connection:
        rows = list(audit.sealed_rows(connection))
        assert [(row.id, row.act.actor) for row in rows] == [(1, "p1"), (2, "lịch nội dung"), (3, "p1")]
        assert audit.first_broken(connection) is None
        assert [act.actor for act in audit.acts_on(connection, "B1")] == ["Lãnh", "lịch nội dung", "Lãnh"]
    engine.dispose()
