"""A hold of everything in the midst of a burst: how long from the tap that confirms it to silence."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench.fanout import EARLY, LANES, LaterClock, send_all
from bench.ledger import AGENCY, a_full_ledger, a_publisher, some_channels, some_posts
from bench.platform import StubPlatform
from bench.rows import Row, ms, spread
from bot.acts import By
from bot.desk import Desk
from bot.telegram.gate import Said, Tapped
from bot.telegram.replies import Talk
from bot.telegram.talk import WAY, answer_tap, answer_words
from content_queue.delivery.decide import Rules
from content_queue.delivery.prepare import prepare
from content_queue.delivery.works import Works
from content_queue.models import Agency, Person
from content_queue.states import DeliveryState
from content_queue.store import Connection, deliveries
from content_queue.store.tables import attempts
from content_queue.store.writer import ThreadWriter
from publishers.http import open_shards

CHAT, KEY = 7, b"bench"
LEADER = Person("Nguyễn Thị Lãnh", CHAT, frozenset({"leader"}), frozenset({"*"}))
DESK = Desk((LEADER,), {AGENCY: Agency(AGENCY, {"vi": "Sở Văn hóa, Thể thao và Du lịch"})}, ())
#: The tap comes when this part of the burst is out.
AFTER = 1 / 3


@dataclass(frozen=True, slots=True)
class Silence:
    """Seconds from the tap to its commit and to the last message that came, and how many came after it."""

    committed: float
    silent: float
    out: int
    later: int


async def measure(stub: StubPlatform, folder: Path, *, count: int, times: int) -> list[Row]:
    """Stop a burst of so many deliveries, some times."""
    runs = [await _stopped(stub, folder, count) for _turn in range(times)]
    return list(_rows(count, runs))


async def _stopped(stub: StubPlatform, folder: Path, count: int) -> Silence:
    path = folder / f"{time.perf_counter_ns()}.db"
    shards = open_shards("httpx", connections=LANES)
    publisher = a_publisher(stub.url, shards, folder)
    posts = some_posts(count, publisher, datetime.now(UTC) + EARLY / 2)
    try:
        with a_full_ledger(path, posts) as ledger:
            works = Works(ledger, LaterClock(), {"telegram": publisher}, some_channels(), Rules(lanes=LANES))
            while await ledger.read(lambda c: deliveries.to_prepare(c, works.clock.now(), limit=1)):
                await prepare(works)
            await shards.warm(stub.url)
            stub.begin()
            sending = asyncio.create_task(send_all(works))
            return await _stop(stub, works, sending, int(count * AFTER))
    finally:
        await shards.close()
        path.unlink()


async def _stop(stub: StubPlatform, works: Works, sending: asyncio.Task[None], after: int) -> Silence:
    ledger = works.ledger
    assert isinstance(ledger, ThreadWriter)
    data = await ledger.run(lambda c: _listed(c, works.clock.now()))
    while await ledger.read(_begun) < after:  # noqa: ASYNC110 -- a ledger in a thread calls nobody
        await asyncio.sleep(0.002)
    tapped = time.time()
    intended = await ledger.run(lambda c: _tap(c, data, works.clock.now()))
    committed = time.time() - tapped
    await sending
    came = stub.arrivals()
    states: Mapping[str, int] = await ledger.read(deliveries.count_states)
    held = states.get(DeliveryState.HELD, 0)
    assert len(came) == intended, f"{len(came)} came, {intended} were intended before the tap"
    assert held + intended == sum(states.values()), f"{states} is not all"
    later = [each.at for each in came if each.at > tapped]
    return Silence(committed, max(later, default=tapped) - tapped, intended, len(later))


def _listed(connection: Connection, now: datetime) -> str:
    """Ask for the hold as a leader does, and return what the button under its list carries."""
    answer = answer_words(_talk(connection, now), Said(LEADER, CHAT, "/tam_dung vì thử"))
    [(_label, data)] = answer.buttons
    return data


def _tap(connection: Connection, data: str, now: datetime) -> int:
    """Take the tap; return how many intents were committed before it."""
    intended = _begun(connection)
    answer = answer_tap(_talk(connection, now), Tapped(LEADER, CHAT, "", data))
    assert answer.changed, answer
    return intended


def _talk(connection: Connection, now: datetime) -> Talk:
    return Talk(connection, By(LEADER, WAY, now), CHAT, DESK, KEY)


def _begun(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(attempts)).scalar() or 0)


def _rows(count: int, runs: list[Silence]) -> Iterator[Row]:
    silent = spread([run.silent for run in runs], ms)
    committed = spread([run.committed for run in runs], ms)
    out, later = ([f"{getattr(run, name)}" for run in runs] for name in ("out", "later"))
    yield Row(
        f"a hold of all in a burst of {count}: from the tap to silence",
        f"{silent}; {committed} until it was committed; {', '.join(out)} were out, "
        f"{', '.join(later)} of them came after the tap, all intended before it",
        "goal: ≤ 5 s",
    )
