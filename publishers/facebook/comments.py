"""The first comment under a post: made when the post stands, and never at the cost of it."""

from collections.abc import Mapping
from typing import Any

from content_queue.models import Payload
from content_queue.outcomes import Receipt, RefusedError, UnknownOutcomeError
from content_queue.texts import _
from publishers.facebook.page import Page

#: What a memo holds once the post stands: its id; its link is beside it.
MADE, LINK = "made", "link"


def due(receipt: Receipt, memo: Mapping[str, Any]) -> dict[str, Any]:
    """Return the memo of a post that stands and has no comment yet."""
    return {**memo, MADE: receipt.remote_id, LINK: receipt.link}


def without(memo: Mapping[str, Any]) -> Receipt:
    """Return the receipt of a post whose comment nobody saw."""
    told = _("Chưa rõ bình luận đầu đã lên hay chưa. Hãy mở bài xem và viết bình luận nếu chưa có.")
    return Receipt(memo[MADE], memo[LINK], told)


async def follow(page: Page, payload: Payload, memo: Mapping[str, Any]) -> Receipt:
    """Put the first comment under the post that `memo` names; what failed is told beside the receipt.

    Raises:
        NotSentError: it may be tried again.
    """
    try:
        with page.committing():
            await page.graph.put_object(memo[MADE], "comments", message=payload.fields["comment"])
    except UnknownOutcomeError:
        return without(memo)
    except RefusedError as error:
        told = _("Bài đã lên nhưng bình luận đầu thì chưa: {reason}").format(reason=error)
        return Receipt(memo[MADE], memo[LINK], told)
    return Receipt(memo[MADE], memo[LINK])
