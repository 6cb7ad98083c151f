"""A platform that costs next to nothing: answers like the Bot API, and notes when each message came.

Runs as a child process (`python -m bench.stub`), prints its port, and ends with its parent.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

#: Seconds that a poll for updates is held open; nobody ever writes to this bot.
POLL = 2.0
MESSAGE = b'{"ok":true,"result":{"message_id":%d,"date":1795132800,"chat":%s,"text":"Xin ch\\u00e0o"}}'
CHAT = b'{"id":-1001234567890,"type":"channel","title":"K\\u00eanh"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass(slots=True)
class Board:
    """What was sent, as (wall second, bot), and how long an answer takes, in seconds."""

    sent: list[tuple[float, str]] = field(default_factory=list)
    delay: float = 0.0


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
            path = self._read.split(b" ", 2)[1]
            self._read = self._read[whole:]
            self._answer(path.decode())

    def _answer(self, path: str) -> None:
        """Answer to `/bot<token>/<method>`, and to the bench's own `/_sent` and `/_anew/<delay>`."""
        _, first, *rest = path.split("/")
        match rest:
            case ["sendMessage"]:
                self._board.sent.append((time.time(), first.removeprefix("bot").partition(":")[0]))
                self._later(self._board.delay, MESSAGE % (len(self._board.sent), CHAT))
            case ["getUpdates"]:
                self._later(POLL, b'{"ok":true,"result":[]}')
            case _ if first == "_sent":
                self._write(json.dumps(self._board.sent).encode())
            case [delay] if first == "_anew":
                self._board.sent, self._board.delay = [], float(delay)
                self._write(b"{}")
            case _:
                self._write(b'{"ok":true,"result":true}')

    def _later(self, delay: float, body: bytes) -> None:
        if delay:
            asyncio.get_running_loop().call_later(delay, self._write, body)
        else:
            self._write(body)

    def _write(self, body: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(HEAD % len(body) + body)


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
