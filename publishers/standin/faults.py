"""Faults that tests order at a stand-in: the same words for every platform.

`POST /<platform>/_fault {"next": "drop_after", "count": 1, "on": "sendMessage", "skip": 0}` bends the next
`count` requests whose path contains `on` (every request, without it), after `skip` that go well.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

#: Fault word -> what it does.
WORDS = {
    "drop_before": "close the connection, commit nothing",
    "drop_after": "commit, then close without an answer",
    "500_before": "answer 500, commit nothing",
    "500_after": "commit, then answer 500",
    "garbage": "commit, then answer 200 with a body that nobody can read",
    "throttle": "refuse in the platform's own way of saying: later",
}
#: Another name for the same.
ALIASES = {"drop": "drop_after", "500": "500_after", "429": "throttle"}
#: Where `droppable` leaves the way to close the connection.
ABORT = "loa.abort"


def droppable(scope: Scope, send: Send) -> None:
    """Leave in `scope` the way to close the connection; `send` must still be uvicorn's own."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        scope[ABORT] = transport.abort


class Dropped(Response):
    """No answer at all: the connection is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Close the connection and wait until the server has seen it."""
        scope[ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass


@dataclass(slots=True)
class Ordered:
    """One fault that waits for its requests: `skip` of them still go well, then `left` do not."""

    word: str
    on: str
    left: int
    skip: int = 0

    def meets(self, path: str) -> bool:
        """Tell whether a request to `path` is bent, and count it."""
        if self.left <= 0 or self.on not in path:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Bend:
    """Another answer than the right one: `instead` of carrying the request out, or made `of` its answer."""

    instead: Callable[[], Response] | None = None
    of: Callable[[Response], Response] = lambda right: right


class Faults:
    """Faults ordered at one stand-in and not yet used up."""

    def __init__(self) -> None:
        """Start without any."""
        self._ordered: list[Ordered] = []

    def order(self, word: str, *, count: int = 1, on: str = "", skip: int = 0) -> None:
        """Bend the next `count` requests whose path contains `on`, after `skip` of them.

        Raises:
            KeyError: there is no such word.
        """
        word = ALIASES.get(word, word)
        if word not in WORDS:
            raise KeyError(word)
        self._ordered.append(Ordered(word, on, count, skip))

    def take(self, path: str) -> str:
        """Return the word for a request to `path`, or nothing."""
        for fault in self._ordered:
            if fault.meets(path):
                if not fault.left:
                    self._ordered.remove(fault)
                return fault.word
        return ""

    def route(self) -> Route:
        """Return the route `/_fault`, to be mounted with the platform's own."""
        return Route("/_fault", self._ordering, methods=["POST"])

    async def _ordering(self, request: Request) -> Response:
        asked = await request.json()
        try:
            more = {name: int(asked[name]) for name in ("count", "skip") if name in asked}
            self.order(asked["next"], on=asked.get("on", ""), **more)
        except KeyError:
            return JSONResponse({"known": {**WORDS, **ALIASES}}, status_code=400)
        return JSONResponse({"ok": True})

    async def around(
        self,
        request: Request,
        answer: Callable[[Request], Awaitable[Response]],
        throttled: Callable[[Request], Response],
    ) -> Response:
        """Answer a request, bent by what was ordered for its path."""
        word = self.take(request.url.path)
        match word:
            case "drop_before":
                return Dropped()
            case "500_before":
                return _broken()
            case "throttle":
                return throttled(request)
        answered = await answer(request)
        return AFTER[word]() if word else answered


class BentFaults(Faults):
    """The common faults, and a platform's own."""

    def __init__(self, bends: Mapping[str, Bend]) -> None:
        """Start without any; `bends` are the platform's own words."""
        super().__init__()
        self._own = bends
        self._bends: list[Ordered] = []

    def order(self, word: str, *, count: int = 1, on: str = "", skip: int = 0) -> None:
        """Bend the next `count` requests whose path contains `on`, after `skip` of them.

        Raises:
            KeyError: there is no such word.
        """
        if word in self._own:
            self._bends.append(Ordered(word, on, count, skip))
        else:
            super().order(word, count=count, on=on, skip=skip)

    async def around(
        self,
        request: Request,
        answer: Callable[[Request], Awaitable[Response]],
        throttled: Callable[[Request], Response],
    ) -> Response:
        """Answer a request, bent by what was ordered for its path."""
        word = next((ordered.word for ordered in self._bends if ordered.meets(request.url.path)), None)
        if word is None:
            return await super().around(request, answer, throttled)
        bend = self._own[word]
        return bend.instead() if bend.instead else bend.of(await answer(request))


def _broken() -> Response:
    return Response("Internal Server Error", status_code=500, media_type="text/plain")


def _garbage() -> Response:
    return Response("<html>b\u00e3o", status_code=200, media_type="text/html")


#: Fault word -> what is answered after the request was carried out.
AFTER: dict[str, Callable[[], Response]] = {
    "drop_after": Dropped,
    "500_after": _broken,
    "garbage": _garbage,
}
