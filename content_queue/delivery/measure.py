"""Read back the reach of what was published, at its times, and store it as snapshots with their source."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from content_queue.delivery.decide import measure_time
from content_queue.delivery.works import Works
from content_queue.outcomes import NotSentError, PublishError, Reading, Receipt, UnknownOutcomeError
from content_queue.store import Connection, deliveries, reach
from content_queue.store.deliveries import Standing

log = logging.getLogger(__name__)
#: A reading that could not be made is tried again after this, unless the platform says when.
AGAIN = timedelta(minutes=15)
#: How long after its last reading an unreachable post is still asked about.
PATIENCE = timedelta(days=1)


async def measure(works: Works) -> int:
    """Read what is due to be read; return how many deliveries were measured."""
    now = works.clock.now()
    due = await works.ledger.read(lambda connection: deliveries.to_measure(connection, now))
    await asyncio.gather(*(_measure_or_later(works, standing) for standing in due))
    return len(due)


async def _measure_or_later(works: Works, standing: Standing) -> None:
    """Measure one delivery; a mistake of ours puts its reading off and stops no other."""
    try:
        await _measure_one(works, standing)
    except Exception:
        log.exception("Reading failed", extra={"action": "reading_failed", "delivery": standing.delivery.id})
        later = works.clock.now() + AGAIN
        step = standing.delivery.measure_step
        await works.ledger.run(lambda c: reach.plan_measure(c, standing.delivery.id, step, later))


async def _measure_one(works: Works, standing: Standing) -> None:
    delivery, now = standing.delivery, works.clock.now()
    readings, again = await _read(works, standing)
    step = delivery.measure_step + (1 if again is None else 0)
    published = delivery.published_at or now
    following = measure_time(delivery.id, published, step, works.rules) if again is None else now + again
    if again is not None and now > published + works.rules.measure_after[-1] + PATIENCE:
        following = None
    if following is not None:
        following = max(following, now + timedelta(seconds=1))

    def change(connection: Connection) -> None:
        reach.keep_readings(connection, delivery.id, readings, works.clock.now())
        reach.plan_measure(connection, delivery.id, step, following)

    await works.ledger.run(change)


async def _read(works: Works, standing: Standing) -> tuple[Sequence[Reading], timedelta | None]:
    """Return what was read, and after what time it is to be tried again; None where it is settled."""
    delivery = standing.delivery
    channel = works.channels.get(delivery.channel)
    if channel is None:
        return (), None
    receipt = Receipt(delivery.remote_id or "", delivery.link)
    try:
        asked = partial(works.publisher(channel).measure, channel, receipt)
        return await works.call(channel, asked, spare=True), None
    except NotSentError as error:
        return (), error.retry_after or AGAIN
    except UnknownOutcomeError:
        return (), AGAIN
    except PublishError as error:
        return [Reading("reach", None, channel.platform, str(error))], None
