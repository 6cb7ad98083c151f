"""What the page works with, and who stands in front of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from bot.acts import By
from bot.desk import Desk
from bot.mail.letter import Letter
from bot.people import person_named
from bot.pins import fits
from bot.web.acting import Form
from bot.web.limits import Limit
from bot.web.links import Links
from bot.web.sessions import Session, Sessions
from bot.web.stored import Shower
from content_queue.models import Person
from content_queue.ports import Clock
from content_queue.store import Connection
from content_queue.store.approvals import PROVINCE, NotAllowedError
from content_queue.store.audit import Act, note
from content_queue.store.notices import Word, tell
from content_queue.store.writer import ThreadWriter
from content_queue.texts import _

log = logging.getLogger(__name__)
#: How the page is called where acts are written down.
WAY = "mail"
#: Wrong PINs of one person, and letters asked for, within how many seconds.
GUESSES, GUESSING = 5, 900.0
ASKED, ASKING = 3, 3600.0
#: Bytes and fields of a form.
FORM, FIELDS = 64 * 1024, 500


class TooLargeError(Exception):
    """A form is larger than any of ours."""


@dataclass(frozen=True, slots=True)
class Room:
    """All that pages and forms need. `desk` gives the office as it is now; `changed` wakes the daemon."""

    ledger: ThreadWriter
    clock: Clock
    desk: Callable[[], Desk]
    files: Shower
    links: Links
    post: Callable[[Letter], Awaitable[None]]
    changed: Callable[[], None]
    office: str
    language: str
    sessions: Sessions
    guesses: Limit
    asked: Limit
    #: One PIN is tried at a time: each try takes memory and time on purpose.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def base(self) -> str:
        """What stands before every path of ours, where the page is not at the top of its host."""
        return urlsplit(self.links.address).path

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; only https takes it with its promise to come from this host."""
        return "__Host-loa" if self.is_sealed else "loa"

    @property
    def is_sealed(self) -> bool:
        """Tell whether people come by https."""
        return self.links.address.startswith("https:")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with a session: may look; decides only with a PIN."""

    person: Person
    session: Session
    token: str


def visitor_of(room: Room, request: Request) -> Visitor | None:
    """Return who stands in front of the page; a person who is no more listed is nobody."""
    token = request.cookies.get(room.cookie, "")
    session = room.sessions.find(token) if token else None
    person = person_named(room.desk().people, session.person) if session else None
    return Visitor(person, session, token) if session and person else None


def by_of(room: Room, person: Person) -> By:
    """Return who acts, by which way, and when."""
    return By(person, WAY, room.clock.now())


async def form_of(request: Request) -> Form:
    """Read what a form sent.

    Raises:
        TooLargeError: it is larger than any of ours.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM:
            raise TooLargeError
    try:
        return Form(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS))
    except (ValueError, UnicodeDecodeError):
        raise TooLargeError from None


async def want_pin(room: Room, person: Person, pin: str) -> None:
    """See that a person's PIN was typed; what is wrong is counted, logged and written down.

    Raises:
        NotAllowedError: it is wrong, there is none, or there were too many wrong ones.
    """
    async with room.turn:
        if room.guesses.reached(person.name):
            raise NotAllowedError(_("Đã nhập sai mã PIN nhiều lần. Xin chờ 15 phút rồi thử lại."))
        kept = room.links.pin_of(person.name)
        if not kept:
            told = _("{name} chưa có mã PIN. Xin nhờ quản trị gõ trên máy chủ: loa people pin “{name}”")
            raise NotAllowedError(told.format(name=person.name))
        if await asyncio.to_thread(fits, pin, kept):
            return
        room.guesses.take(person.name)
        log.warning("Wrong PIN", extra={"action": "pin_wrong"})
        await room.ledger.run(partial(_note_wrong, person=person, room=room))
    raise NotAllowedError(_("Mã PIN không đúng. Chưa có gì được thay đổi."))


def _note_wrong(connection: Connection, person: Person, room: Room) -> None:
    now = room.clock.now()
    note(connection, Act(now, person.name, WAY, "wrong_pin", "page", {}))
    if room.guesses.reached(person.name):
        told = _(
            "Trang duyệt: mã PIN của {name} bị nhập sai {count} lần liền. Nếu không phải do quên, xin báo "
            "quản trị đặt mã mới trên máy chủ: loa people pin “{name}” (mọi liên kết cũ sẽ hết hiệu lực)."
        ).format(name=person.name, count=GUESSES)
        tell(connection, Word(f"pin:{person.name}:{now:%Y-%m-%d}", PROVINCE, person.name, told), now)


def people_with(people: Sequence[Person], address: str) -> list[Person]:
    """Return the person with this e-mail address, if there is one."""
    wanted = address.strip().casefold()
    return [person for person in people if person.email and person.email.casefold() == wanted]
