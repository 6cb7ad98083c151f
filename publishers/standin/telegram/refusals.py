"""Refusals that tests order word for word: every row of the Bot API's table, over the wire.

`POST /telegram/_refuse {"on": "sendMessage", "code": 400, "words": "Bad Request: …", "count": 1,
"parameters": {}, "after": false}` answers the next `count` calls of a method so; `after` carries them out
first, as a server does that fails in the end. A `code` of 502 answers as the proxy before it, in HTML.
"""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publishers.standin.telegram.wire import Refusal

#: What a proxy answers by itself.
PROXY = 502


@dataclass(slots=True)
class Ordered:
    """One refusal that waits for its calls."""

    on: str
    refusal: Refusal
    left: int
    after: bool


class Refusals:
    """Refusals ordered and not yet used up."""

    def __init__(self) -> None:
        """Start without any."""
        self._ordered: list[Ordered] = []

    def take(self, method: str) -> Ordered | None:
        """Return what was ordered for a method, and count it."""
        found = next((each for each in self._ordered if each.on in method), None)
        if found is not None:
            found.left -= 1
            self._ordered = [each for each in self._ordered if each.left > 0]
        return found

    def route(self) -> Route:
        """Return the route `/_refuse`."""
        return Route("/_refuse", self._ordering, methods=["POST"])

    async def _ordering(self, request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        refusal = Refusal(asked["code"], asked["words"], **asked.get("parameters", {}))
        on = str(asked.get("on", "")).lower()
        self._ordered.append(Ordered(on, refusal, int(asked.get("count", 1)), after=bool(asked.get("after"))))
        return JSONResponse({"ok": True})


def answer_of(ordered: Ordered) -> Response:
    """Return an ordered refusal as it comes over the wire."""
    if ordered.refusal.code == PROXY:
        return Response("<html><h1>502 Bad Gateway</h1></html>", PROXY, media_type="text/html")
    return ordered.refusal.response()
