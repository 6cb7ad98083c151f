"""Change and take back what stands on a Page."""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from content_queue.models import Payload
from content_queue.outcomes import NotSentError, PublishError, Receipt, RefusedError, Retraction
from content_queue.texts import _
from publishers.facebook import posts, readback
from publishers.facebook.errors import Means, envelope, meaning
from publishers.facebook.graph import GraphError
from publishers.facebook.page import Page

#: Fields whose change needs no new post.
EDITABLE = frozenset({"message"})


class GoneError(RefusedError):
    """The post is no longer on the Page."""


def uneditable(old: Payload, new: Payload) -> str:
    """Say why a post cannot become another in place; empty where it can. Pure."""
    rest = [{k: v for k, v in payload.fields.items() if k not in EDITABLE} for payload in (old, new)]
    if old.media == new.media and rest[0] == rest[1]:
        return ""
    return _(
        "Facebook chỉ cho sửa chữ của bài đã đăng, không thay được ảnh, video, đường dẫn đính kèm "
        "hay bình luận đầu. Hãy gỡ bài rồi đăng bài mới."
    )


async def correct(page: Page, receipt: Receipt, payload: Payload) -> Receipt:
    """Write other words over a post; the same words twice are one edit.

    Raises:
        GoneError: the post is gone.
    """
    path, said = f"{page.graph.version}/{known(receipt)}", {"message": payload.fields["message"]}
    answer = await _changing(page, page.graph.request(path, post_args=said, method="POST"))
    if answer.get("success") is not True:
        raise NotSentError(_("Facebook chưa xác nhận đã sửa bài. Loa sẽ tự thử lại."))
    return receipt


async def retract(page: Page, receipt: Receipt) -> Retraction:
    """Delete a post, and then its photos and films, which may stay in the Page's albums."""
    post, fields = known(receipt), "attachments{media_type,target,subattachments}"
    try:
        hung = await _changing(page, page.graph.get_object(post, fields=fields))
    except GoneError:
        return Retraction(removed=True)
    with suppress(GoneError):
        await _changing(page, page.graph.delete_object(post))
    try:
        await posts.delete(page, list(readback.own_media(hung)))
    except PublishError as error:
        told = _("Bài đã gỡ, nhưng ảnh hoặc video của bài có thể còn trong album của Trang: {reason}")
        return Retraction(removed=False, told=told.format(reason=error))
    return Retraction(removed=True)


def known(receipt: Receipt) -> str:
    """Return the post's id.

    Raises:
        RefusedError: a person said that it is there, and nobody knows its id.
    """
    if not receipt.remote_id:
        raise RefusedError(_("Loa không biết mã bài trên Trang. Hãy mở Trang và tự gỡ hoặc sửa bài."))
    return receipt.remote_id


async def _changing(page: Page, change: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Change a post that is out. It is gone only if the token that misses it still sees the Page.

    Raises:
        GoneError: it is.
        PublishError: whatever else the refusal means.
    """
    with page.repeatable():
        try:
            return await change
        except GraphError as error:
            if meaning(envelope(error.body)) is not Means.MISSING:
                raise
        await page.graph.get_object(page.id, fields="id")
    raise GoneError(_("Bài không còn trên Trang nên không sửa được."))
