"""The doors of the stand-ins: a request goes straight to the function that answers it, without a server."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Answering = Callable[[Request], Awaitable[Response]]


class Doors:
    """Finds the stand-in and the route of a request, as Starlette would, and returns what is answered."""

    def __init__(self, standins: Mapping[str, Any], address: str) -> None:
        """Stand at `address`, with the stand-in of each name below it."""
        where = urlsplit(address)
        self._server = (where.hostname, where.port or 80)
        self._routes = {name: list(_answering(one.routes())) for name, one in standins.items()}

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Let a stand-in answer a request."""
        _nothing, name, path = request.url.path.split("/", 2)
        for route in self._routes[name]:
            if request.method in (route.methods or ()) and (match := route.path_regex.match(f"/{path}")):
                answered = await route.endpoint(self._inside(request, f"/{name}", match.groupdict()))
                return httpx.Response(
                    answered.status_code, headers=answered.raw_headers, content=answered.body
                )
        return httpx.Response(404, text="Not Found")

    def _inside(self, request: httpx.Request, root: str, found: Mapping[str, str]) -> Request:
        """Return the request as a stand-in sees it."""
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "server": self._server,
            "root_path": root,
            "path": request.url.path,
            "path_params": found,
            "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
        }
        whole = {"type": "http.request", "body": request.content, "more_body": False}

        async def receive() -> dict[str, Any]:
            return whole

        return Request(scope, receive)


def _answering(routes: Any) -> Iterator[Route]:
    return (route for route in routes if isinstance(route, Route))
