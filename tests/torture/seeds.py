"""The simulator's seeds as a part of the run: its own command does them, keeps them and prints its table."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.simulator.outcome import ROOT, Outcome
from tests.simulator.record import RARE


@dataclass(frozen=True)
class Seeds:
    """How many seeds, each of how many years, and the folder of the run."""

    count: int
    years: float
    out: Path

    @property
    def folder(self) -> Path:
        """Where the simulator keeps its outcomes."""
        return self.out / "simulator"

    def outcomes(self) -> list[Outcome]:
        """Return what has been simulated."""
        file = self.folder / "outcomes.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        found = map(Outcome.from_json, lines)
        days = round(self.years * 365.25)
        return [each for each in found if each.seed < self.count and each.days == days and not each.sabotage]

    def judged(self) -> tuple[str, bool]:
        """Say in a few lines what came of it, and whether all is well."""
        done = self.outcomes()
        counts, rare = Counter[str](), Counter[str]()
        for outcome in done:
            counts.update(outcome.counts)
            rare.update(outcome.rare)
        never = [name for name in RARE if not rare[name]]
        wrong = [f"- {one.kind}: {one.what} ({each.replay()})" for each in done for one in each.wrong]
        told = (
            f"Simulator: {len(done)} of {self.count} seeds × {self.years:g} years, "
            f"{counts['posted']:,} posts shown, {counts['starts']:,} starts, {counts['faults']:,} faults, "
            f"{len(wrong)} broken promises, {len(RARE) - len(never)} of {len(RARE)} rare events reached, "
            f"{sum(each.seconds for each in done):,.0f} s."
        )
        missed = [f"- never reached: {name}" for name in never]
        return "\n".join([told, *missed, *wrong]), not (wrong or never or len(done) < self.count)


def run_seeds(seeds: Seeds) -> None:
    """Simulate the seeds that are missing."""
    words = ["--seeds", f"0-{seeds.count - 1}", "--years", f"{seeds.years:g}", "--out", str(seeds.folder)]
    subprocess.run([sys.executable, "-m", "tests.simulator", *words], cwd=ROOT, check=False)
