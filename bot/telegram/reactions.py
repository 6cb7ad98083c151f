"""What readers did with a channel's message, kept as reach of the delivery that it was.

Reactions come as totals. Comments are counted one by one: each is told once, under the copy of the post
that Telegram puts into the channel's discussion group.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.telegram.gate import Commented, Copied, Reacted
from content_queue.models import Channel
from content_queue.outcomes import Reading
from content_queue.store import Connection
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.reach import keep_readings, published_at

SOURCE = "bot_api"


def keep_reach(
    connection: Connection,
    seen: Reacted | Copied | Commented,
    channels: Sequence[Channel],
    now: datetime,
) -> None:
    """Keep what an update tells of readers; what is under none of our posts is passed over."""
    match seen:
        case Reacted():
            keep_reactions(connection, seen, channels, now)
        case Copied():
            keep_thread(connection, seen, channels)
        case Commented():
            keep_comment(connection, seen, channels, now)


def keep_reactions(
    connection: Connection, reacted: Reacted, channels: Sequence[Channel], now: datetime
) -> bool:
    """Store the total of a message's reactions; return False if the message is none of ours."""
    delivery = _delivery(connection, reacted, channels)
    if delivery is None:
        return False
    keep_readings(connection, delivery, [Reading("reactions", reacted.total, SOURCE)], now)
    return True


def keep_thread(connection: Connection, copied: Copied, channels: Sequence[Channel]) -> None:
    """Remember which post a thread of a discussion group is under, if it is of a channel of ours.

    Its receipt may not be in the ledger yet, so the post is kept by its number.
    """
    if _names(copied, channels):
        post = {"chat": copied.chat, "username": copied.username, "message": copied.message, "comments": 0}
        keep_mark(connection, _thread(copied.group, copied.copy), post)


def keep_comment(
    connection: Connection, commented: Commented, channels: Sequence[Channel], now: datetime
) -> bool:
    """Count one more comment; return False if it stands under none of our posts."""
    mark = _thread(commented.group, commented.thread)
    post = read_mark(connection, mark)
    if post is None:
        return False
    count = post["comments"] + 1
    keep_mark(connection, mark, {**post, "comments": count})
    delivery = _delivery(
        connection, Reacted(post["chat"], post["username"], post["message"], count), channels
    )
    if delivery is not None:
        keep_readings(connection, delivery, [Reading("comments", count, SOURCE)], now)
    return delivery is not None


def _delivery(connection: Connection, what: Reacted | Copied, channels: Sequence[Channel]) -> int | None:
    names = _names(what, channels)
    return published_at(connection, platform="telegram", channel_remote=names, remote_id=str(what.message))


def _names(what: Reacted | Copied, channels: Sequence[Channel]) -> list[str]:
    spellings = {str(what.chat), f"@{what.username}".lower()}
    return [
        channel.name
        for channel in channels
        if channel.platform == "telegram" and channel.remote_id.lower() in spellings
    ]


def _thread(group: int, copy: int) -> str:
    return f"telegram_thread:{group}:{copy}"
