"""How long a big calendar takes to be read, checked and dated, against the least that one would write."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from bench.platform import ROOT
from bench.rows import Row, ms, ratio, spread
from content_queue.models import Channel
from schedules import agencies, occasions
from schedules.calendar import read_calendar
from schedules.dates import read_date
from schedules.office import Office
from schedules.readers import read_sheets
from schedules.rules import days
from schedules.template import write_template

#: The years in which every date is resolved.
YEARS = range(2026, 2031)
_DAYS = ("20/11/2026", "10/3 âm lịch", "Giỗ Tổ Hùng Vương", "2/9", "mùng 5 tháng Giêng", "17 đến 23/11/2026")


@cache
def office() -> Office:
    """Return every agency with a channel on each platform, 450 in all."""
    known = agencies.load()
    channels = (
        Channel(f"{platform} {code}", code, platform, f"id-{code}", ("vi", "en"), ("cơ sở",))
        for platform in ("facebook", "zalo", "telegram")
        for code in known
    )
    return Office(known, tuple(islice(channels, 450)), occasions.load())


def a_calendar(path: Path, rows: int) -> Path:
    """Write a workbook of so many good rows for an office of 450 channels."""
    text = "Chào mừng {ngày}. " + "Tỉnh Gia Lai mời bà con và du khách cùng dự. " * 4
    written = (
        {
            "code": f"B{number:05}",
            "date": _DAYS[number % len(_DAYS)],
            "time": f"{7 + number % 12}h{number % 60:02}",
            "agency": "Sở Ngoại vụ",
            "author": "Nguyễn Văn An",
            "channels": ("tất cả", "facebook", "cơ sở", "UBND phường Pleiku")[number % 4],
            "title": f"Bài số {number}",
            "text.vi": f"{number}. {text}",
            "text.en": f"Post {number} of {{date}}.",
            "tags": "du lịch, lễ hội",
        }
        for number in range(rows)
    )
    write_template(path, office(), written)
    return path


def bare(path: Path) -> int:
    """Read the file in this process and turn its rows into dictionaries with a date and a time where easy."""
    grid = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Lịch").to_python()
    head, count = [str(title).strip().lower() for title in grid[0]], 0
    for cells in grid[1:]:
        row: dict[str, Any] = dict(zip(head, cells, strict=True))
        if not str(row["ngày"]).strip() or row["mã bài"] == "VÍ DỤ":
            continue
        try:
            row["day"] = datetime.strptime(str(row["ngày"]), "%d/%m/%Y").date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            row["day"] = None
        hour, _h, minute = str(row["giờ"]).partition("h")
        row["at"] = (int(hour), int(minute or 0))
        row["channels"] = [word.strip() for word in str(row["kênh"]).split(",")]
        count += bool(row["nội dung"])
    return count


def ours(path: Path) -> int:
    """Read and check the file, and find the days of every entry."""
    calendar = read_calendar(path, office())
    found: list[date] = []
    for entry in calendar.entries:
        rule = read_date(entry.date_words, office().occasions)
        for year in YEARS:
            found += days(rule, year)
    assert not [problem for problem in calendar.problems if problem.severity == "error"]
    assert len(found) >= len(calendar.entries)
    return len(calendar.entries)


WAYS: Mapping[str, Callable[[Path], Any]] = {"bare": bare, "ours": ours, "read": read_sheets}


def measure(folder: Path, *, rows: int, times: int) -> list[Row]:
    """Let each way read the same file in a process of its own, taking turns."""
    path = a_calendar(folder / "lich.xlsx", rows)
    runs = [{way: _apart(way, path) for way in WAYS} for _time in range(times)]
    took = {way: [run[way]["seconds"] for run in runs] for way in WAYS}
    times_bare = [run["ours"]["seconds"] / run["bare"]["seconds"] for run in runs]
    own = max(run["ours"]["own"] for run in runs)
    child = max(run["ours"]["child"] for run in runs)
    what = f"{rows:,} rows"
    reading = f"of these {spread(took['read'], ms)} in the reading process and back"
    against = f"{spread(times_bare, ratio)} × calamine and a hand-written loop; goal: ≤ 3 ×, ≤ 150 MB"
    return [
        Row(
            f"{what}: read, checked, days of {len(YEARS)} years",
            f"{spread(took['ours'], ms)}, {reading}",
            against,
        ),
        Row(f"{what}: peak memory", f"{own:.0f} MiB, the reading process {child:.0f} MiB beside it"),
        Row(f"{what}: calamine and a hand-written loop", spread(took["bare"], ms)),
    ]


def _apart(way: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.reading", way, str(path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(told.stdout)
    return found


def _main(way: str, path: str) -> None:
    office()  # what an office knows lies ready in the daemon
    begun = time.perf_counter()
    WAYS[way](Path(path))
    seconds = time.perf_counter() - begun
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"seconds": seconds, "own": own, "child": child}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
