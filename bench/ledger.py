"""A ledger full of approved deliveries that are due, and the adapter that they leave by."""

import time as clock
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from content_queue.media import MediaStore
from content_queue.models import (
    Channel,
    ComposedDelivery,
    ComposedPost,
    Entry,
    Facts,
    Payload,
    Person,
    Place,
    PlannedPost,
    Variant,
)
from content_queue.models.rules import NO_RULES
from content_queue.outcomes import Pending, Receipt, Staged
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection, approvals, calendar, deliveries, plan
from content_queue.store.approvals import Decision
from content_queue.store.engine import open_ledger
from content_queue.store.writer import ThreadWriter
from publishers.http import Shards
from publishers.options import TelegramOptions
from publishers.telegram import TelegramPublisher

AGENCY = "svhttdl"
LEADER = Person("Nguyễn Thị Lãnh", None, frozenset({"leader"}), frozenset({"*"}))
WINDOW = timedelta(hours=2)
#: Channels of one post; more deliveries are more posts.
CHANNELS = 450
#: About 700 bytes in a form.
TEXT = "Sở Văn hóa, Thể thao và Du lịch mời bà con xem chương trình cồng chiêng tối nay. "


class Tokens:
    """One bot speaks everywhere; it needs no secret that is one."""

    def get(self, name: str) -> str:
        """Return the token of any bot."""
        return f"1:{name}"


class TimedPublisher(TelegramPublisher):
    """The adapter as it is; it notes when its last answer came."""

    last_answer = 0.0

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Publish, and look at the clock."""
        receipt = await super().publish(channel, payload, staged)
        self.last_answer = clock.perf_counter()
        return receipt


def a_publisher(url: str, shards: Shards, folder: Path) -> TimedPublisher:
    """Make the adapter for Telegram with its limits off."""
    options = TelegramOptions(
        api_url=url, per_bot_per_second=0, per_chat_per_second=0, silent_from=time(), silent_to=time()
    )
    return TimedPublisher(http=shards, secrets=Tokens(), media=MediaStore(folder), options=options)


def some_channels() -> Mapping[str, Channel]:
    """Make the channels of all runs."""
    names = (f"Telegram {number:03}" for number in range(CHANNELS))
    return {
        name: Channel(name, AGENCY, "telegram", f"-1001000000{number:03}", token="bench")  # noqa: S106 - a name
        for number, name in enumerate(names)
    }


def some_posts(count: int, publisher: TelegramPublisher, due: datetime) -> list[ComposedPost]:
    """Compose posts with `count` deliveries together."""
    channels = list(some_channels().values())
    posts = []
    for number, first in enumerate(range(0, count, CHANNELS)):
        some = channels[: min(CHANNELS, count - first)]
        posts.append(compose(f"B{number:04}", [each.name for each in some], publisher, due))
    return posts


def compose(code: str, channels: Sequence[str], publisher: TelegramPublisher, due: datetime) -> ComposedPost:
    """Compose one post for some channels."""
    text = f"{code}. {TEXT * 5}"
    payload = publisher.render(next(iter(some_channels().values())), Variant("vi", text))
    found = tuple(ComposedDelivery(each, "telegram", "vi", payload) for each in channels)
    return ComposedPost(_planned(code, text, due), found)


def _planned(code: str, text: str, due: datetime) -> PlannedPost:
    place = Place("lich.xlsx", "Lịch", 2)
    entry = Entry(
        code, place, "20/11", 0, time(8), AGENCY, "Trần Văn Soạn", "", ("tất cả",), (), {"vi": text}
    )
    return PlannedPost(f"{code}-{due.year}", entry, due.year, due, Facts(due.date(), entry.at))


@contextmanager
def a_full_ledger(path: Path, posts: list[ComposedPost]) -> Iterator[ThreadWriter]:
    """Open a new ledger in a file, with these posts planned and approved."""
    engine = open_ledger(f"sqlite:///{path}")
    ledger = ThreadWriter(engine)
    now = datetime.now(UTC)

    def fill(connection: Connection) -> None:
        calendar.save_entries(connection, [(post.post.entry, True) for post in posts], {}, now=now)
        plan.apply_plan(connection, posts, window=WINDOW, now=now)
        for post in posts:
            approve(connection, post.post.id)

    try:
        with engine.begin() as connection:
            fill(connection)
        yield ledger
    finally:
        ledger.close()
        engine.dispose()


def approve(connection: Connection, post: str, at: datetime | None = None) -> None:
    """Say yes to a post, now or at some moment."""
    decision = Decision(post, PostState.APPROVED, LEADER, "cli")
    approvals.decide(connection, decision, at or datetime.now(UTC), NO_RULES)


def count_published(connection: Connection) -> int:
    """Return how many deliveries are out, as the ledger says."""
    return deliveries.count_states(connection).get(DeliveryState.PUBLISHED, 0)
