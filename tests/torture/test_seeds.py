"""The simulator's part of the whole: every seed there, no promise broken, every rare event reached."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.simulator.outcome import Outcome
from tests.simulator.record import RARE, Wrong
from tests.torture.seeds import Seeds

GOOD = Outcome(0, 365, "abc", 1.0, counts={"posted": 9}, rare=dict.fromkeys(RARE, 1))


@pytest.mark.parametrize(
    ("outcomes", "well"),
    [
        ([GOOD, replace(GOOD, seed=1)], True),
        ([GOOD], False),
        ([GOOD, replace(GOOD, seed=1, wrong=(Wrong("posted twice", "B1"),))], False),
        ([replace(GOOD, seed=n, rare={"held": 1}) for n in range(2)], False),
        ([GOOD, replace(GOOD, seed=1, days=30)], False),
        ([GOOD, replace(GOOD, seed=1, sabotage="settle nothing")], False),
    ],
)
def test_all_is_well_only_if_every_seed_ran_and_every_rare_event_was_reached(
    tmp_path: Path, outcomes: list[Outcome], *, well: bool
) -> None:
    """A simulator that reaches nothing proves nothing."""
    seeds = Seeds(2, 1, tmp_path)
    seeds.folder.mkdir()
    lines = [outcome.as_json() for outcome in outcomes]
    (seeds.folder / "outcomes.jsonl").write_text("\n".join(lines), "utf-8")

    told, judged = seeds.judged()

    assert judged == well
    assert told.startswith("Simulator: ")
