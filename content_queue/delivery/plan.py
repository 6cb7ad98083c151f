"""Give every waiting delivery the second that its platform's limits leave it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial

from content_queue.delivery.pace import slots
from content_queue.delivery.works import Works
from content_queue.ports import Limit
from content_queue.store import Connection, deliveries
from content_queue.store.deliveries import Slot


async def plan_seconds(works: Works) -> None:
    """Set `planned` of all scheduled deliveries: due, or as soon after it as the limits allow.

    Of those due together, each channel's first post goes before the second ones, and the channel that stands
    first in the list of channels goes first: so no window stays half empty.
    """
    rank = {name: place for place, name in enumerate(works.channels)}

    @cache
    def limits_of(name: str) -> Sequence[Limit]:
        channel = works.channels.get(name)
        return () if channel is None else works.publisher(channel).limits(channel)

    def fresh(connection: Connection) -> list[Slot]:
        waiting = deliveries.waiting_by_due(connection)
        before = Counter[tuple[str, datetime]]()
        orders = dict[int, tuple[datetime, int, int]]()
        for key, channel, due, _planned in waiting:
            orders[key] = due, before[channel, due], rank.get(channel, -1)
            before[channel, due] += 1
        waiting.sort(key=lambda row: orders[row[0]])
        was = {key: planned for key, _channel, _due, planned in waiting}
        given = slots([(key, channel, due) for key, channel, due, _planned in waiting], limits_of)
        return [(key, at, was[key]) for key, at in given if at != was[key]]

    moved = await works.ledger.read(fresh)
    if moved:
        await works.ledger.run(partial(deliveries.set_planned, planned=moved))
