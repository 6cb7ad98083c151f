"""Where figures are written, and what they are of."""

import os
import platform
import sqlite3
import sys
from datetime import datetime
from pathlib import Path

from schedules.clock import OFFICE_ZONE


def said_machine(command: str = "python -m bench") -> str:
    """Say what the figures are of; without it they say nothing."""
    now = datetime.now(OFFICE_ZONE)
    lines = (
        f"Measured on {now:%d/%m/%Y} with `{' '.join([command, *sys.argv[1:]])}`",
        f"{os.cpu_count()} cores of {processor()}, shared by the platform's stub and what is measured",
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


def write_between(page: Path, mark: str, said: str) -> None:
    """Put a text between two marks of a page; what stands around them stays."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, first, rest = page.read_text("utf-8").partition(begin)
    _old, last, after = rest.partition(end)
    if not (first and last):
        sys.exit(f"{page} has no marks {begin} and {end}")
    page.write_text(f"{before}{begin}\n{said}\n{end}{after}", "utf-8")
