"""Homes for tests: laid out as `loa init` does, at a fixed hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import cli
from bot.commands.init import WORKBOOK, lay_out
from bot.frame import Frame
from bot.office import open_office
from bot.settings import load_settings
from schedules.template import write_template

#: 08:00 on Tuesday, 10 November 2026, local time.
NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)

#: What every row has, unless a test says otherwise.
ROW = {
    "date": "20/11",
    "time": "7h30",
    "agency": "UBND tỉnh",
    "author": "Nguyễn Văn An",
    "channels": "tất cả",
    "text.vi": "Chúc mừng các thầy cô, {ngày}",
    "text.en": "Best wishes to our teachers, {date}",
}


@dataclass(frozen=True)
class Stopped:
    """A clock that shows one hour."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


def home_with(folder: Path, *rows: Mapping[str, str]) -> Path:
    """Lay out a home whose workbook has these rows, each completed from `ROW`."""
    lay_out(folder)
    opened = open_office(folder, load_settings(folder))
    workbook = folder / "calendars" / WORKBOOK
    workbook.unlink()
    full = [{**ROW, **row} for row in rows]
    columns = sorted({field for row in full for field in row if field.startswith("text.")} - {"text.vi"})
    write_template(workbook, opened.office, full, languages=columns)
    return folder


def loa(home: Path, *words: str) -> Result:
    """Run a command in a home, at the fixed hour."""
    return CliRunner().invoke(cli, words, obj=Frame(home=home, clock=Stopped()), prog_name="loa")
