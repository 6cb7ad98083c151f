"""How often the followers of a channel were written to: platforms count it, so we count it first."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from content_queue.states import DeliveryState
from content_queue.store.tables import deliveries, variants

_SINCE = bindparam("since", type_=deliveries.c.due.type)
_OUT = (deliveries.c.state != DeliveryState.UNCONFIRMED) & (deliveries.c.published_at >= _SINCE)
_PERHAPS = (deliveries.c.state == DeliveryState.UNCONFIRMED) & (deliveries.c.planned >= _SINCE)
_COUNT = (
    select(func.count())
    .select_from(deliveries)
    .join(variants, variants.c.hash == deliveries.c.variant)
    .where(deliveries.c.channel == bindparam("channel"), _OUT | _PERHAPS)
    .where(deliveries.c.in_place.is_(False))  # to correct the article pushes nothing
    .where(variants.c.payload["fields"]["broadcast"]["gender"].as_string().is_not(None))
)


def count_broadcasts(connection: Connection, channel: str, since: datetime) -> int:
    """Return how many broadcasts of a channel went out since a moment, or perhaps did."""
    return connection.execute(_COUNT, {"channel": channel, "since": since}).scalar() or 0
