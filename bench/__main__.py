"""Measure in one run and print one table: `python -m bench [--quick] [--write FILE] [PART …]`."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bench import campaign, fanout, hold, planning, punctual, reading, restart, resting, width
from bench.ledger import a_publisher
from bench.page import said_machine, write_between
from bench.platform import StubPlatform
from bench.punctual import Load
from bench.restart import Past
from bench.rows import HEAD, Row
from publishers.http import Shards


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured; each figure as many times as `times`."""

    times: int
    #: Deliveries at once.
    counts: tuple[int, ...]
    #: Posts at once through a wide and through narrow clients.
    posts: int
    loads: tuple[Load, ...]
    limited: tuple[Load, ...]
    past: Past
    channels: int
    idle_seconds: float
    campaign: campaign.Extent
    #: Rows of one calendar.
    calendar_rows: int
    #: Posts of a plan of five years, each for all channels.
    planned: int


FULL = Extent(
    5,
    (450, 10_000),
    450,
    (
        Load(450, goal="goal: first ≤ 50 ms, last ≤ 1500 ms"),
        Load(450, transport="aiohttp", connections=256, goal="goal: first ≤ 50 ms, last ≤ 600 ms"),
    ),
    (Load(450, bots=3, limited=True), Load(20, posts=5, limited=True)),
    Past(100_000, 450, 5),
    channels=450,
    idle_seconds=10,
    campaign=campaign.Extent(450, lead=45, work=2),
    calendar_rows=10_000,
    planned=2_700,
)
QUICK = Extent(
    1,
    (60, 120),
    40,
    (Load(60, times=1), Load(60, transport="aiohttp", times=1)),
    (Load(40, posts=2, limited=True, times=1),),
    Past(1_000, 20, 1),
    channels=30,
    idle_seconds=1,
    campaign=campaign.Extent(3, lead=8, work=0),
    calendar_rows=200,
    planned=50,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is measured: the platform's stub, and a folder for ledgers and homes."""

    stub: StubPlatform
    folder: Path


def _pipeline(place: Place, extent: Extent) -> Iterator[Row]:
    rounds = dict.fromkeys(extent.counts, extent.times)
    yield from asyncio.run(fanout.measure(place.stub, place.folder, rounds))


def _width(place: Place, extent: Extent) -> Iterator[Row]:
    yield from asyncio.run(width.measure(place.stub, extent.times, extent.posts))


def _punctual(place: Place, extent: Extent) -> Iterator[Row]:
    for load in extent.loads:
        yield from punctual.measure(place.stub, place.folder, load)


def _limits(place: Place, extent: Extent) -> Iterator[Row]:
    for load in extent.limited:
        yield from punctual.measure(place.stub, place.folder, load)


def _campaign(place: Place, extent: Extent) -> Iterator[Row]:
    yield from campaign.measure(place.folder, extent.campaign)


def _hold(place: Place, extent: Extent) -> Iterator[Row]:
    yield from asyncio.run(hold.measure(place.stub, place.folder, count=extent.posts, times=extent.times))


def _restart(place: Place, extent: Extent) -> Iterator[Row]:
    publisher = a_publisher(place.stub.url, Shards(connections=1), place.folder)
    yield from restart.measure(place.stub, place.folder, publisher, extent.past)


def _resting(place: Place, extent: Extent) -> Iterator[Row]:
    home = resting.an_office(place.folder, extent.channels, place.stub)
    yield from resting.measure_idle(home, extent.channels, seconds=extent.idle_seconds, times=extent.times)
    yield from resting.measure_start(home, times=extent.times)


def _calendar(place: Place, extent: Extent) -> Iterator[Row]:
    yield from reading.measure(place.folder, rows=extent.calendar_rows, times=extent.times)


def _plan(place: Place, extent: Extent) -> Iterator[Row]:
    yield from planning.measure(place.folder, posts=extent.planned, channels=extent.channels)


PARTS: Mapping[str, Callable[[Place, Extent], Iterator[Row]]] = {
    "pipeline": _pipeline,
    "width": _width,
    "punctual": _punctual,
    "limits": _limits,
    "campaign": _campaign,
    "hold": _hold,
    "restart": _restart,
    "idle": _resting,
    "calendar": _calendar,
    "plan": _plan,
}


def main() -> None:
    """Measure, print, and write the table into a page if told to."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}; none is all")
    parser.add_argument("--quick", action="store_true", help="a small run that only shows that all works")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="put the table between the marks of a page"
    )
    options = parser.parse_args()
    if strange := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strange))}")
    machine = said_machine()
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder, StubPlatform() as stub:
        place, extent = Place(stub, Path(folder)), QUICK if options.quick else FULL
        rows = (row for name in options.parts or PARTS for row in PARTS[name](place, extent))
        said = list(_said_as_it_comes((machine, "", *HEAD), rows))
    if options.write:
        write_between(options.write, "figures", "\n".join(said))


def _said_as_it_comes(head: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """Print each line as soon as it is known: what has been measured is not lost with what fails later."""
    for line in chain(head, map(str, rows)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        yield line


if __name__ == "__main__":
    main()
