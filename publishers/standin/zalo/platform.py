"""The stand-in of Zalo: articles of Official Accounts, as the Article API v2.0 is documented.

A token is `<oa id>:<anything>`; without a colon an OA of its own is made up for it. The endings `wrong`
and `expired` are refused as Zalo refuses such tokens; those that `oauth` gave live as long as Zalo's. A
picture whose address holds `missing` cannot be fetched.
`POST /_limits {"app": N, "oa": N}` sets the requests a minute, 0 for none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from publishers.standin.faults import Faults
from publishers.standin.forms import read_form
from publishers.standin.journal import Journal
from publishers.standin.shown import Shown
from publishers.standin.zalo.articles import Articles
from publishers.standin.zalo.oauth import Grants
from publishers.standin.zalo.rules import Limits, Refusal, oa_of, readable_list

Answer = Mapping[str, Any]


class ZaloStandin:
    """One Zalo for all Official Accounts."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay `journal` and go on; `now` gives the wall time, aware, UTC."""
        self._articles = Articles(journal, now)
        self._limits = Limits(now)
        self._faults = Faults()
        self._grants = Grants(journal, now, self._faults)
        #: (method, path) -> what answers.
        self._calls: Mapping[tuple[str, str], Callable[[str, Mapping[str, Any], str], Answer]] = {
            ("POST", "article/create"): self._create,
            ("POST", "article/update"): self._update,
            ("POST", "article/verify"): self._verify,
            ("POST", "article/remove"): self._remove,
            ("GET", "article/getslice"): self._slice,
            ("GET", "article/getdetail"): self._detail,
            ("GET", "oa/getoa"): self._about,
        }

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the platform, to be mounted at `/zalo`."""
        return [
            Route("/v2.0/{call:path}", self._request, methods=["GET", "POST"]),
            *self._grants.routes(),
            Route("/detail/{oa}/{article}", self._page),
            Route("/_limits", self._limiting, methods=["POST"]),
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
            data = self._called(request)(oa, (await read_form(request)).fields, _home(request))
        except Refusal as refusal:
            told = {"error": refusal.code, "message": str(refusal)}
            return JSONResponse(told, status_code=refusal.status, headers=refusal.headers)
        return JSONResponse({"error": 0, "message": "Success", **({"data": data} if data else {})})

    def _called(self, request: Request) -> Callable[[str, Mapping[str, Any], str], Answer]:
        call = (request.method, request.path_params["call"])
        if call not in self._calls:
            raise Refusal(-209, "API is not support", status=404)
        return self._calls[call]

    def _create(self, oa: str, asked: Mapping[str, Any], _home: str) -> Answer:
        return {"token": self._articles.create(oa, asked)}

    def _update(self, oa: str, asked: Mapping[str, Any], _home: str) -> Answer:
        return {"token": self._articles.update(oa, asked)}

    def _verify(self, oa: str, asked: Mapping[str, Any], _home: str) -> Answer:
        return {"id": self._articles.verify(oa, str(asked.get("token", "")))}

    def _remove(self, oa: str, asked: Mapping[str, Any], _home: str) -> Answer:
        self._articles.remove(oa, str(asked.get("id", "")))
        return {}

    def _slice(self, oa: str, asked: Mapping[str, Any], home: str) -> Answer:
        offset, limit = readable_list(asked)
        mine = self._articles.of(oa)
        return {
            "total": len(mine),
            "medias": [self._row(one.id, home) for one in mine[offset : offset + limit]],
        }

    def _detail(self, oa: str, asked: Mapping[str, Any], home: str) -> Answer:
        article = self._articles.find(oa, str(asked.get("id", "")))
        kept = ("author", "description", "cover", "body", "comment")
        return {**self._row(article.id, home), **{name: article.fields.get(name) for name in kept}}

    def _row(self, article: str, home: str) -> dict[str, Any]:
        row = self._articles.row(article)
        return {**row, "link_view": f"{home}/detail/{self._articles.owner(article)}/{article}"}

    def _about(self, oa: str, _asked: Mapping[str, Any], _home: str) -> Answer:
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

    async def _page(self, request: Request) -> Response:
        try:
            article = self._articles.find(request.path_params["oa"], request.path_params["article"])
        except Refusal:
            return HTMLResponse("", status_code=404)
        if article.fields["status"] != "show":
            return HTMLResponse("", status_code=404)
        return HTMLResponse(_pages().get_template("article.html").render(article=article))


def _throttled(_request: Request) -> Response:
    told = {"error": -32, "message": "Your application/OA reached limit call api"}
    return JSONResponse(told, headers={"X-RateLimit-Remain": "0"})


def _home(request: Request) -> str:
    """Return the address under which the stand-in was reached, for links."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"


def _pages() -> Environment:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
