"""Take posts back from their channels: asked for in the ledger, done within the platforms' limits.

The intent is committed before the first byte, as for a publish. But taking back is safe to repeat, so that
nothing is ever read back: after a crash, or an answer that nobody can trust, it is simply done again.
"""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from content_queue.delivery.assist import is_assisted
from content_queue.delivery.decide import Rules
from content_queue.delivery.works import Works
from content_queue.models import Channel, Delivery
from content_queue.outcomes import (
    NotSentError,
    PublishError,
    Receipt,
    RefusedError,
    Retraction,
    UnknownOutcomeError,
)
from content_queue.store import Connection, demands, takebacks
from content_queue.store.notices import Word, tell
from content_queue.store.posts import find_post
from content_queue.store.takebacks import Ended, Takeback, Wanted
from content_queue.texts import _

log = logging.getLogger(__name__)
#: After so many calls without an answer a person is told, and asks again when the platform is back.
TRIES = 40
#: Channels named one by one in what people are told; more are counted.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Fate:
    """What a call came to: over with `removed` (None: a person must do it), or again at `again_at`."""

    removed: bool | None
    told: str
    again_at: datetime | None = None


def after_retract(outcome: Retraction | PublishError, tries: int, *, now: datetime, rules: Rules) -> Fate:
    """Decide what the outcome of a take-back means. Pure."""
    match outcome:
        case Retraction():
            return Fate(outcome.removed, outcome.told)
        case RefusedError():
            return Fate(None, str(outcome))
        case NotSentError() | UnknownOutcomeError() if tries >= TRIES:
            return Fate(None, str(outcome))
        case UnknownOutcomeError():
            return Fate(None, str(outcome), now + rules.settle)
    told = outcome.retry_after if isinstance(outcome, NotSentError) else None
    wait = told or rules.retry_waits[min(tries, len(rules.retry_waits)) - 1]
    return Fate(None, str(outcome), now + wait)


async def retract(works: Works) -> bool:
    """Do what is to be taken back now; return whether something is still open."""
    if not await works.ledger.read(takebacks.any_open):
        return False
    now = works.clock.now()
    await works.ledger.run(partial(_end_needless, now=now))
    due = await works.ledger.read(partial(takebacks.wanted, now=now))
    if due:
        await works.ledger.run(partial(takebacks.begin, ids=[each.takeback for each in due], now=now))
        await asyncio.gather(*(_retract_one(works, each) for each in due))
    if await works.ledger.read(demands.open_demands):
        await works.ledger.run(partial(demands.close_done, now=now))
    return await works.ledger.read(takebacks.any_open)


async def _retract_one(works: Works, asked: Wanted) -> None:
    delivery = asked.standing.delivery
    outcome = await _outcome(works, delivery)
    now = works.clock.now()
    fate = after_retract(outcome, asked.tries + 1, now=now, rules=works.rules)
    ended = Ended(asked.takeback, delivery.id, fate.removed, fate.told, fate.again_at)
    action = "taken_back" if fate.again_at is None else "takeback_repeated"
    log.info("Take-back ended", extra={"action": action, "delivery": delivery.id, "post": delivery.post})

    def change(connection: Connection) -> None:
        takebacks.end(connection, ended, now)
        report_if_over(connection, delivery.post, now)

    await works.keep(change)


async def _outcome(works: Works, delivery: Delivery) -> Retraction | PublishError:
    channel = works.channels.get(delivery.channel)
    if channel is None:
        told = _("Kênh {channel} không còn trong danh sách kênh; xin tự gỡ bài trên kênh.")
        return RefusedError(told.format(channel=delivery.channel))
    if is_assisted(channel):
        told = _("Bài do cán bộ đăng tay; xin mở kênh và tự gỡ. {link}")
        return RefusedError(told.format(link=delivery.link or "").strip())
    try:
        return await _call(works, channel, Receipt(delivery.remote_id or "", delivery.link))
    except PublishError as error:
        return error


async def _call(works: Works, channel: Channel, receipt: Receipt) -> Retraction:
    """Make the call on a turn of its own: it changes what readers see, and counts as a publish does."""
    turn = await works.turn(channel)
    try:
        return await works.in_lane(channel, partial(works.publisher(channel).retract, channel, receipt), turn)
    finally:
        turn.let_go()


def _end_needless(connection: Connection, now: datetime) -> None:
    for post in takebacks.end_needless(connection, now):
        report_if_over(connection, post, now)


def report_if_over(connection: Connection, post: str, now: datetime) -> None:
    """Tell people what became of a take-back once nothing of it is open: all that could not be undone."""
    found, known = takebacks.of_post(connection, post), find_post(connection, post)
    if known is None or not found or any(each.ended_at is None for each, _delivery in found):
        return
    asked = max(each.asked_at for each, _delivery in found)
    text = "\n".join([_head(known.id, [each for each, _delivery in found]), *_lines(found)])
    tell(connection, Word(f"retracted:{post}:{asked.isoformat()}", known.agency, known.author, text), now)


def _head(post: str, found: list[Takeback]) -> str:
    counted = Counter(each.removed for each in found)
    told = _(
        "Gỡ bài {post}: {gone} kênh đã gỡ hết, {notice} kênh chỉ thay được bằng lời báo gỡ, "
        "{left} kênh chưa gỡ được."
    )
    left = sum(each.removed is None and bool(each.told) for each in found)
    return told.format(post=post, gone=counted[True], notice=counted[False], left=left)


def _lines(found: list[tuple[Takeback, Delivery]]) -> list[str]:
    """Name the channels on which something is left, those of one sentence together."""
    left: dict[str, list[str]] = {}
    for each, delivery in found:
        if each.told:
            left.setdefault(each.told, []).append(delivery.channel)
    return [f"• {_names(channels)}: {told}" for told, channels in left.items()]


def _names(channels: list[str]) -> str:
    named, more = ", ".join(channels[:NAMED]), len(channels) - NAMED
    return named if more <= 0 else _("{names} và {count} kênh khác").format(names=named, count=more)
