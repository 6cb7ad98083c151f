"""Channels without an API: at the due time an officer is asked to post by hand, and says when it is done.

All laws hold: the last look at approval, holds and window is made when it is asked for, with the intent in
the same transaction; and as long as nobody has answered, whatever stops a delivery takes the question back.
"""

from collections.abc import Sequence
from datetime import datetime

from content_queue.delivery.claim import settle
from content_queue.delivery.decide import at_due
from content_queue.delivery.works import Works
from content_queue.models import Channel, Hold
from content_queue.states import DeliveryState
from content_queue.store import Connection, assisted, deliveries, holds
from content_queue.store.deliveries import Standing
from content_queue.store.notices import Word, tell
from content_queue.texts import _


def is_assisted(channel: Channel | None) -> bool:
    """Tell whether an officer posts on this channel by hand."""
    return channel is not None and channel.mode == "assisted"


async def ask(works: Works, standing: Standing) -> None:
    """Ask for one claimed delivery, if it may still leave as it was claimed."""
    now = works.clock.now()

    def change(connection: Connection) -> None:
        found = deliveries.standing_of(connection, [standing.delivery.id])
        same = [each for each in found if each.delivery.variant == standing.delivery.variant]
        assisted.ask(connection, settle(connection, same, now), now)

    await works.ledger.run(change)


async def look_after(works: Works) -> bool:
    """Take back what may no longer be posted, remind of what is not; return whether something is asked."""
    now = works.clock.now()
    open_now = await works.ledger.read(assisted.asked)
    if open_now:
        await works.ledger.run(lambda connection: _look_after(connection, works, now))
    return bool(open_now)


def _look_after(connection: Connection, works: Works, now: datetime) -> None:
    in_force, changed = holds.active_holds(connection), assisted.changed(connection)
    found = assisted.asked(connection)
    over = [each for each in found if each.delivery.id in changed or _stops(works, each, in_force, now)]
    why = _("Không còn chờ cán bộ kênh đăng: hết khung giờ, bị tạm dừng, hoặc bài đã thay đổi.")
    assisted.withdraw(connection, [each.delivery.id for each in over], why=why, now=now)
    gone = {each.delivery.id for each in over}
    for each in found:
        if each.delivery.id not in gone and is_waiting_long(each, now):
            _remind(connection, each, now)


def _stops(works: Works, standing: Standing, in_force: Sequence[Hold], now: datetime) -> bool:
    """Tell whether it may no longer be posted, or not by hand."""
    verdict = at_due(standing.delivery, standing.post, in_force, now)
    by_hand = is_assisted(works.channels.get(standing.delivery.channel))
    return verdict.state != DeliveryState.PUBLISHING or not by_hand


def is_waiting_long(standing: Standing, now: datetime) -> bool:
    """Tell whether half of the time in which it is useful has passed."""
    asked = standing.delivery.asked_at
    return asked is not None and now >= asked + (standing.delivery.window_end - asked) / 2


def _remind(connection: Connection, standing: Standing, now: datetime) -> None:
    delivery, post = standing.delivery, standing.post
    told = _(
        "Nhắc: bài {post} chưa được đăng tay lên kênh {channel}. Đăng xong, xin bấm “Đã đăng” "
        "hoặc gõ /da_len {number} và liên kết của bài."
    )
    text = told.format(post=post.id, channel=delivery.channel, number=delivery.id)
    tell(connection, Word(f"by hand:{delivery.id}:{delivery.attempts}", post.agency, post.author, text), now)
