"""The house's clients: what an error means, how wide they are, and that connections stay."""

import asyncio
import gc
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from content_queue.outcomes import NotSentError, PublishError, UnknownOutcomeError
from publishers.http import Shards, open_shards
from tests.publishers.serving import closed_port

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#: Seconds that a request may take for its answer, where none will come.
SOON = 0.3

Talk = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """The other end: counts connections and notes the first line of every request."""

    port: int = 0
    opened: int = 0
    open: int = 0
    most: int = 0
    came: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot1:x/sendMessage"


async def _answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(ANSWER)


@asynccontextmanager
async def a_peer(talk: Talk = _answer) -> AsyncIterator[Peer]:
    """Listen on a free port; `talk` answers each request, and the connection ends when it closes it."""
    peer = Peer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer.opened += 1
        peer.open += 1
        peer.most = max(peer.most, peer.open)
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(_length(head))
                peer.came.append(head.split(b"\r\n")[0].decode())
                await talk(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            peer.open -= 1
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()


def _length(head: bytes) -> int:
    _, named, told = head.lower().partition(b"content-length:")
    return int(told.split(b"\r\n")[0]) if named else 0


@asynccontextmanager
async def some_shards(transport: str, connections: int = 1, proxy: str = "") -> AsyncIterator[Shards]:
    """Open shards and close them."""
    shards = open_shards(transport, connections=connections, proxy=proxy)
    try:
        yield shards
    finally:
        await shards.close()


# --- what an error means ---------------------------------------------------------------------------------


async def _close(_head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _reset(_head: bytes, writer: asyncio.StreamWriter) -> None:
    """Break the connection as a killed peer does."""
    told = writer.get_extra_info("socket")
    told.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()


async def _silence(_head: bytes, _writer: asyncio.StreamWriter) -> None:
    return None


def _saying(said: bytes) -> Talk:
    async def talk(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        _close,
        _reset,
        _silence,
        _saying(b"SSH-2.0-OpenSSH_9.2\r\n"),
        _saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
        _saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"),
        _saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf"),
        _saying(b"HTTP/1.1 200 OK\r\nContent-Le"),
    ],
)
async def test_what_left_without_a_whole_answer_is_unknown(transport: str, talk: Talk) -> None:
    """Closed, reset, silent, strange, cut: it came there, once, and the caller is told that nobody knows."""
    async with a_peer(talk) as peer, some_shards(transport) as shards:
        with pytest.raises(UnknownOutcomeError) as caught:
            await shards.request("POST", peer.url, data={"text": "Tin"}, timeout=httpx.Timeout(SOON))
        assert peer.came == ["POST /bot1:x/sendMessage HTTP/1.1"]
        assert "bot1:x" not in _whole(caught.value)


def _whole(error: BaseException | None) -> str:
    """Return what a traceback shows of an error and of those behind it."""
    return "" if error is None else f"{error!r} {_whole(error.__cause__)}"


async def test_a_kept_connection_that_breaks_under_a_request_is_unknown(transport: str) -> None:
    """A POST is never tried again on another connection, neither by us nor by what carries it."""
    answers: list[Talk] = [_answer, _reset]

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        await answers.pop(0)(head, writer)

    async with a_peer(talk) as peer, some_shards(transport) as shards:
        await shards.request("POST", peer.url, data={"text": "Một"})
        with pytest.raises(UnknownOutcomeError):
            await shards.request("POST", peer.url, data={"text": "Hai"})
        assert (len(peer.came), peer.opened) == (2, 1)


async def test_a_connection_that_the_platform_closed_meanwhile_is_not_used(transport: str) -> None:
    """An end that has been told is seen before the next request leaves."""
    closing: list[asyncio.StreamWriter] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        closing.append(writer)
        await _answer(head, writer)

    async with a_peer(talk) as peer, some_shards(transport) as shards:
        await shards.request("POST", peer.url, data={"text": "Một"})
        closing[0].close()
        await closing[0].wait_closed()
        await asyncio.sleep(0.05)
        assert (await shards.request("POST", peer.url, data={"text": "Hai"})).text == "ok"
        assert (len(peer.came), peer.opened) == (2, 2)


@pytest.mark.parametrize("where", ["http://127.0.0.1:{closed}", "http://no-such-host", "ftp://127.0.0.1"])
async def test_where_nobody_is_reached_nothing_is_sent(
    transport: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed door, an unknown name, a strange scheme: trying again is safe."""
    ask = socket.getaddrinfo

    def getaddrinfo(host: Any, *more: Any, **named: Any) -> Any:
        if host in ("no-such-host", b"no-such-host"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ask(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    url = f"{where.format(closed=closed_port())}/bot1:x/sendMessage"
    async with some_shards(transport) as shards:
        with pytest.raises(NotSentError) as caught:
            await shards.request("POST", url, data={"text": "Tin"})
        assert "bot1:x" not in _whole(caught.value)


async def test_a_door_that_does_not_open_in_time_is_not_sent(transport: str) -> None:
    """The listener's queue is full: the connection never comes about."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for each in (first, second):
            each.setblocking(False)  # noqa: FBT003 -- its own name for it
            each.connect_ex(listener.getsockname())
        async with some_shards(transport) as shards:
            with pytest.raises(NotSentError):
                await shards.request(
                    "POST", f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=httpx.Timeout(SOON)
                )


async def test_without_trust_nothing_is_sent(transport: str) -> None:
    """Whoever answers https without TLS gets no request."""
    async with a_peer(_saying(b"what?")) as peer, some_shards(transport) as shards:
        with pytest.raises(PublishError) as caught:
            await shards.request(
                "POST", peer.url.replace("http:", "https:"), data={"text": "Tin"}, timeout=httpx.Timeout(SOON)
            )
        assert (type(caught.value), peer.came) == (NotSentError, [])


# --- through a proxy ---------------------------------------------------------------------------------------


async def test_a_proxy_is_asked_for_the_address(transport: str) -> None:
    """The proxy sees the whole address, as a proxy does."""
    async with a_peer() as peer, some_shards(transport, proxy=f"http://127.0.0.1:{peer.port}") as shards:
        answer = await shards.request("POST", "http://127.0.0.1:9/a", data={"text": "Tin"})
        assert (answer.text, peer.came) == ("ok", ["POST http://127.0.0.1:9/a HTTP/1.1"])


async def test_a_proxy_that_refuses_sends_nothing(transport: str) -> None:
    """It is asked for a way first and says no."""
    no = _saying(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    async with a_peer(no) as peer, some_shards(transport, proxy=f"http://127.0.0.1:{peer.port}") as shards:
        with pytest.raises(NotSentError):
            await shards.request("POST", "https://127.0.0.1:9/a", data={"text": "Tin"})
        assert peer.came == ["CONNECT 127.0.0.1:9 HTTP/1.1"]


async def test_a_proxy_that_is_not_there_sends_nothing(transport: str) -> None:
    """Neither the proxy nor what is behind it was reached."""
    async with some_shards(transport, proxy=f"http://127.0.0.1:{closed_port()}") as shards:
        for url in ("http://127.0.0.1:9/a", "https://127.0.0.1:9/a"):
            with pytest.raises(NotSentError):
                await shards.request("POST", url, data={"text": "Tin"})


async def test_a_socks_proxy_is_left_to_httpx(transport: str) -> None:
    """The aiohttp transport knows none; the line works all the same."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for size, said in ((3, b"\x05\x00"), (10, b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x09")):
            asked.append(await reader.readexactly(size))
            writer.write(said)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy = f"socks5://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with some_shards(transport, proxy=proxy) as shards:
        answer = await shards.request("GET", "http://127.0.0.1:9/a")
    server.close()
    assert (answer.text, asked) == ("ok", [b"\x05\x01\x00", b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x09"])


@pytest.mark.parametrize(("said", "told"), [(b"what?", NotSentError), (b"", UnknownOutcomeError)])
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # httpcore leaves it open
async def test_a_socks_proxy_without_manners_ends_the_request(said: bytes, told: type[PublishError]) -> None:
    """The library lets the error of its SOCKS library through, and waits for a greeting without end."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.read(3)
        writer.write(said)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy = f"socks5://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with some_shards("httpx", proxy=proxy) as shards:
        with pytest.raises(told) as caught:
            await shards.request("GET", "http://127.0.0.1:9/a", timeout=httpx.Timeout(SOON / 4))
        assert type(caught.value) is told
    server.close()
    writers[0].close()
    await writers[0].wait_closed()
    del caught  # its frames hold the connection
    gc.collect()


# --- width and warmth --------------------------------------------------------------------------------------


async def test_many_requests_take_as_many_connections_as_were_made_and_no_more(transport: str) -> None:
    """Warmed ones carry everything; what is told to be eight wide is eight wide."""

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        await _answer(head, writer)

    async with a_peer(talk) as peer, some_shards(transport, connections=8) as shards:
        await shards.warm(peer.url)
        assert (len(peer.came), peer.opened) == (8, 8)
        answers = [shards.request("POST", peer.url, data={"text": "Tin"}) for _number in range(64)]
        assert {answer.text for answer in await asyncio.gather(*answers)} == {"ok"}
        assert (len(peer.came), peer.opened, peer.most) == (72, 8, 8)


def test_no_pool_of_httpx_is_wider_than_four() -> None:
    """One that is polls each of its idle connections at every request, and collapses."""
    shards = Shards(connections=32)
    widths = [_width(line) for line in shards._lines]
    assert sum(widths) == 32
    assert max(widths) <= 4


def _width(line: httpx.AsyncBaseTransport) -> int:
    assert isinstance(line, httpx.AsyncHTTPTransport)
    width: int = line._pool._max_connections
    return width


async def test_tls_is_set_up_once(transport: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the roots takes longer than a request; all clients of a line share them."""
    made: list[ssl.SSLContext] = []
    make = ssl.create_default_context

    def counted() -> ssl.SSLContext:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", counted)
    async with a_peer() as peer, some_shards(transport, connections=8) as shards:
        await shards.warm(peer.url)
    assert len(made) == 1


async def test_idle_connections_are_kept_for_the_next_post() -> None:
    """By itself httpx closes them after five seconds; here ten posts later no new one is opened."""
    async with (
        a_peer() as first,
        a_peer() as second,
        some_shards("httpx", connections=4) as plain,
        some_shards("aiohttp", connections=4) as fast,
    ):
        pairs = ((first, plain), (second, fast))
        for peer, shards in pairs:
            await shards.warm(peer.url)
        await asyncio.sleep(5.5)
        for peer, shards in pairs:
            await asyncio.gather(*(shards.request("POST", peer.url) for _number in range(10)))
        assert [(peer.opened, len(peer.came)) for peer, _shards in pairs] == [(4, 14), (4, 14)]
