"""One round of telling: close cards that are over, send cards and questions, tell what is untold.

Chats are served side by side and each in its own order; a chat that fails is tried again in the next round.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.desk import Desk
from bot.telegram.glance import Over, Todo, what_to_do
from bot.telegram.lengths import pages
from bot.telegram.seals import Sealing
from bot.telegram.telling import by_chat, telling_of, told_of
from bot.telegram.voice import Voice, groups_of
from bot.telegram.wanted import Wanted
from content_queue.ports import Clock, Media
from content_queue.store.cards import Lies, Subject, close_cards, keep_card, questioned
from content_queue.store.notices import Notice, keep_told
from content_queue.store.writer import InlineWriter, ThreadWriter

Ledger = ThreadWriter | InlineWriter
#: Notices that ring in quiet hours, too: what they tell of cannot wait until the morning.
RINGING = frozenset({"unapproved", "by hand", "clock", "clock back", "lost", "risk", "demand"})

#: Tries of pictures before their card comes without them.
TRIES = 3


@dataclass(slots=True)
class Pictured:
    """How many groups of pictures were handed over before a card, and the tries of the next one."""

    groups: int = 0
    tries: int = 0


class Rounds:
    """Keeps people's chats at what the ledger says."""

    def __init__(self, *, voice: Voice, ledger: Ledger, clock: Clock, key: bytes) -> None:
        """Take what a round needs; `key` seals the buttons."""
        #: Has the pictures that are to be posted by hand.
        self.media: Media | None = None
        self._voice = voice
        self._ledger = ledger
        self._clock = clock
        self._key = key
        self._turn = asyncio.Lock()
        #: Of cards that still have to come: how far their pictures came.
        self._pictured: dict[tuple[int, Subject], Pictured] = {}

    async def go(self, desk: Desk) -> None:
        """Make one round; two never run at once, so that no card is sent twice."""
        async with self._turn:
            now = self._clock.now()
            heard = [p for p in desk.people if p.telegram_id and not self._voice.is_quiet(p.telegram_id)]
            todo = await self._ledger.read(lambda c: what_to_do(c, desk, people=heard, now=now))
            quiet = desk.remind.is_quiet(now)
            await self._close(todo.over)
            await self._show(todo.wanted, quiet=quiet)
            await self._tell(desk, todo, quiet=quiet)

    async def _close(self, over: Sequence[Over]) -> None:
        await _side_by_side(self._close_in(chat, group) for chat, group in _by_chat(over).items())

    async def _close_in(self, chat: int, over: Sequence[Over]) -> None:
        closed = [o.card.id for o in over if await self._voice.close(chat, o.card.message_id, o.text)]
        if closed:
            now = self._clock.now()
            await self._ledger.run(lambda c: close_cards(c, closed, now))

    async def _show(self, wanted: Sequence[Wanted], *, quiet: bool) -> None:
        chats: dict[int, list[Wanted]] = {}
        for each in wanted:
            for person in each.people:
                chats.setdefault(person.telegram_id or 0, []).append(each)
        await _side_by_side(self._show_in(chat, group, quiet=quiet) for chat, group in chats.items())

    async def _show_in(self, chat: int, wanted: Sequence[Wanted], *, quiet: bool) -> None:
        for each in wanted:
            silent = quiet and not each.urgent
            if not await self.show_card(chat, each, silent=silent) and not self._voice.can_hear(chat):
                return

    async def show_card(self, chat: int, wanted: Wanted, *, silent: bool = False) -> bool:
        """Send one card and remember where it lies. Return whether it arrived."""
        asked = self._clock.now()
        if self._voice.is_quiet(chat) or not await self._show_pictures(chat, wanted, silent=silent):
            return False
        markup = wanted.buttons(Sealing(chat, self._key, asked))
        message = await self._voice.send(chat, wanted.text, markup, silent=silent)
        if message is None:
            return False
        lies = Lies(chat, message, asked, wanted.shows)
        await self._ledger.run(lambda c: keep_card(c, wanted.subject, lies))
        self._pictured.pop((chat, wanted.subject), None)
        return True

    async def _show_pictures(self, chat: int, wanted: Wanted, *, silent: bool) -> bool:
        """Send what goes with a card before it, each once; return whether the card may follow.

        What does not arrive is tried again, but not for ever: a card alone is better than none.
        """
        if self.media is None:
            return True
        far = self._pictured.setdefault((chat, wanted.subject), Pictured())
        for group in list(groups_of(wanted.pictures))[far.groups :]:
            far.tries += 1
            settled = await self._voice.hand_over(chat, group, media=self.media, silent=silent)
            if not settled and far.tries < TRIES:
                return False
            far.groups, far.tries = far.groups + 1, 0
        return True

    async def _tell(self, desk: Desk, todo: Todo, *, quiet: bool) -> None:
        lie = await self._ledger.read(questioned) if any(each.asks for each in todo.notices) else {}
        where = partial(telling_of, people=desk.people, asking=todo.asking, questioned=lie)
        tellings = [where(each) for each in todo.notices]
        chats = by_chat(tellings)
        sent = await asyncio.gather(
            *(self._tell_in(chat, group, quiet=quiet) for chat, group in chats.items())
        )
        reached = {chat for chat, arrived in zip(chats, sent, strict=True) if arrived}
        now = self._clock.now()
        if told := [new for each in tellings if (new := told_of(each, reached, now)) is not None]:
            await self._ledger.run(lambda c: keep_told(c, told, now))

    async def _tell_in(self, chat: int, notices: Sequence[Notice], *, quiet: bool) -> bool:
        """Tell what is to be told in one chat; return whether all of it arrived."""
        silent = quiet and not any(notice.what in RINGING for notice in notices)
        for page in pages([notice.message for notice in notices]):
            if await self._voice.send(chat, page, silent=silent) is None:
                return False
        return True


def _by_chat(over: Sequence[Over]) -> Mapping[int, list[Over]]:
    chats: dict[int, list[Over]] = {}
    for each in over:
        chats.setdefault(each.card.chat_id, []).append(each)
    return chats


async def _side_by_side(work: Iterable[Coroutine[None, None, None]]) -> None:
    await asyncio.gather(*work)
