"""Homes that run for real, each in a folder that is watched for secrets."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.acceptance.offices import Office, lay_out
from tests.acceptance.running import Running

ERROR = re.compile(r'"level": "(?:ERROR|CRITICAL)"|Traceback')

#: Modules whose tests mostly wait, the longest first: they begin before all others, which fill the time.
LONGEST = ("test_demo", "test_day", "test_endings", "test_calendar", "test_languages", "test_people")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, so that no worker is left with one of them at the end."""
    places = {f"tests/acceptance/{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


class RunOffice(Protocol):
    """Lay out an office in a folder of its own and let it run; what was started ends with the test."""

    def __call__(self, office: Office, name: str = "tinh") -> Running: ...


@pytest.fixture
def home_of(tmp_path: Path) -> Iterator[RunOffice]:
    """Give the way to lay out offices that run; a daemon that does its work logs no error."""
    offices: list[Running] = []
    with ExitStack() as stack:

        def home_of(office: Office, name: str = "tinh") -> Running:
            lay_out(tmp_path / name, office)
            offices.append(stack.enter_context(Running(tmp_path / name)))
            return offices[-1]

        yield home_of
    assert [line for office in offices for line in office.log.splitlines() if ERROR.search(line)] == []
