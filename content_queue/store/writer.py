"""The one writer: changes from everywhere, committed in groups by one thread."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from content_queue.store import LedgerError

T = TypeVar("T")
log = logging.getLogger(__name__)
#: Changes of one commit; more wait for the next.
GROUP = 256

Job = tuple[Callable[[Connection], Any], "Future[Any]"]


class ThreadWriter:
    """Runs changes in one thread; those that wait while a commit is under way share the next one.

    A change that raises is undone alone (savepoint), the others of its group stand. Where the ledger
    itself fails (disk full, I/O error), nothing of the group stands and all its askers get `LedgerError`:
    SQLite may have rolled back more than the one change. An error at COMMIT leaves open whether all of
    the group stands or nothing.
    """

    def __init__(self, engine: Engine) -> None:
        """Start the thread; `close` ends it."""
        self._engine = engine
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="ledger-read")
        self._thread = threading.Thread(target=self._run, name="ledger-write", daemon=True)
        self._thread.start()

    async def run(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in a transaction and return its result after the commit is durable."""
        done: Future[T] = Future()
        here = copy_context()  # the change speaks the language of its caller
        self._jobs.put((lambda connection: here.run(change, connection), done))
        return await asyncio.wrap_future(done)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query beside the writer."""
        here = partial(copy_context().run, self.read_now, query)
        return await asyncio.get_running_loop().run_in_executor(self._readers, here)

    def read_now(self, query: Callable[[Connection], T]) -> T:
        """Run a query in this thread."""
        with self._engine.connect().execution_options(loa_reading=True) as connection:
            return query(connection)

    def close(self) -> None:
        """Commit what waits and end the thread."""
        self._jobs.put(None)
        self._thread.join()
        self._readers.shutdown()

    def _run(self) -> None:
        ending = False
        while not ending:
            group = self._gather()
            ending = None in group
            jobs = [job for job in group if job is not None]
            if jobs:
                self._commit(jobs)

    def _gather(self) -> list[Job | None]:
        group: list[Job | None] = [self._jobs.get()]
        while len(group) < GROUP and group[-1] is not None:
            try:
                group.append(self._jobs.get_nowait())
            except queue.Empty:
                break
        return group

    def _commit(self, jobs: list[Job]) -> None:
        results: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._engine.begin() as connection:
                results = [_attempt(connection, change, done) for change, done in jobs]
        except Exception as error:  # the commit itself failed: every waiter must learn of it
            log.exception("Ledger commit failed", extra={"action": "ledger_commit_failed"})
            results = [(done, None, error) for _change, done in jobs]
        for done, value, problem in results:
            _resolve(done, value, problem)


def _attempt(
    connection: Connection, change: Callable[[Connection], Any], done: "Future[Any]"
) -> tuple["Future[Any]", Any, BaseException | None]:
    try:
        with connection.begin_nested():
            return done, change(connection), None
    except LedgerError:
        raise  # the transaction may be gone, and with it what others of the group were about to be told
    except Exception as error:  # noqa: BLE001 # handed to the one who asked for the change
        return done, None, error


def _resolve(done: "Future[Any]", value: object, problem: BaseException | None) -> None:
    if not done.set_running_or_notify_cancel():
        return  # whoever asked has gone; the change stands all the same
    if problem is None:
        done.set_result(value)
    else:
        done.set_exception(problem)


class InlineWriter:
    """Runs changes at once in the calling thread: for the command line and simulations."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine
        self._reading = engine.execution_options(loa_reading=True)

    async def run(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in a transaction."""
        return self.run_now(change)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query."""
        return self.read_now(query)

    def run_now(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in a transaction, without an event loop."""
        with self._engine.begin() as connection:
            return change(connection)

    def read_now(self, query: Callable[[Connection], T]) -> T:
        """Run a query, without an event loop."""
        with self._reading.connect() as connection:
            return query(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
