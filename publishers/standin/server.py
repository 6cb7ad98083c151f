"""One server for all stand-in platforms: each under `/<platform>`, and a page that shows what arrived."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from publishers.standin import page
from publishers.standin.faults import droppable
from publishers.standin.journal import Journal
from publishers.standin.pictures import Pictures
from publishers.standin.shown import Shown

#: platform -> "module:Class" of its stand-in. Imported on use.
STANDINS: Mapping[str, str] = {
    "facebook": "publishers.standin.facebook:FacebookStandin",
    "telegram": "publishers.standin.telegram:TelegramStandin",
    "zalo": "publishers.standin.zalo:ZaloStandin",
}


class Standin(Protocol):
    """One platform played on loopback; it rebuilds itself from its journal."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay `journal` and go on; `now` gives the wall time, aware, UTC."""

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the platform, to be mounted at `/<platform>`."""
        ...

    def shown(self) -> list[Shown]:
        """Return what readers can see, oldest first."""
        ...

    def counted(self) -> dict[str, dict[str, Any]]:
        """Return what came of each key that the platform limits; see `counting`."""
        ...


class Platforms(Starlette):
    """The app of all stand-ins; a response under it may close its connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        droppable(scope, send)
        await super().__call__(scope, receive, send)


def standin_class(platform: str) -> type[Standin]:
    """Import and return the stand-in of a platform."""
    module, _, name = STANDINS[platform].partition(":")
    found: type[Standin] = getattr(import_module(module), name)
    return found


def build(
    folder: Path, *, now: Callable[[], datetime], platforms: Sequence[str] = tuple(STANDINS)
) -> Platforms:
    """Make the app; journals are `folder`/<platform>.jsonl and the stand-ins `app.state.standins`."""
    journals = {platform: Journal(folder / f"{platform}.jsonl") for platform in platforms}
    standins = {platform: standin_class(platform)(journals[platform], now) for platform in platforms}

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        for journal in journals.values():
            journal.close()

    app = Platforms(
        routes=[
            *page.routes(lambda: seen_by_readers(standins), lambda: _conversations(standins)),
            Route("/_shown.json", _shown_json),
            Route("/_limits.json", _limits_json),
            Pictures(folder).route(),
            *(Mount(f"/{platform}", routes=standin.routes()) for platform, standin in standins.items()),
        ],
        lifespan=lifespan,
    )
    app.state.standins = standins
    return app


def all_shown(standins: Mapping[str, Standin]) -> list[Shown]:
    """Return what every platform shows, newest first."""
    shown = [post for standin in standins.values() for post in standin.shown()]
    return sorted(shown, key=lambda post: post.at, reverse=True)


def _conversations(standins: Mapping[str, Standin]) -> list[dict[str, Any]]:
    """Return the talks of bots with people, where a platform has such."""
    return [talk for one in standins.values() for talk in getattr(one, "conversations", list)()]


def seen_by_readers(standins: Mapping[str, Standin]) -> list[Shown]:
    """Return what readers see, newest first: nothing that lies hidden."""
    return [post for post in all_shown(standins) if post.visible]


async def _shown_json(request: Request) -> Response:
    shown = all_shown(request.app.state.standins)
    return JSONResponse([{**asdict(post), "at": post.at.isoformat()} for post in shown])


async def _limits_json(request: Request) -> Response:
    standins = request.app.state.standins
    return JSONResponse({platform: standin.counted() for platform, standin in standins.items()})
