"""Homes that run for real, each in a folder that is watched for secrets."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.acceptance.offices import Office, lay_out
from tests.acceptance.running import Running


class RunOffice(Protocol):
    """Lay out an office in a folder of its own and let it run; what was started ends with the test."""

    def __call__(self, office: Office, name: str = "tinh") -> Running: ...


@pytest.fixture
def home_of(tmp_path: Path) -> Iterator[RunOffice]:
    """Give the way to lay out offices that run."""
    with ExitStack() as stack:

        def home_of(office: Office, name: str = "tinh") -> Running:
            lay_out(tmp_path / name, office)
            return stack.enter_context(Running(tmp_path / name))

        yield home_of
