"""A judge that finds nothing proves nothing: each deliberate mistake is found, and soon."""

import pytest

from tests.simulator.outcome import outcome_apart
from tests.simulator.sabotage import SABOTAGES

#: Mistakes that show within days, for every test run.
QUICK = ("compare local times", "tell nobody", "show when staged")


@pytest.mark.parametrize("name", QUICK)
def test_a_gross_mistake_is_found_within_days(name: str) -> None:
    """Law: what comes too early is seen, and so is silence."""
    assert outcome_apart(0, 4, sabotage=name).wrong


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", sorted(SABOTAGES))
def test_every_mistake_is_found_within_its_seeds(name: str) -> None:
    """Law: 22 ways to break the protocol, none passes."""
    sabotage = SABOTAGES[name]
    found = (outcome_apart(seed, sabotage.days, sabotage=name).wrong for seed in range(sabotage.seeds))

    assert any(found), sabotage.what


@pytest.mark.parametrize("name", sorted(SABOTAGES))
def test_every_mistake_has_its_place_in_the_code(name: str) -> None:
    """Who moves a function moves its mistake along: the long runs would be the first to miss it."""
    sabotage = SABOTAGES[name]
    assert callable(getattr(sabotage.where, sabotage.name)) or sabotage.name.isupper()


def test_there_are_at_least_fifteen_mistakes() -> None:
    """So many are promised."""
    assert len(SABOTAGES) >= 15
