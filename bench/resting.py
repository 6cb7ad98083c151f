"""What `loa` takes when there is nothing to do, and to start."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.home import LOA, PATIENCE, Daemon, lay_out, mixed_channels
from bench.home import Row as CalendarRow
from bench.platform import ROOT, StubPlatform
from bench.rows import Row, ms, spread

#: Posts that are planned, one a day.
DAYS = 30
#: Seconds after which a daemon that has read its calendars has settled.
SETTLED = 3


#: An office that publishes for real; only the platforms' addresses are those of the stub.
SETTINGS = """\
rehearsal = false
[facebook]
api_url = "{url}"
[zalo]
api_url = "{url}"
default_cover = "https://cover.example/cover.jpg"
[telegram]
api_url = "{url}"
"""


def an_office(folder: Path, channels: int, stub: StubPlatform) -> Path:
    """Lay out a home with a month planned for all channels."""
    home = folder / "resting"
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    rows = [CalendarRow(f"B{day:04}", today + timedelta(days=1 + day)) for day in range(DAYS)]
    lay_out(home, SETTINGS.format(url=stub.url), mixed_channels(channels), rows)
    return home


def measure_idle(home: Path, channels: int, *, seconds: float, times: int) -> list[Row]:
    """Leave a daemon alone, and read its memory and processor time, some times over."""
    with Daemon(home) as daemon:
        time.sleep(SETTLED)
        busy = [_busy_share(daemon, seconds) for _time in range(times)]
        memory = daemon.usage.memory_info().rss / 2**20
        read = daemon.ready_after
    what = f"`loa run`, {channels} channels, {DAYS * channels:,} deliveries planned"
    told = f"{memory:.0f} MiB, {spread(busy, '{:.2%}'.format)} of one core"
    return [
        Row(f"{what}: start until planned", f"{read:.1f} s"),
        Row(f"{what}: idle for {seconds:g} s", told, "goal: ≤ 110 MB, ≤ 0.1 % CPU"),
    ]


def _busy_share(daemon: Daemon, seconds: float) -> float:
    before = daemon.usage.cpu_times()
    time.sleep(seconds)
    after = daemon.usage.cpu_times()
    return max(0.0, after.user + after.system - before.user - before.system) / seconds


def measure_start(home: Path, *, times: int) -> list[Row]:
    """Time commands that people wait for."""
    commands = {
        "`loa --version`": ("--version",),
        "`loa check` of the same office": ("--home", str(home), "check"),
    }
    return [
        Row(name, spread([_start(*words) for _time in range(times)], ms)) for name, words in commands.items()
    ]


def _start(*words: str) -> float:
    began = time.perf_counter()
    subprocess.run([*LOA, *words], cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)
    return time.perf_counter() - began
