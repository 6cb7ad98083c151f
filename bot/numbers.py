"""Numbers that people read where no program can, kept with their source beside those that were read."""

import re
from dataclasses import dataclass

from bot.acts import By
from bot.desk import Desk
from bot.people import may_post
from content_queue.outcomes import Reading
from content_queue.states import DeliveryState
from content_queue.store import Connection, reach
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act, note
from content_queue.store.posts import find_post
from content_queue.store.story import find_delivery
from content_queue.texts import _

#: What a metric may be called: `views`, `subscribers`, …
METRIC = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Deliveries of which readers can have seen something.
SEEN = (DeliveryState.PUBLISHED, DeliveryState.RETRACTED)


@dataclass(frozen=True, slots=True)
class Told:
    """One number of a delivery, and where a person read it."""

    delivery: int
    metric: str
    value: int
    source: str


def enter_number(connection: Connection, told: Told, by: By, *, desk: Desk) -> str:
    """Keep a number; return the channel that it is of.

    Raises:
        NotAllowedError: no such delivery, nothing is out, no source, or the person may not.
    """
    delivery = find_delivery(connection, told.delivery)
    post = find_post(connection, delivery.post) if delivery else None
    if delivery is None or post is None or delivery.state not in SEEN:
        raise NotAllowedError(_("Lượt đăng {number} chưa có bài nào đã đăng.").format(number=told.delivery))
    agencies = (post.agency, desk.agency_of(delivery.channel))
    if not any(may_post(by.person, agency) for agency in agencies):
        raise NotAllowedError(_("{name} không phụ trách cơ quan của bài này.").format(name=by.person.name))
    if not METRIC.fullmatch(told.metric):
        raise NotAllowedError(_("Tên chỉ số chỉ gồm chữ thường không dấu, ví dụ views."))
    if not told.source.strip():
        raise NotAllowedError(_("Xin ghi nguồn: đọc số này ở đâu, ví dụ “ứng dụng Telegram”."))
    source = _("{person} ghi tay: {source}").format(person=by.person.name, source=told.source.strip())
    reach.keep_readings(connection, delivery.id, [Reading(told.metric, told.value, source)], by.now)
    detail = {"delivery": delivery.id, "metric": told.metric, "value": told.value, "source": told.source}
    note(connection, Act(by.now, by.person.name, by.way, "number", post.id, detail))
    return delivery.channel
