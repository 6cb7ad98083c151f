"""What a measurement says: rows of one table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the figures, and what they are to be held against."""

    what: str
    figures: str
    against: str = ""


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [f"| {row.what} | {row.figures} | {row.against} |" for row in rows]
    return "\n".join(["| what | measured | against |", "|---|---|---|", *lines])


def ms(seconds: float) -> str:
    """Say a time as people compare it."""
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 10 else f"{seconds:.2f} s"
