"""What stands before every page: who may knock, how often, and what every answer says to the browser."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.limits import Limit

log = logging.getLogger(__name__)
#: What a browser may do with a page: show it with our own style and pictures, and send forms back to us.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # with `no-referrer` a browser would hide from us where a form comes from
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
#: One year, for browsers that were here once over https.
ONLY_SEALED = "max-age=31536000"
#: Requests of one address in a minute: looking, and sending forms.
LOOKS, FORMS, MINUTE = 240, 30, 60.0


@dataclass(frozen=True, slots=True)
class Door:
    """Stands before `app`, whose public address is `address`; `listen` is where it really is."""

    app: ASGIApp
    address: str
    listen: str
    looks: Limit
    forms: Limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or answer it here."""
        if scope["type"] != "http":
            return
        refused = self._refused(scope)
        answer: ASGIApp = refused or self.app
        await answer(scope, receive, self._with_headers(send))

    def _refused(self, scope: Scope) -> Response | None:
        headers, form = Headers(scope=scope), scope["method"] not in {"GET", "HEAD"}
        guest = scope["client"][0] if scope.get("client") else ""
        if headers.get("host", "") not in {urlsplit(self.address).netloc, self.listen}:
            return _refuse(400, "host")
        if not (self.forms if form else self.looks).take(guest):
            return _refuse(429, "too many")
        if form and not self._is_ours(headers):
            return _refuse(403, "foreign form")
        return None

    def _is_ours(self, headers: Headers) -> bool:
        """Tell whether a form stood on a page of ours: browsers say so in one way or another."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        return (
            site in {None, "same-origin"}
            and origin in {None, self._origin()}
            and (site or origin) is not None
        )

    def _origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def _with_headers(self, send: Send) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.address.startswith("https:"):
                    headers["Strict-Transport-Security"] = ONLY_SEALED
            await send(message)

        return answer


def _refuse(status: int, why: str) -> Response:
    log.warning("Request refused", extra={"action": "request_refused", "why": why})
    return PlainTextResponse(f"{status}", status)


def door(app: ASGIApp, *, address: str, listen: str, monotonic: Callable[[], float]) -> Door:
    """Put a door before an app."""
    return Door(app, address, listen, Limit(LOOKS, MINUTE, monotonic), Limit(FORMS, MINUTE, monotonic))
