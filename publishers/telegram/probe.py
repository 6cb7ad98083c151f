"""Read a channel back, which bots may not: forward its next messages into the office's own chat and look.

A bot sees no history, but a message that it forwards comes back with its text (Bot API `forwardMessage`);
what is not there answers `message to forward not found`. Ids only grow, so a post of unknown outcome can
only stand right behind the last one that is known. It costs a copy in the office's chat, removed at once.
"""

import unicodedata

from telegram import Bot, Message
from telegram.error import BadRequest, TelegramError

from content_queue.models import Attempt, Channel
from content_queue.outcomes import Absent, Found, Receipt, Unclear
from content_queue.texts import _

#: So many ids behind the last known one are looked at.
REACH = 20
#: So many ids in a row without a message mean that nothing follows.
SILENCE = 5


async def probe(bot: Bot, channel: Channel, attempt: Attempt, *, into: str) -> Found | Absent | Unclear:
    """Look behind the channel's last known post for the text of an attempt."""
    owned = {int(number) for known in attempt.owned for number in known.split(",") if number.isdigit()}
    if not owned:
        return Unclear(_("Kênh {channel} chưa có bài nào để dò từ đó.").format(channel=channel.name))
    last, silent = max(owned), 0
    for number in range(last + 1, last + 1 + REACH):
        seen = await _copy(bot, channel, number, into=into)
        if seen is not None and _same(seen, attempt.payload.text):
            return Found(_receipt(seen, number, len(attempt.payload.media)))
        silent = 0 if seen is not None else silent + 1
        if silent == SILENCE:
            return Absent()
    return Unclear(_("Kênh {channel} có nhiều tin mới sau bài cuối đã biết.").format(channel=channel.name))


async def _copy(bot: Bot, channel: Channel, number: int, *, into: str) -> Message | None:
    """Return message `number` of the channel as forwarded, None where there is none."""
    try:
        copy = await bot.forward_message(into, channel.remote_id, number, disable_notification=True)
    except BadRequest as error:
        if "message to forward not found" in str(error).lower():
            return None
        raise
    await _remove(bot, into, copy.message_id)
    return copy


async def _remove(bot: Bot, chat: str, number: int) -> None:
    """Remove a copy; one that stays behind hurts nobody."""
    try:
        await bot.delete_message(chat, number)
    except TelegramError:
        return


def _same(message: Message, text: str) -> bool:
    said = message.text or message.caption or ""
    return unicodedata.normalize("NFC", said).strip() == text.strip()


def _receipt(seen: Message, number: int, pictures: int) -> Receipt:
    """Return the receipt that the lost answer would have given: an album has one id a picture."""
    ids = range(number, number + max(1, pictures))
    origin = getattr(seen.forward_origin, "chat", None)
    name = origin.username if origin else None
    link = f"https://t.me/{name}/{number}" if name else None
    return Receipt(",".join(map(str, ids)), link)
