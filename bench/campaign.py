"""A campaign of a province at the stand-ins: how full each platform's windows were, how late the last came.

The stand-ins enforce the limits and count what they get, refused calls too; the office is in rehearsal, so
that everything but the platforms is the real thing.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bench.home import PATIENCE, Channel, Daemon, lay_out
from bench.home import Row as CalendarRow
from bench.ledger import approve, count_published
from bench.rows import Row, ms
from bot.secrets import FOLDER as SECRETS
from bot.standins import FOLDER as STANDINS
from bot.standins import found
from content_queue.store.engine import open_ledger

SETTINGS = "rehearsal = true\n\n[calendar]\nask_before = false\n\n"
#: Platform -> what its ids look like.
REMOTE_IDS = {"facebook": "1001000000{:05}", "zalo": "2001000000{:05}", "telegram": "-10020000{:05}"}
BOTS = 3
#: Of a platform's own limits: messages of a bot and calls of the app of Zalo in a second.
PER_BOT, PER_APP = 30, 20
#: Seconds for the last to come.
LONGEST = 120
#: Calls that one hidden article takes before its time: handed in, asked for twice in vain, and told.
STAGED = 4

Counted = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one campaign: by platform the seconds after its second, and the stand-ins' counts."""

    late: Mapping[str, Sequence[float]]
    before: Counted
    after: Counted


@dataclass(frozen=True, slots=True)
class Extent:
    """So many channels, a third a platform; seconds before the time; how often Zalo is still at work."""

    channels: int
    lead: int
    work: int


def measure(folder: Path, extent: Extent) -> Iterator[Row]:
    """Let one post go to all channels at one second."""
    home, each = folder / f"campaign-{time.perf_counter_ns()}", extent.channels // len(REMOTE_IDS)
    ahead = extent.lead + each * STAGED / PER_APP * 1.5
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=round(ahead))
    lay_out(home, SETTINGS, list(_channels(each)), [CalendarRow("TET", due)])
    shutil.rmtree(home / SECRETS)  # a rehearsal makes up its own
    with Daemon(home) as daemon:
        _order(daemon.home, extent.work)
        came = _campaign(daemon, due, 3 * each)
    for platform in REMOTE_IDS:
        yield _row(platform, each, came)


def _order(home: Path, work: int) -> None:
    """Tell Zalo how often to say that it is still at work."""
    httpx.post(
        f"{found(home / STANDINS)}/zalo/_work", json={"replies": work}, trust_env=False
    ).raise_for_status()


def _channels(each: int) -> Iterator[Channel]:
    for platform, form in REMOTE_IDS.items():
        for n in range(each):
            remote = form.format(n)
            token = {"zalo": f"zalo-{remote}", "telegram": f"telegram-{n % BOTS}"}.get(platform, "page")
            yield Channel(f"{platform.capitalize()} {n:03}", platform, remote, token)


def _campaign(daemon: Daemon, due: datetime, count: int) -> Came:
    url = found(daemon.home / STANDINS)
    engine = open_ledger(f"sqlite:///{daemon.ledger}")
    with engine.begin() as connection:
        approve(connection, f"TET-{due.year}")
    time.sleep(max(0.0, due.timestamp() - time.time() - 0.5))
    before = _asked(f"{url}/_limits.json")
    end, published = due.timestamp() + LONGEST, 0
    while published < count and time.time() < end:
        time.sleep(0.5)
        with engine.connect().execution_options(loa_reading=True) as connection:
            published = count_published(connection)
    engine.dispose()
    assert published == count, f"{published} of {count} were published"
    return Came(_late(_asked(f"{url}/_shown.json"), due), before, _asked(f"{url}/_limits.json"))


def _asked(url: str) -> Any:
    return httpx.get(url, trust_env=False, timeout=PATIENCE).json()


def _late(shown: Sequence[Mapping[str, Any]], due: datetime) -> dict[str, list[float]]:
    late: dict[str, list[float]] = {platform: [] for platform in REMOTE_IDS}
    for post in shown:
        if post["visible"]:
            late[post["platform"]].append((datetime.fromisoformat(post["at"]) - due).total_seconds())
    return late


def _row(platform: str, each: int, came: Came) -> Row:
    late = sorted(came.late[platform])
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for key, one in came.after[platform].items():
        kinds.setdefault(key.partition(":")[0], []).append(one)
    highest = ", ".join(_highest(kind, told) for kind, told in kinds.items())
    told = f"first {ms(late[0])}, last {ms(late[-1])} after the second; {highest}"
    return Row(
        f"{each} of {3 * each} channels on {platform}, due at one second", told, _bound(platform, each, came)
    )


def _highest(kind: str, told: Sequence[Mapping[str, Any]]) -> str:
    """Say how full the fullest window of a kind of key was, and how many keys went over their limit."""
    most, seconds = told[0]["most"], told[0]["seconds"]
    highest, over = max(one["highest"] for one in told), sum(one["highest"] > one["most"] > 0 for one in told)
    limit = f"limit {most}" if most else "no limit"
    return f"at most {highest} of one {kind} in {seconds:.0f} s ({limit}, {over} of {len(told)} over it)"


def _bound(platform: str, each: int, came: Came) -> str:
    """Say when the last can come at best: after a full window, one more window for every so many calls."""
    if platform == "telegram":
        return f"{ms(float((-(-each // BOTS) - 1) // PER_BOT))} at best"
    if platform == "zalo":
        calls = came.after["zalo"]["app:"]["calls"] - came.before["zalo"]["app:"]["calls"]
        bare, every = (ms(float((count - 1) // PER_APP)) for count in (each, calls))
        return f"{bare} at best for the {each} calls that show, {every} for all {calls} calls"
    return "no window is known"
