"""Start the stand-in platforms: `python -m publishers.standin --home DIR [--port N]`.

`DIR/standin.json` then tells where they are: `{"port": …, "pid": …}`.
"""

import argparse
import json
import os
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from publishers.standin.server import build

#: Connections that may wait to be accepted: more than a province has channels.
BACKLOG = 2048


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve on 127.0.0.1 until SIGTERM."""
    asked = _parser().parse_args(arguments)
    listener = listen(asked.port)
    config = uvicorn.Config(
        build(asked.home, now=_now),
        access_log=False,  # addresses of the Bot API hold tokens
        log_level="error",
        backlog=BACKLOG,
        timeout_graceful_shutdown=1,  # a long poll would hold it up
    )
    tell(asked.home / "standin.json", listener.getsockname()[1])
    uvicorn.Server(config).run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """Open a socket on 127.0.0.1; port 0 takes a free one.

    The protocol is named, as `socket.create_server` does not: only then does asyncio switch off
    Nagle's algorithm, which would hold every small answer back for 40 ms.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(BACKLOG)
    return listener


def tell(path: Path, port: int) -> None:
    """Write port and pid to `path`, whole or not at all."""
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps({"port": port, "pid": os.getpid()}), encoding="utf-8")
    draft.replace(path)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one wall clock of the stand-ins, handed to each


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="publishers.standin", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    return parser


if __name__ == "__main__":
    main()
