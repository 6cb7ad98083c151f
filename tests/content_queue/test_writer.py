"""One writer: durable when it returns, together where possible, each change for itself."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from content_queue.store import LedgerError, marks
from content_queue.store.audit import Act, note
from content_queue.store.engine import AlreadyRunningError, back_up, only_daemon, open_ledger
from content_queue.store.writer import InlineWriter, ThreadWriter


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_ledger(f"sqlite:///{tmp_path / 'loa.db'}")


async def test_waiting_changes_share_a_commit(engine: Engine) -> None:
    """A hundred changes at once cost a few commits, not a hundred."""
    commits: list[int] = []
    event.listen(engine, "commit", lambda _connection: commits.append(1))
    writer = ThreadWriter(engine)
    await asyncio.gather(
        *(writer.run(lambda c, n=n: marks.keep_mark(c, f"m{n}", n)) for n in range(100))  # type: ignore[misc]
    )
    kept = await writer.read(lambda c: [marks.read_mark(c, f"m{n}") for n in range(100)])
    writer.close()
    engine.dispose()

    assert kept == list(range(100))
    assert len(commits) < 20


async def test_a_change_that_fails_undoes_only_itself(engine: Engine) -> None:
    """Its neighbours in the same commit stand."""

    def spoil(connection: Connection) -> None:
        marks.keep_mark(connection, "spoilt", 1)
        raise LookupError("no")

    writer = ThreadWriter(engine)
    results = await asyncio.gather(
        writer.run(lambda c: marks.keep_mark(c, "before", 1)),
        writer.run(spoil),
        writer.run(lambda c: marks.keep_mark(c, "after", 2)),
        return_exceptions=True,
    )
    kept = await writer.read(lambda c: [marks.read_mark(c, key) for key in ("before", "spoilt", "after")])
    writer.close()
    engine.dispose()

    assert [type(result) for result in results] == [type(None), LookupError, type(None)]
    assert kept == [1, None, 2]


async def test_on_a_full_disk_nobody_is_told_that_a_change_stands(engine: Engine) -> None:
    """SQLite rolls back the whole transaction then: neighbours that were done are undone with it."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    engine.dispose()
    event.listen(engine, "connect", lambda driver, _: driver.execute(f"PRAGMA max_page_count={pages}"))
    writer, gate = ThreadWriter(engine), threading.Event()
    waiting = asyncio.gather(
        writer.run(lambda _connection: gate.wait()),  # meanwhile the others gather to one group
        writer.run(lambda c: marks.keep_mark(c, "before", 1)),
        writer.run(lambda c: marks.keep_mark(c, "big", "x" * 50_000)),
        writer.run(lambda c: marks.keep_mark(c, "after", 1)),
        return_exceptions=True,
    )
    await asyncio.sleep(0)
    gate.set()
    _gate, *results = await waiting
    kept = await writer.read(lambda c: [marks.read_mark(c, key) for key in ("before", "big", "after")])
    writer.close()
    engine.dispose()

    told = [None if isinstance(result, LedgerError) else 1 for result in results]
    assert (told[1], told) == (None, kept)


async def test_what_was_asked_for_before_the_end_is_committed(tmp_path: Path, engine: Engine) -> None:
    """Closing commits what waits."""
    writer = ThreadWriter(engine)
    waiting = asyncio.gather(
        *(writer.run(lambda c, n=n: marks.keep_mark(c, f"m{n}", n)) for n in range(30))  # type: ignore[misc]
    )
    await asyncio.sleep(0)
    await asyncio.to_thread(writer.close)
    await waiting
    engine.dispose()
    again = InlineWriter(open_ledger(f"sqlite:///{tmp_path / 'loa.db'}"))
    kept = again.read_now(lambda c: marks.read_mark(c, "m29"))
    again.close()

    assert kept == 29


def test_the_audit_refuses_to_be_changed(engine: Engine) -> None:
    """The database itself says no, whoever asks."""
    with engine.begin() as connection:
        note(connection, Act(datetime(2026, 11, 20, tzinfo=UTC), "An", "cli", "approved", "B1", {}))
    for statement in ("UPDATE audit SET actor = 'Bình'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_files_of_the_ledger_are_the_office_s_alone(tmp_path: Path, engine: Engine) -> None:
    """Database, its companions and its copy can be read by nobody else."""
    with engine.begin() as connection:
        marks.keep_mark(connection, "a", 1)
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    back_up(engine, tmp_path / "copy.db")
    engine.dispose()

    assert modes == dict.fromkeys(("loa.db", "loa.db-wal", "loa.db-shm"), "0o600")
    assert oct((tmp_path / "copy.db").stat().st_mode & 0o777) == "0o600"


def test_a_copy_holds_what_was_committed(tmp_path: Path, engine: Engine) -> None:
    """A backup can be opened and read."""
    with engine.begin() as connection:
        marks.keep_mark(connection, "a", 1)
    back_up(engine, tmp_path / "copy.db")
    engine.dispose()
    copy = InlineWriter(open_ledger(f"sqlite:///{tmp_path / 'copy.db'}"))
    kept = copy.read_now(lambda c: marks.read_mark(c, "a"))
    copy.close()

    assert kept == 1


def test_a_home_has_one_daemon(tmp_path: Path) -> None:
    """A second one is turned away, and may come when the first has gone."""
    with only_daemon(tmp_path / "lock"), pytest.raises(AlreadyRunningError), only_daemon(tmp_path / "lock"):
        pass
    with only_daemon(tmp_path / "lock"):
        pass
