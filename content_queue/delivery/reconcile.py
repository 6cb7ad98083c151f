"""Read back unknown outcomes: found is published, proven absent is sent again, else people decide."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from content_queue.delivery.claim import tell_of, tell_what_is_missing
from content_queue.delivery.decide import Look, after_look, measure_time
from content_queue.delivery.works import Works
from content_queue.models import Attempt, Delivery
from content_queue.outcomes import Absent, Found, NotSentError, PublishError, Unclear
from content_queue.states import DeliveryState
from content_queue.store import Connection, attempts, deliveries
from content_queue.store.deliveries import Standing
from content_queue.texts import _

#: Channels of one platform that are read back beside each other.
BESIDE = 4


async def recover(works: Works) -> tuple[int, int]:
    """Let go of claims without intent, make intents without receipt unknown, where nobody works at them.

    So they are after a crash, and after a commit that failed although it was durable. Return (claims
    let go, outcomes unknown).
    """
    settled = works.clock.now() + works.rules.settle
    reason = _("Chương trình dừng đột ngột khi đang gửi; chưa rõ bài đã lên hay chưa.")
    async with works.claiming:
        found = await works.ledger.read(partial(attempts.stranded, held=frozenset(works.hands)))
        if found.claimed or found.begun:
            recovered = partial(attempts.recover, found=found, settled=settled, reason=reason)
            await works.ledger.run(recovered)
    return len(found.claimed), len(found.begun)


async def reconcile(works: Works) -> None:
    """Read back every delivery of unknown outcome that has settled, several channels beside each other.

    So few of a platform that lanes are left for publishing. Those of one channel go one after another:
    what the first finds is not taken for the second.
    """
    now, by_channel = works.clock.now(), defaultdict[str, list[Standing]](list)
    for standing in await works.ledger.read(lambda connection: deliveries.unconfirmed(connection, now)):
        by_channel[standing.delivery.channel].append(standing)
    room = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(BESIDE))
    looks = [_look_at(works, found, room[found[0].delivery.platform]) for found in by_channel.values()]
    await asyncio.gather(*looks)


async def _look_at(works: Works, standings: Sequence[Standing], room: asyncio.Semaphore) -> None:
    async with room:
        for standing in standings:
            await _look(works, standing)


async def _look(works: Works, standing: Standing) -> None:
    attempt = await works.ledger.read(lambda c: attempts.open_attempt(c, standing.delivery.id))
    if attempt is None:
        return
    found, wait = await _find(works, standing.delivery, attempt)
    now = works.clock.now()
    look = after_look(found, standing.delivery, now=now, rules=works.rules)
    values = _values(look, found, standing.delivery, attempt.started_at)
    values["ready_at"] = max(values["ready_at"], now + wait)
    if isinstance(found, Found):
        values["measure_at"] = measure_time(standing.delivery.id, attempt.started_at, 0, works.rules)

    def change(connection: Connection) -> None:
        attempts.confirm(connection, standing.delivery.id, values)
        if look.tell:
            tell_of(connection, standing, look.verdict, now)
        if isinstance(found, Found) and found.receipt.told:
            tell_what_is_missing(connection, standing, found.receipt.told, now)

    await works.ledger.run(change)


async def _find(
    works: Works, delivery: Delivery, attempt: Attempt
) -> tuple[Found | Absent | Unclear, timedelta]:
    """Return what was found, and the wait that the platform asks for before the next look."""
    channel = works.channels.get(delivery.channel)
    if delivery.in_place:  # to make the same edit again changes nothing
        return Absent(), timedelta()
    if channel is None:
        told = _("Kênh {channel} không còn trong danh sách kênh.").format(channel=delivery.channel)
        return Unclear(told), timedelta()
    try:
        found = await works.call(channel, lambda: works.publisher(channel).find(channel, attempt))
    except NotSentError as error:
        return Unclear(str(error)), error.retry_after or timedelta()
    except PublishError as error:
        return Unclear(str(error)), timedelta()
    return found, timedelta()


def _values(
    look: Look, found: Found | Absent | Unclear, delivery: Delivery, started_at: datetime
) -> dict[str, Any]:
    verdict = look.verdict
    values: dict[str, Any] = {
        "state": verdict.state,
        "ready_at": verdict.ready_at,
        "reason": verdict.reason,
        "looks": look.looks,
        "absences": look.absences,
    }
    if isinstance(found, Found):
        late = round((started_at - delivery.planned) / timedelta(milliseconds=1))
        values |= {"remote_id": found.receipt.remote_id, "link": found.receipt.link}
        values |= {"reason": found.receipt.told or None}
        values |= {"published_at": started_at, "lateness_ms": late}
    if verdict.state == DeliveryState.RETRYING:
        values |= {"looks": 0, "absences": 0, "staged": None}
    return values
