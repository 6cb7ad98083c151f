"""A burst of thousands of deliveries whose daemon is killed again and again at random moments."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx

from content_queue.delivery.decide import Rules
from tests.acceptance.offices import SETTINGS, channels_of
from tests.torture.judge import Judgement, judge
from tests.torture.office import MORE, Home, Standins, prepare_home
from tests.torture.trial import moving, run_daemon, settle

#: All lives together begin about this share of the deliveries twice over: each a random part, and then so
#: many seconds more at most.
SHARE, MORE_LIFE = 1.8, 0.1
#: Seconds within which a daemon is up, and within which the rest has gone out.
UP, REST = 180.0, 600.0
#: Numbers are read an hour later, not while it bursts.
UNHURRIED = SETTINGS.replace('after = ["1s"]', 'after = ["1h"]') + MORE
UNLIMITED = """\
per_oa_per_second = 0

[telegram]
per_bot_per_second = 0
per_chat_per_second = 0
"""
_RULES = Rules()
#: Intents whose calls have not begun, and calls in the lanes of the two platforms that answer at once.
WAITING = 2 * _RULES.batch + 2 * _RULES.lanes
#: Receipts of one group commit: what ended while the commit before it was under way, when no intent became
#: durable, and one batch of intents that may have come between the two.
RECEIPTS = WAITING + _RULES.batch
#: What one crash leaves to ask about at the most.
BOUND = WAITING + RECEIPTS


@dataclass(frozen=True)
class Kill:
    """What one kill left: intents without receipt, and how many of them readers see."""

    open: int
    shown: int

    @property
    def bounded(self) -> bool:
        """Tell whether it left no more than the protocol allows."""
        return self.open <= BOUND and self.open - self.shown <= WAITING


@dataclass(frozen=True)
class Burst:
    """What came of it all."""

    deliveries: int
    kills: Sequence[Kill]
    judged: Judgement
    #: Asked about although they stand where the platform shows a list.
    overlooked: int

    @property
    def sound(self) -> bool:
        """Tell whether every promise was kept."""
        return self.judged.sound and not self.overlooked and all(kill.bounded for kill in self.kills)

    def told(self) -> str:
        """Say in a line what the kills left."""
        return (
            f"a kill left at most {max(kill.open for kill in self.kills)} open intents (bound: {BOUND}), "
            f"{sum(kill.open for kill in self.kills):,} in all, of which readers saw "
            f"{sum(kill.shown for kill in self.kills):,}; {self.overlooked} asked about that a list shows"
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
        home = prepare_home(path, channels, settings=UNHURRIED + UNLIMITED, ahead=_time_to_stage(deliveries))
        for platform, said in (("telegram", {"enforced": False}), ("zalo", {"app": 0, "oa": 0})):
            httpx.post(f"{home.address}/{platform}/_limits", json=said, trust_env=False).raise_for_status()
        random, most = Random(seed), round(SHARE * deliveries / kills)  # noqa: S311 - no secrets
        ids = {each.name: each.remote_id for each in channels}
        left = []
        for _kill in range(kills):
            _kill_after(home, random.randrange(most), random.uniform(0, MORE_LIFE))
            left.append(_left(home, ids))
        assert run_daemon(home, patience=REST) == (0, True)
        asyncio.run(settle(home))
        return Burst(len(channels), left, judge(home), _overlooked(home, ids))
    finally:
        standins.close()


def _time_to_stage(deliveries: int) -> timedelta:
    """Return about what a daemon takes to stage so much before it is due."""
    return timedelta(seconds=15 + deliveries / 200)


def _kill_after(home: Home, intents: int, seconds: float) -> None:
    """Let a daemon live until it has begun so many more deliveries, and for some seconds longer."""
    before = _began(home)
    with (home.path / "loa.log").open("ab") as log:
        words = [sys.executable, "-m", "bot", "--home", str(home.path), "run", "--log-json"]
        daemon = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        end = time.monotonic() + UP
        while _began(home) <= before + intents and moving(home):
            assert time.monotonic() < end, "the daemon did not begin to send"
            time.sleep(0.01)
        time.sleep(seconds)
    finally:
        daemon.send_signal(signal.SIGKILL)
        assert daemon.wait() == -signal.SIGKILL


def _left(home: Home, ids: Mapping[str, str]) -> Kill:
    """Return what a kill left."""
    left = _ask(home, _OPEN)
    seen = {str(each["channel"]) for each in home.shown()}
    assert _ask(home, "PRAGMA integrity_check") == ["ok"]
    return Kill(len(left), sum(ids[name] in seen for name in left))


#: The open intents of platforms that answer at once; Zalo accepts and finishes later.
_OPEN = (
    "SELECT channel FROM deliveries JOIN attempts ON attempts.delivery = deliveries.id "
    "WHERE state = 'publishing' AND ended_at IS NULL AND platform != 'zalo'"
)


def _began(home: Home) -> int:
    return int(_ask(home, "SELECT count(*) FROM attempts")[0])


def _ask(home: Home, question: str) -> list[str]:
    with closing(sqlite3.connect(f"file:{home.ledger}?mode=ro", uri=True, timeout=UP)) as ledger:
        return [str(first) for (first,) in ledger.execute(question)]


def _overlooked(home: Home, ids: Mapping[str, str]) -> int:
    """Count the deliveries that people are asked about although a list of the platform shows them."""
    shown = {str(each["channel"]) for each in home.shown() if each["platform"] != "telegram"}
    asked = _ask(home, "SELECT channel FROM deliveries WHERE state = 'unconfirmed'")
    return sum(ids[channel] in shown for channel in asked)
