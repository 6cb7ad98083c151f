"""A burst of thousands of deliveries whose daemon is killed again and again at random moments."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx

from content_queue.delivery.decide import Rules
from content_queue.store.writer import GROUP
from tests.acceptance.offices import channels_of
from tests.torture.judge import Judgement, judge
from tests.torture.office import MORE, Home, Standins, prepare_home
from tests.torture.trial import moving, run_daemon, settle

#: Most seconds that a daemon lives once it has begun to send.
LIFE = 0.3
#: Seconds within which a daemon is up, and within which the rest has gone out.
UP, REST = 60.0, 300.0
UNLIMITED = """\
per_oa_per_second = 0

[telegram]
per_bot_per_second = 0
per_chat_per_second = 0
"""
#: What a crash leaves to ask about at the most, of platforms that answer at once: intents whose calls have
#: not begun, calls in the lanes of two platforms, and the receipts of one group.
BOUND = 2 * Rules().batch + 2 * Rules().lanes + GROUP


@dataclass(frozen=True)
class Burst:
    """What came of it; `ambiguous` holds, for each kill, how many requests might have left."""

    deliveries: int
    ambiguous: list[int]
    judged: Judgement
    #: Asked about although they stand where the platform shows a list.
    overlooked: int

    def told(self) -> str:
        """Return a line of the table."""
        each = self.judged
        return (
            f"burst of {self.deliveries}, {len(self.ambiguous)} kills: {each.doubles} doubled, "
            f"{each.lost} lost, {each.published} published, {each.asked} asked; "
            f"open after a kill {max(self.ambiguous)} at most, {sum(self.ambiguous)} in all"
        )


def burst(path: Path, *, deliveries: int, kills: int, seed: int) -> Burst:
    """Kill the daemon of a large office `kills` times, let it finish, and judge."""
    share = deliveries // 5
    channels = [
        *channels_of("facebook", 2 * share),
        *channels_of("telegram", 2 * share),
        *channels_of("zalo", share),
    ]
    standins = Standins(path)
    try:
        home = prepare_home(path, channels, more=MORE + UNLIMITED, ahead=timedelta(seconds=20))
        for platform, said in (("telegram", {"enforced": False}), ("zalo", {"app": 0, "oa": 0})):
            httpx.post(f"{home.address}/{platform}/_limits", json=said, trust_env=False).raise_for_status()
        random = Random(seed)  # noqa: S311 - moments of kills are no secrets
        ambiguous = [_kill_after(home, random.uniform(0, LIFE)) for _kill in range(kills)]
        assert run_daemon(home, patience=REST) == (0, True)
        asyncio.run(settle(home))
        return Burst(len(channels), ambiguous, judge(home), _overlooked(home))
    finally:
        standins.close()


def _kill_after(home: Home, seconds: float) -> int:
    """Let a daemon live for so long after its first request; return how many may have left unheard."""
    before = _count(home, "SELECT count(*) FROM attempts")
    with (home.path / "loa.log").open("ab") as log:
        words = [sys.executable, "-m", "bot", "--home", str(home.path), "run", "--log-json"]
        daemon = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    end = time.monotonic() + UP
    while _count(home, "SELECT count(*) FROM attempts") == before and moving(home):
        assert time.monotonic() < end, "the daemon did not begin to send"
        time.sleep(0.02)
    time.sleep(seconds)
    daemon.send_signal(signal.SIGKILL)
    assert daemon.wait() == -signal.SIGKILL
    return _ambiguous(home)


def _ambiguous(home: Home) -> int:
    """Count the open intents of platforms that answer at once; Zalo accepts and finishes later."""
    return _count(
        home,
        "SELECT count(*) FROM deliveries JOIN attempts ON attempts.delivery = deliveries.id "
        "WHERE state = 'publishing' AND ended_at IS NULL AND platform != 'zalo'",
    )


def _count(home: Home, question: str) -> int:
    with closing(sqlite3.connect(f"file:{home.ledger}?mode=ro", uri=True, timeout=UP)) as ledger:
        return int(ledger.execute(question).fetchone()[0])


def _overlooked(home: Home) -> int:
    """Count the deliveries that people are asked about although a list of the platform shows them."""
    shown = {str(each["channel"]) for each in home.shown() if each["platform"] != "telegram"}
    names = {each.name: each.remote_id for name in ("facebook", "zalo") for each in channels_of(name, 5000)}
    with closing(sqlite3.connect(home.ledger)) as ledger:
        asked = ledger.execute("SELECT channel FROM deliveries WHERE state = 'unconfirmed'").fetchall()
    return sum(names.get(channel, "") in shown for (channel,) in asked)
