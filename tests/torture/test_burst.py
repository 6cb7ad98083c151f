"""Twenty kill -9 at random moments in a burst."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.burst import BOUND, burst

#: Set this to have as many deliveries as that.
SIZE = "TORTURE_BURST"


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_a_burst_killed_twenty_times_doubles_and_loses_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """What a platform lists is found there; a kill leaves no more to ask about than the intents allow."""
    done = burst(tmp_path / "tinh", deliveries=int(os.environ.get(SIZE, "2000")), kills=20, seed=20)
    record_property("table", done.told())

    assert done.judged.sound
    assert done.overlooked == 0
    assert max(done.ambiguous) <= BOUND
