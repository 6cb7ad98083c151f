"""The approval page: GET only shows, a POST with the person's PIN decides. Server-rendered, no script."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.press import filled
from bot.web.acting import ACTS, Doing, Form, visible
from bot.web.lists import NAMES
from bot.web.looks import file_of
from bot.web.room import Room, TooLargeError, Visitor, by_of, form_of, visitor_of, want_pin
from bot.web.views import VIEWS, Asked
from content_queue.outcomes import RefusedError
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError
from content_queue.texts import LANGUAGES, _, speaking, spoken

log = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
#: The cookie that keeps the language somebody chose.
LANGUAGE = "loa-lang"
#: Act -> the page that its form stands on.
STANDS_ON: Mapping[str, str] = {
    "approve": "post",
    "hurry": "post",
    "agree": "post",
    "object": "post",
    "found": "post",
    "absent": "post",
    "reject": "post",
    "new_time": "post",
    "cancel": "post",
    "correct": "post",
    "posted": "post",
    "take_back": "take_back",
    "approve_chosen": "list",
    "hold": "holds",
    "release": "holds",
}

Answering = Callable[["Caller"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Caller:
    """A request, and whoever stands behind it."""

    room: Room
    request: Request
    visitor: Visitor | None

    def page(self, template: str, *, status: int = 200, **facts: Any) -> Response:
        """Fill a template with what all pages show and these facts."""
        visitor = self.visitor
        told, csrf = (visitor.session.told, visitor.session.csrf) if visitor else ("", "")
        if visitor:
            visitor.session.told = ""
        seen = {"base": self.room.base, "office": self.room.office, "lang": spoken()}
        who = {"person": visitor.person.name if visitor else "", "told": told, "csrf": csrf}
        around = {"here": "", "form": Form({}), "refusal": "", "lists": NAMES}
        return HTMLResponse(filled(TEMPLATES / template, **{**around, **seen, **who, **facts}), status)

    def says(self, sentence: str, status: int) -> Response:
        """Say one thing."""
        return self.page("says.html", status=status, sentence=sentence)

    def goes(self, path: str) -> RedirectResponse:
        """Lead to another page of ours."""
        return RedirectResponse(f"{self.room.base}{path}", 303)


def language_of(room: Room, request: Request) -> str:
    """Return the language a visitor chose, else the office's."""
    chosen = request.cookies.get(LANGUAGE, "")
    return chosen if chosen in LANGUAGES else room.language


def page_app(room: Room, entrance: Mapping[str, tuple[str, Answering]]) -> Starlette:
    """Return the app of the page; `entrance` is path -> method and answer, for those without a session."""

    def open_to_all(answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            with speaking(language_of(room, request)):
                return await _in_words(Caller(room, request, visitor_of(room, request)), answering)

        return answer

    def inside(answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        async def answer(caller: Caller) -> Response:
            return await answering(caller) if caller.visitor else caller.page("outside.html", status=401)

        return open_to_all(answer)

    async def nowhere(request: Request, _error: Exception) -> Response:
        return await open_to_all(_nothing)(request)

    app = Starlette(
        routes=[
            *(Route(path, inside(partial(_shown, name=name))) for path, name in PATHS.items()),
            Route("/bai/{post}/tep/{sha256}", inside(_file)),
            Route("/lam", inside(_act), methods=["POST"]),
            *(Route(path, open_to_all(a), methods=[method]) for path, (method, a) in entrance.items()),
            Route("/style.css", _style),
        ],
        exception_handlers={404: nowhere},
    )
    app.router.redirect_slashes = False
    return app


#: Path -> the page that is shown there.
PATHS: Mapping[str, str] = {
    "/": "list",
    "/danh-sach/{which}": "list",
    "/bai/{post}": "post",
    "/bai/{post}/go": "take_back",
    "/tam-dung": "holds",
}


async def _in_words(caller: Caller, answering: Answering) -> Response:
    """Answer; whatever goes wrong ends in a sentence that says whether something was changed."""
    try:
        return await answering(caller)
    except NotAllowedError as refusal:
        return caller.says(str(refusal), 404)
    except TooLargeError:
        return caller.says(_("Nội dung gửi lên quá dài."), 413)
    except Exception:
        log.exception("Page failed", extra={"action": "page_failed"})
        return caller.says(
            _("Trang gặp lỗi ngoài dự kiến. Xin mở lại bài để xem việc vừa làm đã được ghi chưa."), 500
        )


async def _nothing(caller: Caller) -> Response:
    return caller.says(_("Không có trang này."), 404)


async def _shown(caller: Caller, name: str) -> Response:
    request = caller.request
    fields = {
        key: [value] for key, value in (*request.query_params.multi_items(), *request.path_params.items())
    }
    return await _view(caller, name, Form(fields))


async def _view(caller: Caller, name: str, form: Form, *, refusal: str = "") -> Response:
    """Show a page; after a refusal with what was typed, and with why."""
    room, visitor = caller.room, _known(caller)
    asked = Asked(by_of(room, visitor.person), room.desk(), form)
    view = await room.ledger.read(lambda connection: VIEWS[name](connection, asked))
    status = 403 if refusal else 200
    return caller.page(view.template, status=status, form=form, refusal=refusal, **view.facts)


async def _act(caller: Caller) -> Response:
    """Do what a form says, if it is the visitor's own form and their PIN is right."""
    room, visitor = caller.room, _known(caller)
    form = await form_of(caller.request)
    act = form.one("act")
    if form.one("csrf") != visitor.session.csrf or act not in ACTS:
        log.warning("Form refused", extra={"action": "form_refused"})
        return caller.says(
            _("Biểu mẫu này đã cũ. Xin mở lại trang rồi làm lại; chưa có gì được thay đổi."), 403
        )

    by, desk = by_of(room, visitor.person), room.desk()

    def do(connection: Connection) -> str:
        return ACTS[act](Doing(connection, by, desk, form))

    try:
        await want_pin(room, visitor.person, form.one("pin"))
        visitor.session.told = await room.ledger.run(do)
    except NotAllowedError as refusal:
        return await _view(caller, STANDS_ON[act], form, refusal=str(refusal))
    log.info("Decided on the page", extra={"action": "page_decided", "act": act})
    room.changed()
    return caller.goes(_after(act, form))


def _after(act: str, form: Form) -> str:
    """Return where somebody finds what they have just done."""
    if STANDS_ON[act] in {"post", "take_back"}:
        return f"/bai/{quote(form.one('post'), safe='')}"
    return "/tam-dung" if STANDS_ON[act] == "holds" else "/"


async def _file(caller: Caller) -> Response:
    """Show a stored file of a post that the visitor may see."""
    room, asked = caller.room, caller.request.path_params
    by, desk = by_of(room, _known(caller).person), room.desk()
    ref = await room.ledger.read(lambda c: file_of(c, visible(c, asked["post"], by, desk), asked["sha256"]))
    if ref is None:
        return await _nothing(caller)
    try:
        return await room.files.show(ref, caller.request.headers.get("range", ""))
    except RefusedError:
        return await _nothing(caller)


async def _style(_request: Request) -> Response:
    return FileResponse(TEMPLATES / "style.css", headers={"Cache-Control": "public, max-age=3600"})


def _known(caller: Caller) -> Visitor:
    """Return the visitor of a page that only visitors see."""
    if caller.visitor is None:
        raise NotAllowedError(_("Không có trang này."))
    return caller.visitor
