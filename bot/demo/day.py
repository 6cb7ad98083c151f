"""Run the demonstration: home, daemon, approver, live view, verdict."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import httpx

from bot.demo.finger import decide_all
from bot.demo.province import APPROVER, Post, accounts_of, lay_out, the_day
from bot.demo.verdict import Verdict, judge
from bot.demo.view import View
from bot.errors import LoaError
from bot.house import LEDGER
from bot.standins import FOLDER, found
from content_queue.ports import Clock
from content_queue.states import DeliveryState
from content_queue.store import posts, reach
from content_queue.store.engine import open_ledger
from content_queue.store.posts import Queued
from content_queue.store.writer import InlineWriter
from content_queue.texts import _
from schedules.clock import OFFICE_ZONE

#: After the last planned second: time for slow platforms and for the second reading of reach.
AFTERWARDS = timedelta(seconds=14)
#: After that: time for what is still under way on a slow machine.
PATIENCE = timedelta(seconds=45)
MOVING = frozenset({DeliveryState.SCHEDULED, DeliveryState.PUBLISHING, DeliveryState.RETRYING})


async def demonstrate(clock: Clock, *, stay: bool) -> bool:
    """Run the day; return whether everything happened as it should. With `stay`, go on until Ctrl-C."""
    home = Path(tempfile.mkdtemp(prefix="loa-demo-"))
    now = clock.now().replace(microsecond=0)
    day = the_day(now.astimezone(OFFICE_ZONE).date())
    lay_out(home, now, day)
    click.echo(_("Tỉnh mẫu đặt tại {home}").format(home=home))
    daemon = _start(home)
    try:
        address = await _standins(home, clock, daemon)
        click.echo(_("Trang xem các nền tảng mô phỏng: {address}").format(address=address))
        click.echo(_("{name} sẽ duyệt bài trên Telegram mô phỏng.").format(name=APPROVER) + "\n")
        verdict = await _watch(home, clock, address=address, now=now, day=day, daemon=daemon)
        _report(home, verdict)
        if stay:
            click.echo(_("  Bài đã đăng:   {address}").format(address=address))
            await _until_interrupted()
        return verdict.good()
    finally:
        _stop(daemon, home)


def _start(home: Path) -> subprocess.Popen[bytes]:
    """Start the real daemon."""
    with (home / "loa.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", "--home", str(home), "run", "--log-json"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the demonstration, which then ends it in order
        )


async def _standins(home: Path, clock: Clock, daemon: subprocess.Popen[bytes]) -> str:
    while daemon.poll() is None:
        address = found(home / FOLDER)
        if address and (home / LEDGER).exists():
            return address
        await clock.sleep(0.1)
    raise LoaError(_("Chương trình không khởi động được; xem {log}.").format(log=home / "loa.log"))


async def _watch(  # noqa: PLR0913 - one day, seen from all sides
    home: Path,
    clock: Clock,
    *,
    address: str,
    now: datetime,
    day: Sequence[Post],
    daemon: subprocess.Popen[bytes],
) -> Verdict:
    finger = asyncio.create_task(decide_all(address, clock, cards=len(day)))
    ledger = InlineWriter(open_ledger(f"sqlite:///{home / LEDGER}"))
    end = now + timedelta(seconds=max(post.after for post in day)) + AFTERWARDS
    view = View(clock)
    queued = ledger.read_now(posts.queue)
    while _goes_on(queued, clock.now() - end) and daemon.poll() is None:
        view.show(queued, ledger.read_now(reach.snapshots))
        await clock.sleep(0.5)
        queued = ledger.read_now(posts.queue)
    finger.cancel()
    with suppress(asyncio.CancelledError):
        await finger
    read = ledger.read_now(reach.snapshots)
    ledger.close()
    return judge(queued, await _shown(address), read, accounts=accounts_of(home))


def _goes_on(queued: Sequence[Queued], over: timedelta) -> bool:
    """Tell whether there is more to see: the day is not over, or something of it is under way."""
    moving = any(each.delivery.state in MOVING for each in queued)
    return over < timedelta() or (moving and over < PATIENCE)


async def _shown(address: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{address}/_shown.json")
    shown: list[dict[str, Any]] = answer.json()
    return shown


def _report(home: Path, verdict: Verdict) -> None:
    counts = _(
        "Đã đăng {published} lượt; thiếu {wanting}, trùng {twice}, ngoài phép {uninvited}, trễ {late}. "
        "Lượt trễ nhất {latest} ms so với giây hẹn. Đọc về {readings} số liệu tiếp cận."
    )
    click.echo()
    click.echo(
        counts.format(
            published=verdict.published,
            wanting=verdict.wanting,
            twice=verdict.twice,
            uninvited=verdict.uninvited,
            late=verdict.late,
            latest=verdict.latest_ms,
            readings=verdict.readings,
        )
    )
    click.echo(_("Kết quả: đạt.") if verdict.good() else _("Kết quả: CHƯA ĐẠT."))
    click.echo(_("Xem thêm:"))
    click.echo(_("  Trang tin:     {path}").format(path=home / "site" / "index.html"))
    click.echo(_("  Sổ cái:        loa --home {home} queue").format(home=home))
    click.echo(_("  Tiếp cận:      loa --home {home} reach").format(home=home))


async def _until_interrupted() -> None:
    click.echo("\n" + _("Nhấn Ctrl-C để kết thúc."))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def _stop(daemon: subprocess.Popen[bytes], home: Path) -> None:
    """End the daemon as the service manager would, then the stand-ins, which outlive it."""
    daemon.terminate()
    with suppress(subprocess.TimeoutExpired):
        daemon.wait(timeout=30)
    daemon.kill()
    with suppress(OSError, ValueError, KeyError, ProcessLookupError):
        told = json.loads((home / FOLDER / "standin.json").read_text("utf-8"))
        os.kill(told["pid"], signal.SIGTERM)
