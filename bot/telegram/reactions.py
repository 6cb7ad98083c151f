"""Readers' reactions to a channel's message, kept as reach of the delivery that it was."""

from collections.abc import Sequence
from datetime import datetime

from bot.telegram.gate import Reacted
from content_queue.models import Channel
from content_queue.outcomes import Reading
from content_queue.store import Connection
from content_queue.store.reach import keep_readings, published_at


def keep_reactions(
    connection: Connection, reacted: Reacted, channels: Sequence[Channel], now: datetime
) -> bool:
    """Store the total of a message's reactions; return False if the message is none of ours."""
    spellings = {str(reacted.chat), f"@{reacted.username}".lower()}
    names = [
        channel.name
        for channel in channels
        if channel.platform == "telegram" and channel.remote_id.lower() in spellings
    ]
    delivery = published_at(
        connection, platform="telegram", channel_remote=names, remote_id=str(reacted.message)
    )
    if delivery is None:
        return False
    keep_readings(connection, delivery, [Reading("reactions", reacted.total, "bot_api")], now)
    return True
