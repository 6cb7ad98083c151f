"""A home that `loa run` serves for real: settings, channels and a calendar, and the daemon as a child."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import psutil

from bench.ledger import TEXT
from bench.platform import ROOT
from bot.house import LEDGER
from bot.secrets import FOLDER as SECRETS
from bot.standins import FOLDER as STANDINS
from schedules.clock import OFFICE_ZONE

LOA = (sys.executable, "-m", "bot")
#: Seconds that a daemon may take to read its calendars, or to end.
PATIENCE = 60.0
AGENCY = "UBND tỉnh"
#: The number of the bot that asks people.
APPROVAL_BOT = "0"
CHANNEL_COLUMNS = ("name", "agency", "platform", "remote_id", "languages", "token")
COLUMNS = ("Mã bài", "Ngày", "Giờ", "Cơ quan", "Người soạn", "Kênh", "Nội dung")
APPROVER = "Nguyễn Thị Lãnh"
PEOPLE = f"""\
[[people]]
name = "{APPROVER}"
telegram_id = 5001
roles = ["leader", "approver"]
agencies = ["*"]
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a calendar, for all channels."""

    code: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """One row of the list of channels; `token` names a secret."""

    name: str
    platform: str
    remote_id: str
    token: str


def telegram_channels(count: int, bots: int) -> list[Channel]:
    """Make channels that share some bots evenly."""
    return [
        Channel(f"Telegram {n:03}", "telegram", f"-1001000000{n:03}", f"bot-{n % bots + 1}")
        for n in range(count)
    ]


def mixed_channels(count: int) -> list[Channel]:
    """Make channels on the three networks in turns."""
    ids = {"facebook": "1001000000", "zalo": "2001000000", "telegram": "-10020000"}
    turns = tuple(ids)
    names = [(turns[n % len(turns)], f"{n:05}") for n in range(count)]
    return [
        Channel(f"{platform.capitalize()} {n}", platform, ids[platform] + n, f"{platform}-{n}")
        for platform, n in names
    ]


def lay_out(home: Path, settings: str, channels: Sequence[Channel], rows: Sequence[Row]) -> None:
    """Write a home; every secret is a bot's token, the number in its name is the number of the bot."""
    (home / "calendars").mkdir(parents=True)
    (home / "settings.toml").write_text(settings + PEOPLE, "utf-8")
    (home / SECRETS).mkdir(mode=0o700)
    for name in {"telegram-approval-bot", *(channel.token for channel in channels)}:
        (home / SECRETS / name).touch(mode=0o600)
        (home / SECRETS / name).write_text(f"{_bot(name)}:bench", "utf-8")
    lines = [(each.name, AGENCY, each.platform, each.remote_id, "vi", each.token) for each in channels]
    _write_csv(home / "channels.csv", CHANNEL_COLUMNS, lines)
    _write_csv(home / "calendars" / "lich.csv", COLUMNS, [_cells(row) for row in rows])


def _bot(token: str) -> str:
    last = token.rpartition("-")[2]
    return last if last.isdecimal() else APPROVAL_BOT


def _cells(row: Row) -> Sequence[str]:
    local = row.due.astimezone(OFFICE_ZONE)
    text = f"{row.code}. {TEXT * 5}"
    return row.code, f"{local:%d/%m/%Y}", f"{local:%H:%M:%S}", AGENCY, "Trần Văn Soạn", "tất cả", text


def _write_csv(path: Path, head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *lines])


class Daemon:
    """`loa run` on a home; it and its stand-ins are ended with the `with`.

    `ready_after` are the seconds until it had read its calendars.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> Self:
        log = self.home / "loa.log"
        with log.open("wb") as file:
            self._child = subprocess.Popen(
                [*LOA, "--home", str(self.home), "run", "--log-json"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        began = time.monotonic()
        self.usage = psutil.Process(self._child.pid)
        end = began + PATIENCE
        while b"calendars_read" not in log.read_bytes():
            if self._child.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError(f"the daemon did not start: {log.read_text('utf-8')[-2000:]}")
            time.sleep(0.01)
        self.ready_after = time.monotonic() - began
        return self

    def __exit__(self, *_: object) -> None:
        self._child.terminate()
        try:
            self._child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        with suppress(FileNotFoundError, ProcessLookupError):
            told = json.loads((self.home / STANDINS / "standin.json").read_text("utf-8"))
            os.kill(told["pid"], signal.SIGTERM)

    @property
    def ledger(self) -> Path:
        """Where its ledger is."""
        return self.home / LEDGER
