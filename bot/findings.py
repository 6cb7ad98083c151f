"""What people found on a channel when nobody else could tell whether a post is there."""

from datetime import timedelta

from bot.acts import By
from content_queue.models import Delivery, Post
from content_queue.states import DeliveryState
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError, not_responsible
from content_queue.store.audit import Act, note
from content_queue.store.findings import Finding, decide_unconfirmed
from content_queue.store.posts import find_post
from content_queue.store.story import find_delivery
from content_queue.texts import _


def tell_finding(
    connection: Connection, number: str, finding: Finding, by: By, *, window: timedelta
) -> Delivery:
    """Settle delivery `number` of unknown outcome by what a person saw.

    Raises:
        NotAllowedError: there is no such delivery, its outcome is known, or the person may not say.
    """
    delivery, post = _asked_about(connection, number)
    refusal = not_responsible(by.person, post.agency)
    if refusal:
        raise NotAllowedError(refusal)
    end = by.now + window
    if not decide_unconfirmed(connection, delivery, finding, window_end=end, now=by.now):
        raise NotAllowedError(_("Lượt đăng {number} không còn là “chưa rõ” nữa.").format(number=number))
    verb = "found" if finding.published else "found_absent"
    detail = {"delivery": delivery.id, "channel": delivery.channel, "link": finding.link}
    note(connection, Act(by.now, by.person.name, by.way, verb, post.id, detail))
    return delivery


def _asked_about(connection: Connection, number: str) -> tuple[Delivery, Post]:
    found = find_delivery(connection, int(number)) if number.isdigit() else None
    post = find_post(connection, found.post) if found else None
    if found is None or post is None:
        told = _("Không có lượt đăng số “{number}”. Số này ở trong tin báo và trong lệnh loa queue.")
        raise NotAllowedError(told.format(number=number))
    if found.state != DeliveryState.UNCONFIRMED:
        told = _("Lượt đăng {number} không phải là “chưa rõ đã đăng hay chưa”.")
        raise NotAllowedError(told.format(number=number))
    return found, post


def said(channel: str, *, published: bool) -> str:
    """Say what was taken down."""
    if published:
        return _("Đã ghi nhận: bài đã lên kênh {channel}.").format(channel=channel)
    return _("Đã ghi nhận: bài chưa lên kênh {channel}; chương trình đăng lại ngay.").format(channel=channel)
