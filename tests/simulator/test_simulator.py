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


def test_the_same_seed_is_the_same_run_and_another_is_not() -> None:
    """Law: what one seed found can be looked at again."""
    first, again, other = (outcome_apart(seed, 1) for seed in (5, 5, 6))

    assert first.digest == again.digest
    assert first.counts == again.counts
    assert first.digest != other.digest
