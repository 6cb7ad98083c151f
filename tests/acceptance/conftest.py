"""Homes that run for real, each in a folder that is watched for secrets."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.offices import Office, lay_out
from tests.acceptance.running import Running

RunOffice = Callable[[Office], Running]


@pytest.fixture
def home_of(tmp_path: Path) -> Iterator[RunOffice]:
    """Give the way to lay out an office; what was started in it is ended after the test."""
    with ExitStack() as stack:

        def home_of(office: Office) -> Running:
            lay_out(tmp_path / "tinh", office)
            return stack.enter_context(Running(tmp_path / "tinh"))

        yield home_of
