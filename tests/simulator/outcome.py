"""What one run came to, as JSON; in a process of its own the same seed is the same run."""

import json
import logging
import os
import resource
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from content_queue.store import LedgerError
from tests.simulator.record import Record, Wrong
from tests.simulator.town import CHANNELS, DELIVERIES, Plan, simulate

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
    channels: int = CHANNELS
    deliveries_a_day: int = DELIVERIES
    #: Processor time, and the most memory that the process ever took.
    cpu: float = 0.0
    mib: int = 0
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
        return shlex.join([".venv/bin/python", "-m", "tests.simulator", *self.asked()])

    def asked(self) -> list[str]:
        """Return the arguments that ask for this run."""
        size = {"channels": self.channels, "deliveries-a-day": self.deliveries_a_day}
        wanted = {"seed": self.seed, "days": self.days, **size, "sabotage": self.sabotage}
        usual = {"channels": CHANNELS, "deliveries-a-day": DELIVERIES, "sabotage": ""}
        return [
            word
            for name, value in wanted.items()
            if value != usual.get(name)
            for word in (f"--{name}", str(value))
        ]


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
    begun, used = time.perf_counter(), time.process_time()
    try:
        record = simulate(plan)
    finally:
        logging.getLogger().removeHandler(complaints)
        logging.disable(logging.NOTSET)
    told = {name: count for name, count in record.counts.items() if name}
    took = round(time.perf_counter() - begun, 2)
    wrong = (*record.wrong, *complaints.said)
    outcome = Outcome(
        plan.seed,
        plan.days,
        record.digest(),
        took,
        sabotage,
        plan.channels,
        plan.deliveries_a_day,
        cpu=round(time.process_time() - used, 2),
        mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        counts=told,
        rare=dict(record.rare),
        wrong=wrong,
    )
    return outcome, record


def outcome_apart(seed: int, days: int, *, sabotage: str = "") -> Outcome:
    """Run in a process of its own."""
    with begin(Outcome(seed, days, "", 0, sabotage)) as child:
        said, complained = child.communicate()
    lines = said.strip().splitlines()
    if not lines:
        raise RuntimeError(f"the simulator said nothing: {complained}")
    return Outcome.from_json(lines[-1])


def begin(wanted: Outcome) -> "subprocess.Popen[str]":
    """Begin a run in a process of its own; its last line will be its outcome."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", *wanted.asked(), "--json"],
        cwd=ROOT,
        env={**os.environ, **HASHING},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
