"""Every way to strike an office once, and again at every boundary of what follows."""

import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from content_queue.delivery.reconcile import recover
from tests.torture.life import Fate, Moment, Recovery, Stage, open_stage, template
from tests.torture.mortal import DIE, FAIL, Blow
from tests.torture.people import ACTS

#: First blow -> what comes second: ways in which a process dies, and those in which people undo twice.
SECOND: Mapping[str, Sequence[str]] = {
    DIE: (DIE, FAIL, *ACTS),
    FAIL: (DIE,),
    **dict.fromkeys(ACTS, (DIE,)),
    "correct": (DIE, FAIL, "correct", "take back"),
    "take back": (DIE, FAIL, "correct"),
}


@dataclass(frozen=True)
class Way:
    """The blows that were struck (those that came too late are left out), and what came of it."""

    blows: Sequence[Blow]
    fate: Fate


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="loa-torture-")  # gone when this process ends


@cache
def _beginning() -> Moment:
    return template(Path(_folder().name))


@cache
def _stage(recovering: Recovery) -> Stage:
    return open_stage(Path(_folder().name) / f"{recovering.__name__}.db", recovering=recovering)


def boundaries() -> int:
    """Return how many boundaries an undisturbed life passes."""
    trial = _stage(recover)
    trial.begin(_beginning())
    return trial.live().passed


def once(kind: str, *, recovering: Recovery = recover) -> Iterator[Way]:
    """Strike once, at each boundary in turn."""
    for nth in itertools.count(1):
        way = _try(_stage(recovering), _beginning(), (Blow(kind, nth),))
        if not way.blows:
            return
        yield way


def twice(first: Blow, second: str) -> Iterator[Way]:
    """Strike at one boundary, and again at each boundary of what follows."""
    trial = _stage(recover)
    beginning, before = _begin(trial, first)
    lived = () if before else (first,)
    for nth in itertools.count(1):
        way = _try(trial, beginning, (*before, Blow(second, nth)))
        if len(way.blows) == len(before):
            return
        yield replace(way, blows=(*lived, *way.blows))


def _begin(trial: Stage, first: Blow) -> tuple[Moment, tuple[Blow, ...]]:
    """Return a moment to begin from and what is still to strike: a death is lived through only once."""
    if first.kind != DIE:
        return _beginning(), (first,)
    trial.begin(_beginning())
    trial.live([first], until_death=True)
    return trial.keep(trial.file.with_name("first.db")), ()


def _try(trial: Stage, beginning: Moment, blows: tuple[Blow, ...]) -> Way:
    trial.begin(beginning)
    left = len(trial.live(blows).blows)
    return Way(blows[: len(blows) - left], trial.fate())
