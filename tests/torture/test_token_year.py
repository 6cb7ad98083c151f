"""No access is lost that could be kept, however the year goes."""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.torture.token_year import Province, Year


def judged(year: Year) -> dict[str, int]:
    """Return what must be none."""
    names = ("needless", "silent", "lapsed", "expired")
    return {name: asdict(year)[name] for name in names}


NONE = {"needless": 0, "silent": 0, "lapsed": 0, "expired": 0}


def test_a_hundred_days_of_a_small_office(tmp_path: Path) -> None:
    """Law: what is lost is what Zalo changed and nobody heard of; it is told at once; the rest is kept."""
    year = Province(tmp_path, accounts=4, days=100, seed=5).run()
    assert judged(year) == NONE
    assert (year.lost, year.told) == (year.vanished, year.vanished)
    assert year.open == 8
    assert year.renewals > 500
    assert min(year.lost, year.kills, year.called) > 0  # it has been a year to speak of


@pytest.mark.torture
@pytest.mark.timeout(1800)
def test_a_year_of_150_accounts_and_150_pages(tmp_path: Path) -> None:
    """Law: the same for a province."""
    year = Province(tmp_path, accounts=150, days=365).run()
    assert judged(year) == NONE
    assert (year.lost, year.told) == (year.vanished, year.vanished)
    assert year.open == 300
    assert year.renewals > 80_000
