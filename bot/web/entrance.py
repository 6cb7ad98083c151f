"""How people come in: by the link of a letter, or by asking for one. And how they leave."""

import logging
from collections.abc import Mapping
from urllib.parse import quote

from starlette.background import BackgroundTask, BackgroundTasks
from starlette.responses import Response

from bot.mail.postman import MailError
from bot.mail.words import link_letter
from bot.web.page import LANGUAGE, Answering, Caller
from bot.web.room import Room, form_of, people_with
from bot.web.sessions import WHOLE
from content_queue.models import Person
from content_queue.texts import LANGUAGES, _

log = logging.getLogger(__name__)


async def _open(caller: Caller) -> Response:
    """Begin a session by a link, and lead to what the link is about; nothing else changes."""
    room, asked = caller.room, caller.request.path_params
    now = room.clock.now()
    person = room.links.whose(asked["token"], room.desk().people, now)
    if person is None:
        log.info("Link refused", extra={"action": "link_refused"})
        return caller.page(
            "outside.html", status=401, refusal=_("Liên kết này đã hết hạn hoặc không còn dùng được.")
        )
    answer = caller.goes(f"/bai/{quote(asked['post'], safe='')}" if "post" in asked else "/")
    token = room.sessions.begin(person.name)
    # lax, for people come from their mail; forms are guarded by more than this
    answer.set_cookie(
        room.cookie, token, max_age=int(WHOLE), path="/", secure=room.is_sealed, httponly=True, samesite="lax"
    )
    return answer


async def _ask(caller: Caller) -> Response:
    """Write a link to whoever is listed with this address; say the same to everybody."""
    room, form = caller.room, await form_of(caller.request)
    found = people_with(room.desk().people, form.one("email"))
    told = _(
        "Nếu địa chỉ này có trong danh sách, thư có liên kết sẽ đến trong ít phút. Xin xem cả hộp thư rác."
    )
    answer = caller.says(told, 200)
    # afterwards, so that the time it takes does not tell who is listed
    answer.background = BackgroundTasks([BackgroundTask(_write, room, person) for person in found])
    return answer


async def _write(room: Room, person: Person) -> None:
    if not room.asked.take(person.name):
        return
    link = room.links.to(person, room.clock.now())
    try:
        await room.post(link_letter(person, link, office=room.office))
    except MailError as error:
        log.warning("Link not written", extra={"action": "link_not_written", "why": str(error)})


async def _leave(caller: Caller) -> Response:
    """End the session."""
    form = await form_of(caller.request)
    visitor = caller.visitor
    if visitor and form.one("csrf") == visitor.session.csrf:
        caller.room.sessions.end(visitor.token)
    answer = caller.goes("/")
    answer.delete_cookie(caller.room.cookie, path="/", secure=caller.room.is_sealed, httponly=True)
    return answer


async def _speak(caller: Caller) -> Response:
    """Keep the language somebody chose."""
    language = caller.request.path_params["language"]
    answer = caller.goes("/")
    if language in LANGUAGES:
        answer.set_cookie(
            LANGUAGE,
            language,
            max_age=int(WHOLE) * 300,
            path="/",
            secure=caller.room.is_sealed,
            samesite="lax",
        )
    return answer


#: Path -> method, and what answers there without a session.
ENTRANCE: Mapping[str, tuple[str, Answering]] = {
    "/mo/{token}": ("GET", _open),
    "/mo/{token}/{post}": ("GET", _open),
    "/xin-lien-ket": ("POST", _ask),
    "/thoat": ("POST", _leave),
    "/ngon-ngu/{language}": ("GET", _speak),
}
