"""The house's HTTP: many clients of one connection each, one SSL context, errors without URLs.

One wide httpx pool collapses (it polls every idle connection at every request, encode/httpx#3215):
with 450 connections it does a tenth of what four do. Each poll also lets go of the interpreter, which
the thread that writes the ledger then holds. So the width comes from clients that have nothing to poll.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from content_queue.outcomes import NotSentError, UnknownOutcomeError
from content_queue.texts import _

#: Errors of a request of which no byte can have left.
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)
#: Seconds for connecting, and for each read and write.
CONNECT, TRANSFER = 10.0, 60.0
#: Seconds that opening a connection early may take: a platform that hangs must not hold up the due second.
WARM = 1.5
#: Seconds that an idle connection is kept; httpx's own five would be over before the next post.
KEEPALIVE = 60.0


class Shards:
    """As many clients as `connections`, each of one.

    Requests take the connection used last, so that few stay warm while little is to do.
    """

    def __init__(
        self,
        *,
        connections: int = 32,
        proxy: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Make the clients; nothing is connected yet. `proxy` is an http:// or socks5:// address.

        With a `transport` all requests go through that instead of sockets.
        """
        self._connects = transport is None
        context = ssl.create_default_context() if transport is None else True
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE)
        self.connections = connections
        self._clients = [
            httpx.AsyncClient(
                verify=context,
                limits=limits,
                proxy=proxy,
                transport=transport,
                timeout=httpx.Timeout(TRANSFER, connect=CONNECT),
                follow_redirects=False,
                trust_env=False,
            )
            for _shard in range(connections)
        ]
        self._free: asyncio.LifoQueue[httpx.AsyncClient] = asyncio.LifoQueue()
        for client in reversed(self._clients):
            self._free.put_nowait(client)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Lend a client for one request."""
        client = await self._free.get()
        try:
            yield client
        finally:
            self._free.put_nowait(client)

    async def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Make one request and return whatever was answered.

        Raises:
            NotSentError: no byte left the house.
            UnknownOutcomeError: it left and no whole answer came.
        """
        async with self.client() as client:
            try:
                return await client.request(method, url, **arguments)
            except NOT_SENT as error:
                raise NotSentError(
                    _("Không kết nối được tới nền tảng ({kind}).").format(kind=kind(error))
                ) from error
            except httpx.HTTPError as error:
                told = _("Đã gửi nhưng không nhận được trả lời trọn vẹn ({kind}).").format(kind=kind(error))
                raise UnknownOutcomeError(told) from error

    async def warm(self, url: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Open every connection with a cheap GET, so that the due second pays for no handshake."""
        if not self._connects:
            return

        async def one() -> None:
            try:
                await self.request("GET", url, headers=headers, timeout=WARM)
            except (NotSentError, UnknownOutcomeError):
                return  # the real request will tell

        await asyncio.gather(*(one() for _slot in range(self.connections)))

    async def close(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(client.aclose() for client in self._clients))


def kind(error: httpx.HTTPError) -> str:
    """Name an error without its text, which may hold an address with a token."""
    return type(error).__name__
