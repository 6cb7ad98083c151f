"""The ledger's file: its tables, made at once or by migrations, and who notices a change."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from content_queue.store.engine import LATEST, MIGRATIONS, Changes, migrate, open_ledger, run_migrations
from content_queue.store.marks import keep_mark
from content_queue.store.naming import metadata


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A database that has no tables yet, opened past the house."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Engine]:
    """A new ledger."""
    engine = open_ledger(f"sqlite:///{tmp_path / 'new.db'}")
    yield engine
    engine.dispose()


def schema(engine: Engine) -> dict[str, Any]:
    """Return the tables with their columns, keys and indexes, without the names that databases choose."""
    found = inspect(engine)
    return {
        table: {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table)},
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted(sorted(u["column_names"]) for u in found.get_unique_constraints(table)),
            "foreign": sorted(str(f["constrained_columns"]) for f in found.get_foreign_keys(table)),
        }
        for table in found.get_table_names()
    }


def written(engine: Engine, kind: str) -> list[str]:
    """Return indexes or triggers as the database has them written down."""
    with engine.connect() as connection:
        query = text("SELECT sql FROM sqlite_master WHERE type = :kind AND sql IS NOT NULL")
        return sorted(" ".join(sql.split()) for sql in connection.execute(query, {"kind": kind}).scalars())


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_migrations_lead_to_the_tables_of_a_new_ledger(old: Engine, new: Engine) -> None:
    """Law: an office that upgraded has what a new one has."""
    run_migrations(old)

    assert schema(old) == schema(new)
    assert written(old, "index") == written(new, "index")
    assert written(old, "trigger") == written(new, "trigger")
    assert len(written(new, "trigger")) == 2
    assert set(schema(new)) == set(metadata.tables)


def test_a_new_ledger_is_at_the_newest_migration(new: Engine) -> None:
    """Law: what it has, no migration makes again."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with new.connect() as connection:
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()

    assert at == [LATEST] == ScriptDirectory.from_config(config).get_heads()


def test_many_may_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    """Law: a command beside a daemon that is just starting finds its tables, whoever makes them."""
    start = Barrier(4)

    def opened(path: Path) -> str:
        start.wait()
        engine = open_ledger(f"sqlite:///{path}")
        with engine.connect() as connection:
            at = connection.execute(text("SELECT count(*) FROM alembic_version")).scalar()
        engine.dispose()
        return f"{at}"

    with ThreadPoolExecutor(4) as pool:
        for number in range(10):
            assert list(pool.map(opened, [tmp_path / f"{number}.db"] * 4)) == ["1"] * 4


def test_an_older_ledger_is_brought_up_to_date_and_keeps_its_rows(old: Engine) -> None:
    """Law: an upgrade forgets nothing."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO marks VALUES ('k', '1')"))
    migrate(old)

    with old.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == LATEST
        assert connection.execute(text("SELECT key FROM marks")).scalars().all() == ["k"]


def test_changes_of_others_are_counted_and_looking_is_none(new: Engine) -> None:
    """Law: whoever waits for a change sees every commit, also of another process."""
    changes = Changes(new)
    before = changes.count()
    with new.connect().execution_options(loa_reading=True) as connection:
        connection.execute(text("SELECT 1 FROM marks")).all()
    assert changes.count() == before

    with new.begin() as connection:
        keep_mark(connection, "k", 1)
    assert changes.count() != before
    changes.close()
