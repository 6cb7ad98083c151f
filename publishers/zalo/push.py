"""Push an article to the followers of an OA: rarely, by day, and never twice.

Memos: with `shown` the article is there and nothing was pushed; with `asked` the push left and nobody
knows whether it arrived.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from content_queue.models import Channel, Payload
from content_queue.outcomes import (
    NotSentError,
    Pending,
    PublishError,
    Receipt,
    RefusedError,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.texts import _
from publishers.hours import ZONE, too_early_or_late, until_open
from publishers.options import ZaloOptions
from publishers.zalo.account import Account
from publishers.zalo.around import ZaloAround

#: Between the article and the message in the id of a broadcast.
MARK = "/"
FORM = ("zalo", "broadcast")
#: A push that Zalo puts off for longer waits for a person: its article is shown already.
PATIENT = timedelta(minutes=10)


def is_broadcast(payload: Payload) -> bool:
    """Tell whether a payload is pushed to followers."""
    return "broadcast" in payload.fields


async def heed_quota(channel: Channel, around: ZaloAround, options: ZaloOptions) -> None:
    """Let no broadcast begin that the followers would get too often.

    Raises:
        RefusedError: the day or the month has had its broadcasts; both are Vietnam's.
    """
    today = datetime.combine(around.now().astimezone(ZONE).date(), time.min, ZONE)
    day = _("Kênh {channel} hôm nay đã gửi tin cho người quan tâm; Zalo chỉ nhận {most} tin mỗi ngày.")
    month = _("Kênh {channel} tháng này đã gửi đủ {most} tin cho người quan tâm.")
    mend = _("Hãy cho giờ mới vào ngày khác, hoặc bỏ chữ “gửi người quan tâm” ở cột Dạng để chỉ đăng bài.")
    for since, most, told in (
        (today, options.broadcasts_per_day, day),
        (today.replace(day=1), options.broadcasts_per_month, month),
    ):
        if most and await around.broadcasts(channel, since) >= most:
            raise RefusedError(f"{told.format(channel=channel.name, most=most)} {mend}")


def heed_hours(now: datetime) -> None:
    """Let no broadcast begin at night.

    Raises:
        NotSentError: it is night, with the time until morning.
    """
    wait = until_open(*FORM, now)
    if wait is not None:
        raise NotSentError(too_early_or_late(*FORM), retry_after=wait)


async def push(
    account: Account, payload: Payload, memo: Mapping[str, Any], article: Receipt
) -> Receipt | Pending:
    """Push the shown article once; what is not known to have arrived is never pushed again.

    Raises:
        RefusedError: Zalo does not push it; the article stays shown.
        UnknownOutcomeError: a push left before, and no answer came.
    """
    if "asked" in memo:
        raise UnknownOutcomeError(_unclear())
    try:
        message = await account.broadcast(article.remote_id, payload.fields["broadcast"])
    except UnknownOutcomeError:
        return Pending({**memo, "asked": True}, timedelta())
    except NotSentError as error:
        if error.retry_after is None or error.retry_after <= PATIENT:
            raise
        raise RefusedError(_not_pushed(error)) from error
    except RefusedError as error:
        raise type(error)(_not_pushed(error)) from error
    return Receipt(f"{article.remote_id}{MARK}{message}", article.link)


def unclear() -> Unclear:
    """Say that a push may have arrived: nothing can be asked of Zalo, a person looks."""
    return Unclear(_unclear())


def not_begun() -> Unclear:
    """Say that the article is shown and its push never left."""
    return Unclear(
        _(
            "Bài viết đã hiện trên OA nhưng tin chưa được gửi tới người quan tâm. Hãy gửi tay trong trang "
            "quản trị OA rồi trả lời là đã lên; hoặc gỡ bài đó rồi trả lời là chưa lên để đăng lại từ đầu."
        )
    )


def what_stays(receipt: Receipt) -> str:
    """Say what of a broadcast no removal undoes; empty for an article that was not pushed."""
    if MARK not in receipt.remote_id:
        return ""
    return _("Bài viết đã gỡ; tin đã tới người quan tâm thì Zalo không cho thu hồi, mở tin không thấy bài.")


def _not_pushed(error: PublishError) -> str:
    told = _("Bài viết đã hiện trên OA nhưng chưa gửi được tới người quan tâm. {reason}")
    return told.format(reason=error)


def _unclear() -> str:
    return _(
        "Bài viết đã hiện trên OA; chưa rõ tin đã tới người quan tâm hay chưa. Hãy xem mục Tin quảng bá "
        "trong trang quản trị OA. Chương trình không tự gửi lại."
    )
