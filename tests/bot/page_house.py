"""A house's approval page at a real ledger, served on a loopback port, for tests of the page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.desk import Desk
from bot.mail.letter import Letter
from bot.pins import kept_as
from bot.web.door import door
from bot.web.entrance import ENTRANCE
from bot.web.limits import Limit
from bot.web.links import Links
from bot.web.page import page_app
from bot.web.room import ASKED, ASKING, GUESSES, GUESSING, Room
from bot.web.sessions import Sessions
from bot.web.stored import Shower
from content_queue.media import MediaStore
from content_queue.models import Person
from content_queue.states import PostState
from content_queue.store.posts import find_post
from content_queue.store.writer import ThreadWriter
from tests.bot.desk import APPROVER, AUTHOR, DESK, EDITOR, LEADER, OTHER
from tests.canaries import CANARY_EMAIL, CANARY_PIN
from tests.content_queue.world import World
from tests.publishers.serving import serving

#: The post that most tests are about.
POST = "B0001-2026"
#: People of the page: all have an address, each its own; those named here have a PIN.
ADDRESSES = {
    LEADER.name: CANARY_EMAIL,
    APPROVER.name: "duyet@so.example",
    OTHER.name: "khac@xa.example",
    AUTHOR.name: "soan@so.example",
    EDITOR.name: "viet@so.example",
}
KEPT = kept_as(CANARY_PIN, lambda size: b"s" * size)


def with_mail(person: Person) -> Person:
    """Return a person with their address."""
    return replace(person, email=ADDRESSES[person.name])


def desk_with_mail() -> Desk:
    """Return the desk whose people are written to."""
    return replace(DESK, people=tuple(with_mail(p) if p.name in ADDRESSES else p for p in DESK.people))


@dataclass
class PageHouse:
    """The page, what it works with, and what happened beside it."""

    world: World
    ledger: ThreadWriter
    address: str = ""
    listen: str = ""
    letters: list[Letter] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    desk: Desk = field(default_factory=desk_with_mail)
    pins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(ADDRESSES, KEPT))
    _app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the page, which is made once its address is known."""
        assert self._app is not None
        await self._app(scope, receive, send)

    def open(self, address: str, folder: MediaStore, *, public: str = "") -> None:
        """Make the page under its address."""
        self.address = public or address
        clock = self.world.clock
        room = Room(
            ledger=self.ledger,
            clock=clock,
            desk=lambda: self.desk,
            files=Shower(folder),
            links=self.links,
            post=self._post,
            changed=lambda: self.changes.append("changed"),
            office="Văn phòng truyền thông tỉnh",
            language="vi",
            sessions=Sessions(clock.monotonic),
            guesses=Limit(GUESSES, GUESSING, clock.monotonic),
            asked=Limit(ASKED, ASKING, clock.monotonic),
        )
        self.listen = address.removeprefix("http://")
        self._app = door(
            page_app(room, ENTRANCE), address=self.address, listen=self.listen, monotonic=clock.monotonic
        )

    @property
    def links(self) -> Links:
        """The links of this page."""
        return Links(self.address, b"a key of tests", lambda name: self.pins.get(name, ""))

    def link(self, person: Person, post: str = "") -> str:
        """Return the link that a letter to a person has."""
        return self.links.to(with_mail(person), self.world.clock.now(), post)

    async def _post(self, letter: Letter) -> None:
        self.letters.append(letter)


@contextmanager
def page_house(world: World, folder: Path, *, public: str = "") -> Iterator[PageHouse]:
    """Serve the page of a world."""
    house = PageHouse(world, ThreadWriter(world.ledger._engine))
    try:
        with serving(house) as address:
            house.open(address, MediaStore(folder / "media"), public=public)
            yield house
    finally:
        house.ledger.close()


def hidden(html: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, name
    return found[1]


class Guest:
    """A browser without scripts: cookies, links, forms."""

    def __init__(self, house: PageHouse) -> None:
        self.house = house
        self._http = httpx.Client(base_url=house.address, trust_env=False, follow_redirects=True)
        self.page = httpx.Response(0)
        self.close = self._http.close

    def opens(self, address: str) -> httpx.Response:
        self.page = self._http.get(address)
        return self.page

    def sends(
        self, path: str = "/lam", *, origin: str | None = "", **fields: str | list[str]
    ) -> httpx.Response:
        """Send a form of the page that is open, as a browser would."""
        headers = {"origin": self.house.address if origin == "" else origin} if origin is not None else {}
        return self._http.post(path, data=fields, headers=headers)

    def decides(self, act: str, *, pin: str = CANARY_PIN, **fields: str) -> httpx.Response:
        """Send a decision on the post that is open."""
        kept = {name: hidden(self.page.text, name) for name in ("csrf", "post", "seen")}
        return self.sends(act=act, pin=pin, **{**kept, **fields})


def state(house: PageHouse, post: str = POST) -> PostState:
    return PostState(house.world.look(find_post, post).state)


def come(guest: Guest, person: Person = LEADER, post: str = POST) -> httpx.Response:
    """Open the link of a letter."""
    return guest.opens(guest.house.link(person, post))


def note_of(page: httpx.Response) -> str:
    """Return the sentence at the top of a page."""
    found = re.search(r'<p class="note[^"]*"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    return found[1].strip() if found else ""
