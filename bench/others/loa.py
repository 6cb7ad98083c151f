"""loa itself in the same harness: its daemon on a home, limits off, what others may have as well."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from bench.home import LOA, Daemon, lay_out, telegram_channels
from bench.home import Row as CalendarRow
from bench.ledger import approve
from bench.others.job import Job
from bench.platform import ROOT
from bench.punctual import SETTINGS
from bot.house import LEDGER
from content_queue.states import DeliveryState
from content_queue.store import deliveries
from content_queue.store.engine import open_ledger

CONNECTIONS = 128


def open_loa(job: Job, folder: Path) -> Callable[[], "subprocess.Popen[bytes]"]:
    """Lay out a home, let it be planned, approve, and return what starts the daemon."""
    home = folder / "home"
    settings = SETTINGS.format(url=job.url, per_bot=0, per_chat=0, transport="httpx", connections=CONNECTIONS)
    lay_out(home, settings, telegram_channels(job.count, 1), [CalendarRow("B1", job.at)])
    with Daemon(home) as daemon:
        _approve(daemon.ledger, f"B1-{job.at.year}")
    log = (folder / "log").open("ab")
    words = [*LOA, "--home", str(home), "run", "--log-json"]
    return lambda: subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _approve(ledger: Path, post: str) -> None:
    engine = open_ledger(f"sqlite:///{ledger}")
    with engine.begin() as connection:
        approve(connection, post)
    engine.dispose()


def asked(folder: Path) -> str:
    """Say how many deliveries a home's ledger has as unknown, to be read back or asked of people."""
    ledger = folder / "home" / LEDGER
    if not ledger.exists():
        return ""
    engine = open_ledger(f"sqlite:///{ledger}")
    with engine.connect() as connection:
        unknown = deliveries.count_states(connection).get(DeliveryState.UNCONFIRMED, 0)
    engine.dispose()
    return f" ({unknown} known as unconfirmed)"
