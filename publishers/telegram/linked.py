"""Find a post again by the copy that Telegram itself puts into a channel's discussion group.

Each post of a channel with such a group is forwarded there, and a bot that is an administrator of the group
(or has its privacy mode off) gets it as a `message` with `is_automatic_forward` and the post's own number
(Bot API, `Message`). Updates wait for 24 hours; nobody else takes those of a publishing bot. Not to find it
proves nothing.
"""

from collections.abc import Iterator, Sequence

from telegram import Bot, Message, MessageOriginChannel, Update
from telegram.error import Conflict

from content_queue.models import Attempt
from content_queue.outcomes import Receipt
from publishers.telegram.probe import SLACK, receipt, says, sent_at
from publishers.telegram.render import sent_text

#: Updates of one answer at most, and the kind that is wanted.
UPDATES, KINDS = 100, ("message",)


async def forwarded(bot: Bot, channel: int, attempt: Attempt) -> Receipt | None:
    """Return the receipt of the attempt's post, if its copy waits for the bot; nothing is acknowledged.

    Only where more wait than one answer holds, the older ones are let go to see the newest.
    """
    updates = await _waiting(bot)
    found = _match(updates, channel, attempt)
    if found is None and len(updates) == UPDATES:
        found = _match(await _waiting(bot, offset=-UPDATES), channel, attempt)
    return found


async def _waiting(bot: Bot, offset: int | None = None) -> Sequence[Update]:
    """Return what waits for the bot; nothing where somebody else listens for it."""
    try:
        return await bot.get_updates(offset=offset, limit=UPDATES, timeout=0, allowed_updates=KINDS)
    except Conflict:
        return ()


def _match(updates: Sequence[Update], channel: int, attempt: Attempt) -> Receipt | None:
    owned = {number for known in attempt.owned for number in known.split(",")}
    for message, origin in _copies(updates, channel):
        fresh = sent_at(message) >= attempt.started_at - SLACK and str(origin.message_id) not in owned
        if fresh and says(message, sent_text(attempt.payload)):
            return receipt(message, origin.message_id, len(attempt.payload.media))
    return None


def _copies(updates: Sequence[Update], channel: int) -> Iterator[tuple[Message, MessageOriginChannel]]:
    """Yield the channel's posts among updates, each as forwarded."""
    for update in updates:
        message = update.message
        origin = message.forward_origin if message is not None and message.is_automatic_forward else None
        if message is not None and isinstance(origin, MessageOriginChannel) and origin.chat.id == channel:
            yield message, origin
