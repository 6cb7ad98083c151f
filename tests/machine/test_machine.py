"""The machine finds nothing in the daemon, and finds each deliberate mistake that is in its reach."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.hunt import HOUSE, examples_until_found
from tests.machine.machine import Machine
from tests.simulator.sabotage import SABOTAGES

#: Mistakes that the first examples show, for every test run.
QUICK = ("skip the intent", "unknown is not sent", "settle nothing", "unclear is absent")
#: Mistakes of what this office does without: adapters of Zalo and Facebook, their transport, rules, and a
#: clock that jumps ahead.
OUT_OF_REACH = {
    "500 is not sent",
    "a time-out is not sent",
    "show when staged",
    "one yes is enough",
    "trust every clock",
}
#: Mistake -> it is found within so many examples.
WITHIN: Mapping[str, int] = dict.fromkeys(SABOTAGES.keys() - OUT_OF_REACH, 100)


def test_whatever_happens_the_laws_hold() -> None:
    """Nothing twice, nothing unapproved, held or late, nothing lost or stuck, every arrow in the data."""
    run_state_machine_as_test(Machine, settings=settings(HOUSE, max_examples=40, derandomize=True))


@pytest.mark.parametrize("name", QUICK)
def test_a_gross_mistake_is_found_at_once(name: str) -> None:
    """A machine that cannot fail proves nothing."""
    assert examples_until_found(name, most=100)


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", sorted(WITHIN))
def test_every_mistake_in_reach_is_found_within_its_examples(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    """All but those that are out of its reach."""
    begun = examples_until_found(name, most=WITHIN[name])
    record_property("table", f"{name}: found after {begun} examples")

    assert begun
