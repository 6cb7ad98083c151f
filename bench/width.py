"""The width of a client: many posts at once through the house's clients, and through one wide pool."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx

from bench.platform import StubPlatform
from bench.rows import Row, ms, ratio, spread
from publishers.http import open_shards

#: Posts at once, the seconds an answer takes, and the connections they may take.
POSTS, DELAY, CONNECTIONS = 450, 0.08, 128
#: About as long as a post is.
FORM = {
    "chat_id": "-1001",
    "text": "Sở Văn hóa, Thể thao và Du lịch mời bà con xem cồng chiêng tối nay. " * 5,
}
WIDE = "one httpx pool"

Post = Callable[[str], Awaitable[httpx.Response]]


@asynccontextmanager
async def _house(transport: str, url: str) -> AsyncIterator[Post]:
    shards = open_shards(transport, connections=CONNECTIONS)
    await shards.warm(url)
    try:
        yield lambda url: shards.request("POST", url, data=FORM)
    finally:
        await shards.close()


@asynccontextmanager
async def _one_pool(url: str) -> AsyncIterator[Post]:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=120, trust_env=False) as client:
        await asyncio.gather(*(client.get(url) for _connection in range(CONNECTIONS)))
        yield lambda url: client.post(url, data=FORM)


async def measure(stub: StubPlatform, times: int, posts: int = POSTS) -> list[Row]:
    """Time each way in turns."""
    runs = [await _round(stub, posts) for _time in range(times)]
    took = {name: [run[name] for run in runs] for name in runs[0]}
    return [_row(name, posts, took) for name in took]


async def _round(stub: StubPlatform, posts: int) -> dict[str, float]:
    return {
        "the house's clients": await _timed(stub, posts, _house("httpx", stub.url)),
        "the house's clients, `fast`": await _timed(stub, posts, _house("aiohttp", stub.url)),
        WIDE: await _timed(stub, posts, _one_pool(stub.url)),
    }


async def _timed(stub: StubPlatform, posts: int, way: AbstractAsyncContextManager[Post]) -> float:
    async with way as post:
        stub.begin(DELAY)
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(post(f"{stub.url}/bot1:bench/sendMessage") for _post in range(posts))
        )
        took = time.perf_counter() - began
    assert all(answer.status_code == httpx.codes.OK for answer in answers)
    assert len(stub.arrivals()) == posts
    return took


def _row(name: str, posts: int, took: Mapping[str, list[float]]) -> Row:
    what = f"{posts} posts at once, answers after {ms(DELAY)}, {CONNECTIONS} connections: {name}"
    times = [wide / mine for wide, mine in zip(took[WIDE], took[name], strict=True)]
    against = "" if name == WIDE else f"{spread(times, ratio)} × as fast as {WIDE}"
    return Row(what, spread(took[name], ms), against)
