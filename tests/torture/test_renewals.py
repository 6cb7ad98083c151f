"""A renewer dies, or its ledger or its call fails, at every boundary of a renewal."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture.mortal import DIE, FAIL
from tests.torture.renewals import Stage, once, twice


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.ledger.close()


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        # a death between the platform's turn and our commit is the one thing that cannot be healed
        (DIE, {"kept": 4, "told": 2}),
        # the answer is lost once: the second try finds it used up
        (FAIL, {"kept": 5, "told": 1}),
    ],
)
def test_whatever_happens_once_access_is_kept_or_a_person_is_asked_at_once(
    stage: Stage, kind: str, ends: dict[str, int]
) -> None:
    """Law: nothing is lost that could be kept, and nothing is lost in silence."""
    ways = list(once(stage, kind))
    assert Counter(way.end for way in ways) == ends
    assert max(way.beyond for way in ways) == 1


@pytest.mark.parametrize(("first", "second"), [(DIE, DIE), (DIE, FAIL), (FAIL, DIE), (FAIL, FAIL)])
def test_whatever_happens_twice_changes_nothing_of_that(stage: Stage, first: str, second: str) -> None:
    """Law: the same for everything that follows on the first blow."""
    ways = list(twice(stage, first, second))
    assert {way.end for way in ways} == {"kept", "told"}
    assert len(ways) > 20


def test_the_sweep_finds_a_renewer_that_forgets_its_intents(tmp_path: Path) -> None:
    """Law: the test can fail: who takes an open renewal for done loses access in silence."""
    stage = Stage(tmp_path, blind=True)
    assert Counter(way.end for way in once(stage, DIE))["silent"] > 0
    stage.ledger.close()
