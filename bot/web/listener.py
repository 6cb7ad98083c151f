"""The listener that stands behind the office's web server: one socket, one small app."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import uvicorn

from bot.house import House
from bot.web.pictures import pictures_app
from bot.web.shelf import Shelf
from content_queue.store import pictures

log = logging.getLogger(__name__)
#: Connections that are answered at once; more are told to come again.
AT_ONCE = 64
#: Seconds that an idle connection is kept, and that requests under way may take at the end.
IDLE, ENDING = 5, 2


class Quiet(uvicorn.Server):
    """A server in a loop that has other work: signals are the daemon's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@asynccontextmanager
async def pictures_served(house: House) -> AsyncIterator[str]:
    """Serve the pictures of a house while this is open; yield the listener's address.

    It is empty where no public address is set, and where the socket cannot be had: then posts with
    pictures fail and are told of in time, and all others go out.
    """
    listener = _listen(house.settings.media.listen) if house.settings.media.public_url else None
    if listener is None:
        yield ""
        return

    server = Quiet(_config(house))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield "http://{}:{}".format(*listener.getsockname()[:2])
    finally:
        server.should_exit = True
        await serving


def _config(house: House) -> uvicorn.Config:
    async def is_approved(name: str) -> bool:
        return await house.ledger.read(partial(pictures.is_approved, name=name))

    return uvicorn.Config(
        pictures_app(Shelf(house.media), is_approved),
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=ENDING,
    )


def _listen(address: str) -> socket.socket | None:
    """Open the socket; the protocol is named, for only then asyncio sends small answers at once."""
    host, _colon, port = address.rpartition(":")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
    except OSError as error:
        listener.close()
        log.error(  # noqa: TRY400 - what the system says is all there is to say
            "Pictures cannot be served: %s", error.strerror, extra={"action": "pictures_not_served"}
        )
        return None
    listener.listen()
    return listener
