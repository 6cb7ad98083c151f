"""What the adapter of Zalo is told by the house besides: where pictures are served, and what was pushed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from content_queue.models import Channel
from publishers.around import Around


async def none_yet(channel: Channel, since: datetime) -> int:  # noqa: ARG001 - the signature of `broadcasts`
    """Know of no broadcast."""
    return 0


@dataclass(frozen=True, slots=True)
class ZaloAround(Around):
    """The house around, with its web server and its ledger."""

    #: Public https address of our pictures, empty where they are not served.
    pictures: str = ""
    #: Return how many broadcasts of a channel went out, or may have, since a moment.
    broadcasts: Callable[[Channel, datetime], Awaitable[int]] = none_yet
