"""How much memory five years of an office's plan take as they stream out of `loa plan --json`."""

import os
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

from bench.home import LOA
from bench.platform import ROOT
from bench.reading import office
from bench.rows import Row
from bot.commands.init import WORKBOOK, lay_out
from bot.office import open_office
from bot.settings import load_settings
from schedules.template import write_template

#: The five years that an office plans in, and posts of one day's calendar that come in each of them.
FIRST, LAST, YEARS = date(2026, 1, 1), date(2030, 12, 31), 5


def an_office(folder: Path, *, posts: int, channels: int) -> Path:
    """Lay out a home whose plan of five years has so many posts, each for all channels."""
    home = folder / f"plan-{posts}"
    lay_out(home)
    heads = "Tên kênh,Cơ quan,Nền tảng,Mã kênh,Ngôn ngữ,Nhóm,Chế độ,Khóa bí mật,Thẻ"
    lines = (
        f"{channel.name},{channel.agency},{channel.platform},{number},vi,cơ sở,api,,"
        for number, channel in enumerate(office().channels[:channels])
    )
    (home / load_settings(home).channels).write_text("\n".join([heads, *lines]), "utf-8-sig")
    workbook = home / "calendars" / WORKBOOK
    workbook.unlink()
    write_template(workbook, open_office(home, load_settings(home)).office, _rows(posts // YEARS))
    return home


def _rows(count: int) -> list[dict[str, str]]:
    """Return rows without a year: each comes every year."""
    days = (FIRST + timedelta(days=number % 365) for number in range(count))
    return [
        {
            "code": f"B{number:04}",
            "date": f"{day.day}/{day.month}",
            "time": f"{7 + number % 12}h{number % 60:02}",
            "agency": "Sở Ngoại vụ",
            "author": "Nguyễn Văn An",
            "channels": "tất cả",
            "text.vi": f"Bài số {number}, {{ngày}}: tỉnh Gia Lai mời bà con và du khách cùng dự.",
        }
        for number, day in enumerate(days)
    ]


def measure(folder: Path, *, posts: int, channels: int) -> list[Row]:
    """Stream a tenth of the plan, then all of it: what does not grow between them is constant."""
    return [_measured(folder, posts=part, channels=channels) for part in (posts // 10, posts)]


def _measured(folder: Path, *, posts: int, channels: int) -> Row:
    home = an_office(folder, posts=posts, channels=channels)
    words = ("--home", str(home), "plan", "--from", f"{FIRST}", "--to", f"{LAST}", "--json")
    began = time.perf_counter()
    with subprocess.Popen([*LOA, *words], cwd=ROOT, stdout=subprocess.PIPE) as plan:
        assert plan.stdout is not None
        objects = sum(line.startswith(b"{") for line in plan.stdout)
        _pid, status, usage = os.wait4(plan.pid, 0)
        plan.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    assert (plan.returncode, objects) == (0, posts * channels)
    memory = usage.ru_maxrss / 1024
    what = f"`loa plan --from {FIRST} --to {LAST} --json`: {posts:,} posts × {channels} channels"
    return Row(
        what,
        f"{objects:,} objects in {took:.0f} s, {took / objects * 1e6:.0f} µs each",
        f"peak {memory:.0f} MiB",
    )
