"""How punctual `loa run` is: many deliveries due at one second, counted where they arrive."""

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.home import APPROVAL_BOT, Daemon, lay_out, telegram_channels
from bench.home import Row as CalendarRow
from bench.ledger import approve
from bench.platform import Arrival, StubPlatform
from bench.rows import Row, ms, spread
from content_queue.store.engine import open_ledger

SETTINGS = """\
rehearsal = false

[publish]
transport = "{transport}"
connections = {connections}

[telegram]
api_url = "{url}"
per_bot_per_second = {per_bot}
per_chat_per_second = {per_chat}

"""
#: Seconds for the daemon to start, to plan and to be told of approvals; some channels take one more.
START = 6
#: Seconds between two such seconds beside what the limits take, and after the last one.
GAP, PATIENCE = 4, 20
#: Messages that a bot, and that go to a chat, in a second.
PER_BOT, PER_CHAT = 30, 1
#: Seconds that the platform takes to answer.
DELAY = 0.15


@dataclass(frozen=True, slots=True)
class Load:
    """So many posts to so many channels that share some bots, all due at one second, `times` over.

    `limited` keeps Telegram's limits; `goal` says what is wanted.
    """

    channels: int
    bots: int = 1
    posts: int = 1
    limited: bool = False
    transport: str = "httpx"
    connections: int = 128
    times: int = 5
    goal: str = ""

    @property
    def count(self) -> int:
        """Return how many messages are due at one second."""
        return self.channels * self.posts

    def bound(self) -> float:
        """Return the seconds that the platform's limits take: a burst at once, then one every second."""
        if not self.limited:
            return 0.0
        each = -(-self.channels // self.bots) * self.posts
        return float(max((each - 1) // PER_BOT, (self.posts - 1) // PER_CHAT))

    def said(self) -> str:
        """Say what is measured."""
        limits = f"{self.bots} bots, limits on" if self.limited else "limits off"
        fast = ", `fast`" if self.transport == "aiohttp" else ""
        what = f"{self.channels} channels" + (f" x {self.posts} posts" if self.posts > 1 else "")
        return (
            f"{what} due at one second, {limits}, answers after {ms(DELAY)}, "
            f"{self.connections} connections{fast}"
        )


def measure(stub: StubPlatform, folder: Path, load: Load) -> list[Row]:
    """Let one daemon send to all channels at one second, and again some seconds later."""
    gap = GAP + round(2 * load.bound()) + load.count // 200
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(
        seconds=START + load.count * load.times // 200
    )
    dues = [first + timedelta(seconds=gap * number) for number in range(load.times)]
    home = folder / f"punctual-{time.perf_counter_ns()}"
    codes = _lay_out(home, stub, load, dues)
    runs = []
    with Daemon(home) as daemon:
        _approve_all(daemon, codes)
        for due in dues:
            end = due.timestamp() + (PATIENCE if due == dues[-1] else gap - 1.5)
            runs.append((due, _arrivals(stub, load, due.timestamp() - 1, end)))
    return [_row(load, runs)]


def _lay_out(home: Path, stub: StubPlatform, load: Load, dues: Sequence[datetime]) -> list[str]:
    per_bot, per_chat = (PER_BOT, PER_CHAT) if load.limited else (0, 0)
    settings = SETTINGS.format(
        url=stub.url,
        per_bot=per_bot,
        per_chat=per_chat,
        transport=load.transport,
        connections=load.connections,
    )
    rows = [
        CalendarRow(f"B{number:02}{post:02}", due)
        for number, due in enumerate(dues)
        for post in range(load.posts)
    ]
    lay_out(home, settings, telegram_channels(load.channels, load.bots), rows)
    return [f"{row.code}-{row.due.year}" for row in rows]


def _approve_all(daemon: Daemon, codes: Sequence[str]) -> None:
    engine = open_ledger(f"sqlite:///{daemon.ledger}")
    with engine.begin() as connection:
        for code in codes:
            approve(connection, code)
    engine.dispose()


def _arrivals(stub: StubPlatform, load: Load, begin: float, end: float) -> list[Arrival]:
    """Return what arrives in a span of wall seconds, as soon as that is everything."""
    time.sleep(max(0.0, begin - time.time()))
    stub.begin(DELAY)
    came: list[Arrival] = []
    while len(came) < load.count and time.time() < end:
        time.sleep(0.25)
        came = [each for each in stub.arrivals() if each.bot != APPROVAL_BOT]
    assert len(came) == load.count, f"{len(came)} of {load.count} messages came"
    return came


def _row(load: Load, runs: Sequence[tuple[datetime, Sequence[Arrival]]]) -> Row:
    late = [sorted(each.at - due.timestamp() for each in came) for due, came in runs]
    firsts = spread([each[0] for each in late], ms)
    lasts = spread([each[-1] for each in late], ms)
    told = f"first {firsts}, last {lasts} after the second"
    if not load.limited:
        return Row(load.said(), told, load.goal)
    bot = max(_busiest((each.bot, each.at) for each in came) for _due, came in runs)
    chat = max(_busiest((each.chat, each.at) for each in came) for _due, came in runs)
    most = f"at most {bot} of one bot and {chat} to one chat in any second"
    wanted = f"last {ms(load.bound())} at best, goal: {ms(1.03 * load.bound() + 0.5)}"
    limit = f"limits {PER_BOT} and {PER_CHAT}; {wanted}"
    return Row(load.said(), f"{told}; {most}", limit)


def _busiest(named: Iterator[tuple[str, float]]) -> int:
    """Return the most arrivals of one name in any second."""
    times: dict[str, list[float]] = {}
    for name, at in named:
        times.setdefault(name, []).append(at)
    return max(busiest_second(each) for each in times.values())


def busiest_second(times: Sequence[float]) -> int:
    """Return the most arrivals in any window of one second, open at its end."""
    ordered = sorted(times)
    return max(bisect_left(ordered, at + 1) - place for place, at in enumerate(ordered))
