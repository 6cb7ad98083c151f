"""A small office whose post is approved and due in a moment, and the stand-ins it publishes to."""

import asyncio
import json
import multiprocessing
import os
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx

from bot.house import House, open_house
from bot.office import open_office
from bot.planning.calendars import Calendars
from bot.platforms import rehearsing
from bot.secrets import open_secrets
from bot.settings import Settings, load_settings
from bot.standins import FOLDER, found
from content_queue.models import Person
from content_queue.models.rules import NO_RULES
from content_queue.states import PostState
from content_queue.store import approvals, posts
from content_queue.store.approvals import Decision
from publishers.standin.__main__ import main as serve
from publishers.standin.zalo import articles
from schedules.clock import SystemClock
from tests.acceptance.offices import SETTINGS, Channel, Office, channels_of, lay_out, row

#: The leader of these offices, as the command line would name him.
LEADER = Person("Nguyễn Thị Lãnh", 5001, frozenset({"leader"}), frozenset({"*"}))
#: What is read back may be read back after a second; nothing waits for a whole window.
MORE = "\n[publish]\nsettle_seconds = 1\n\n[zalo]\nper_app_per_second = 1000\n"
#: Seconds from laying out to the due second: the daemon is up before or after it, both happen.
AHEAD = timedelta(seconds=4)
#: Seconds that stand-ins may take to start.
PATIENCE = 20.0
#: New processes come from one that has imported everything, so that a trial pays for no start.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.torture.office", "publishers.standin.facebook"])


class LaterClock(SystemClock):
    """A wall clock that somebody may move on, so that nobody waits for a read-back of 20 minutes."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the moved time."""
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Home:
    """One laid-out home with running stand-ins; `deliveries` are planned and approved."""

    path: Path
    deliveries: int

    @property
    def ledger(self) -> Path:
        """The file of the ledger."""
        return self.path / "loa.db"

    @property
    def address(self) -> str:
        """Where the stand-ins are."""
        return found(self.path / FOLDER) or ""

    def shown(self) -> list[dict[str, object]]:
        """Return what readers see on all platforms."""
        every = httpx.get(f"{self.address}/_shown.json", trust_env=False, timeout=PATIENCE).json()
        return [each for each in every if each["visible"]]


def small_office() -> list[Channel]:
    """Return six Telegram channels, three Pages and three OAs."""
    return [*channels_of("telegram", 6), *channels_of("facebook", 3), *channels_of("zalo", 3)]


class Standins:
    """The stand-in platforms of one home, as a child process that no fault of the daemon touches."""

    def __init__(self, home: Path) -> None:
        """Start them; they are there when this returns."""
        folder = home / FOLDER
        folder.mkdir(mode=0o700, parents=True)
        self._child = PROCESSES.Process(target=_serve, args=(folder,))
        self._child.start()
        end = time.monotonic() + PATIENCE
        while found(folder) is None:
            assert time.monotonic() < end, "the stand-ins did not start"
            time.sleep(0.02)

    def close(self) -> None:
        """End them."""
        self._child.kill()
        self._child.join()


def _serve(folder: Path) -> None:
    """Serve stand-ins whose Zalo has an article ready when first asked: each poll would cost 3 s."""
    articles.PENDING_REPLIES = 0
    with (folder / "standin.log").open("ab") as log:  # requests of the killed are cut short, and it says so
        os.dup2(log.fileno(), 2)
    serve(["--home", str(folder)])


def open_home(path: Path, *, clock: SystemClock) -> House:
    """Open a home in this process, with the real adapters towards its stand-ins."""
    settings = rehearsed(path)
    secrets = open_secrets(path, {}, learn=lambda _secret: None, rehearsal=True)
    house = open_house(path, settings, clock=clock, secrets=secrets)
    opened = open_office(path, settings)
    house.channels.update({channel.name: channel for channel in opened.office.channels})
    return house


def rehearsed(path: Path) -> Settings:
    """Return a home's settings with the addresses of its stand-ins."""
    told = json.loads((path / FOLDER / "standin.json").read_text("utf-8"))
    return rehearsing(load_settings(path), f"http://127.0.0.1:{told['port']}")


def prepare_home(
    path: Path, channels: list[Channel], *, settings: str = SETTINGS + MORE, ahead: timedelta = AHEAD
) -> Home:
    """Lay a home out beside its running stand-ins, plan its one post and approve it."""
    begun = datetime.now(UTC)
    due = (begun + ahead).replace(microsecond=0)
    lay_out(path, Office(channels, [row("TIN", due, "Tin thử sức bền")], people=settings, secrets={}))
    asyncio.run(_plan_and_approve(path, begun))
    return Home(path, len(channels))


async def _plan_and_approve(path: Path, begun: datetime) -> None:
    """Approve as if at once: a laden machine may be later than the due second."""
    async with AsyncExitStack() as stack:
        house = open_home(path, clock=SystemClock())
        stack.push_async_callback(house.close)
        await Calendars(house).plan_again(_nothing_more)
        for each in {queued.post.id for queued in await house.ledger.read(posts.queue)}:
            said = Decision(each, PostState.APPROVED, LEADER, "cli")
            await house.ledger.run(partial(approvals.decide, decision=said, now=begun, book=NO_RULES))


async def _nothing_more() -> None:
    """Follow a plan by nothing."""
