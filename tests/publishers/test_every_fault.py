"""What the stand-ins can do wrong is all tried: each fault of each platform, by a test with its end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publishers.standin.faults import ALIASES, WORDS
from publishers.standin.server import STANDINS, build
from publishers.standin.telegram.happenings import STANDINGS
from tests.publishers import (
    test_facebook_faults,
    test_telegram_faults,
    test_telegram_refusals,
    test_zalo_faults,
)
from tests.publishers.serving import serving

#: Platform -> the words that its tests order.
TRIED: Mapping[str, set[str]] = {
    "facebook": {*test_facebook_faults.ENDS, *test_facebook_faults.LISTS, *test_facebook_faults.FILMS},
    "telegram": {*test_telegram_faults.ENDS},
    "zalo": {*test_zalo_faults.ENDS, *test_zalo_faults.FILMS},
}


@pytest.mark.parametrize("platform", STANDINS)
def test_every_fault_of_every_stand_in_is_tried(tmp_path: Path, platform: str) -> None:
    """Law: a stand-in does nothing wrong in vain; a new fault without a test of its end fails here."""
    app = build(tmp_path, now=lambda: datetime.now(UTC), platforms=[platform])
    with serving(app):
        faults = app.state.standins[platform]._faults
    assert {*WORDS, *getattr(faults, "_own", {})} == TRIED[platform]


def test_other_names_mean_a_fault_that_is_tried() -> None:
    """They are for whoever types them."""
    assert set(ALIASES.values()) <= WORDS.keys()


def test_whatever_may_become_of_a_bot_is_tried() -> None:
    """In a channel or in a person's chat; each answer stands in the table of refusals too."""
    assert test_telegram_faults.STANDING.keys() == STANDINGS.keys()
    rows = {row.words for row in test_telegram_refusals.ROWS}
    assert {told[1] for told in STANDINGS.values() if told} <= rows
