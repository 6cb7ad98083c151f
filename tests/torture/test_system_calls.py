"""The real daemon is killed, or its disk fails, at every write and fsync that it makes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.sweep import FAULTS, swept, table

pytestmark = [pytest.mark.torture, pytest.mark.needs("strace"), pytest.mark.timeout(7200)]


@pytest.mark.parametrize("fault", FAULTS)
def test_at_every_write_nothing_is_doubled_lost_or_broken(
    tmp_path: Path, fault: str, record_property: Callable[[str, object], None]
) -> None:
    """Every delivery ends published, or people are told; the ledger is whole."""
    rows = swept(tmp_path, FAULTS[fault])
    record_property("table", table(rows))

    assert [each for row in rows for each in row.unsound] == []
    assert sum(row.fired for row in rows) > 100
