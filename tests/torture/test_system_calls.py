"""The real daemon is killed, or its disk fails, amid its work; `make torture` does it everywhere."""

import pytest

from tests.torture.trial import FAULTS, Strike
from tests.torture.units import struck_at

#: A commit about in the middle of a run.
CALL, FILE, NTH = "pwrite64", "loa.db-wal", 40


@pytest.mark.needs("strace")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_struck_commit_doubles_nothing_and_loses_nothing(fault: str) -> None:
    """Every delivery ends published, or people are told; the ledger is whole."""
    row = struck_at(Strike(CALL, FILE, FAULTS[fault], NTH))

    assert row.wrong == ()
    assert row.struck == 1
    assert row.published + row.asked == 12
