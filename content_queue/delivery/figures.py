"""Read once a night what platforms tell of the channels themselves: followers, subscribers, a Page's day.

A channel that was never asked is first asked in the next night, so that a new office does not ask for all at
once; what could not be read is asked for again all day, and its reason is kept when the next night comes.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from content_queue.delivery.decide import figures_time
from content_queue.delivery.works import Works
from content_queue.models import Channel
from content_queue.outcomes import NotSentError, PublishError, Reading, UnknownOutcomeError
from content_queue.store import Connection
from content_queue.store.figures import keep_figures, plan_figures, planned_figures

#: What could not be read is asked for again after this, unless the platform says when.
AGAIN = timedelta(minutes=30)


async def read_figures(works: Works) -> int:
    """Ask the channels whose moment has come; return how many were asked."""
    now = works.clock.now()
    planned = await works.ledger.read(planned_figures)
    asked = [channel for channel in works.channels.values() if channel.mode == "api"]
    new = {each.name: figures_time(each.name, now, works.rules) for each in asked if each.name not in planned}
    if new:
        await works.ledger.run(partial(plan_figures, times=new))
    due = [channel for channel in asked if planned.get(channel.name, now + AGAIN) <= now]
    await asyncio.gather(*(_read(works, channel) for channel in due))
    return len(due)


async def _read(works: Works, channel: Channel) -> None:
    """Ask one channel, and keep what it told and when it is asked next in one change."""
    readings, again = await _ask(works, channel)
    now = works.clock.now()
    following = figures_time(channel.name, now, works.rules)
    if again is not None and now + again < following:
        readings, following = (), now + again

    def change(connection: Connection) -> None:
        keep_figures(connection, channel, readings, now=now)
        plan_figures(connection, {channel.name: following})

    await works.ledger.run(change)


async def _ask(works: Works, channel: Channel) -> tuple[Sequence[Reading], timedelta | None]:
    """Return what was told, or why nothing, and after what time to ask again; None where it is settled."""
    try:
        asked = partial(works.publisher(channel).figures, channel)
        return await works.call(channel, asked, spare=True), None
    except PublishError as error:
        missing = [Reading("figures", None, channel.platform, str(error))]
        if isinstance(error, NotSentError):
            return missing, error.retry_after or AGAIN
        return missing, AGAIN if isinstance(error, UnknownOutcomeError) else None
