"""Claim what is due: an UPDATE with a WHERE, after the last look at approval, holds and window."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from content_queue.delivery.catch_up import is_late, must_wait
from content_queue.delivery.decide import OFFICE_ZONE, Verdict, at_due
from content_queue.delivery.works import Works
from content_queue.models import Delivery, Hold, Post
from content_queue.states import DeliveryState, PostState
from content_queue.store import Connection, deliveries, holds
from content_queue.store.deliveries import Move, Standing
from content_queue.store.notices import Word, tell
from content_queue.store.posts import leave_orphans
from content_queue.texts import _
from content_queue.words import delivery_state_name

log = logging.getLogger(__name__)
#: States of which people are told when a delivery falls into them at its time.
_TOLD = (DeliveryState.MISSED, DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.UNCONFIRMED)

#: Posts that no new time helps: their row has to be mended.
_MENDED_IN_CALENDAR = (PostState.DRAFT, PostState.REJECTED)


#: So many that a hold has caught are looked at before it ends.
CAUGHT = 100_000


async def claim(works: Works) -> list[Standing]:
    """Take what is due and may go out; what may not becomes missed or held, and people are told.

    Of what is late, one a channel goes; the others wait for its next turn. What is returned is in the
    hands of this process until `Dispatch.send` has done with it.
    """
    now, clock, spacing = works.clock.now(), works.clock.monotonic(), works.rules.catch_up
    turns = partial(must_wait, now=now, clock=clock, last=works.caught_up, spacing=spacing)
    async with works.claiming:
        claimed = await works.ledger.run(
            lambda connection: settle(connection, deliveries.ready(connection, now), now, turns=turns)
        )
        works.hands.update(standing.delivery.id for standing in claimed)
    late = [standing for standing in claimed if is_late(standing.delivery, now, spacing)]
    works.caught_up.update((standing.delivery.channel, clock) for standing in late)
    return claimed


def _no_turns(_going: Sequence[Delivery]) -> Mapping[int, datetime]:
    return {}


def settle(
    connection: Connection,
    standings: Sequence[Standing],
    now: datetime,
    *,
    turns: Callable[[Sequence[Delivery]], Mapping[int, datetime]] = _no_turns,
) -> list[Standing]:
    """Move each delivery to where it belongs at its time; return those that may go out.

    `turns` says which of these wait, and until when.
    """
    in_force = holds.active_holds(connection)
    judged = [(s, at_due(s.delivery, s.post, in_force, now)) for s in standings]
    going = [s for s, verdict in judged if verdict.state == DeliveryState.PUBLISHING]
    waits = turns([s.delivery for s in going])
    going = [s for s in going if s.delivery.id not in waits]
    staying = [(s, verdict) for s, verdict in judged if verdict.state != DeliveryState.PUBLISHING]
    moves = [
        Move(s.delivery.id, verdict.state, verdict.reason)
        for s, verdict in judged
        if verdict.state != s.delivery.state and s.delivery.id not in waits
    ]
    waiting = [(s.delivery, waits[s.delivery.id]) for s in standings if s.delivery.id in waits]
    deliveries.move(connection, [*moves, *(Move(d.id, d.state, d.reason, at) for d, at in waiting)])
    for standing, verdict in staying:
        tell_of(connection, standing, verdict, now)
    leave_orphans(connection, [standing.delivery.id for standing, _verdict in staying], now)
    return going


def catch(connection: Connection, hold: Hold, now: datetime) -> None:
    """Hold what has come to its time in a hold and was not looked at since, before the hold ends.

    A daemon that was away meanwhile hears of the end first: that must release nothing.
    """
    due = [(s, at_due(s.delivery, s.post, [hold], now)) for s in deliveries.ready(connection, now, CAUGHT)]
    caught = [(s, verdict) for s, verdict in due if verdict.state == DeliveryState.HELD]
    deliveries.move(connection, [Move(s.delivery.id, v.state, v.reason) for s, v in caught])
    for standing, verdict in caught:
        tell_of(connection, standing, verdict, now)
    leave_orphans(connection, [standing.delivery.id for standing, _verdict in caught], now)


def tell_of(connection: Connection, standing: Standing, verdict: Verdict, now: datetime) -> None:
    """Tell people once what became of a post's deliveries, and what to do.

    An unknown outcome is told for each delivery: a person looks at that channel and says what is there.
    """
    post, delivery = standing.post, standing.delivery
    log.info("Delivery did not go out", extra={"action": f"delivery_{verdict.state}", "post": post.id})
    if verdict.state not in _TOLD:
        return
    text = _("Bài {post} – {state}: {reason}\n{next}").format(
        post=post.id,
        state=delivery_state_name(verdict.state),
        reason=verdict.reason or "",
        next=_next_step(verdict.state, standing, now),
    )
    about = delivery.id if verdict.state == DeliveryState.UNCONFIRMED else verdict.reason
    key = f"{verdict.state}:{post.id}:{post.revision}:{about}"
    tell(connection, Word(key, post.agency, post.author, text, _asks(verdict.state, post)), now)


def tell_what_is_missing(connection: Connection, standing: Standing, told: str, now: datetime) -> None:
    """Tell people that a post is out and what did not follow it: a first comment."""
    post, channel = standing.post, standing.delivery.channel
    text = _("Bài {post} đã lên kênh {channel}. {told}").format(post=post.id, channel=channel, told=told)
    tell(connection, Word(f"missing:{standing.delivery.id}:{told}", post.agency, post.author, text), now)


def _asks(state: DeliveryState, post: Post) -> str:
    """Say what people who may decide are asked with buttons; empty where nothing is asked."""
    if state == DeliveryState.MISSED and post.state in _MENDED_IN_CALENDAR:
        return ""
    return {DeliveryState.MISSED: "time", DeliveryState.UNCONFIRMED: "look"}.get(state, "")


def _next_step(state: DeliveryState, standing: Standing, now: datetime) -> str:
    if state == DeliveryState.MISSED and standing.post.state in _MENDED_IN_CALENDAR:
        return _("Muốn vẫn đăng, xin sửa dòng của bài trong lịch và ghi giờ mới.")
    steps = {
        DeliveryState.MISSED: _("Muốn vẫn đăng, cho giờ mới, ví dụ: /gio_moi {post} {example}"),
        DeliveryState.HELD: _("Khi hết tạm dừng, cho giờ mới, ví dụ: /gio_moi {post} {example}"),
        DeliveryState.FAILED: _("Sửa theo lý do trên rồi cho giờ mới, ví dụ: /gio_moi {post} {example}"),
        DeliveryState.UNCONFIRMED: _(
            "Xin mở kênh {channel} xem bài đã lên chưa rồi trả lời: /da_len {number} (đã lên) "
            "hoặc /chua_len {number} (chưa lên, đăng lại ngay). Chương trình không tự đăng lại."
        ),
    }
    delivery = standing.delivery
    names = {"post": standing.post.id, "channel": delivery.channel, "number": delivery.id}
    return steps[state].format(**names, example=_same_hour_tomorrow(delivery.due, now))


def _same_hour_tomorrow(due: datetime, now: datetime) -> str:
    """Return a time that can be sent back as it stands: `21/11 15:00`."""
    tomorrow = now.astimezone(OFFICE_ZONE) + timedelta(days=1)
    return f"{tomorrow:%d/%m} {due.astimezone(OFFICE_ZONE):%H:%M}"
