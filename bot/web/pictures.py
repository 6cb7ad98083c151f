"""Serve pictures of approved posts, read-only, under names made of their content."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.shelf import Shelf
from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.served import meant_by

#: What every answer says: it is a picture and nothing else, and asks a browser for nothing.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: A name means one content for ever; that there is none may change with the next approval.
FOR_EVER, NEVER = "public, max-age=31536000, immutable", "no-store"


def pictures_app(shelf: Shelf, is_approved: Callable[[str], Awaitable[bool]]) -> Starlette:
    """Return the app: `/<sha256>.<ending>` of a picture that `is_approved`, and nothing besides."""

    async def picture(request: Request) -> Response:
        name = request.path_params["name"]
        ref = meant_by(name)
        if ref is None or not await is_approved(name):
            return _nothing(404)
        if _is_known(request, ref):
            return Response(status_code=304, headers=_headers(ref))
        try:
            content = await shelf.read(ref)
        except RefusedError:  # it is gone, or no more what was approved
            return _nothing(404)
        return Response(content, media_type=ref.mime, headers=_headers(ref))

    async def other(_request: Request, _error: Exception) -> Response:
        return _nothing(404)

    app = Starlette(routes=[Route("/{name}", picture, methods=["GET"])], exception_handlers={404: other})
    app.router.redirect_slashes = False
    return app


def _is_known(request: Request, ref: MediaRef) -> bool:
    told = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    return bool({"*", _tag(ref)} & told)


def _headers(ref: MediaRef) -> dict[str, str]:
    return {**HEADERS, "Cache-Control": FOR_EVER, "ETag": _tag(ref)}


def _tag(ref: MediaRef) -> str:
    return f'"{ref.name}"'


def _nothing(status: int) -> Response:
    return Response(status_code=status, headers={**HEADERS, "Cache-Control": NEVER})
