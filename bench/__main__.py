"""Measure everything in one run and print one table: `python -m bench [--quick] [--write FILE]`."""

import argparse
import asyncio
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench import fanout, punctual, resting
from bench.platform import StubPlatform
from bench.punctual import Load
from bench.rows import Row, table
from schedules.clock import OFFICE_ZONE

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    #: Deliveries at once -> rounds.
    rounds: Mapping[int, int]
    loads: tuple[Load, ...]
    channels: int
    idle_seconds: float


FULL = Extent(
    {450: 3, 10_000: 1},
    (Load(450, 1, limited=False), Load(450, 3, limited=True)),
    channels=450,
    idle_seconds=20,
)
QUICK = Extent(
    {60: 1, 120: 1},
    (Load(60, 1, limited=False), Load(80, 2, limited=True)),
    channels=30,
    idle_seconds=1,
)


def main() -> None:
    """Measure, print, and write the table into a page if told to."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small run that only shows that all works")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="put the table between the marks of a page"
    )
    options = parser.parse_args()
    machine = _machine()
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        rows = list(_measure(QUICK if options.quick else FULL, Path(folder)))
    said = f"{machine}\n\n{table(rows)}"
    sys.stdout.write(f"{said}\n")
    if options.write:
        _write(options.write, said)


def _measure(extent: Extent, folder: Path) -> Iterator[Row]:
    with StubPlatform() as stub:
        yield from asyncio.run(fanout.measure(stub, folder, extent.rounds))
        for load in extent.loads:
            yield from punctual.measure(stub, folder, load)
    home = resting.an_office(folder, extent.channels)
    yield from resting.measure_idle(home, channels=extent.channels, seconds=extent.idle_seconds)
    yield from resting.measure_start(home)


def _machine() -> str:
    """Say what the figures are of; without it they say nothing."""
    now = datetime.now(OFFICE_ZONE)
    lines = (
        f"Measured on {now:%d/%m/%Y} with `{' '.join(['python -m bench', *sys.argv[1:]])}`",
        f"{os.cpu_count()} cores of {processor()}, shared by the platform's stub and loa",
        f"load {os.getloadavg()[0]:.1f} before the run",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL)",
    )
    return "; ".join(lines) + "."


def processor() -> str:
    """Return the processor's name, as Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _write(page: Path, said: str) -> None:
    before, mark, rest = page.read_text("utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (mark and end):
        sys.exit(f"{page} has no marks {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n{said}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
