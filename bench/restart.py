"""How soon a daemon with a long past is at work again."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.home import APPROVAL_BOT, Daemon, lay_out, telegram_channels
from bench.home import Row as CalendarRow
from bench.ledger import WINDOW, approve, compose, some_posts
from bench.platform import StubPlatform
from bench.punctual import SETTINGS
from bench.rows import Row, ms, spread
from bot.house import LEDGER
from content_queue.models import ComposedPost
from content_queue.states import DeliveryState
from content_queue.store import Connection, attempts, calendar, deliveries, plan
from content_queue.store.attempts import Ended
from content_queue.store.deliveries import Move, Standing
from content_queue.store.engine import open_ledger
from publishers.telegram import TelegramPublisher

#: Days that are planned, one post for all channels each.
DAYS = 30
#: Deliveries that are written down at once.
BATCH = 2_000
#: Seconds that a daemon may take until its first message.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Past:
    """A ledger with `deliveries` in all: what is planned for some channels, the rest published long ago."""

    deliveries: int
    channels: int
    times: int

    @property
    def published(self) -> int:
        """Return how many are published."""
        return max(0, self.deliveries - DAYS * self.channels)


def measure(stub: StubPlatform, folder: Path, publisher: TelegramPublisher, past: Past) -> list[Row]:
    """Start a daemon some times over, each time with one post that became due while it was down."""
    home = folder / "restart"
    _lay_out(home, stub, past.channels)
    _fill(home / LEDGER, _long_ago(publisher, past))
    with Daemon(home):
        pass  # plans the calendar
    runs = [_start_again(stub, home, publisher, number) for number in range(past.times)]
    told = (
        f"calendars read after {spread([read for read, _arrived in runs], ms)}, "
        f"first overdue message arrived after {spread([arrived for _read, arrived in runs], ms)}"
    )
    what = f"`loa run` started again with {past.deliveries:,} deliveries in the ledger"
    return [Row(what, told, "goal: first tick < 2 s")]


def _lay_out(home: Path, stub: StubPlatform, channels: int) -> None:
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    rows = [CalendarRow(f"T{day:04}", today + timedelta(days=1 + day)) for day in range(DAYS)]
    settings = SETTINGS.format(url=stub.url, per_bot=0, per_chat=0, transport="httpx", connections=32)
    lay_out(home, settings, telegram_channels(channels, 1), rows)


def _long_ago(publisher: TelegramPublisher, past: Past) -> list[ComposedPost]:
    return some_posts(past.published, publisher, datetime.now(UTC) - timedelta(days=3))


def _fill(path: Path, posts: Sequence[ComposedPost]) -> None:
    """Put posts into a ledger as published."""
    engine = open_ledger(f"sqlite:///{path}")
    now = datetime.now(UTC)
    with engine.begin() as connection:
        _add(connection, posts, now)
        while standings := deliveries.ready(connection, now, BATCH):
            deliveries.move(
                connection, [Move(s.delivery.id, DeliveryState.PUBLISHING, None) for s in standings]
            )
            attempts.intend(connection, standings, now)
            attempts.record(connection, [_published(standing, now) for standing in standings])
    engine.dispose()


def _add(connection: Connection, posts: Sequence[ComposedPost], now: datetime) -> None:
    calendar.save_entries(connection, [(post.post.entry, True) for post in posts], {}, now=now)
    plan.apply_plan(connection, posts, window=WINDOW, now=now)
    for post in posts:
        approve(connection, post.post.id, post.post.due - timedelta(hours=1))


def _published(standing: Standing, now: datetime) -> Ended:
    key, due = standing.delivery.id, standing.delivery.due
    out = DeliveryState.PUBLISHED
    return Ended(key, 1, "sent", now, out, due, remote_id=str(key), published_at=due, lateness_ms=20)


def _start_again(
    stub: StubPlatform, home: Path, publisher: TelegramPublisher, number: int
) -> tuple[float, float]:
    """Return the seconds from the start of the process to the calendars, and to the first message."""
    engine = open_ledger(f"sqlite:///{home / LEDGER}")
    now = datetime.now(UTC)
    with engine.begin() as connection:
        _add(connection, [compose(f"R{number:04}", ["Telegram 000"], publisher, now)], now)
    engine.dispose()
    stub.begin()
    began = time.time()
    with Daemon(home) as daemon:
        end = began + PATIENCE
        while not (came := [each.at for each in stub.arrivals() if each.bot != APPROVAL_BOT]):
            assert time.time() < end, "the overdue message never came"
            time.sleep(0.02)
        return daemon.ready_after, came[0] - began
