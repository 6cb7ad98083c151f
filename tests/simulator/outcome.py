"""What one run came to, as JSON; in a process of its own the same seed is the same run."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from content_queue.store import LedgerError
from tests.simulator.record import Record, Wrong
from tests.simulator.town import Plan, simulate

ROOT = Path(__file__).parent.parent.parent
#: Sets of words are walked through in an order that hangs on this; with another one a seed is another run.
HASHING = {"PYTHONHASHSEED": "0"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: what was asked for, the hash of its events, what happened and what was wrong."""

    seed: int
    days: int
    digest: str
    seconds: float
    sabotage: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rare: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()

    def as_json(self) -> str:
        """Return it on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> "Outcome":
        """Rebuild it from its line."""
        told: dict[str, Any] = json.loads(line)
        return cls(**{**told, "wrong": tuple(Wrong(**each) for each in told["wrong"])})

    def replay(self) -> str:
        """Return the command that runs it again."""
        sabotaged = f" --sabotage {self.sabotage!r}" if self.sabotage else ""
        return f".venv/bin/python -m tests.simulator --seed {self.seed} --days {self.days}{sabotaged}"


class _Complaints(logging.Handler):
    """Takes what the daemon logs as its own mistakes."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[Wrong] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a traceback's last words; an error without one is a matter of the world."""
        error = record.exc_info and record.exc_info[1]
        if error and not isinstance(error, LedgerError):  # a full disk is no mistake of the daemon's
            self.said.append(Wrong("crashed", f"{record.getMessage()}: {error!r}"))


def outcome_here(plan: Plan, sabotage: str = "") -> tuple[Outcome, Record]:
    """Run in this process; return what came of it, and the record."""
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    logging.disable(logging.INFO)
    begun = time.perf_counter()
    try:
        record = simulate(plan)
    finally:
        logging.getLogger().removeHandler(complaints)
        logging.disable(logging.NOTSET)
    told = {name: count for name, count in record.counts.items() if name}
    took = round(time.perf_counter() - begun, 2)
    wrong = (*record.wrong, *complaints.said)
    return Outcome(
        plan.seed, plan.days, record.digest(), took, sabotage, told, dict(record.rare), wrong
    ), record


def outcome_apart(seed: int, days: int, *, sabotage: str = "") -> Outcome:
    """Run in a process of its own."""
    with begin(seed, days, sabotage=sabotage) as child:
        said, complained = child.communicate()
    lines = said.strip().splitlines()
    if not lines:
        raise RuntimeError(f"the simulator said nothing: {complained}")
    return Outcome.from_json(lines[-1])


def begin(seed: int, days: int, *, sabotage: str = "") -> "subprocess.Popen[str]":
    """Begin a run in a process of its own; its last line will be its outcome."""
    command = [sys.executable, "-m", "tests.simulator", "--seed", str(seed), "--days", str(days), "--json"]
    if sabotage:
        command += ["--sabotage", sabotage]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **HASHING},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
