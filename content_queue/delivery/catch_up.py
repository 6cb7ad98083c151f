"""Catch up after an outage without a burst: what is late leaves a channel one by one. Pure.

Readers of one channel should not find an afternoon's posts in one second. Channels do not wait for each
other, and what is on time waits for nobody. Windows are not widened: what cannot leave inside is missed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from content_queue.models import Delivery

#: No wait is shorter: one that rounds to nothing would be asked about again at once, and again.
LEAST = timedelta(seconds=1)


def is_late(delivery: Delivery, now: datetime, spacing: timedelta) -> bool:
    """Tell whether a delivery's second passed so long ago that readers would see a burst."""
    return bool(spacing) and now - delivery.planned > spacing


def must_wait(
    going: Iterable[Delivery], now: datetime, *, clock: float, last: Mapping[str, float], spacing: timedelta
) -> dict[int, datetime]:
    """Return which of the deliveries that may go out wait for their channel's next turn, and until when.

    `last` is channel -> the monotonic second at which something late left it, `clock` that of `now`.
    The earliest planned goes first; of one second, whichever stands first.
    """
    late = [delivery for delivery in going if is_late(delivery, now, spacing)]
    left, waits = dict(last), {}
    for delivery in sorted(late, key=lambda each: each.planned):
        since = clock - left.get(delivery.channel, float("-inf"))
        if since >= spacing.total_seconds():
            left[delivery.channel] = clock
        else:
            waits[delivery.id] = now + max(spacing - timedelta(seconds=since), LEAST)
    return waits
