"""How punctual `loa run` is: many deliveries due at one second, counted where they arrive."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.home import APPROVAL_BOT, Daemon, lay_out, telegram_channels
from bench.home import Row as CalendarRow
from bench.ledger import approve
from bench.platform import Arrival, StubPlatform
from bench.rows import Row, ms
from content_queue.store.engine import open_ledger

SETTINGS = """\
rehearsal = false

[telegram]
api_url = "{url}"
per_bot_per_second = {per_bot}
per_chat_per_second = {per_chat}

"""
#: Seconds for the daemon to start, to plan and to be told of approvals; some channels take one more.
START = 5
#: Seconds between two such seconds, with one more for some channels, and after the last one.
GAP, PATIENCE = 3, 20
#: Messages that a bot may send in a second.
PER_BOT = 30
#: Delays of the platform's answers, in seconds; limits off.
DELAYS = (0.08, 0.0)


@dataclass(frozen=True, slots=True)
class Load:
    """So many channels that share some bots; `limited` keeps Telegram's limits."""

    channels: int
    bots: int
    limited: bool

    def bound(self) -> float:
        """Return the seconds that the platform's limit takes: a burst at once, then one every second."""
        each = -(-self.channels // self.bots)
        return float((each - 1) // PER_BOT) if self.limited else 0.0


def measure(stub: StubPlatform, folder: Path, load: Load) -> list[Row]:
    """Let a daemon send to all channels at one second, once for each delay (once, if limited)."""
    delays = DELAYS[:1] if load.limited else DELAYS
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=START + load.channels // 40)
    gap = GAP + load.channels // 60
    dues = [first + timedelta(seconds=gap * number) for number in range(len(delays))]
    home = _lay_out(folder / f"punctual-{load.bots}", stub, load, dues)
    rows = []
    with Daemon(home) as daemon:
        _approve_all(daemon, dues)
        for delay, due in zip(delays, dues, strict=True):
            end = due.timestamp() + (PATIENCE if due == dues[-1] else gap - 1.5)
            rows.append(_row(load, delay, due, _arrivals(stub, load, (due.timestamp() - 1, end), delay)))
    return rows


def _lay_out(home: Path, stub: StubPlatform, load: Load, dues: Sequence[datetime]) -> Path:
    per_bot, per_chat = (PER_BOT, 1) if load.limited else (0, 0)
    settings = SETTINGS.format(url=stub.url, per_bot=per_bot, per_chat=per_chat)
    rows = [CalendarRow(f"B{number:04}", due) for number, due in enumerate(dues)]
    lay_out(home, settings, telegram_channels(load.channels, load.bots), rows)
    return home


def _approve_all(daemon: Daemon, dues: Sequence[datetime]) -> None:
    engine = open_ledger(f"sqlite:///{daemon.ledger}")
    with engine.begin() as connection:
        for number, due in enumerate(dues):
            approve(connection, f"B{number:04}-{due.year}")
    engine.dispose()


def _arrivals(stub: StubPlatform, load: Load, span: tuple[float, float], delay: float) -> list[Arrival]:
    """Return what arrives in a span of wall seconds, as soon as that is everything."""
    begin, end = span
    time.sleep(max(0.0, begin - time.time()))
    stub.begin(delay)
    came: list[Arrival] = []
    while len(came) < load.channels and time.time() < end:
        time.sleep(0.25)
        came = [each for each in stub.arrivals() if each.bot != APPROVAL_BOT]
    assert len(came) == load.channels, f"{len(came)} of {load.channels} messages came"
    return came


def _row(load: Load, delay: float, due: datetime, came: Sequence[Arrival]) -> Row:
    lateness = [each.at - due.timestamp() for each in came]
    told = f"first {ms(min(lateness))}, last {ms(max(lateness))} after the second"
    if not load.limited:
        return Row(_what(load, delay, "limits off"), told)
    most = max(busiest_second([each.at for each in came if each.bot == bot]) for bot in _bots(came))
    bound = f"limit {PER_BOT} a second: last {ms(load.bound())} at best"
    return Row(
        _what(load, delay, f"{load.bots} bots"), f"{told}, at most {most} of one bot in a second", bound
    )


def _what(load: Load, delay: float, how: str) -> str:
    return f"{load.channels} due at one second, {how}, answers after {ms(delay)}"


def _bots(came: Sequence[Arrival]) -> Counter[str]:
    return Counter(each.bot for each in came)


def busiest_second(times: Sequence[float]) -> int:
    """Return the most arrivals in any window of one second, open at its end."""
    ordered = sorted(times)
    return max(bisect_left(ordered, at + 1) - place for place, at in enumerate(ordered))
