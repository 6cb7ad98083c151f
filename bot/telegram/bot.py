"""The approval bot: an at-least-once loop over updates, and rounds that keep cards true.

An update's effect and the mark that it is done are one transaction: after a crash it is either
done and remembered, or comes again. What is said back follows the commit and may be lost; the ledger is not.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.acts import By
from bot.desk import Desk
from bot.seal_words import seal_text
from bot.telegram.gate import Barred, Commented, Copied, Reacted, Said, Seen, Stranger, Tapped, admit
from bot.telegram.lengths import pages
from bot.telegram.menus import Menus, name_commands
from bot.telegram.reactions import keep_reach
from bot.telegram.reminding import Reminding
from bot.telegram.replies import Answer, Talk
from bot.telegram.rounds import Ledger, Rounds
from bot.telegram.seals import sealing_key
from bot.telegram.talk import WAY, answer_stranger, answer_tap, answer_words
from bot.telegram.voice import ODD, Voice, seconds
from bot.telegram.wanted import a_card
from content_queue.ports import Clock, Media
from content_queue.store import Connection
from content_queue.store.audit import Head
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.reviews import review_of
from content_queue.texts import _

log = logging.getLogger(__name__)
#: The kinds of updates asked for; left out, Telegram would keep an earlier choice.
KINDS = ("message", "callback_query", "my_chat_member", "message_reaction_count")
#: Seconds that Telegram holds a poll open, and that we wait beyond.
POLL, BEYOND = 25, 10.0
#: Seconds to wait while somebody else polls, and while the token is refused.
CONFLICT, NO_TOKEN = 10.0, 60.0
#: Seconds between tries while Telegram is away; the last repeats.
WAITS = (1.0, 2.0, 5.0, 10.0, 30.0)
#: Tries of an update that cannot be taken; then it is skipped and told.
TRIES = 3
#: Handled updates remembered by number. Not "all lower ones": numbers start anew after a quiet week.
REMEMBERED = 200
#: An office before its list of people was read: nobody is let in.
NOBODY = Desk((), {}, ())
MARK = "telegram updates"
#: Numbers of updates go on for at least a week of silence (core.telegram.org/bots/api#update).
NUMBERS_LAST = timedelta(days=6)


class ApprovalBot:
    """Talks with the people of `desk`; whoever reloads the settings sets `desk` anew.

    `poll_seconds` is how long each poll is held open.
    """

    def __init__(
        self,
        *,
        bot: Bot,
        ledger: Ledger,
        clock: Clock,
        desk: Desk = NOBODY,
        changed: Callable[[], None] | None = None,
    ) -> None:
        """Take a bot of its own token; `changed` is called after people changed something."""
        self.desk = desk
        self._bot = bot
        self._ledger = ledger
        self._clock = clock
        self.changed = changed or (lambda: None)
        self.poll_seconds = POLL
        self._key = sealing_key(bot.token)
        self._voice = Voice(bot, clock)
        self._rounds = Rounds(voice=self._voice, ledger=ledger, clock=clock, key=self._key)
        self._reminding = Reminding(voice=self._voice, ledger=ledger, clock=clock, key=self._key)
        self._menus = Menus(bot, self._voice)
        self._failures: dict[int, int] = {}
        self._away = 0
        self._greeted: set[int] = set()

    def lend(self, media: Media) -> None:
        """Lend the stored pictures, which officers are handed for posting."""
        self._rounds.media = media

    @property
    def reachable(self) -> bool:
        """Tell whether Telegram answered last time."""
        return self._voice.reachable

    async def run(self) -> None:
        """Take updates for ever; ends only by being cancelled."""
        named = False
        while True:
            named = named or await name_commands(self._bot)
            await self.poll(self.poll_seconds)

    async def tick(self) -> None:
        """Close, send and tell what there is to."""
        await self._rounds.go(self.desk)

    async def remind(self) -> None:
        """Tell what it is time to tell."""
        await self._reminding.go(self.desk)
        await self._menus.go(self.desk.people)

    async def witness(self, chat: int, end: Head) -> None:
        """Send how the audit ends to a chat that keeps it."""
        if await self._voice.send(chat, seal_text(end)) is None:
            log.warning("The audit's seal was not sent", extra={"action": "seal_not_sent"})

    async def poll(self, seconds_open: int = POLL) -> None:
        """Ask once for updates and take them in order; wait where Telegram cannot be asked."""
        try:
            batch = await self._fetch(seconds_open)
        except RetryAfter as error:
            await self._clock.sleep(seconds(error))
        except Conflict:
            log.warning("Somebody else polls with this bot", extra={"action": "telegram_conflict"})
            await self._clock.sleep(CONFLICT)
        except TelegramError as error:
            self._voice.away(error)
            await self._clock.sleep(self._back_off(error))
        except ODD as error:
            told = {"action": "updates_odd", "kind": type(error).__name__}
            log.warning("Updates not understood", extra=told)
            await self._clock.sleep(self._back_off())
        else:
            self._away = 0
            self._voice.back()
            await self._take_all(batch)

    def _back_off(self, error: TelegramError | None = None) -> float:
        self._away += 1
        return NO_TOKEN if isinstance(error, InvalidToken) else WAITS[min(self._away, len(WAITS)) - 1]

    async def _fetch(self, seconds_open: int) -> list[Mapping[str, Any]]:
        mark = await self._ledger.read(_mark)
        asked = {"offset": self._offset(mark), "timeout": seconds_open, "allowed_updates": list(KINDS)}
        # get_updates reads a whole batch at once: one odd update would hide all others for ever
        found: list[Mapping[str, Any]] = await self._bot._post(  # noqa: SLF001
            "getUpdates", asked, read_timeout=seconds_open + BEYOND
        )
        return [each for each in found if isinstance(each["update_id"], int)]

    def _offset(self, mark: Mapping[str, Any]) -> int | None:
        """Return the next number to ask for; none after a quiet week, when numbers may have begun anew."""
        if mark["next"] is None or self._clock.now() - datetime.fromisoformat(mark["at"]) > NUMBERS_LAST:
            return None
        return int(mark["next"])

    async def _take_all(self, batch: list[Mapping[str, Any]]) -> None:
        for raw in batch:
            if not await self.take(raw):
                await self._clock.sleep(WAITS[0])
                return

    async def take(self, raw: Mapping[str, Any]) -> bool:
        """Take one update; return False where it is to come again. Poison is skipped after some tries."""
        number = raw["update_id"]
        try:
            await self._take(Update.de_json(dict(raw), self._bot))
        except Exception:  # whatever one update does, the others must be heard
            self._failures[number] = self._failures.get(number, 0) + 1
            told = {"action": "update_failed", "update": number, "tries": self._failures[number]}
            log.exception("Update failed", extra=told)
            return self._failures[number] >= TRIES and await self._skip(number)
        self._failures.pop(number, None)
        return True

    async def _skip(self, number: int) -> bool:
        try:
            now = self._clock.now()
            await self._ledger.run(lambda c: _mark_done(c, number, now))
        except Exception:  # the ledger itself is in trouble: nothing may be lost, ask again later
            log.exception("Update not skipped", extra={"action": "update_not_skipped", "update": number})
            return False
        log.error("Update skipped", extra={"action": "update_skipped", "update": number})
        self._failures.pop(number, None)
        return True

    async def _take(self, update: Update) -> None:
        seen = admit(update, self.desk.people)
        if isinstance(seen, Said | Tapped):
            self._voice.heard_from(seen.chat)
        answer = await self._ledger.run(lambda c: self._effect(c, update.update_id, seen))
        if answer is not None:
            await self._say(seen, answer)
        if answer is not None and answer.changed:
            self.changed()
            await self.tick()

    def _effect(self, connection: Connection, number: int, seen: Seen) -> Answer | None:
        """Do what an update asks and mark it done, in one transaction; None if it was done before."""
        if number in _mark(connection)["done"]:
            return None
        _mark_done(connection, number, self._clock.now())
        match seen:
            case Said():
                return answer_words(self._talk(connection, seen), seen)
            case Tapped():
                return answer_tap(self._talk(connection, seen), seen)
            case Stranger():
                return self._greet(seen)
            case Reacted() | Copied() | Commented():
                keep_reach(connection, seen, self.desk.channels, self._clock.now())
            case Barred():
                told = {"action": "update_barred", "update": number, "why": seen.why}
                log.info("Update barred", extra=told)
        return Answer(toast=_("Không dùng được nút này.") if isinstance(seen, Barred) else "")

    def _talk(self, connection: Connection, seen: Said | Tapped) -> Talk:
        by = By(seen.person, WAY, self._clock.now())
        return Talk(connection, by, seen.chat, self.desk, self._key)

    def _greet(self, stranger: Stranger) -> Answer:
        """Answer a stranger once; more words from there are no matter of ours."""
        log.info("Stranger wrote", extra={"action": "stranger_wrote", "chat": stranger.chat})
        if stranger.chat in self._greeted:
            return Answer()
        self._greeted.add(stranger.chat)
        return answer_stranger(stranger)

    async def _say(self, seen: Seen, answer: Answer) -> None:
        query = seen.query if isinstance(seen, Tapped | Barred) else ""
        if query:
            await self._voice.toast(query, answer.toast, alert=answer.is_final)
        if isinstance(seen, Barred | Reacted | Copied | Commented):
            return
        messages = list(pages(answer.texts))
        for text in messages:
            asks = answer.ask and text == messages[-1]
            markup = ForceReply() if asks else _buttons(answer) if text == messages[-1] else None
            await self._voice.answer(seen.chat, text, markup)
        if answer.card is not None:
            await self._show(seen.chat, answer)

    async def _show(self, chat: int, answer: Answer) -> None:
        post, desk = answer.card, self.desk
        if post is not None:
            now = self._clock.now()
            card = await self._ledger.read(
                lambda c: a_card(c, review_of(c, post, desk.book, now), desk, now=now)
            )
            await self._rounds.show_card(chat, card)


def _buttons(answer: Answer) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=data)] for label, data in answer.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def _mark(connection: Connection) -> dict[str, Any]:
    kept: dict[str, Any] = read_mark(connection, MARK, {"next": None, "done": [], "at": ""})
    return kept


def _mark_done(connection: Connection, number: int, now: datetime) -> None:
    done = [*_mark(connection)["done"], number][-REMEMBERED:]
    keep_mark(connection, MARK, {"next": number + 1, "done": done, "at": now.isoformat()})
