"""The stand-in of Zalo: articles of Official Accounts, as the Article API v2.0 is documented.

A token is `<oa id>:<anything>`; without a colon an OA of its own is made up for it. The endings `wrong`
and `expired` are refused as Zalo refuses such tokens; those that `oauth` gave live as long as Zalo's. A
video whose name holds `hong` fails. Which pictures can be fetched: see `fetching`.
`POST /_limits {"app": N, "oa": N}` sets the requests a minute, 0 for none; `POST /_work {"replies": N}` how
often an article or a video is answered "being processed" first.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from publishers.standin.faults import BentFaults
from publishers.standin.forms import Form, read_form
from publishers.standin.journal import Journal
from publishers.standin.pictures import Pictures
from publishers.standin.shown import Shown
from publishers.standin.zalo.articles import Articles
from publishers.standin.zalo.faults import BENDS
from publishers.standin.zalo.fetching import Fetching, urls_of
from publishers.standin.zalo.films import check_upload
from publishers.standin.zalo.oauth import Grants
from publishers.standin.zalo.rules import Limits, Refusal, check_article, films_of, oa_of, readable_list

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: whose, what, under which address it came, and its headers."""

    oa: str
    form: Form
    home: str
    headers: Headers

    @property
    def fields(self) -> Mapping[str, Any]:
        """Return what was asked for."""
        return self.form.fields

    def text(self, name: str) -> str:
        """Return a field as text, empty where it is not there."""
        return str(self.form.fields.get(name, ""))


class ZaloStandin:
    """One Zalo for all Official Accounts."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay `journal` and go on; `now` gives the wall time, aware, UTC."""
        self._articles = Articles(journal, now)
        self._limits = Limits(now)
        self._faults = BentFaults(BENDS)
        self._grants = Grants(journal, now, self._faults)
        self._pictures = Pictures(journal.folder)
        self._fetching = Fetching(self._pictures)
        #: (method, path) -> what answers.
        self._calls: Mapping[tuple[str, str], Callable[[Asked], Awaitable[Answer]]] = {
            ("POST", "article/create"): self._create,
            ("POST", "article/update"): self._update,
            ("POST", "article/verify"): self._verify,
            ("POST", "article/remove"): self._remove,
            ("GET", "article/getslice"): self._slice,
            ("GET", "article/getdetail"): self._detail,
            ("POST", "article/upload_video/preparevideo"): self._prepare,
            ("GET", "article/upload_video/verify"): self._film,
            ("POST", "oa/message"): self._push,
            ("GET", "oa/getoa"): self._about,
        }

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the platform, to be mounted at `/zalo`."""
        return [
            Route("/v2.0/{call:path}", self._request, methods=["GET", "POST"]),
            Route("/v3.0/{call:path}", _newer, methods=["GET", "POST"]),
            *self._grants.routes(),
            Route("/detail/{oa}/{article}", self._page),
            Route("/_limits", self._limiting, methods=["POST"]),
            Route("/_work", self._working, methods=["POST"]),
            Route("/_leads", self._leading, methods=["POST"]),
            self._faults.route(),
        ]

    def shown(self) -> list[Shown]:
        """Return all articles that were not removed, oldest first; hidden ones are not visible."""
        return self._articles.shown()

    def counted(self) -> dict[str, dict[str, Any]]:
        """Return what came of each OA and of the app."""
        return self._limits.tally.told()

    async def _request(self, request: Request) -> Response:
        return await self._faults.around(request, self._answer, _throttled)

    async def _answer(self, request: Request) -> Response:
        try:
            oa = oa_of(request.headers.get("access_token", ""))
            self._grants.check(request.headers["access_token"])
            self._limits.count(oa)
            call = self._called(request)
            data = await call(Asked(oa, await read_form(request), _home(request), request.headers))
        except Refusal as refusal:
            told = {"error": refusal.code, "message": str(refusal)}
            return JSONResponse(told, status_code=refusal.status, headers=refusal.headers)
        return JSONResponse({"error": 0, "message": "Success", **({"data": data} if data else {})})

    def _called(self, request: Request) -> Callable[[Asked], Awaitable[Answer]]:
        call = (request.method, request.path_params["call"])
        if call not in self._calls:
            raise Refusal(-209, "API is not support", status=404)
        return self._calls[call]

    async def _create(self, asked: Asked) -> Answer:
        return {"token": self._articles.create(asked.oa, asked.fields, await self._fetched(asked))}

    async def _update(self, asked: Asked) -> Answer:
        self._articles.find(asked.oa, asked.text("id"))
        return {"token": self._articles.update(asked.oa, asked.fields, await self._fetched(asked))}

    async def _fetched(self, asked: Asked) -> Mapping[str, str] | None:
        """Check an article and return its pictures, as they came; None if one did not."""
        check_article(asked.fields)
        for film in films_of(asked.fields):
            self._articles.films.check(asked.oa, film)
        return await self._fetching.fetch(urls_of(asked.fields))

    async def _verify(self, asked: Asked) -> Answer:
        return {"id": self._articles.verify(asked.oa, asked.text("token"))}

    async def _remove(self, asked: Asked) -> Answer:
        self._articles.remove(asked.oa, asked.text("id"))
        return {}

    async def _slice(self, asked: Asked) -> Answer:
        offset, limit = readable_list(asked.fields)
        mine = self._articles.of(asked.oa, asked.text("type"))
        return {
            "total": len(mine),
            "medias": [self._row(one.id, asked.home) for one in mine[offset : offset + limit]],
        }

    async def _detail(self, asked: Asked) -> Answer:
        article = self._articles.find(asked.oa, asked.text("id"))
        kept = ("author", "description", "cover", "body", "comment")
        return {**self._row(article.id, asked.home), **{name: article.fields.get(name) for name in kept}}

    async def _prepare(self, asked: Asked) -> Answer:
        file = check_upload(asked.form.files.get("file"))
        path = self._pictures.keep(file.content)
        return {"token": self._articles.prepare(asked.oa, file.name, file.content, path=path)}

    async def _film(self, asked: Asked) -> Answer:
        return self._articles.films.verify(asked.oa, asked.headers.get("token") or asked.text("token"))

    async def _push(self, asked: Asked) -> Answer:
        articles = self._articles.broadcasts.check(asked.oa, asked.fields)
        return {"message_id": self._articles.push(asked.oa, articles)}

    def _row(self, article: str, home: str) -> dict[str, Any]:
        row = self._articles.row(article)
        return {**row, "link_view": f"{home}/detail/{self._articles.owner(article)}/{article}"}

    async def _about(self, asked: Asked) -> Answer:
        oa = asked.oa
        return {
            "oa_id": oa,
            "name": f"OA {oa}",
            "is_verified": True,
            "oa_type": 4,
            "num_follower": 1000 + int(oa[-3:]) if oa.isdigit() else 1000,
            "package_name": "Tăng trưởng",
            "package_valid_through_date": "31/12/2026",
        }

    async def _limiting(self, request: Request) -> Response:
        self._limits.set(**await request.json())
        return JSONResponse({"ok": True})

    async def _working(self, request: Request) -> Response:
        self._articles.work(**await request.json())
        return JSONResponse({"ok": True})

    async def _leading(self, request: Request) -> Response:
        self._fetching.lead(**await request.json())
        return JSONResponse({"ok": True})

    async def _page(self, request: Request) -> Response:
        try:
            article = self._articles.find(request.path_params["oa"], request.path_params["article"])
        except Refusal:
            return HTMLResponse("", status_code=404)
        if article.fields["status"] != "show":
            return HTMLResponse("", status_code=404)
        shown = {"article": article, "cover": article.pictures.get(urls_of(article.fields)[0], "")}
        return HTMLResponse(_pages().get_template("article.html").render(shown))


async def _newer(request: Request) -> Response:
    """Refuse what v3.0 holds: messages are not for such an account, and there are no articles."""
    if request.path_params["call"].startswith("oa/message/"):
        return JSONResponse({"error": -235, "message": "This API does not support this type of OA"})
    told = {"error": -209, "message": "You are accessing an empty or invalid API"}
    return JSONResponse(told, status_code=404)


def _throttled(_request: Request) -> Response:
    told = {"error": -32, "message": "Your application/OA reached limit call api"}
    return JSONResponse(told, headers={"X-RateLimit-Remain": "0"})


def _home(request: Request) -> str:
    """Return the address under which the stand-in was reached, for links."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"


def _pages() -> Environment:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
