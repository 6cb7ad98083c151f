"""Units of work and what came of each: kept in a folder line by line, so that nothing is done twice."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: Fields that are summed over the units of a sweep.
COUNTS = ("trials", "struck", "doubled", "lost", "asked", "published", "dropped")
HEAD = ("sweep", *COUNTS, "wrong", "seconds")


@dataclass(frozen=True)
class Row:
    """What came of one unit of a sweep, or of all its units together."""

    sweep: str
    unit: str = ""
    #: What was tried, and how often it came as far as the blow.
    trials: int = 0
    struck: int = 0
    #: Shown twice; neither out nor told to anybody; left to people; out; taken out by people.
    doubled: int = 0
    lost: int = 0
    asked: int = 0
    published: int = 0
    dropped: int = 0
    #: Each broken promise in words.
    wrong: Sequence[str] = ()
    seconds: float = 0.0
    said: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its line of the table."""
        counts = (f"{getattr(self, name):,}" for name in COUNTS)
        return (self.sweep, *counts, f"{len(self.wrong):,}", f"{self.seconds:,.0f}")


class Books:
    """The rows of a folder: those of earlier runs, and those of this one as they come."""

    def __init__(self, out: Path) -> None:
        """Open the folder's file."""
        out.mkdir(parents=True, exist_ok=True)
        self._file = out / "rows.jsonl"
        self.rows = list(self._read())

    def _read(self) -> Iterator[Row]:
        if self._file.exists():
            for line in self._file.read_text("utf-8").splitlines():
                yield Row(**json.loads(line))

    def add(self, row: Row) -> None:
        """Keep a row."""
        self.rows.append(row)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")

    def has(self, sweep: str, unit: str) -> bool:
        """Tell whether a unit has been done."""
        return any((row.sweep, row.unit) == (sweep, unit) for row in self.rows)


def summed(rows: Iterable[Row]) -> list[Row]:
    """Return one row a sweep, in the order in which they began."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.sweep, []).append(row)
    return [_sum(sweep, each) for sweep, each in found.items()]


def total(rows: Sequence[Row]) -> Row:
    """Return the last line of a table."""
    return _sum("all", rows)


def _sum(sweep: str, rows: Sequence[Row]) -> Row:
    counts: Mapping[str, Any] = {name: sum(getattr(row, name) for row in rows) for name in COUNTS}
    wrong = tuple(f"{row.sweep}, {row.unit}: {told}" for row in rows for told in row.wrong)
    said = "; ".join(dict.fromkeys(row.said for row in rows if row.said))
    return Row(sweep, **counts, wrong=wrong, seconds=sum(row.seconds for row in rows), said=said)


def table(rows: Sequence[Row]) -> str:
    """Return rows as a table that pages can quote."""
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
