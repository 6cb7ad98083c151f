"""The ledger of a simulated daemon: the inline writer, with a boundary before and after each commit."""

import errno
import re
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

from content_queue.store import LedgerError
from content_queue.store.writer import InlineWriter
from tests.simulator.death import Life

T = TypeVar("T")
#: How a statement that changes a table begins, up to its name.
_CHANGES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


class WatchedWriter(InlineWriter):
    """Runs changes inline; after a commit it says which tables were changed."""

    def __init__(
        self,
        engine: Engine,
        life: Life,
        *,
        disk: Callable[[], str],
        reach: Callable[[str], None],
        committed: Callable[[set[str]], None],
    ) -> None:
        super().__init__(engine)
        self._life = life
        self._disk = disk
        self._reach = reach
        self._committed = committed
        self._touched: set[str] = set()
        self._watched = engine
        event.listen(engine, "after_cursor_execute", self._statement)

    def run_now(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in a transaction; the process may die on either side of its commit."""
        self._life.cross("before a commit")
        self._touched.clear()
        fault = self._disk()
        done = super().run_now(self._failing(change) if fault == "disk full" else change)
        if self._touched:
            self._committed(set(self._touched))
        self._life.cross("after a commit")
        if fault and self._touched:
            self._failed(fault)
        return done

    def _failing(self, change: Callable[[Connection], T]) -> Callable[[Connection], T]:
        """Let a change that writes fail at its end: all of it is rolled back."""

        def failing(connection: Connection) -> T:
            done = change(connection)
            if self._touched:
                self._failed("disk full")
            return done

        return failing

    def _failed(self, fault: str) -> None:
        self._reach(fault)
        raise LedgerError("COMMIT", {}, OSError(errno.ENOSPC, fault))

    def read_now(self, query: Callable[[Connection], T]) -> T:
        """Run a query, unless the process is dead."""
        if self._life.dead:
            self._life.cross("before a read")
        return super().read_now(query)

    def forget(self) -> None:
        """Watch no more."""
        event.remove(self._watched, "after_cursor_execute", self._statement)

    def _statement(
        self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: Any
    ) -> None:
        if found := _CHANGES.match(statement):
            self._touched.add(found[1])
