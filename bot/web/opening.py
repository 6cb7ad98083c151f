"""Open the approval page of a house, and the letters that lead to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.desk import Desk
from bot.house import House
from bot.mail.postman import Postman
from bot.mail.rounds import Letters
from bot.pins import secret_of
from bot.secrets import FOLDER, FileSecrets, MissingSecretError, SecretError
from bot.settings import environment
from bot.token_key import make_key, write_keys
from bot.web.door import door
from bot.web.entrance import ENTRANCE
from bot.web.limits import Limit
from bot.web.links import Links
from bot.web.listener import served
from bot.web.page import page_app
from bot.web.room import ASKED, ASKING, GUESSES, GUESSING, Room
from bot.web.sessions import Sessions
from bot.web.stored import Shower

#: The secret that seals the links of letters; made where there is none.
KEY = "page-key"


@asynccontextmanager
async def page_served(
    house: House, *, desk: Callable[[], Desk], changed: Callable[[], None]
) -> AsyncIterator[Letters | None]:
    """Serve the page while this is open; yield what writes letters, None where there is no mail server."""
    settings, clock = house.settings, house.clock
    secrets = FileSecrets(house.home, environment(), house.secrets.learn)
    links = Links(settings.page.public_url, _key(house.home, secrets), _pins(secrets))
    postman = Postman(settings.mail, secrets, clock, settings.office.name)
    room = Room(
        ledger=house.ledger,
        clock=clock,
        desk=desk,
        files=Shower(house.media),
        links=links,
        post=postman.post,
        changed=changed,
        office=settings.office.name,
        language=settings.office.language,
        sessions=Sessions(clock.monotonic),
        guesses=Limit(GUESSES, GUESSING, clock.monotonic),
        asked=Limit(ASKED, ASKING, clock.monotonic),
        turn=asyncio.Lock(),
    )
    listen = settings.page.listen
    app = door(page_app(room, ENTRANCE), address=links.address, listen=listen, monotonic=clock.monotonic)
    async with served(app, listen, what="page"):
        yield Letters(postman, house.ledger, links, house.media) if postman.works else None


def _key(home: Path, secrets: FileSecrets) -> bytes:
    """Return the key of links; a made-up one of a rehearsal would open the page to whoever reads this."""
    try:
        return secrets.get(KEY).encode()
    except MissingSecretError:
        write_keys(home / FOLDER / KEY, make_key())
        return secrets.get(KEY).encode()


def _pins(secrets: FileSecrets) -> Callable[[str], str]:
    """Return what reads what is kept of somebody's PIN; it is read anew, so that a new one counts at once."""

    def pin_of(person: str) -> str:
        try:
            return secrets.get(secret_of(person))
        except SecretError:
            return ""

    return pin_of
