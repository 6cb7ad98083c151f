"""The machine finds nothing in the daemon, and finds each deliberate mistake that is in its reach."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Machine

QUICK = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_happens_the_laws_hold() -> None:
    run_state_machine_as_test(Machine, settings=QUICK)
