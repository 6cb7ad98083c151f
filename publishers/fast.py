"""The transport of the extra `fast`: aiohttp under httpx, with errors that say exactly what left.

httpx-aiohttp calls a connection that breaks after the first byte a `ConnectTimeout`, as if nothing had been
sent, and lets some errors of aiohttp through; here each of them gets the name that httpx has for it.
aiohttp tries GET, PUT and DELETE once more by itself on a connection that turns out dead; never POST.
"""

import ssl
from collections.abc import AsyncIterator
from typing import cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

Meanings = tuple[tuple[type[Exception], type[httpx.TransportError]], ...]
#: aiohttp's error -> httpx's, where no byte of the request can have left.
NOT_SENT: Meanings = (
    (aiohttp.ClientHttpProxyError, httpx.ProxyError),
    (aiohttp.ClientProxyConnectionError, httpx.ProxyError),
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ClientConnectorError, httpx.ConnectError),  # with those of names and of TLS
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol),
    (aiohttp.NonHttpUrlClientError, httpx.UnsupportedProtocol),
)
#: The same where some may have left; the first that fits.
PERHAPS_SENT: Meanings = (
    (aiohttp.SocketTimeoutError, httpx.ReadTimeout),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError),
    (aiohttp.ClientError, httpx.ReadError),
    (OSError, httpx.ReadError),
    (ValueError, httpx.LocalProtocolError),
)
TOLD = (httpx.TransportError, aiohttp.ClientError, OSError, ValueError)


class FastTransport(AiohttpTransport):
    """Carry the requests of all clients of a line over one aiohttp session of `connections`."""

    def __init__(self, *, connections: int, keepalive: float, proxy: str | None = None) -> None:
        """Make it; the session begins with the first request. `proxy` is an http:// address."""
        context = ssl.create_default_context()

        def session() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=keepalive, ssl=context)
            return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

        super().__init__(verify=context, proxy=httpx.Proxy(proxy) if proxy else None, client=session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the head of its answer.

        Raises:
            httpx.TransportError: the error that httpx's own transport would raise.
        """
        try:
            answer = await super().handle_async_request(request)
        except TOLD as error:
            raise meant(error) from None  # aiohttp's own words hold addresses
        answer.stream = _Body(cast("httpx.AsyncByteStream", answer.stream))
        return answer


class _Body(httpx.AsyncByteStream):
    """The body of an answer, with the same errors."""

    def __init__(self, body: httpx.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._body:
                yield chunk
        except TOLD as error:
            raise meant(error) from None

    async def aclose(self) -> None:
        """Give the connection back."""
        await self._body.aclose()


def meant(error: Exception) -> httpx.TransportError:
    """Return what an error of aiohttp is called in httpx; one that httpx-aiohttp renamed is looked behind."""
    behind = error.__cause__ if isinstance(error, httpx.TransportError) else error
    for theirs, ours in (*NOT_SENT, *PERHAPS_SENT):
        if isinstance(behind, theirs):
            return ours(type(behind).__name__)
    return httpx.ReadError(type(error).__name__)
