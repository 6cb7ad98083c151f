"""A platform that costs next to nothing: answers like the Bot API, and notes when each message came.

Runs as a child process (`python -m bench.stub`), prints its port, and ends with its parent.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field

MESSAGE = b'{"ok":true,"result":{"message_id":%d,"date":1795132800,"chat":%s,"text":"Xin ch\\u00e0o"}}'
CHAT = b'{"id":-1001234567890,"type":"channel","title":"K\\u00eanh"}'
LIE = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'
HEAD_500 = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass(slots=True)
class Board:
    """What was sent, and how long an answer takes, in seconds.

    With `lies` every so many-th message is accepted and answered with 500.
    """

    #: Wall second, path and body of every message; they are read when somebody asks.
    sent: list[tuple[float, str, bytes]] = field(default_factory=list)
    delay: float = 0.0
    lies: int = 0

    def arrivals(self) -> list[tuple[float, str, str]]:
        """Return second, number of the bot and chat of every message."""
        return [
            (at, path.partition(":")[0].removeprefix("/bot"), _chat(path, body))
            for at, path, body in self.sent
        ]


class BotApi(asyncio.Protocol):
    """One kept-alive connection; requests on it follow one another."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request that has come."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end].lower()
            whole = end + 4 + _length(head)
            if len(self._read) < whole:
                return
            path, body = self._read.split(b" ", 2)[1].decode(), self._read[end + 4 : whole]
            self._read = self._read[whole:]
            self._answer(path, body)

    def _answer(self, path: str, body: bytes) -> None:
        """Answer to `/bot<token>/<method>`, and to the bench's own `/_sent` and `/_anew/<delay>/<lies>`."""
        _, first, *rest = path.split("/")
        board = self._board
        match rest:
            case ["sendMessage", *_chat]:
                board.sent.append((time.time(), path, body))
                lie = board.lies and len(board.sent) % board.lies == 0
                self._later(
                    board.delay, LIE if lie else MESSAGE % (len(board.sent), CHAT), HEAD_500 if lie else HEAD
                )
            case ["getUpdates"]:
                self._later(_patience(body), b'{"ok":true,"result":[]}')
            case _ if first == "_sent":
                self._write(json.dumps(board.arrivals()).encode())
            case [delay, lies] if first == "_anew":
                board.sent, board.delay, board.lies = [], float(delay), int(lies)
                self._write(b"{}")
            case _:
                self._write(b'{"ok":true,"result":true}')

    def _later(self, delay: float, body: bytes, head: bytes = HEAD) -> None:
        if delay:
            asyncio.get_running_loop().call_later(delay, self._write, body, head)
        else:
            self._write(body, head)

    def _write(self, body: bytes, head: bytes = HEAD) -> None:
        if not self._transport.is_closing():
            self._transport.write(head % len(body) + body)


def _chat(path: str, body: bytes) -> str:
    """Return the chat that a message names: in its form, in its JSON, or as the end of its path."""
    found = re.search(rb'chat_id"?[=:]\s*"?(-?\d+)', body)
    return found[1].decode() if found else path.rstrip("/").rpartition("/")[2]


def _patience(body: bytes) -> float:
    """Return for how many seconds a poll for updates asks to be held open: nobody ever writes to this bot."""
    found = re.search(rb'timeout"?[=:]\s*"?(\d+)', body)
    return float(found[1]) if found else 0.0


def _length(head: bytes) -> int:
    _, named, told = head.partition(b"content-length:")
    return int(told.split(b"\r\n", 1)[0]) if named else 0


async def main() -> None:
    """Serve until whoever started us is gone."""
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    board = Board()
    server = await loop.create_server(lambda: BotApi(board), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    loop.add_reader(sys.stdin.fileno(), gone.set)
    await gone.wait()


if __name__ == "__main__":
    asyncio.run(main())
