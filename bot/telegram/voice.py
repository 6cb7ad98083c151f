"""Speak to people, one failing never stopping the others: who cannot be reached is left alone for a while."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from telegram import Bot, InputMediaPhoto, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.telegram.lengths import cut
from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.ports import Clock, Media

log = logging.getLogger(__name__)
#: Seconds that somebody is left alone who blocked the bot or never pressed /start.
LEFT_ALONE = 600.0
#: Most seconds that an answer waits for a chat's own limit.
SHORT = 5.0
#: Characters of the word that a tap is answered with (core.telegram.org/bots/api#answercallbackquery).
TOAST = 200
#: Pictures of one album (core.telegram.org/bots/api#sendmediagroup).
ALBUM = 10
#: What a refused edit says when there is nothing left to edit, in lower case.
NOTHING_TO_EDIT = ("message is not modified", "message to edit not found", "message can't be edited")
#: Who never pressed /start is no chat to the bot.
CHAT_UNKNOWN = "chat not found"
#: What python-telegram-bot trips over when an answer is JSON but not the Bot API's.
ODD = (AttributeError, KeyError, TypeError, ValueError)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Voice:
    """The bot's mouth: sends plain text, keeps each chat's waits, and says once when Telegram is away."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        """Keep the bot; nothing is sent yet."""
        self._bot = bot
        self._clock = clock
        self._quiet: dict[int, float] = {}
        self.reachable = True

    def is_quiet(self, chat: int) -> bool:
        """Tell whether a chat is to be left alone now."""
        return self._quiet.get(chat, 0.0) > self._clock.monotonic()

    def can_hear(self, chat: int) -> bool:
        """Tell whether more may be said in a chat now: Telegram answers, and asks for no pause there."""
        return self.reachable and not self.is_quiet(chat)

    def heard_from(self, chat: int) -> None:
        """Note that somebody wrote, and so can be reached again."""
        self._quiet.pop(chat, None)

    async def send(self, chat: int, text: str, markup: Any = None, *, silent: bool = False) -> int | None:
        """Send a message; return its id, or None if that did not work this time."""
        if self.is_quiet(chat):
            return None
        sent = await self.try_for(
            chat,
            lambda: self._bot.send_message(
                chat,
                text,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
                disable_notification=silent or None,
            ),
        )
        return sent.message_id if sent else None

    async def hand_over(
        self, chat: int, refs: Sequence[MediaRef], *, media: Media, silent: bool = False
    ) -> bool:
        """Send stored pictures as one album, or a film or file as it is.

        Return whether that is settled: they are there, or will never be taken.
        """
        try:
            files = [ref.url or media.read(ref) for ref in refs]
        except RefusedError as error:
            await self.send(chat, str(error))
            return True
        sent = await self.try_for(chat, self._handing(chat, files, refs, quietly=silent or None))
        return sent is not None or self.can_hear(chat)

    def _handing(
        self, chat: int, files: Sequence[Any], refs: Sequence[MediaRef], *, quietly: bool | None
    ) -> Callable[[], Awaitable[Any]]:
        """Make the call that sends them."""
        if len(refs) > 1:
            album = [InputMediaPhoto(file, filename=ref.name) for file, ref in zip(files, refs, strict=True)]
            return lambda: self._bot.send_media_group(chat, album, disable_notification=quietly)
        [file], [ref] = files, refs
        call = self._bot.send_photo if ref.kind == "picture" else self._bot.send_document
        return lambda: call(chat, file, filename=ref.name, disable_notification=quietly)

    async def answer(self, chat: int, text: str, markup: Any = None) -> int | None:
        """Send what somebody waits for: a short limit of the chat is waited out once."""
        sent = await self.send(chat, text, markup)
        wait = self._quiet.get(chat, 0.0) - self._clock.monotonic()
        if sent is None and 0 < wait <= SHORT:
            await self._clock.sleep(wait)
            self.heard_from(chat)
            sent = await self.send(chat, text, markup)
        return sent

    async def close(self, chat: int, message: int, text: str) -> bool:
        """Put a last text on a card; without a markup its buttons go. Return whether it is settled."""
        if self.is_quiet(chat):
            return False
        try:
            await self._bot.edit_message_text(text, chat, message, link_preview_options=NO_PREVIEW)
        except BadRequest as error:
            settled = any(words in str(error).lower() for words in NOTHING_TO_EDIT)
            if not settled:
                self._note(chat, error)
            return settled
        except TelegramError as error:
            self._note(chat, error)
            return False
        self.back()
        return True

    async def toast(self, query: str, text: str, *, alert: bool) -> None:
        """Answer a tap, so that its clock stops turning; an answer that comes too late is no matter."""
        try:
            await self._bot.answer_callback_query(query, cut(text, TOAST, "…"), show_alert=alert)
        except TelegramError as error:
            log.info("Tap not answered", extra={"action": "tap_unanswered", "kind": type(error).__name__})

    async def try_for(self, chat: int, call: Callable[[], Awaitable[Any]]) -> Any:
        """Make a call that is for one chat; return what it gave, None if it did not work this time."""
        try:
            done = await call()
        except TelegramError as error:
            self._note(chat, error)
            return None
        except ODD as error:
            log.warning("Answer not understood", extra={"action": "answer_odd", "kind": type(error).__name__})
            return None
        self.back()
        return done

    def _note(self, chat: int, error: TelegramError) -> None:
        """Remember what an error asks of us; its text stays out of the log, it may hold the token."""
        if isinstance(error, RetryAfter):
            self._quiet[chat] = self._clock.monotonic() + seconds(error)
        elif isinstance(error, Forbidden) or CHAT_UNKNOWN in str(error).lower():
            self._left_alone(chat, error)
        elif isinstance(error, BadRequest):
            told = {"action": "message_refused", "chat": chat, "kind": type(error).__name__}
            log.error("Telegram refused a message of ours", extra=told)
        else:
            self.away(error)

    def _left_alone(self, chat: int, error: TelegramError) -> None:
        self._quiet[chat] = self._clock.monotonic() + LEFT_ALONE
        told = {"action": "person_unreachable", "chat": chat, "kind": type(error).__name__}
        log.warning("Person cannot be reached in Telegram; ask them to press /start", extra=told)

    def away(self, error: TelegramError) -> None:
        """Note that Telegram cannot be reached, and say so once."""
        told = {"action": "telegram_unreachable", "kind": type(error).__name__}
        if self.reachable:
            hint = "the token was rejected" if isinstance(error, InvalidToken) else "trying again"
            log.warning("Telegram cannot be reached, %s", hint, extra=told)
        self.reachable = False

    def back(self) -> None:
        """Note that Telegram answers, and say so if it did not before."""
        if not self.reachable:
            log.info("Telegram can be reached again", extra={"action": "telegram_reachable"})
        self.reachable = True


def groups_of(refs: Sequence[MediaRef]) -> Iterator[Sequence[MediaRef]]:
    """Give pictures that follow each other together, as many as an album holds; all else alone."""
    for is_picture, group in groupby(refs, key=lambda ref: ref.kind == "picture"):
        yield from _pieces(list(group), ALBUM if is_picture else 1)


def _pieces(refs: Sequence[MediaRef], most: int) -> Iterator[Sequence[MediaRef]]:
    yield from (refs[first : first + most] for first in range(0, len(refs), most))


def seconds(error: RetryAfter) -> float:
    """Return the wait that Telegram asks for."""
    told: int | timedelta = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)
