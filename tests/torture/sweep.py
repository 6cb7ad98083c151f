"""Sweeps of trials, several at a time, and the table of what came of them."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.torture.office import PROCESSES
from tests.torture.trial import Strike, Trial, count_calls, run_trial

#: What SQLite and the log use to write, and what makes it durable.
CALLS = ("pwrite64", "fdatasync", "fsync", "write")
#: Fault -> strace's words for it.
FAULTS = {"KILL": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
#: Points beyond the counted ones: commits fall together differently in every run.
BEYOND = 3
#: Trials at a time: most of a trial is waiting.
WIDTH = 4


@dataclass
class Row:
    """One line of the table."""

    what: str
    points: int = 0
    fired: int = 0
    doubles: int = 0
    lost: int = 0
    asked: int = 0
    published: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    unsound: list[str] = field(default_factory=list)

    def add(self, trial: Trial) -> None:
        """Count one trial."""
        self.points += 1
        self.fired += trial.fired
        for name in ("doubles", "lost", "asked", "published"):
            setattr(self, name, getattr(self, name) + getattr(trial.judged, name))
        if trial.fired:
            self.ends[trial.end] += 1
        if not trial.judged.sound:
            self.unsound.append(f"{trial.strike}: {trial.judged}")

    def told(self) -> str:
        """Return the line."""
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))
        return (
            f"{self.what:<32} {self.points:>6} {self.fired:>6} {self.doubles:>7} {self.lost:>5}"
            f" {self.asked:>6} {self.published:>9}  {ends}"
        )


HEAD = f"{'sweep':<32} {'points':>6} {'struck':>6} {'doubled':>7} {'lost':>5} {'asked':>6} {'published':>9}"


Points = Mapping[tuple[str, str], int]


def points(folder: Path) -> Points:
    """Return (call, file) -> how often an undisturbed run makes it."""
    return count_calls(folder / "count", ",".join(CALLS))


def strikes(counted: Points, what: str, *, every: int = 1) -> Iterator[Strike]:
    """Yield a strike at each point, or at every so many-th."""
    for (call, file), most in counted.items():
        for nth in range(1, most + BEYOND + 1, every):
            yield Strike(call, file, what, nth)


def sweep(folder: Path, wanted: Iterable[Strike], *, width: int = WIDTH) -> Iterator[Trial]:
    """Run trials, several at a time; what they leave is removed unless it is unsound."""
    with ProcessPoolExecutor(width, mp_context=PROCESSES) as pool:
        yield from pool.map(partial(_one, folder), wanted)


def _one(folder: Path, strike: Strike) -> Trial:
    path = folder / f"{strike.call}-{strike.file}-{strike.nth}"
    trial = run_trial(path, strike)
    if trial.judged.sound:
        shutil.rmtree(path)
    return trial


def table(rows: Sequence[Row]) -> str:
    """Return the whole table."""
    return "\n".join([HEAD, *(row.told() for row in rows)])


def swept(folder: Path, what: str, *, every: int = 1) -> list[Row]:
    """Strike every call (or every so many-th) of every kind with one fault; return the rows of the table."""
    counted = points(folder)
    rows = {at: Row(f"{what} {' '.join(at)}") for at in counted}
    for trial in sweep(folder, strikes(counted, what, every=every)):
        rows[trial.strike.call, trial.strike.file].add(trial)
    return list(rows.values())
