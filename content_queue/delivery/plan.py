"""Give every waiting delivery the second that its platform's limits leave it."""

from collections.abc import Sequence

from content_queue.delivery.pace import slots
from content_queue.delivery.works import Works
from content_queue.ports import Limit
from content_queue.store import Connection, deliveries


async def plan_seconds(works: Works) -> None:
    """Set `planned` of all scheduled deliveries: due, or as soon after it as the limits allow."""

    def limits_of(name: str) -> Sequence[Limit]:
        channel = works.channels.get(name)
        return () if channel is None else works.publisher(channel).limits(channel)

    def change(connection: Connection) -> None:
        waiting = deliveries.waiting_by_due(connection)
        was = {key: planned for key, _channel, _due, planned in waiting}
        fresh = slots([(key, channel, due) for key, channel, due, _planned in waiting], limits_of)
        deliveries.set_planned(connection, [(key, at) for key, at in fresh if at != was[key]])

    await works.ledger.run(change)
