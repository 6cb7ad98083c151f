"""Many deliveries at once: the whole pipeline against bare loops that keep nothing."""

import asyncio
import gc
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

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
from bench.rows import Row, ms
from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.prepare import prepare
from content_queue.delivery.works import Works
from content_queue.models import Channel, ComposedPost, Payload
from content_queue.outcomes import Staged
from content_queue.store import deliveries
from content_queue.store.writer import ThreadWriter
from publishers.http import Shards
from schedules.clock import SystemClock

#: Calls under way at once, in every run.
LANES = 32
#: Requests that everything is warmed with.
WARMING = 64
#: How far ahead of the machine's clock a pipeline works.
EARLY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds to the last answer, to the last receipt on disk, and of CPU, with those before the second."""

    answered: float
    kept: float
    cpu: float
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
    shards = Shards(connections=LANES)
    bench = Bench(stub, shards, a_publisher(stub.url, shards, folder), folder)
    rows: list[Row] = []
    try:
        for way in WAYS.values():
            await way(bench, WARMING)
        for place, (count, times) in enumerate(rounds.items()):
            ways = {name: way for name, way in WAYS.items() if place == 0 or name != WIDE}
            runs = [{name: await way(bench, count) for name, way in ways.items()} for _ in range(times)]
            rows += _rows(count, runs)
    finally:
        await shards.close()
    return rows


# --- the ways ------------------------------------------------------------------------------------------


async def pipeline(bench: Bench, count: int) -> Run:
    """Prepare, then claim, write intents, send and write receipts, as the daemon does."""
    path = bench.folder / f"{time.perf_counter_ns()}.db"
    posts = some_posts(count, bench.publisher, datetime.now(UTC) + EARLY / 2)
    with a_full_ledger(path, posts) as ledger:
        rules = Rules(lanes=LANES)
        works = Works(ledger, LaterClock(), {"telegram": bench.publisher}, some_channels(), rules)
        began = time.process_time()
        await _prepare_all(works, ledger)
        before = time.process_time() - began
        run = await _timed(bench, lambda: _send_all(works))
        kept = await ledger.read(count_published)
    _want(bench, count)
    assert kept == count, f"{kept} of {count} deliveries are published in the ledger"
    return Run(run.answered, run.kept, run.cpu, before)


async def _prepare_all(works: Works, ledger: ThreadWriter) -> None:
    until = works.clock.now()
    while await ledger.read(lambda connection: deliveries.to_prepare(connection, until, limit=1)):
        await prepare(works)


async def _send_all(works: Works) -> None:
    """Do what the daemon's loop does when its alarm rings."""
    dispatch, sending = Dispatch(works), []
    while claimed := await claim(works):
        sending.append(asyncio.create_task(dispatch.send(claimed)))
    await asyncio.gather(*sending)


async def bare_loop(bench: Bench, count: int) -> Run:
    """Call the same adapter over the same clients with the same payloads; keep nothing."""
    work = _addressed(some_posts(count, bench.publisher, datetime.now(UTC)))

    async def lane() -> None:
        for channel, payload in work:
            await bench.publisher.publish(channel, payload, Staged())

    run = await _timed(bench, lambda: _in_lanes([lane] * LANES))
    _want(bench, count)
    return run


def _addressed(posts: Sequence[ComposedPost]) -> Iterator[tuple[Channel, Payload]]:
    channels = some_channels()
    for post in posts:
        for delivery in post.deliveries:
            assert delivery.payload is not None
            yield channels[delivery.channel], delivery.payload


async def bare_httpx(bench: Bench, count: int) -> Run:
    """Post the same form through httpx alone, in clients of one connection."""
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    context = ssl.create_default_context()
    clients = [httpx.AsyncClient(verify=context, limits=limits, trust_env=False) for _ in range(LANES)]
    forms = _forms(bench, count)

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


async def wide_httpx(bench: Bench, count: int) -> Run:
    """Post everything at once through one client as httpx makes it, as one would do first."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        await client.get(bench.stub.url)
        forms = _forms(bench, count)
        run = await _timed(bench, lambda: _all([_post(client, bench, form) for form in forms]))
    _want(bench, count)
    return run


def _forms(bench: Bench, count: int) -> Iterator[dict[str, str]]:
    posts = some_posts(count, bench.publisher, datetime.now(UTC))
    for channel, payload in _addressed(posts):
        yield {"chat_id": channel.remote_id, "text": payload.text}


async def _post(client: httpx.AsyncClient, bench: Bench, form: dict[str, str]) -> None:
    answer = await client.post(f"{bench.stub.url}/bot1:bench/sendMessage", data=form)
    assert answer.json()["ok"]
    bench.publisher.last_answer = time.perf_counter()


WIDE = "one httpx client, all at once"
WAYS: dict[str, Way] = {
    "pipeline": pipeline,
    "bare loop": bare_loop,
    "bare httpx": bare_httpx,
    WIDE: wide_httpx,
}

# --- the watch -----------------------------------------------------------------------------------------


async def _timed(bench: Bench, work: Callable[[], Awaitable[None]]) -> Run:
    bench.stub.begin()
    gc.collect()  # each run pays for its own litter only
    began, cpu = time.perf_counter(), time.process_time()
    await work()
    kept = time.perf_counter() - began
    return Run(bench.publisher.last_answer - began, kept, time.process_time() - cpu)


async def _in_lanes(lanes: Sequence[Callable[[], Awaitable[None]]]) -> None:
    await asyncio.gather(*(lane() for lane in lanes))


async def _all(work: Sequence[Awaitable[None]]) -> None:
    await asyncio.gather(*work)


def _want(bench: Bench, count: int) -> None:
    """Believe no figure of a run that lost or doubled something."""
    came = len(bench.stub.arrivals())
    assert came == count, f"{came} of {count} messages came"


# --- the rows ------------------------------------------------------------------------------------------


def _rows(count: int, runs: Sequence[dict[str, Run]]) -> Iterator[Row]:
    for name in runs[0]:
        mine = [run[name] for run in runs]
        against = _against(runs) if name == "pipeline" else ""
        yield Row(f"{count:,} deliveries, {name}", _figures(count, mine), against)


def _figures(count: int, runs: Sequence[Run]) -> str:
    kept = median(run.kept for run in runs)
    each = median(run.cpu for run in runs) / count
    told = [ms(median(run.answered for run in runs)) + " to the last answer"]
    before = median(run.before for run in runs) / count
    if before:
        told.append(f"{ms(kept)} to the last receipt on disk")
    told += [f"{count / kept:.0f}/s", f"{each * 1e6:.0f} µs CPU each"]
    if before:
        told.append(f"{before * 1e6:.0f} µs before the second")
    return ", ".join(told)


def _against(runs: Sequence[dict[str, Run]]) -> str:
    """Return how fast the pipeline is, as a share of the bare ways, and how much more CPU it takes."""
    told = []
    for name in ("bare loop", "bare httpx"):
        speed = median(run[name].kept / run["pipeline"].kept for run in runs)
        cpu = median(run["pipeline"].cpu / run[name].cpu for run in runs)
        told.append(f"{speed:.2f} × the speed of {name}, {cpu:.2f} × its CPU")
    return "; ".join(told)
