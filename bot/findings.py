"""What people found on a channel when nobody else could tell whether a post is there."""

import re

from bot.acts import By
from bot.desk import Desk
from bot.people import may_post
from content_queue.models import Delivery, Post
from content_queue.states import DeliveryState
from content_queue.store import Connection, assisted
from content_queue.store.approvals import NotAllowedError, not_responsible
from content_queue.store.audit import Act, note
from content_queue.store.findings import Finding, decide_unconfirmed
from content_queue.store.posts import find_post
from content_queue.store.story import find_delivery
from content_queue.texts import _

#: The public address of a post.
LINK = re.compile(r"https?://\S+\.\S+")


def tell_finding(connection: Connection, number: str, finding: Finding, by: By, *, desk: Desk) -> Delivery:
    """Settle delivery `number` of unknown outcome by what a person saw, or say that it was posted by hand.

    Raises:
        NotAllowedError: there is no such delivery, its outcome is known, or the person may not say.
    """
    asked = find_delivery(connection, int(number)) if number.isdigit() else None
    if asked is not None and asked.asked_at is not None:
        return _posted_by_hand(connection, asked, finding, by, desk=desk)
    delivery, post = _asked_about(connection, number)
    refusal = not_responsible(by.person, post.agency)
    if refusal:
        raise NotAllowedError(refusal)
    end = by.now + desk.window
    if not decide_unconfirmed(connection, delivery, finding, window_end=end, now=by.now):
        raise NotAllowedError(_("Lượt đăng {number} không còn là “chưa rõ” nữa.").format(number=number))
    verb = "found" if finding.published else "found_absent"
    detail = {"delivery": delivery.id, "channel": delivery.channel, "link": finding.link}
    note(connection, Act(by.now, by.person.name, by.way, verb, post.id, detail))
    return delivery


def _posted_by_hand(
    connection: Connection, delivery: Delivery, finding: Finding, by: By, *, desk: Desk
) -> Delivery:
    if not finding.published:
        raise NotAllowedError(_("Lượt đăng {number} đang chờ cán bộ đăng tay.").format(number=delivery.id))
    say_posted(connection, delivery, finding.link or "", by, desk=desk)
    return delivery


def say_posted(connection: Connection, delivery: Delivery, link: str, by: By, *, desk: Desk) -> None:
    """Note that a person has posted a delivery by hand, with its link.

    Raises:
        NotAllowedError: no link, the person may not say so, or nobody is asked any more.
    """
    post = find_post(connection, delivery.post)
    agency = desk.agency_of(delivery.channel)
    if post is None or not any(may_post(by.person, each) for each in (post.agency, agency)):
        raise NotAllowedError(_("{name} không phụ trách cơ quan của bài này.").format(name=by.person.name))
    if not LINK.fullmatch(link):
        raise NotAllowedError(
            _("Xin dán liên kết của bài trên kênh, bắt đầu bằng https://, ví dụ https://www.facebook.com/…")
        )
    if not assisted.posted(connection, delivery, link, by.now):
        raise NotAllowedError(_("Lượt đăng {number} không còn chờ đăng tay nữa.").format(number=delivery.id))
    detail = {"delivery": delivery.id, "channel": delivery.channel, "link": link}
    note(connection, Act(by.now, by.person.name, by.way, "posted", post.id, detail))


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
