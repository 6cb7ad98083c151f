"""Read a channel back, which bots may not: forward its messages into the office's own chat and look.

A bot sees no history, but a message that it forwards comes back with its text and the time of the original
(Bot API `forwardMessage`, `MessageOriginChannel`); what is not there answers `message to forward not found`.
Ids only grow, so a post of unknown outcome stands behind every message that is older than its attempt: among
those that were sent since, or behind the last of them. Each look costs a copy, removed at once.
"""

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Bot, Message
from telegram.error import BadRequest, TelegramError

from content_queue.models import Attempt, Channel
from content_queue.outcomes import Absent, Found, Receipt, Unclear
from content_queue.texts import _
from publishers.telegram.render import sent_text

#: Waits until one more message is inside the limits.
Turn = Callable[[], Awaitable[object]]
#: So many ids before and behind the last known one are looked at.
REACH = 20
#: So many ids in a row without a message mean that nothing follows.
SILENCE = 5


#: Clocks differ: a message counts as older than the attempt when it is older by so much.
SLACK = timedelta(minutes=1)


async def probe(
    bot: Bot, channel: Channel, attempt: Attempt, *, into: str, turn: Turn
) -> Found | Absent | Unclear:
    """Look for the text of an attempt among the channel's messages since it began.

    `turn` waits until a copy is inside the limits: each is a message of the bot's.
    """
    owned = {int(number) for known in attempt.owned for number in known.split(",") if number.isdigit()}
    if not owned:
        return Unclear(_("Kênh {channel} chưa có bài nào để dò từ đó.").format(channel=channel.name))
    look = _Look(bot, channel, attempt, into, turn, frozenset(owned))
    return await look.before(max(owned)) or await look.behind(max(owned))


@dataclass(frozen=True, slots=True)
class _Look:
    """One search for an attempt; `owned` are the ids of other posts of ours."""

    bot: Bot
    channel: Channel
    attempt: Attempt
    into: str
    turn: Turn
    owned: frozenset[int]

    async def before(self, last: int) -> Found | Unclear | None:
        """Look from `last` back to what is older than the attempt; None if it is not there."""
        for number in range(last, max(last - REACH, 0), -1):
            seen = await self._copy(number)
            if seen is None:
                continue
            if self._is_it(seen, number):
                return self._found(seen, number)
            if sent_at(seen) < self.attempt.started_at - SLACK:
                return None
        return None if last <= REACH else self._too_many()

    async def behind(self, last: int) -> Found | Absent | Unclear:
        """Look behind `last` until nothing follows."""
        silent = 0
        for number in range(last + 1, last + 1 + REACH):
            seen = await self._copy(number)
            if seen is not None and self._is_it(seen, number):
                return self._found(seen, number)
            silent = 0 if seen is not None else silent + 1
            if silent == SILENCE:
                return Absent()
        return self._too_many()

    async def _copy(self, number: int) -> Message | None:
        """Return message `number` of the channel as forwarded, None where there is none."""
        await self.turn()
        source = self.channel.remote_id
        try:
            copy = await self.bot.forward_message(self.into, source, number, disable_notification=True)
        except BadRequest as error:
            if "message to forward not found" in str(error).lower():
                return None
            raise
        await _remove(self.bot, self.into, copy.message_id)
        return copy

    def _is_it(self, seen: Message, number: int) -> bool:
        return number not in self.owned and says(seen, sent_text(self.attempt.payload))

    def _found(self, seen: Message, number: int) -> Found:
        return Found(receipt(seen, number, len(self.attempt.payload.media)))

    def _too_many(self) -> Unclear:
        told = _("Kênh {channel} có nhiều tin mới sau bài cuối đã biết.")
        return Unclear(told.format(channel=self.channel.name))


def sent_at(message: Message) -> datetime:
    """Return when the original of a copy was sent; a copy without origin says when it was made."""
    return message.forward_origin.date if message.forward_origin else message.date


async def _remove(bot: Bot, chat: str, number: int) -> None:
    """Remove a copy; one that stays behind hurts nobody."""
    try:
        await bot.delete_message(chat, number)
    except TelegramError:
        return


def says(message: Message, text: str) -> bool:
    """Tell whether a message has exactly this text or caption."""
    said = message.text or message.caption or ""
    return unicodedata.normalize("NFC", said).strip() == text.strip()


def receipt(seen: Message, number: int, pictures: int) -> Receipt:
    """Return the receipt that the lost answer would have given: an album has one id a picture."""
    ids = range(number, number + max(1, pictures))
    origin = getattr(seen.forward_origin, "chat", None)
    name = origin.username if origin else None
    link = f"https://t.me/{name}/{number}" if name else None
    return Receipt(",".join(map(str, ids)), link)
