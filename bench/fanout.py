"""Many deliveries at once: the whole pipeline against bare loops that keep nothing."""

import asyncio
import gc
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import cast

import httpx

from bench.ledger import (
    TimedPublisher,
    a_full_ledger,
    a_publisher,
    count_published,
    some_channels,
    some_posts,
)
from bench.platform import StubPlatform
from bench.rows import Row, ms, ratio, spread, us
from bot.serve import collect_seldom
from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.prepare import prepare
from content_queue.delivery.works import Works
from content_queue.models import Channel, ComposedPost, Payload
from content_queue.outcomes import Staged
from content_queue.store import deliveries
from content_queue.store.writer import ThreadWriter
from publishers.http import Shards, open_shards
from schedules.clock import SystemClock

#: Calls under way at once, in every run.
LANES = 32
#: Requests that everything is warmed with.
WARMING = 64
#: How far ahead of the machine's clock a pipeline works.
EARLY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds to the last answer and to the last receipt on disk; of CPU, with those of the first thread.

    `collecting` is what the garbage collector took, in seconds, and `before` what was done before the second.
    """

    answered: float
    kept: float
    cpu: float
    main: float
    collecting: float
    before: float = 0.0


class LaterClock(SystemClock):
    """The machine's clock when what could still be approved just now has become due."""

    def now(self) -> datetime:
        """Return the wall time and half an hour."""
        return super().now() + EARLY


@dataclass(frozen=True, slots=True)
class Bench:
    """What all runs share: the stub, the house's clients and the adapter over them."""

    stub: StubPlatform
    shards: Shards
    publisher: TimedPublisher
    folder: Path


Way = Callable[[Bench, int], Awaitable[Run]]


async def measure(stub: StubPlatform, folder: Path, rounds: Mapping[int, int]) -> list[Row]:
    """Run each way for each count of deliveries, in turns; `rounds` is count -> rounds."""
    rows: list[Row] = []
    collect_seldom()  # as the daemon does, for all ways
    async with AsyncExitStack() as stack:
        ways = [(name, way, await _open(stack, stub, folder, kind)) for name, (kind, way) in WAYS.items()]
        for _name, way, bench in ways:
            await way(bench, WARMING)
        for count, times in rounds.items():
            rows += _rows(count, [await _round(ways, count, turn) for turn in range(times)])
    return rows


async def _open(stack: AsyncExitStack, stub: StubPlatform, folder: Path, transport: str) -> Bench:
    shards = open_shards(transport, connections=LANES)
    stack.push_async_callback(shards.close)
    return Bench(stub, shards, a_publisher(stub.url, shards, folder), folder)


async def _round(ways: Sequence[tuple[str, Way, Bench]], count: int, turn: int) -> dict[str, Run]:
    """Run all ways once; each comes first in its turn, as what is first may pay for the others."""
    first = turn % len(ways)
    return {name: await way(bench, count) for name, way, bench in (*ways[first:], *ways[:first])}


# --- the ways ------------------------------------------------------------------------------------------


async def pipeline(bench: Bench, count: int) -> Run:
    """Prepare, then claim, write intents, send and write receipts, as the daemon does."""
    path = bench.folder / f"{time.perf_counter_ns()}.db"
    posts = some_posts(count, bench.publisher, datetime.now(UTC) + EARLY / 2)
    with a_full_ledger(path, posts) as ledger:
        rules = Rules(lanes=LANES, catch_up=timedelta())  # its clock is later: all of it is late
        works = Works(ledger, LaterClock(), {"telegram": bench.publisher}, some_channels(), rules)
        began = time.process_time()
        await _prepare_all(works, ledger)
        before = time.process_time() - began
        run = await _timed(bench, lambda: send_all(works))
        kept = await ledger.read(count_published)
    _want(bench, count)
    assert kept == count, f"{kept} of {count} deliveries are published in the ledger"
    path.unlink()
    return replace(run, before=before)


async def _prepare_all(works: Works, ledger: ThreadWriter) -> None:
    until = works.clock.now()
    while await ledger.read(lambda connection: deliveries.to_prepare(connection, until, limit=1)):
        await prepare(works)


async def send_all(works: Works) -> None:
    """Do what the daemon's loop does when its alarm rings."""
    dispatch, sending = Dispatch(works), []
    while claimed := await claim(works):
        sending.append(asyncio.create_task(dispatch.send(claimed)))
    await asyncio.gather(*sending)


async def bare_loop(bench: Bench, count: int) -> Run:
    """Call the same adapter over the same clients with the same payloads; keep nothing."""
    work = iter(_addressed(some_posts(count, bench.publisher, datetime.now(UTC))))

    async def lane() -> None:
        for channel, payload in work:
            await bench.publisher.publish(channel, payload, Staged())

    run = await _timed(bench, lambda: _in_lanes([lane] * LANES))
    _want(bench, count)
    return run


def _addressed(posts: Sequence[ComposedPost]) -> list[tuple[Channel, Payload]]:
    channels = some_channels()
    return [
        (channels[delivery.channel], cast("Payload", delivery.payload))
        for post in posts
        for delivery in post.deliveries
    ]


async def bare_httpx(bench: Bench, count: int) -> Run:
    """Post the same form through httpx alone, in clients of one connection."""
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    context = ssl.create_default_context()
    clients = [httpx.AsyncClient(verify=context, limits=limits, trust_env=False) for _ in range(LANES)]
    forms = iter(_forms(bench, count))

    def lane(client: httpx.AsyncClient) -> Callable[[], Awaitable[None]]:
        async def post_all() -> None:
            for form in forms:
                await _post(client, bench, form)

        return post_all

    try:
        await asyncio.gather(*(client.get(bench.stub.url) for client in clients))
        run = await _timed(bench, lambda: _in_lanes([lane(client) for client in clients]))
    finally:
        await asyncio.gather(*(each.aclose() for each in clients))
    _want(bench, count)
    return run


def _forms(bench: Bench, count: int) -> list[dict[str, str]]:
    posts = some_posts(count, bench.publisher, datetime.now(UTC))
    return [{"chat_id": channel.remote_id, "text": payload.text} for channel, payload in _addressed(posts)]


async def _post(client: httpx.AsyncClient, bench: Bench, form: dict[str, str]) -> None:
    answer = await client.post(f"{bench.stub.url}/bot1:bench/sendMessage", data=form)
    assert answer.json()["ok"]
    bench.publisher.last_answer = time.perf_counter()


#: What is measured -> the transport under it, and the way.
WAYS: dict[str, tuple[str, Way]] = {
    "pipeline": ("httpx", pipeline),
    "bare loop": ("httpx", bare_loop),
    "bare httpx": ("httpx", bare_httpx),
    "pipeline, `fast`": ("aiohttp", pipeline),
    "bare loop, `fast`": ("aiohttp", bare_loop),
}
#: A pipeline -> what it is held against.
AGAINST = {"pipeline": ("bare loop", "bare httpx"), "pipeline, `fast`": ("bare loop, `fast`",)}

# --- the watch -----------------------------------------------------------------------------------------


async def _timed(bench: Bench, work: Callable[[], Awaitable[None]]) -> Run:
    await bench.shards.warm(bench.stub.url)
    bench.stub.begin()
    with collecting() as spent:  # each run pays for its own litter only
        began, cpu, main = time.perf_counter(), time.process_time(), time.thread_time()
        await work()
        kept, main = time.perf_counter() - began, time.thread_time() - main
        cpu = time.process_time() - cpu
    return Run(bench.publisher.last_answer - began, kept, cpu, main, spent[0])


@contextmanager
def collecting() -> Iterator[list[float]]:
    """Sum up the seconds that the garbage collector takes, beginning with nothing to collect."""
    spent, began = [0.0], [0.0]

    def watch(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            began[0] = time.perf_counter()
        else:
            spent[0] += time.perf_counter() - began[0]

    gc.collect()
    gc.callbacks.append(watch)
    try:
        yield spent
    finally:
        gc.callbacks.remove(watch)


async def _in_lanes(lanes: Sequence[Callable[[], Awaitable[None]]]) -> None:
    await asyncio.gather(*(lane() for lane in lanes))


def _want(bench: Bench, count: int) -> None:
    """Believe no figure of a run that lost or doubled something."""
    came = len(bench.stub.arrivals())
    assert came == count, f"{came} of {count} messages came"


# --- the rows ------------------------------------------------------------------------------------------


def _rows(count: int, runs: Sequence[dict[str, Run]]) -> Iterator[Row]:
    for name in WAYS:
        mine = [run[name] for run in runs]
        yield Row(f"{count:,} deliveries, {name}", _figures(count, mine), _against(name, runs))


def _figures(count: int, runs: Sequence[Run]) -> str:
    told = [
        spread([run.kept for run in runs], ms) + (" to the last receipt on disk" if runs[0].before else ""),
        f"{count / median(run.kept for run in runs):.0f}/s",
        spread([run.cpu / count for run in runs], us) + " CPU each",
    ]
    if runs[0].before:
        writer, litter = ([run.cpu - run.main for run in runs], [run.collecting for run in runs])
        told.append(f"of these {us(median(writer) / count)} beside the first thread")
        told.append(f"{us(median(litter) / count)} collecting")
        told.append(f"{us(median(run.before for run in runs) / count)} before the second")
    return ", ".join(told)


def _against(name: str, runs: Sequence[dict[str, Run]]) -> str:
    """Return how fast a pipeline is, as a share of the bare ways, and how much more CPU it takes."""
    told = []
    for other in AGAINST.get(name, ()):
        speed = spread([run[other].kept / run[name].kept for run in runs], ratio)
        cpu = spread([run[name].cpu / run[other].cpu for run in runs], ratio)
        told.append(f"{speed} × the speed of {other}, {cpu} × its CPU")
    return "; ".join(told)
