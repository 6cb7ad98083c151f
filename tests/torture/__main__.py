"""Run every sweep, the sabotages and the simulator's seeds: `make torture`, or `python -m tests.torture`.

Each finished unit is a line in the folder of the run, and a run passes over what stands there; so an
interrupted one goes on where it ended. Every commit has a folder of its own in `build/torture`.
"""

import argparse
import logging
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bench.page import processor
from schedules.clock import OFFICE_ZONE
from tests.torture.office import PROCESSES
from tests.torture.rows import Books, Row, summed, table, total
from tests.torture.seeds import Seeds, run_seeds
from tests.torture.trial import FAULTS
from tests.torture.units import (
    CAUGHT,
    Unit,
    a_burst,
    at_boundaries,
    at_calls,
    at_renewals,
    in_any_order,
    odd_calendars,
    of_tokens,
    sabotages,
)

ROOT = Path(__file__).parent.parent.parent
#: Units after which the line of a sweep is said again.
OFTEN = 20


@dataclass(frozen=True)
class Stage:
    """Units of one kind, and how many of them run side by side."""

    units: Callable[[], Iterable[Unit]]
    width: int = 2


#: In this order; most of a trial with the real daemon is waiting.
STAGES: Mapping[str, Stage] = {
    "boundaries": Stage(at_boundaries),
    "tokens": Stage(of_tokens),
    "renewals": Stage(at_renewals, 5),
    **{fault: Stage(partial(at_calls, fault), 5) for fault in FAULTS},
    "burst": Stage(a_burst, 1),
    "machine": Stage(in_any_order),
    "calendars": Stage(odd_calendars),
    "sabotages": Stage(sabotages),
}
SEEDS = "seeds"
#: Stages that strike system calls.
STRACED = {"renewals", *FAULTS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 if a promise was broken or a rare event not reached."""
    asked = _parser().parse_args(arguments)
    if set(asked.stages) & STRACED and shutil.which("strace") is None:
        sys.exit("strace is missing: apt-get install strace, or name the other stages")
    commit = _commit()
    out = asked.out or ROOT / "build" / "torture" / commit
    books, seeds = Books(out), Seeds(asked.seeds, asked.years, out)
    head = _machine(commit)
    _say(f"{out}\n{head}\n")
    for name in asked.stages:
        if name == SEEDS:
            run_seeds(seeds)
        else:
            run(name, STAGES[name], books)
    told, well = _judged(books, seeds if SEEDS in asked.stages else None)
    (out / "table.md").write_text(f"{head}\n\n{told}\n", "utf-8")
    _say(f"\n{head}\n\n{told}")
    return 0 if well else 1


def run(name: str, stage: Stage, books: Books) -> None:
    """Do the units of a stage that are not done yet, and say how far it is."""
    waiting = [unit for unit in stage.units() if not books.has(unit.sweep, unit.name)]
    _say(f"{name}: {len(waiting)} to do")
    with ProcessPoolExecutor(stage.width, PROCESSES, logging.disable, (logging.CRITICAL,)) as pool:
        try:
            for count, done in enumerate(as_completed([pool.submit(unit) for unit in waiting]), start=1):
                _keep(books, done.result(), say=count % OFTEN == 0 or count == len(waiting))
        except BaseException:  # interrupted: what is under way ends, the rest does not begin
            pool.shutdown(cancel_futures=True)
            raise


def _keep(books: Books, row: Row, *, say: bool) -> None:
    books.add(row)
    if row.wrong or say:
        _say(_line(books, row))
    for told in row.wrong:
        _say(f"    {told}")


def _line(books: Books, row: Row) -> str:
    return "  ".join(summed(each for each in books.rows if each.sweep == row.sweep)[0].cells())


def _judged(books: Books, seeds: Seeds | None) -> tuple[str, bool]:
    rows = summed(books.rows)
    whole = total([row for row in books.rows if row.sweep != CAUGHT])
    said = [f"- {row.sweep}: {row.said}" for row in rows if row.said]
    wrong = [f"- {told}" for told in total(books.rows).wrong]
    wrong += [f"- never struck: {row.sweep}" for row in rows if not row.struck]
    lines = [*(row for row in rows if row.sweep != CAUGHT), whole]
    caught = [f"{CAUGHT}: {row.struck} of {row.trials}." for row in rows if row.sweep == CAUGHT]
    parts = [table(lines), "", *caught, *said, *wrong]
    if seeds is None:
        return "\n".join(parts), not wrong
    told, well = seeds.judged()
    return "\n".join([*parts, "", told]), well and not wrong


def _machine(commit: str) -> str:
    """Say what the figures are of; without it they say nothing."""
    lines = (
        f"`make torture` of {datetime.now(OFFICE_ZONE):%d/%m/%Y}, commit {commit}",
        f"{os.cpu_count()} cores of {processor()}, load {os.getloadavg()[0]:.1f} before the run",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
    )
    return "; ".join(lines) + "."


def _commit() -> str:
    words = ["git", "describe", "--always", "--dirty=-changed", "--exclude=*"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    parser.add_argument("stages", nargs="*", type=_stage, default=_EVERYTHING, help=", ".join(_EVERYTHING))
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "20")))
    parser.add_argument("--years", type=float, default=5)
    parser.add_argument(
        "--out", type=Path, default=_from_environment("TORTURE_OUT"), help="folder of the run"
    )
    return parser


_EVERYTHING = (*STAGES, SEEDS)


def _stage(name: str) -> str:
    if name not in _EVERYTHING:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(_EVERYTHING)}")
    return name


def _from_environment(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted: the same command goes on from here")
