"""Open the ledger: engine, pragmas, migrations, one daemon a home."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url

__all__ = ["AlreadyRunningError", "Engine", "back_up", "migrate", "only_daemon", "open_ledger"]

MIGRATIONS = Path(__file__).parent.parent / "migrations"
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
    if address.get_backend_name() == "sqlite" and address.database:
        os.close(os.open(address.database, os.O_CREAT, 0o600))
    engine = create_engine(url, json_serializer=_to_json)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _begin_immediate)
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Run the migrations that are still to run."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN" if options.get("loa_reading") else "BEGIN IMMEDIATE")
