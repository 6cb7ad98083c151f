"""Listeners that stand behind the office's web server: each one socket, one small app."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import uvicorn
from starlette.types import ASGIApp

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
async def served(app: ASGIApp, address: str, *, what: str) -> AsyncIterator[str]:
    """Serve an app while this is open; yield the listener's address, empty where the socket cannot be had."""
    listener = _listen(address, what)
    if listener is None:
        yield ""
        return

    server = Quiet(_config(app))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield "http://{}:{}".format(*listener.getsockname()[:2])
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def pictures_served(house: House) -> AsyncIterator[str]:
    """Serve the pictures of a house while this is open; yield the listener's address.

    It is empty where no public address is set, and where the socket cannot be had: then posts with
    pictures fail and are told of in time, and all others go out.
    """
    if not house.settings.media.public_url:
        yield ""
        return

    async def is_approved(name: str) -> bool:
        return await house.ledger.read(partial(pictures.is_approved, name=name))

    app = pictures_app(Shelf(house.media), is_approved)
    async with served(app, house.settings.media.listen, what="pictures") as address:
        yield address


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=ENDING,
    )


def _listen(address: str, what: str) -> socket.socket | None:
    """Open the socket; the protocol is named, for only then asyncio sends small answers at once."""
    host, _colon, port = address.rpartition(":")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
    except OSError as error:
        listener.close()
        log.error(  # noqa: TRY400 - what the system says is all there is to say
            "Cannot serve %s: %s", what, error.strerror, extra={"action": f"{what}_not_served"}
        )
        return None
    listener.listen()
    return listener
