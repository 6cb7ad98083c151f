"""Prepare what is approved and due soon: uploads and hidden objects, so that little is left for the second.

Staging counts as leaving: only what is approved is staged. It is safe to repeat.
"""

import asyncio
import logging
import math
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from content_queue.delivery.works import Works
from content_queue.models import Channel, Payload
from content_queue.outcomes import NotSentError, Pending, PublishError, RefusedError, Staged
from content_queue.store import deliveries
from content_queue.store.deliveries import Standing
from content_queue.store.notices import Word, tell
from content_queue.texts import _

log = logging.getLogger(__name__)
#: Staging that failed is tried again after this, unless the platform says when.
AGAIN = timedelta(minutes=1)


async def prepare(works: Works) -> None:
    """Stage everything that is due within the time the rules give."""
    until = works.clock.now() + works.rules.prepare_ahead
    found = await works.ledger.read(lambda connection: deliveries.to_prepare(connection, until))
    for key in works.resting.keys() - {_key(s) for s in found}:
        del works.resting[key]
    fresh = [s for s in found if _is_fresh(works, s)]
    if fresh:
        wanted = {s.delivery.variant for s in fresh if s.delivery.variant}
        payloads = await works.ledger.read(lambda connection: deliveries.payloads(connection, wanted))
        await asyncio.gather(*(_prepare_one(works, s, payloads[s.delivery.variant or ""]) for s in fresh))


def _key(standing: Standing) -> tuple[int, str | None]:
    return standing.delivery.id, standing.delivery.variant


def _is_fresh(works: Works, standing: Standing) -> bool:
    """Tell whether staging may begin: not under way, not left alone for now, and there is where to."""
    key, channel = _key(standing), works.open_channel(standing.delivery.channel)
    rested = works.resting.get(key, -math.inf) <= works.clock.monotonic()
    return rested and channel is not None and key not in works.staging


async def _prepare_one(works: Works, standing: Standing, payload: Payload) -> None:
    key = _key(standing)
    try:
        await staged(works, standing, payload)
    except RefusedError as error:
        works.resting[key] = math.inf  # once more at its time, for it may have been mended at the platform
        await _warn(works, standing, error)
    except PublishError as error:
        told = error.retry_after if isinstance(error, NotSentError) else None
        works.resting[key] = works.clock.monotonic() + (told or AGAIN).total_seconds()
        log.info("Staging will be repeated", extra={"action": "staging_repeated", "post": standing.post.id})


async def staged(works: Works, standing: Standing, payload: Payload) -> Staged:
    """Return what is staged for a delivery, staging it now if need be; two callers share one staging.

    Raises:
        PublishError: it could not be staged.
    """
    if standing.delivery.staged is not None:  # no question at the due second; the intent looks once more
        return Staged(standing.delivery.staged)
    key = _key(standing)
    if key not in works.staging:
        works.staging[key] = asyncio.create_task(_stage(works, standing, payload))
        works.staging[key].add_done_callback(lambda _task: works.staging.pop(key, None))
    done: Staged = await asyncio.shield(works.staging[key])
    return done


async def _stage(works: Works, standing: Standing, payload: Payload) -> Staged:
    channel = works.channels[standing.delivery.channel]
    publisher = works.publisher(channel)
    known = await works.ledger.read(lambda connection: deliveries.staged_so_far(connection, standing))
    if isinstance(known, Staged):
        return known  # meanwhile
    memo = known
    if standing.delivery.in_place:  # an edit brings nothing along
        await _keep(works, standing, Staged(), memo)
        return Staged()
    while True:
        result = await works.call(channel, partial(publisher.stage, channel, payload, memo))
        if isinstance(result, Staged):
            await _keep(works, standing, result, memo)
            return result
        await _keep(works, standing, result, memo)
        memo = result.memo
        await works.rest(result.after)


async def _keep(works: Works, standing: Standing, result: Staged | Pending, since: Mapping[str, Any]) -> None:
    now = works.clock.now()
    await works.keep(lambda c: deliveries.save_staged(c, standing, result, now, since=since))


async def _warn(works: Works, standing: Standing, error: PublishError) -> None:
    """Tell people before the due time that a delivery will be refused."""
    post, channel = standing.post, standing.delivery.channel
    text = _("Bài {post} sẽ không lên được kênh {channel}: {reason}").format(
        post=post.id, channel=channel, reason=error
    )
    word = Word(f"refused:{post.id}:{post.revision}:{error}", post.agency, post.author, text)
    await works.ledger.run(lambda connection: tell(connection, word, works.clock.now()))


async def sweep(works: Works) -> None:
    """Remove what was staged and will not be published."""
    for orphan, name, data in await works.ledger.read(deliveries.unswept):
        channel = works.channels.get(name)
        if channel is None or await _discarded(works, channel, Staged(data)):
            swept = partial(deliveries.mark_swept, orphan=orphan, now=works.clock.now())
            await works.ledger.run(swept)


async def _discarded(works: Works, channel: Channel, staged: Staged) -> bool:
    """Remove what lies hidden; False if it could not be removed this time."""
    try:
        await works.call(channel, partial(works.publisher(channel).discard, channel, staged))
    except RefusedError:
        return True  # it never will be
    except PublishError:
        return False
    return True
