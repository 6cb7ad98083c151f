"""The ledger of a simulated daemon: the inline writer, with a boundary before and after each commit."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

from content_queue.store.writer import InlineWriter
from tests.simulator.death import Life

T = TypeVar("T")
#: Tables whose new rows somebody outside watches.
WATCHED = ("audit", "attempts")


class WatchedWriter(InlineWriter):
    """Runs changes inline; after a commit it says which watched tables changed."""

    def __init__(self, engine: Engine, life: Life, *, committed: Callable[[set[str]], None]) -> None:
        super().__init__(engine)
        self._life = life
        self._committed = committed
        self._touched: set[str] = set()
        self._watched = engine
        event.listen(engine, "after_cursor_execute", self._statement)

    def run_now(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in a transaction; the process may die on either side of its commit."""
        self._life.cross("before a commit")
        self._touched.clear()
        done = super().run_now(change)
        if self._touched:
            self._committed(set(self._touched))
        self._life.cross("after a commit")
        return done

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
        word, _blank, rest = statement.partition(" ")
        if word in ("INSERT", "UPDATE", "DELETE"):
            self._touched.add("")
            for table in WATCHED:
                if rest.startswith(f"INTO {table} "):
                    self._touched.add(table)
