"""The real daemon is killed amid the renewals of its pairs; `make torture` does it at every call."""

from pathlib import Path

import pytest

from tests.torture.pairs import ACCOUNTS, run_trial
from tests.torture.trial import FAULTS, Strike


@pytest.mark.needs("strace")
@pytest.mark.parametrize(
    ("what", "told"),
    [
        # two writes for the intent of a renewal, two for its end: this is the first end
        (FAULTS["KILL"], 1),
        # a disk that fails once is written to again
        (FAULTS["EIO"], 0),
    ],
)
def test_a_pair_is_lost_only_with_the_process_that_had_it_and_told_with_the_way_back(
    tmp_path: Path, what: str, told: int
) -> None:
    """Law: whoever dies with an answer that is not committed loses that one pair, and a person is asked."""
    trial = run_trial(tmp_path / "tinh", Strike("pwrite64", "loa.db-wal", what, 4))

    assert trial.fired
    assert trial.ends.wrong == ()
    assert (trial.ends.told, trial.ends.kept) == (told, ACCOUNTS - told)
