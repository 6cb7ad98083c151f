"""How tokens of Pages are had, as Meta documents it: exchange, the list of a person's Pages, `debug_token`.

A person's token says what is true of it: `<life>:<page>,<page>…`, where the life is `short`, `long` or
`forever` (a system user), and each page may end in `-` (not granted: listed without a token), `~` (the
person may not create content) or `*` (the app was not given `pages_manage_posts`). A Page's token is
`page:<life>:<page>`. What begins as in `answers.TOKENS` is dead here too.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from publishers.standin.facebook.answers import TOKENS, Refusal
from publishers.standin.forms import read_form

SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "read_insights",
    "pages_manage_engagement",
)
TASKS = ("ANALYZE", "MODERATE", "CREATE_CONTENT")
MARKS = "-~*"
#: Life of a token -> how long it is good; 0 is for ever.
LIVES: Mapping[str, timedelta] = {
    "short": timedelta(hours=1),
    "long": timedelta(days=60),
    "forever": timedelta(),
}
#: How long data may be read after a person was there.
DATA = timedelta(days=90)


class Login:
    """Answers about tokens; it remembers nothing, a token says all of itself."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Take the clock."""
        self._now = now

    def routes(self) -> list[BaseRoute]:
        """Return the routes, to stand before those of nodes and edges."""
        both = ["GET", "POST"]
        calls = {"oauth/access_token": self._exchange, "debug_token": self._debug}
        return [
            Route(f"/{{version}}/{path}", partial(_answered, call), methods=both)
            for path, call in calls.items()
        ]

    def accounts(self, token: str) -> list[dict[str, Any]] | None:
        """Return a person's Pages, None for a token that names none."""
        life, _colon, pages = token.partition(":")
        if life not in LIVES or not pages:
            return None
        return [self._page(life, page) for page in pages.split(",")]

    def _page(self, life: str, page: str) -> dict[str, Any]:
        """Return a row of `/me/accounts`; a Page token of a long-lived one has no end."""
        number = page.rstrip(MARKS)
        tasks = [task for task in TASKS if not ("~" in page and task == "CREATE_CONTENT")]
        row: dict[str, Any] = {"id": number, "name": f"Trang {number}", "tasks": tasks}
        if "-" not in page:
            row["access_token"] = f"page:{'short' if life == 'short' else 'forever'}:{page.rstrip('~')}"
        return row

    def _exchange(self, form: Mapping[str, Any], _bearer: str) -> dict[str, Any]:
        """Lengthen a person's token; it needs the app's id and secret."""
        if not form.get("client_id") or not form.get("client_secret"):
            raise Refusal(101, "Missing client_id parameter.")
        token = str(form.get("fb_exchange_token", ""))
        refused = self._dead(token)
        if refused is not None:
            raise refused
        life, _colon, pages = token.partition(":")
        if form.get("grant_type") != "fb_exchange_token" or life not in LIVES:
            raise Refusal(190, "Invalid OAuth access token data.")
        return {"access_token": f"long:{pages}", "token_type": "bearer", "expires_in": 5_183_944}

    def _debug(self, form: Mapping[str, Any], bearer: str) -> dict[str, Any]:
        """Tell what a token is; only the app may ask."""
        if "|" not in (bearer or str(form.get("access_token", ""))):
            raise Refusal(100, "(#100) You must provide an app access token")
        token = str(form.get("input_token", ""))
        refused = self._dead(token)
        if refused is not None:
            error = {"code": refused.code, "subcode": refused.subcode, "message": refused.message}
            return {"data": {"is_valid": False, "error": error, "scopes": []}}
        return {"data": {"is_valid": True, "app_id": "1", **self._described(token)}}

    def _described(self, token: str) -> dict[str, Any]:
        kind, _colon, rest = token.partition(":")
        life, page = rest.split(":", 1) if kind == "page" else (kind, "")
        good = LIVES.get(life, timedelta())
        scopes = [one for one in SCOPES if not ("*" in page and one == "pages_manage_posts")]
        told: dict[str, Any] = {
            "type": "PAGE" if page else "USER",
            "expires_at": int((self._now() + good).timestamp()) if good else 0,
            "data_access_expires_at": int((self._now() + DATA).timestamp())
            if life != "forever" or page
            else 0,
            "scopes": scopes,
        }
        return {**told, "profile_id": page.rstrip(MARKS)} if page else told

    @staticmethod
    def _dead(token: str) -> Refusal | None:
        return next((refusal for start, refusal in TOKENS.items() if token.startswith(start)), None)


async def _answered(call: Callable[[Mapping[str, Any], str], dict[str, Any]], request: Request) -> Response:
    form = (await read_form(request)).fields
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        return JSONResponse(call(form, bearer))
    except Refusal as refusal:
        return Refusal(refusal.code, refusal.message, refusal.subcode).response()
