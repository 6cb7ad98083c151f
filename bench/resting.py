"""What `loa` takes when there is nothing to do, and to start."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.home import LOA, PATIENCE, Daemon, lay_out, mixed_channels
from bench.home import Row as CalendarRow
from bench.platform import ROOT
from bench.rows import Row

#: Posts that are planned, one a day.
DAYS = 30
#: Seconds after which a daemon that has read its calendars has settled.
SETTLED = 3
#: Times that each command is started.
STARTS = 3


def an_office(folder: Path, channels: int) -> Path:
    """Lay out a home in rehearsal, with a month planned for all channels."""
    home = folder / "resting"
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    rows = [CalendarRow(f"B{day:04}", today + timedelta(days=1 + day)) for day in range(DAYS)]
    lay_out(home, "rehearsal = true\n", mixed_channels(channels), rows)
    return home


def measure_idle(home: Path, *, channels: int, seconds: float) -> list[Row]:
    """Leave a daemon alone, and read its memory and processor time."""
    began = time.perf_counter()
    with Daemon(home) as daemon:
        read = time.perf_counter() - began
        time.sleep(SETTLED)
        before = _busy(daemon)
        time.sleep(seconds)
        cpu = (_busy(daemon) - before) / seconds
        memory = daemon.usage.memory_info().rss / 2**20
    what = f"{channels} channels, {DAYS * channels:,} deliveries planned"
    return [
        Row(f"`loa run`, {what}: start until planned", f"{read:.1f} s"),
        Row(f"`loa run`, {what}: idle for {seconds:g} s", f"{memory:.0f} MiB, {cpu:.2%} of one core"),
    ]


def _busy(daemon: Daemon) -> float:
    times = daemon.usage.cpu_times()
    return times.user + times.system


def measure_start(home: Path) -> list[Row]:
    """Time commands that people wait for."""
    return [
        Row("`loa --version`", f"{_start('--version'):.2f} s"),
        Row("`loa check` of the same office", f"{_start('--home', str(home), 'check'):.2f} s"),
    ]


def _start(*words: str) -> float:
    times = []
    for _time in range(STARTS):
        began = time.perf_counter()
        subprocess.run([*LOA, *words], cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)
        times.append(time.perf_counter() - began)
    return median(times)
