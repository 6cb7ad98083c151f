"""Homes that run for real, each in a folder that is watched for secrets."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import wraps
from pathlib import Path

import pytest

from tests.acceptance.offices import Office, lay_out
from tests.acceptance.running import Running, TooBusyError

ERROR = re.compile(r'"level": "(?:ERROR|CRITICAL)"|Traceback')

#: Modules whose tests mostly wait, the longest first: they begin before all others, which fill the time.
LONGEST = (
    "test_every_kind",
    "test_demo",
    "test_day",
    "test_endings",
    "test_calendar",
    "test_languages",
    "test_people",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, so that no worker is left with one of them at the end."""
    places = {f"tests/acceptance/{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


class RunOffice:
    """Lays out offices in folders of their own and lets them run; what was started ends with the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self._offices: list[Running] = []
        #: How much more time people get than they should need.
        self.slack = 1

    def __call__(self, office: Office, name: str = "tinh") -> Running:
        """Lay an office out and return it; nothing of it runs yet."""
        home = self._folder / f"{self.slack}" / name
        lay_out(home, office)
        self._offices.append(self._running.enter_context(Running(home, self.slack)))
        return self._offices[-1]

    @property
    def is_late(self) -> bool:
        """Tell whether an office's second is over for which its people were not ready."""
        return any(office.is_late for office in self._offices)

    def end(self) -> None:
        """End what was started; a daemon that does its work logs no error."""
        self._running.close()
        lines = [line for office in self._offices for line in office.log.splitlines()]
        self._offices.clear()
        assert [line for line in lines if ERROR.search(line)] == []


@pytest.fixture
def home_of(tmp_path: Path) -> Iterator[RunOffice]:
    """Give the way to lay out offices that run."""
    offices = RunOffice(tmp_path)
    try:
        yield offices
    finally:
        offices.end()


def in_time(test: Callable[[RunOffice], None]) -> Callable[[RunOffice], None]:
    """Try a test again, with more time before its due second, if that was over before people were ready."""

    @wraps(test)
    def tried(home_of: RunOffice) -> None:
        for slack in (1, 3, 9):
            home_of.slack = slack
            try:
                test(home_of)
            except (TooBusyError, AssertionError):
                if not home_of.is_late:
                    raise
                home_of.end()
            else:
                return
        pytest.fail("this machine is too busy for a test of seconds")

    return tried
