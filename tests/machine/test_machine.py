"""The machine finds nothing in the daemon, and finds each deliberate mistake that is in its reach."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Machine
from tests.simulator.sabotage import SABOTAGES, sabotaged

#: Found examples are not kept: what is found becomes a test of its own.
HOUSE = settings(
    stateful_step_count=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
#: Mistakes that the first examples show, for every test run.
QUICK = ("skip the intent", "unknown is not sent")
#: Mistakes of what this office does without: Zalo's and Facebook's adapters, and their transport.
OUT_OF_REACH = {"500 is not sent", "a time-out is not sent", "show when staged"}
#: Mistake -> it is found within so many examples, always the same ones.
WITHIN: Mapping[str, int] = dict.fromkeys(SABOTAGES.keys() - OUT_OF_REACH, 100)


def test_whatever_happens_the_laws_hold() -> None:
    """Nothing twice, nothing unapproved, held or late, nothing lost or stuck, every arrow in the data."""
    run_state_machine_as_test(Machine, settings=settings(HOUSE, max_examples=40, derandomize=True))


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_whatever_happens_for_long_the_laws_hold() -> None:
    """The same for longer, each time otherwise."""
    run_state_machine_as_test(Machine, settings=settings(HOUSE, max_examples=3000))


@pytest.mark.parametrize("name", QUICK)
def test_a_gross_mistake_is_found_at_once(name: str) -> None:
    """A machine that cannot fail proves nothing."""
    assert examples_until_found(name, most=20) <= 20


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", sorted(WITHIN))
def test_every_mistake_in_reach_is_found_within_its_examples(
    name: str, record_property: pytest.FixtureRequest
) -> None:
    """Fifteen of the eighteen ways to break the protocol."""
    begun = examples_until_found(name, most=WITHIN[name])
    record_property("table", f"{name}: found after {begun} examples")  # type: ignore[operator]

    assert begun <= WITHIN[name]


def examples_until_found(name: str, most: int) -> int:
    """Count the examples until a mistake is found; one more than `most` where it is not."""
    only_look = settings(
        HOUSE, max_examples=most, derandomize=True, phases=(Phase.generate,), report_multiple_bugs=False
    )
    Machine.begun = Machine.found = 0
    with sabotaged(name):
        try:
            run_state_machine_as_test(Machine, settings=only_look)
        except AssertionError:
            return Machine.found
    return most + 1
