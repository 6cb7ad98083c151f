"""An office whose clock is moved by hand: the real calendars, ledger, rules and sites, and no waiting.

Its channels are sites, so what is published stands in files; nothing of the daemon is replaced but the
clock and the alarm behind it.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.acts import By, Stop, approve, hold
from bot.commands.init import WORKBOOK, lay_out
from bot.desk import Desk, desk_of
from bot.house import House, open_house
from bot.office import open_office
from bot.planning.calendars import Calendars
from bot.planning.differences import take
from bot.secrets import rehearsal_token
from bot.settings import load_settings
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.tokens import Tokens
from content_queue.models import Person
from content_queue.store.deliveries import next_ready
from content_queue.store.differences import asked
from content_queue.store.notices import untold
from content_queue.store.tables import deliveries, posts
from schedules.clock import OFFICE_ZONE
from schedules.template import write_template
from tests.content_queue.world import HandClock
from tests.schedules.offices import write_book

AUTHOR = "Trần Văn Soạn"
LEADER = Person("Nguyễn Thị Lãnh", 5001, frozenset({"leader"}), frozenset({"*"}))
#: What every row has, unless a scene says otherwise.
ROW = {"time": "8h", "agency": "UBND tỉnh", "author": AUTHOR, "channels": "tất cả", "text.vi": "Bài viết"}
CHANNELS = "name,agency,platform,remote_id,languages,groups,mode,token,hashtags"


def at(words: str) -> datetime:
    """Read `13/11/2025 15:00` as people of the office say it."""
    return datetime.strptime(words, "%d/%m/%Y %H:%M").replace(tzinfo=OFFICE_ZONE).astimezone(UTC)


async def _nothing() -> None:
    """Nobody waits for the plan."""


class _Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


class Office:
    """One office at its desk."""

    def __init__(self, house: House, clock: HandClock) -> None:
        self._house, self._clock = house, clock
        self.now = clock.now
        self._calendars = Calendars(house)
        self._dispatch = Dispatch(house.works)

    async def save(self, *rows: Mapping[str, str]) -> None:
        """Save the calendar with these rows in the place of the old ones, and let it be read."""
        home, workbook = self._house.home, self._house.home / "calendars" / WORKBOOK
        workbook.unlink()
        full = [{**ROW, **row} for row in rows]
        columns = sorted({field for row in full for field in row if field.startswith("text.")} - {"text.vi"})
        office = open_office(home, self._house.settings).office
        write_template(workbook, office, full, languages=columns)
        await self.read()

    async def save_sheets(self, sheets: Mapping[str, Sequence[Sequence[object]]]) -> None:
        """Save a workbook of somebody's own making in the place of the old one, and let it be read."""
        write_book(self._house.home / "calendars" / WORKBOOK, sheets)
        await self.read()

    async def read(self) -> None:
        """Let the calendars be read, as the daemon does soon after a save."""
        await self._calendars.plan_again(_nothing)

    async def approve(self, *codes: str) -> None:
        """Let the leader say yes to posts."""
        for code in codes:
            by, desk = self.leader(), self.desk()
            change = partial(approve, decision=by.yes(code), now=by.now, desk=desk)
            await self._house.ledger.run(change)

    def desk(self) -> Desk:
        """Return the desk at which people decide."""
        return desk_of(open_office(self._house.home, self._house.settings))

    async def say_yes(self) -> Sequence[str]:
        """Let the leader say yes to what the calendar would change; return what was asked."""
        found = await self._house.ledger.read(asked)
        assert found is not None
        await self._house.ledger.run(lambda c: take(c, self.leader(), found.code))
        await self.read()
        return found.lines

    async def hold(self, stop: Stop) -> None:
        """Let the leader stop something."""
        desk = self.desk()
        await self._house.ledger.run(lambda c: hold(c, stop, self.leader(), desk=desk))

    async def until(self, moment: datetime) -> None:
        """Let time pass, and everything go out that is due by then."""
        while (due := await self._house.ledger.read(next_ready)) and due <= moment:
            self._clock.at = max(self._clock.at, due)
            claimed = await claim(self._house.works)
            await self._dispatch.send(claimed)
            if not claimed and await self._house.ledger.read(next_ready) == due:
                break
        self._clock.at = max(self._clock.at, moment)

    async def posts(self) -> dict[str, str]:
        """Return each post's state."""
        query = select(posts.c.id, posts.c.state).order_by(posts.c.due, posts.c.id)
        return dict(await self._house.ledger.read(lambda c: c.execute(query).all()))

    async def deliveries(self, *, by: str = "post") -> dict[str, str]:
        """Return the state of each delivery by post, or by language."""
        query = select(deliveries.c[by], deliveries.c.state).order_by(deliveries.c.id)
        return dict(await self._house.ledger.read(lambda c: c.execute(query).all()))

    async def do(self, change: Callable[[Connection], Any]) -> Any:
        """Let something be written to the ledger."""
        return await self._house.ledger.run(change)

    async def ask(self, query: Select[Any]) -> list[Any]:
        """Return the rows that the ledger gives."""
        return [*await self._house.ledger.read(lambda c: c.execute(query).all())]

    async def told(self) -> str:
        """Return everything that people were told."""
        return "\n".join(notice.message for notice in await self._house.ledger.read(lambda c: untold(c, 500)))

    def site(self) -> str:
        """Return all pages of the sites that readers see."""
        pages = sorted((self._house.home / "site").rglob("*.html"))
        return "\n".join(page.read_text("utf-8") for page in pages)

    def leader(self) -> By:
        """Return the leader, who acts now."""
        return By(LEADER, "telegram", self._clock.at)


def a_home(folder: Path, *, languages: str = "vi", settings: str = "") -> Path:
    """Lay out a home with one site in these languages."""
    home = folder / "tinh"
    lay_out(home)
    line = f'Trang tin tỉnh,UBND tỉnh,site,tinh,"{languages}",,api,,'
    (home / load_settings(home).channels).write_text(f"{CHANNELS}\n{line}\n", "utf-8-sig")
    return home


@asynccontextmanager
async def an_office(folder: Path, now: str, *, languages: str = "vi") -> AsyncIterator[Office]:
    """Open an office with one site; it is `now` there."""
    home, clock = a_home(folder, languages=languages), HandClock(at(now))
    settings = load_settings(home)
    house = open_house(home, settings, clock=clock, secrets=Tokens(_Secrets()))
    try:
        yield Office(house, clock)
    finally:
        await house.close()
