"""One trial: the real daemon struck at one system call by strace, started again, looked at from outside."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.reconcile import reconcile
from content_queue.store import deliveries
from tests.torture.judge import Judgement, judge
from tests.torture.office import Home, LaterClock, Standins, open_home, prepare_home, small_office

#: What SQLite and the log use to write, and what makes it durable.
WRITES = ("pwrite64", "fdatasync", "fsync", "write")
#: In place of a file: any socket, and the calls that only sockets know.
SOCKET = "socket"
TALKS = ("sendto", "recvfrom")
#: Counts what of a home still moves by itself.
Moves = Callable[[Home], int]
#: Fault -> strace's words for it.
FAULTS = {"KILL": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
#: Seconds after which a daemon that still has something to do is taken to be stuck.
PATIENCE = 60.0
#: States in which a delivery still moves by itself, without the read-back.
MOVING = ("scheduled", "publishing", "retrying")
#: How far the clock is moved for each round of read-backs: past settling, and past every further look.
LATER = tuple(timedelta(minutes=minutes) for minutes in (0, 6, 22, 45))


@dataclass(frozen=True)
class Strike:
    """What is done at the `nth` call of a kind on a file of the home: `signal=KILL` or `error=EIO`.

    A file is written by one thread at a time, and strace counts by thread.
    """

    call: str
    file: str
    what: str
    nth: int

    @property
    def place(self) -> str:
        """Say where it falls."""
        return f"{self.call}, {self.file or 'folder'}"

    def arguments(self, home: Path) -> list[str]:
        """Return strace's words for it."""
        inject = f"inject={self.call}:{self.what}:when={self.nth}"
        where = [] if self.file == SOCKET else ["-P", str(home / self.file)]
        return ["-e", f"trace={self.call}", *where, "-e", inject]


@dataclass(frozen=True)
class Trial:
    """How one trial ended: `fired` says whether the run came as far as the call that was to be struck."""

    strike: Strike
    fired: bool
    #: The exit status of the struck daemon, minus a signal; None if it went on and had to be ended.
    status: int | None
    #: Whether it went on and did all it could without a restart.
    finished: bool
    judged: Judgement

    @property
    def end(self) -> str:
        """Say in a word how the struck daemon ended."""
        if self.status == -signal.SIGKILL:
            return "killed"
        went_on = "went on" if self.finished else "stuck" if self.status is None else "gave up"
        return went_on if self.status in (0, None) else f"{went_on}, status {self.status}"


def moving(home: Home) -> int:
    """Count the deliveries that still move by themselves."""
    with closing(sqlite3.connect(f"file:{home.ledger}?mode=ro", uri=True, timeout=PATIENCE)) as ledger:
        marks = ", ".join("?" * len(MOVING))
        return int(
            ledger.execute(f"SELECT count(*) FROM deliveries WHERE state IN ({marks})", MOVING).fetchone()[0]  # noqa: S608 - only question marks
        )


def run_trial(path: Path, strike: Strike) -> Trial:
    """Strike a fresh home's daemon once, let a second daemon go on, and judge what came of it."""
    standins = Standins(path)
    try:
        home = prepare_home(path, small_office())
        status, finished, fired = struck(home, strike)
        restarted, all_done = run_daemon(home)
        assert (restarted, all_done) == (0, True), f"{strike}: the next daemon did not go on"
        asyncio.run(settle(home))
        return Trial(strike, fired, status, finished, judge(home))
    finally:
        standins.close()


def struck(home: Home, strike: Strike, *, moves: Moves = moving) -> tuple[int | None, bool, bool]:
    """Run a daemon that is struck; return its status, whether nothing moved, and whether the blow fell."""
    told = home.path / "strace.txt"
    under = ["strace", "-f", "-qq", "-o", str(told), *strike.arguments(home.path)]
    status, finished = run_daemon(home, under, moves=moves)
    text = told.read_text("utf-8", errors="replace")
    return status, finished, "INJECTED" in text or "killed by SIGKILL" in text


def points(folder: Path) -> dict[tuple[str, str], int]:
    """Return (call, file of the home) -> the most of one thread in an undisturbed run."""
    path = folder / "tinh"
    standins = Standins(path)
    try:
        return counted(prepare_home(path, small_office()), WRITES)
    finally:
        standins.close()


def counted(home: Home, calls: Sequence[str], *, moves: Moves = moving) -> dict[tuple[str, str], int]:
    """Let a home's daemon do all it can; return (call, file or `SOCKET`) -> the most of one thread."""
    told = home.path / "strace.txt"
    under = ["strace", "-f", "-qq", "-y", "-o", str(told), "-e", f"trace={','.join(calls)}"]
    assert run_daemon(home, under, moves=moves) == (0, True)
    by_thread: Counter[tuple[str, str, str]] = Counter()
    line = rf"^(\d+) +(\w+)\(\d+<(?:{home.path}/?([^>]*)|({SOCKET}):[^>]*)>"
    for thread, call, file, socket in re.findall(line, told.read_text("utf-8"), re.MULTILINE):
        if (call in TALKS) == bool(socket):  # asyncio wakes its loop by writing to a socket of its own
            by_thread[thread, call, socket or file] += 1
    return {
        (call, file): max(count for (_t, *at), count in by_thread.items() if at == [call, file])
        for _thread, call, file in sorted(by_thread)
    }


def run_daemon(
    home: Home, under: list[str] | None = None, *, patience: float = PATIENCE, moves: Moves = moving
) -> tuple[int | None, bool]:
    """Run a daemon until nothing moves or it has ended; return its status and whether nothing moved."""
    before = started(home)
    with (home.path / "loa.log").open("ab") as log:
        daemon = subprocess.Popen(
            [*(under or []), sys.executable, "-m", "bot", "--home", str(home.path), "run", "--log-json"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        return _wait(home, daemon, patience, lambda: started(home) > before and not moves(home))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()


def _wait(
    home: Home, daemon: "subprocess.Popen[bytes]", patience: float, at_rest: Callable[[], bool]
) -> tuple[int | None, bool]:
    end = time.monotonic() + patience
    while daemon.poll() is None and time.monotonic() < end:
        if at_rest():
            _terminate(daemon.pid)
            with suppress(subprocess.TimeoutExpired):
                daemon.wait(PATIENCE)
            return daemon.poll(), True
        time.sleep(0.1)
    return daemon.poll(), at_rest()


def started(home: Home) -> int:
    """Count the daemons of a home that came as far as to read the calendars."""
    log = home.path / "loa.log"
    return log.read_text("utf-8").count('"calendars_read"') if log.exists() else 0


def _terminate(pid: int) -> None:
    """Tell the daemon to end: where strace was started, its child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    straced = "strace" in Path(f"/proc/{pid}/comm").read_text("utf-8")
    with suppress(ProcessLookupError):
        os.kill(int(children[0]) if straced and children else pid, signal.SIGTERM)


async def settle(home: Home) -> None:
    """Read back as the daemon would in the next hour, and send what was proven absent."""
    async with AsyncExitStack() as stack:
        clock = LaterClock()
        house = open_home(home.path, clock=clock)
        stack.push_async_callback(house.close)
        for later in LATER:
            clock.ahead = later + timedelta(seconds=2)
            while await house.ledger.read(partial(deliveries.unconfirmed, now=clock.now())):
                await reconcile(house.works)
            await Dispatch(house.works).send(await claim(house.works))
