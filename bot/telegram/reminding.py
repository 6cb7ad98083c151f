"""Tell people of tomorrow's posts and of what nobody has approved: each person once a day, at set times."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.desk import Desk
from bot.digest import Digest, evening, gets_digests, reminders, tomorrow
from bot.telegram import seals
from bot.telegram.lengths import pages
from bot.telegram.rounds import Ledger
from bot.telegram.voice import Voice
from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.models import Person
from content_queue.ports import Clock
from content_queue.store import Connection
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.notices import Word, tell, unheard
from content_queue.texts import _

Make = Callable[[Connection, Person, Desk, datetime], Digest | None]
#: What is told daily -> the setting with its time, and what makes it.
DAILY: Mapping[str, tuple[str, Make]] = {
    "digest": ("digest_at", tomorrow),
    "evening": ("evening_at", evening),
}
#: What could not be told for so long is not told that day any more.
LATEST = timedelta(hours=3)


class Reminding:
    """Tells by the clock; what was told is kept in the ledger, so that a restart repeats nothing."""

    def __init__(self, *, voice: Voice, ledger: Ledger, clock: Clock, key: bytes) -> None:
        """Take what it speaks with; `key` seals the buttons."""
        self._voice = voice
        self._ledger = ledger
        self._clock = clock
        self._key = key

    async def go(self, desk: Desk) -> None:
        """Keep what everybody concerned is to be told, and send what is due to whom it is due."""
        now = self._clock.now()
        words = await self._ledger.read(lambda c: unheard(c, reminders(c, desk.remind, now)))
        if words:
            await self._ledger.run(lambda c: _keep(c, words, now))
        for kind, (setting, make) in DAILY.items():
            begins = datetime.combine(now.astimezone(OFFICE_ZONE), getattr(desk.remind, setting), OFFICE_ZONE)
            if begins <= now < begins + LATEST:
                await self._tell_all(kind, make, desk, now)

    async def _tell_all(self, kind: str, make: Make, desk: Desk, now: datetime) -> None:
        silent = desk.remind.is_quiet(now)
        for person in filter(gets_digests, desk.people):
            await self._tell_one(person, kind, lambda c, p: make(c, p, desk, now), silent=silent)

    async def _tell_one(
        self, person: Person, kind: str, make: Callable[[Connection, Person], Digest | None], *, silent: bool
    ) -> None:
        """Tell one person once this day; what comes late does not ring in quiet hours."""
        key, chat = f"{kind}:{person.telegram_id}", person.telegram_id or 0
        day = f"{self._clock.now().astimezone(OFFICE_ZONE):%Y-%m-%d}"
        if await self._ledger.read(lambda c: read_mark(c, key)) == day:
            return
        found = await self._ledger.read(lambda c: make(c, person))
        if found is None or await self._send(chat, found, silent=silent):
            await self._ledger.run(lambda c: keep_mark(c, key, day))

    async def _send(self, chat: int, found: Digest, *, silent: bool) -> bool:
        """Send one person's digest, its button under the last page; return whether it arrived."""
        messages = list(pages(["\n".join(found.lines)]))
        for number, text in enumerate(messages, start=1):
            markup = self._button(chat) if found.asks and number == len(messages) else None
            if await self._voice.send(chat, text, markup, silent=silent) is None:
                return False
        return True

    def _button(self, chat: int) -> InlineKeyboardMarkup:
        data = seals.seal(seals.ASK_ALL, "", "", seals.Sealing(chat, self._key, self._clock.now()))
        return InlineKeyboardMarkup([[InlineKeyboardButton(_("Duyệt hết…"), callback_data=data)]])


def _keep(connection: Connection, words: Sequence[Word], now: datetime) -> None:
    for word in words:
        tell(connection, word, now)
