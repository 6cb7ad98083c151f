"""Open the ledger: engine, pragmas, migrations, one daemon a home."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, make_url, select

from content_queue.store import LedgerError, decided, measured, records, tables, translations
from content_queue.store.naming import metadata

__all__ = ["AlreadyRunningError", "Changes", "Engine", "back_up", "migrate", "only_daemon", "open_ledger"]

#: Where all tables stand: imported, they are in `metadata`.
TABLES = (decided, measured, records, tables, translations)
MIGRATIONS = Path(__file__).parent.parent / "migrations"
#: The newest of the migrations, whose files begin with their number.
LATEST = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
#: WAL with FULL: a receipt that was acknowledged survives a power cut.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "temp_store=MEMORY",
)


class AlreadyRunningError(Exception):
    """Another daemon has this home."""


def open_ledger(url: str) -> Engine:
    """Open the database at `url`, create it (mode 0600) if need be, and bring its tables up to date."""
    address = make_url(url)
    engine = create_engine(url, json_serializer=_to_json)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _begin_immediate)
    if engine.dialect.name != "sqlite" or not address.database:
        migrate(engine)
        return engine
    database = Path(address.database)
    with _one_at_a_time(database.parent):
        os.close(os.open(database, os.O_CREAT, 0o600))
        migrate(engine)
    return engine


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process after the other open a ledger: the switch to WAL waits for nobody and fails."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def migrate(engine: Engine) -> None:
    """Make the tables of a new ledger, or run the migrations that an older one lacks.

    Of several processes that come at once, one does it, and the others find it done.
    """
    with engine.connect().execution_options(loa_reading=True) as connection:
        if _version(connection) == LATEST:
            return
    with engine.begin() as connection:
        version = _version(connection)
        if not version:
            metadata.create_all(connection)
            connection.execute(insert(tables.alembic_version).values(version_num=LATEST))
    if version not in ("", LATEST):
        run_migrations(engine)


def run_migrations(engine: Engine) -> None:
    """Run the migrations that are still to run, one after the other."""
    from alembic import command  # noqa: PLC0415 - ten megabytes that most starts do without
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: Connection) -> str:
    """Return the migration that the tables are at, empty for a new database."""
    if not inspect(connection).has_table(tables.alembic_version.name):
        return ""
    return connection.execute(select(tables.alembic_version.c.version_num)).scalar() or ""


def back_up(engine: Engine, target: Path) -> None:
    """Write a consistent copy of a SQLite ledger to `target` (mode 0600) while it is in use."""
    partial = target.with_suffix(".part")
    partial.unlink(missing_ok=True)
    old = os.umask(0o077)
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            driver.execute("VACUUM INTO ?", (str(partial),))  # type: ignore[union-attr]  # sqlite3 has it
    finally:
        os.umask(old)
    partial.replace(target)


class Changes:
    """Counts what anybody committed since it was opened: so cheap that it can be asked all the time."""

    def __init__(self, engine: Engine) -> None:
        """Open a connection that never writes: SQLite counts the commits of all others for it."""
        self._connection = engine.raw_connection() if engine.dialect.name == "sqlite" else None
        self._asked = 0

    def count(self) -> int:
        """Return a number that is another one if the ledger may have changed."""
        if self._connection is None:  # no other database counts so: then it always may have
            self._asked += 1
            return self._asked
        cursor = self._connection.cursor()
        cursor.execute("PRAGMA data_version")
        version: tuple[int] = cursor.fetchone()  # type: ignore[assignment] # there always is a row
        cursor.close()
        return version[0]

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()


@contextmanager
def only_daemon(lock: Path) -> Iterator[None]:
    """Hold the home for one daemon.

    Raises:
        AlreadyRunningError: another process holds it. A dead process holds nothing.
    """
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(str(lock)) from None
        yield


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _on_connect(driver: Any, _record: object) -> None:
    driver.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late for IMMEDIATE
    for pragma in PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    """Begin, past SQLAlchemy: it has nothing to add to this statement, which is the most frequent of all."""
    reading = connection.get_execution_options().get("loa_reading")
    words = "BEGIN" if reading else "BEGIN IMMEDIATE"
    try:
        connection.connection.driver_connection.execute(words)
    except sqlite3.OperationalError as error:
        raise LedgerError(words, None, error) from error
