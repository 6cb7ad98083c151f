"""The house's HTTP: many lines of one connection each, one SSL context, errors without URLs.

One wide httpx pool collapses (it polls every idle connection at every request, encode/httpx#3215):
with 450 connections it does a tenth of what four do. Each poll also lets go of the interpreter, which
the thread that writes the ledger then holds. So the width comes from lines that have nothing to poll.

A line is httpx's transport without its client: of what that adds we want nothing (cookies, redirects,
authentication, proxies from the environment), and it costs as much again as the request.
"""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import httpx
from socksio import SOCKSError

from content_queue.outcomes import NotSentError, UnknownOutcomeError
from content_queue.texts import _

#: Errors of a request of which no byte can have left.
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.ProxyError,
    SOCKSError,  # a proxy that speaks nonsense; httpx lets it through as it is
)
#: Seconds for connecting, and for each read and write.
CONNECT, TRANSFER = 10.0, 60.0
#: Bytes a second that the slowest line carries.
SLOWEST = 16_384
#: Seconds that opening a connection early may take: a platform that hangs must not hold up the due second.
WARM = 1.5
#: Seconds that an idle connection is kept; httpx's own five would be over before the next post.
KEEPALIVE = 60.0
TIMEOUT = httpx.Timeout(TRANSFER, connect=CONNECT)
#: What every request says of us, as httpx's client would.
HEADERS = {
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "connection": "keep-alive",
    "user-agent": f"python-httpx/{httpx.__version__}",
}


def open_shards(transport: str, *, connections: int, proxy: str = "") -> "Shards":
    """Lay lines of `httpx` or, with the extra `fast`, of `aiohttp`.

    aiohttp knows no socks5:// proxies: there it stays with httpx.
    """
    if transport == "httpx" or proxy.startswith("socks"):
        return Shards(connections=connections, proxy=proxy or None)
    from publishers.fast import FastTransport  # noqa: PLC0415 -- only with the extra

    fast = FastTransport(connections=connections, keepalive=KEEPALIVE, proxy=proxy or None)
    return Shards(connections=connections, transport=fast, connects=True)


class Shards:
    """As many lines as `connections`, each of one.

    Requests take the connection used last, so that few stay warm while little is to do.
    """

    def __init__(
        self,
        *,
        connections: int = 32,
        proxy: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        connects: bool = False,
    ) -> None:
        """Lay the lines; nothing is connected yet. `proxy` is an http:// or socks5:// address.

        With a `transport` all requests go through that; `connects` says that it has connections to warm.
        """
        self._connects = connects or transport is None
        context = ssl.create_default_context() if transport is None else True
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE)
        self.connections = connections
        self._lines = [
            transport or httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy, trust_env=False)
            for _shard in range(connections)
        ]
        self._free: asyncio.LifoQueue[httpx.AsyncBaseTransport] = asyncio.LifoQueue()
        for line in reversed(self._lines):
            self._free.put_nowait(line)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout = TIMEOUT,  # noqa: ASYNC109 # httpx's own word for it
        **content: Any,
    ) -> httpx.Response:
        """Make one request and return whatever was answered; `content` is what `httpx.Request` takes.

        Raises:
            NotSentError: no byte left the house.
            UnknownOutcomeError: it left and no whole answer came.
        """
        told = {**HEADERS, **(headers or {})}
        extensions = {"timeout": timeout.as_dict()}
        line = await self._free.get()
        try:
            request = httpx.Request(method, url, headers=told, extensions=extensions, **content)
            async with asyncio.timeout(patience(request)):
                return await _carry(line, request)
        except NOT_SENT as error:
            raise NotSentError(
                _("Không kết nối được tới nền tảng ({kind}).").format(kind=kind(error))
            ) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise UnknownOutcomeError(
                _("Đã gửi nhưng không nhận được trả lời trọn vẹn ({kind}).").format(kind=kind(error))
            ) from error
        finally:
            self._free.put_nowait(line)

    async def warm(self, url: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Open every connection with a cheap GET, so that the due second pays for no handshake."""
        if not self._connects:
            return

        async def one() -> None:
            try:
                await self.request("GET", url, headers=headers, timeout=httpx.Timeout(WARM))
            except (NotSentError, UnknownOutcomeError):
                return  # the real request will tell

        await asyncio.gather(*(one() for _slot in range(self.connections)))

    async def close(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(line.aclose() for line in self._lines))


async def _carry(line: httpx.AsyncBaseTransport, request: httpx.Request) -> httpx.Response:
    """Return a whole answer; what breaks off in the middle leaves no connection behind."""
    answer = await line.handle_async_request(request)
    answer.request = request
    try:
        await answer.aread()
    finally:
        await answer.aclose()
    return answer


def patience(request: httpx.Request) -> float | None:
    """Return the seconds that a request may take: a SOCKS greeting and aiohttp's writing know no end."""
    parts = list(request.extensions["timeout"].values())
    if None in parts:
        return None
    return float(sum(parts) + int(request.headers.get("content-length", 0)) / SLOWEST)


def kind(error: Exception) -> str:
    """Name an error without its text, which may hold an address with a token."""
    return type(error).__name__
