"""What the adapter is told by the house around it: it keeps no clock, no ledger and no address itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from content_queue.models import Channel
from content_queue.ports import Pacer
from publishers.unpaced import UNPACED


async def none_yet(channel: Channel, since: datetime) -> int:  # noqa: ARG001 - the signature of `Around.broadcasts`
    """Know of no broadcast."""
    return 0


@dataclass(frozen=True, slots=True)
class Around:
    """The house: who keeps the limits, where our pictures are served, what time it is, what was pushed."""

    #: Return the wall time, aware.
    now: Callable[[], datetime]
    pacer: Pacer = UNPACED
    #: Public https address of our pictures, empty where they are not served.
    pictures: str = ""
    #: Return how many broadcasts of a channel went out, or may have, since a moment.
    broadcasts: Callable[[Channel, datetime], Awaitable[int]] = none_yet
