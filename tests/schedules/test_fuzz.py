"""A short look for files that break the reading; `make torture` looks for ten minutes."""

import pytest

from tests.schedules.fuzz import KINDS, try_out


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_file_is_it_is_read_or_refused(kind: str) -> None:
    """No traceback, no hang, memory bounded; the copy of what was read says the same."""
    assert try_out(kind, examples=15, number=1) == ""
