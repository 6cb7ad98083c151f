"""Let the machine run: for what nobody knows of yet, or until it finds a deliberate mistake."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Machine
from tests.simulator.sabotage import sabotaged

#: Found examples are not kept: what is found becomes a test of its own.
HOUSE = settings(
    stateful_step_count=18, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def hunt(*, examples: int, number: int) -> str:
    """Try so many examples, others for each number; return what was found and the steps to it."""
    seeded = seed(number)(type("Seeded", (Machine,), {}))
    try:
        run_state_machine_as_test(seeded, settings=settings(HOUSE, max_examples=examples))
    except Exception as error:  # noqa: BLE001 - also what an office dies of was found
        return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])
    return ""


def examples_until_found(name: str, most: int) -> int:
    """Count the examples until a mistake is found, always the same ones; 0 where `most` do not show it."""
    only_look = settings(
        HOUSE, max_examples=most, derandomize=True, phases=(Phase.generate,), report_multiple_bugs=False
    )
    Machine.begun = Machine.found = 0
    with sabotaged(name):
        try:
            run_state_machine_as_test(Machine, settings=only_look)
        except AssertionError:
            return Machine.found
    return 0
