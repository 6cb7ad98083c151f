"""What a measurement says: rows of one table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the figures, and what they are to be held against."""

    what: str
    figures: str
    against: str = ""

    def __str__(self) -> str:
        """Return it as a line of Markdown."""
        return f"| {self.what} | {self.figures} | {self.against} |"


#: What stands over the rows.
HEAD = ("| what | measured | against |", "|---|---|---|")


def spread(values: Sequence[float], say: Callable[[float], str]) -> str:
    """Say the median of some runs, with the least and the most beside it if there are several."""
    least, most = say(min(values)), say(max(values))
    value, space, unit = least.partition(" ")
    least = value if most.endswith(space + unit) else least
    return say(median(values)) if len(values) == 1 else f"{say(median(values))} ({least}..{most})"


def ratio(value: float) -> str:
    """Say how many times."""
    return f"{value:.2f}"


def us(seconds: float) -> str:
    """Say what one of many takes."""
    return f"{seconds * 1e6:.0f} µs"


def ms(seconds: float) -> str:
    """Say a time as people compare it."""
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 10 else f"{seconds:.2f} s"
