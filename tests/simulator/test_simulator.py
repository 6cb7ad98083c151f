"""Whole offices on virtual time: promises kept under all faults, and the same seed the same run."""

import pytest

from tests.simulator.outcome import outcome_apart


@pytest.mark.parametrize("seed", [1, 2])
def test_an_office_keeps_its_promises_for_days_of_bad_luck(seed: int) -> None:
    """Law: nothing twice, nothing lost, nothing unapproved, nothing in a hold or outside its window."""
    outcome = outcome_apart(seed, 6)

    assert [f"{wrong.kind}: {wrong.what}" for wrong in outcome.wrong] == [], outcome.replay()
    assert outcome.counts["posted"] > 50
    assert outcome.counts["starts"] > 1


def test_the_same_seed_is_the_same_run() -> None:
    """Law: what one seed found can be looked at again."""
    first, second = outcome_apart(5, 3), outcome_apart(5, 3)

    assert first.digest == second.digest
    assert first.counts == second.counts


def test_another_seed_is_another_run() -> None:
    """The hash says something."""
    assert outcome_apart(5, 2).digest != outcome_apart(6, 2).digest
