"""The routes of Graph: what is posted, the lists, the numbers, nodes, and whose a token is."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from publishers.standin.facebook import reach
from publishers.standin.facebook.answers import Refusal, missing, served
from publishers.standin.facebook.budgets import FULL, Budgets, usage
from publishers.standin.facebook.call import Call, let_in, read_call
from publishers.standin.facebook.faults import BENDS
from publishers.standin.facebook.fields import listing, post_fields
from publishers.standin.facebook.films import Films, is_ready
from publishers.standin.facebook.insights import FOLLOWERS, Insights
from publishers.standin.facebook.login import Login
from publishers.standin.facebook.wall import Post, Wall
from publishers.standin.faults import BentFaults
from publishers.standin.journal import Journal
from publishers.standin.pictures import Pictures, ending
from publishers.standin.shown import Shown

#: Longest message, and largest photo in bytes.
TEXT_LIMIT, PHOTO_LIMIT = 63_206, 4_000_000
#: Posts on one page of a list: at most, and when nothing is asked for.
MOST, USUAL = 100, 25
#: Minutes that a throttled Page must wait.
WAIT = 7


class FacebookStandin:
    """Facebook Pages: every id is a Page, and every token that `TOKENS` does not name is good for it.

    `POST /_limits {"page": N, "app": N}` sets the budgets: calls in 24 hours, and in an hour; 0 for none.
    `POST /_app {"secret": "…"}` makes the app demand the proof of its secret. `/_metrics`: see `insights`.
    """

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Replay the journal and go on."""
        self.wall = Wall(journal, now)
        self._now = now
        self._pictures = Pictures(journal.folder)
        self._films = Films(self.wall, self._pictures, now)
        self._insights = Insights(now)
        self._secret = ""
        self._faults = BentFaults(BENDS)
        self._budgets = Budgets(now)
        self._login = Login(now)
        #: Method and edge -> answer; a node itself has no edge.
        self._edges: Mapping[tuple[str, str], Callable[[Call], dict[str, Any]]] = {
            ("POST", "feed"): self._feed,
            ("POST", "photos"): self._photos,
            ("POST", "videos"): self._films.take,
            ("POST", "video_reels"): self._films.take,
            ("POST", "comments"): self._comment,
            ("GET", "published_posts"): lambda call: self._listed(call, self.wall.published(call.node)),
            ("GET", "feed"): lambda call: self._listed(call, self.wall.feed(call.node)),
            ("GET", "insights"): self._numbers,
            ("GET", "accounts"): self._accounts,
            ("GET", ""): self._read,
            ("POST", ""): self._edit,
            ("DELETE", ""): self._delete,
        }

    def routes(self) -> list[BaseRoute]:
        """Return Graph's one route, and where faults are ordered."""
        methods = ["GET", "POST", "DELETE"]
        return [
            self._faults.route(),
            Route("/_limits", self._set_limits, methods=["POST"]),
            *self._login.routes(),
            Route("/_metrics", self._insights.take, methods=["POST"]),
            Route("/_app", self._set_app, methods=["POST"]),
            Route("/video-upload/{version}/{node}", self._entry, methods=["POST"]),
            Route("/{version}", self._entry, methods=methods),
            Route("/{version}/", self._entry, methods=methods),
            Route("/{version}/{node}", self._entry, methods=methods),
            Route("/{version}/{node}/{edge}", self._entry, methods=methods),
        ]

    def shown(self) -> list[Shown]:
        """Return all posts, oldest first; unpublished ones are not visible."""
        return [self._as_seen(post) for post in self.wall.posts.values()]

    def counted(self) -> dict[str, dict[str, Any]]:
        """Return what came of each Page and of the app."""
        return self._budgets.told()

    def _as_seen(self, post: Post) -> Shown:
        seen = self._viewers(post)
        photos = [self.wall.photos[photo] for photo in post.photos if photo in self.wall.photos]
        pictures = tuple(photo.picture for photo in photos)
        film = self.wall.films.get(post.film)
        numbers = {
            "reach": seen,
            "reactions": sum(reach.reactions(seen).values()),
            "comments": len(post.comments),
            "shares": reach.shares(seen),
        }
        return Shown(
            "facebook",
            post.page,
            post.id,
            post.at,
            post.message,
            link=post.link,
            pictures=(*pictures, film.path) if film else pictures,
            alts=tuple(photo.alt for photo in photos),
            comments=post.comments,
            note="reel" if film and film.reel else "",
            visible=post.published and (film is None or is_ready(film)),
            reach=numbers,
        )

    def _viewers(self, post: Post) -> int:
        return reach.viewers(post.id, (self._now() - post.at).total_seconds())

    async def _entry(self, request: Request) -> Response:
        """Answer any call, bent by faults, with the headers of every answer."""
        page = str(request.path_params.get("node", "")).partition("_")[0]
        self._budgets.came(page)
        answered = await self._faults.around(request, partial(self._answer, page), self._throttled)
        version = served(request.path_params["version"])
        for name, value in {"facebook-api-version": version, **self._budgets.headers(page)}.items():
            answered.headers.setdefault(name, value)
        return answered

    async def _answer(self, page: str, request: Request) -> Response:
        refused = self._budgets.refusal(page)
        if refused is not None:
            return refused.response()
        try:
            if "/video-upload/" in request.url.path:
                return JSONResponse(await self._upload(request))
            call = await read_call(request, secret=self._secret)
            return JSONResponse(self._edge(call)(call))
        except Refusal as refusal:
            return refusal.response()

    def _edge(self, call: Call) -> Callable[[Call], dict[str, Any]]:
        found = self._edges.get((call.method, call.edge))
        if found is None or not call.node:
            raise Refusal(2500, f"Unknown path components: /{call.edge}")
        return found

    @staticmethod
    def _throttled(request: Request) -> Response:
        page = request.path_params.get("node", "")
        answer = Refusal(80001, "(#80001) There have been too many calls to this Page account").response()
        answer.headers.update(usage(page, share=FULL, minutes=WAIT))
        return answer

    async def _set_limits(self, request: Request) -> Response:
        self._budgets.set(await request.json())
        return JSONResponse({"ok": True})

    async def _set_app(self, request: Request) -> Response:
        self._secret = (await request.json())["secret"]
        return JSONResponse({"ok": True})

    async def _upload(self, request: Request) -> dict[str, Any]:
        """Take a film at the upload host, whose fields are headers."""
        let_in(request.headers.get("authorization", "").removeprefix("OAuth "))
        offset, size = request.headers.get("offset", ""), request.headers.get("file_size", "")
        node = request.path_params["node"]
        return self._films.upload(node, await request.body(), offset=offset, size=size)

    def _feed(self, call: Call) -> dict[str, Any]:
        """Make a post."""
        photos = self._attached(call)
        message, link = call.text("message"), call.text("link")
        if not (message or link or photos):
            raise Refusal(100, "(#100) One of message, link or attached_media is required")
        if len(message) > TEXT_LIMIT:
            raise Refusal(100, "(#100) Name parameter too long")
        post = self.wall.post(call.node, message, link=link, photos=photos, published=call.flag("published"))
        return self._fields(post, call)

    def _attached(self, call: Call) -> list[str]:
        """Return the photos to attach: one JSON list of objects, each with a photo that no post shows."""
        if not call.text("attached_media"):
            return []
        try:
            asked = json.loads(call.text("attached_media"))
            photos = [row["media_fbid"] for row in asked]
        except (ValueError, TypeError, KeyError):
            raise Refusal(100, "(#100) param attached_media must be an array.") from None
        for photo in photos:
            self._refuse_photo(photo, page=call.node)
        return photos

    def _refuse_photo(self, photo: str, *, page: str) -> None:
        found = self.wall.photos.get(photo)
        if found is None or found.page != page:
            raise Refusal(100, "(#100) Invalid parameter: attached_media")
        if found.post:
            raise Refusal(100, "These photos were already posted.", 1366051)

    def _photos(self, call: Call) -> dict[str, Any]:
        """Take a photo, as a file or by its address; it makes a post of its own unless told not to."""
        published = call.flag("published")
        picture = self._picture(call)
        photo = self.wall.upload(call.node, picture, call.text("alt_text_custom"))
        if not published:
            return {"id": photo.id}
        post = self.wall.post(call.node, call.text("caption"), photos=[photo.id])
        return {"id": photo.id, "post_id": post.id}

    def _picture(self, call: Call) -> str:
        source = call.form.files.get("source")
        if source is None:
            if call.text("url").startswith("http"):
                return call.text("url")
            raise Refusal(324, "(#324) Requires upload file")
        if ending(source.content) not in {"png", "jpg"} or len(source.content) > PHOTO_LIMIT:
            raise Refusal(100, "Your photo should be smaller than 4 MB and saved as JPG or PNG", 1366046)
        return self._pictures.keep(source.content)

    def _listed(self, call: Call, posts: list[Post]) -> dict[str, Any]:
        """List posts, newest first, page by page."""
        limit = int(call.text("limit") or USUAL)
        if limit > MOST:
            raise Refusal(100, "(#100) param limit must be less than or equal to 100")
        rows, paging = listing(call, posts, limit=limit)
        return (
            {"data": [self._fields(post, call) for post in rows], "paging": paging} if rows else {"data": []}
        )

    def _numbers(self, call: Call) -> dict[str, Any]:
        """Return the numbers of a Page or a post."""
        if "_" not in call.node and call.node not in self.wall.films:
            return self._insights.of_page(call)
        if call.node in self.wall.films:
            raise Refusal(100, "(#100) Tried accessing nonexisting field (insights)")
        post = self._post(call.node)
        return self._insights.of_post(call, post, self._viewers(post))

    def _comment(self, call: Call) -> dict[str, Any]:
        """Put a comment under a post; under a comment there is none."""
        if not call.text("message"):
            raise Refusal(100, "(#100) One of message, attachment_id or attachment_url is required")
        return {"id": self.wall.comment(self._post(call.node).id, call.text("message"))}

    def _read(self, call: Call) -> dict[str, Any]:
        """Return a post, a photo, a Page, or the token's own page."""
        if call.node in self.wall.photos:
            return {"id": call.node}
        if call.node in self.wall.films:
            return self._films.told(self.wall.films[call.node], call)
        if "_" in call.node:
            return self._fields(self._post(call.node), call)
        if call.node in self.wall.gone:
            raise missing(call.node)
        known = {"id": call.node, "name": f"Trang {call.node}", "followers_count": FOLLOWERS}
        return {name: value for name, value in known.items() if name in call.wanted() | {"name"}}

    def _edit(self, call: Call) -> dict[str, Any]:
        post = self._post(call.node)
        if call.text("is_published") and call.flag("is_published"):
            self.wall.reveal(post.id)
        if call.text("message"):
            self.wall.edit(post.id, call.text("message"))
        return {"success": True}

    def _delete(self, call: Call) -> dict[str, Any]:
        if not any(call.node in kept for kept in (self.wall.photos, self.wall.posts, self.wall.films)):
            raise missing(call.node)
        self.wall.delete(call.node)
        return {"success": True}

    def _accounts(self, call: Call) -> dict[str, Any]:
        """List the Pages that the token names, or those that have spoken, with the caller's own token."""
        named = self._login.accounts(call.token)
        if named is not None:
            rows, paging = listing(call, named, limit=int(call.text("limit") or USUAL))
            return {"data": rows, "paging": paging}
        pages = dict.fromkeys(post.page for post in self.wall.posts.values())
        tasks = ["ANALYZE", "MODERATE", "CREATE_CONTENT"]
        return {
            "data": [
                {"id": page, "name": f"Trang {page}", "access_token": call.token, "tasks": tasks}
                for page in pages
            ]
        }

    def _post(self, node: str) -> Post:
        post = self.wall.posts.get(node)
        if post is None:
            raise missing(node)
        return post

    def _fields(self, post: Post, call: Call) -> dict[str, Any]:
        return post_fields(post, call.wanted(), seen=self._viewers(post))
