"""Twenty offices for five years each. By hand: `python -m tests.simulator --seeds 0-19 --years 5`."""

import pytest

from tests.simulator.outcome import outcome_apart

YEARS = 5


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(20))
def test_an_office_keeps_its_promises_for_years(seed: int) -> None:
    """Law: nothing twice, nothing lost, nothing unapproved, whatever happens."""
    outcome = outcome_apart(seed, round(YEARS * 365.25))

    assert [f"{wrong.kind}: {wrong.what}" for wrong in outcome.wrong] == [], outcome.replay()
