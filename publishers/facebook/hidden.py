"""Posts that lie on a Page unpublished until their second: made early, found again, revealed.

Making one shows nothing, revealing one twice is the same as once; so neither is ever of unknown outcome for
long. That `is_published` reveals a post for every kind of post was not verified live: a setting guards it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from content_queue.models import Payload
from content_queue.outcomes import Absent, Found, Receipt, Unclear, UnknownOutcomeError
from content_queue.texts import _
from publishers.facebook.graph import PageGraph
from publishers.facebook.readback import FIELDS, normal, receipt, targets

#: Posts of `/feed`, which lists unpublished ones too, among which a lost one is looked for.
LOOKED_AT = 100


async def make(graph: PageGraph, page: str, payload: Payload, **more: Any) -> dict[str, Any]:
    """Make a post and return what Graph answers; `more` may hold photos (ids) and `published`.

    Raises:
        GraphError: refused, or no trustworthy answer.
        UnknownOutcomeError: also for an answer without an id.
    """
    photos: Sequence[str] = more.pop("photos")
    answer = await graph.put_object(
        page,
        "feed",
        message=payload.fields["message"],
        link=payload.fields.get("link"),
        attached_media=[{"media_fbid": photo} for photo in photos] or None,
        fields="id,permalink_url",
        **more,
    )
    if not answer.get("id"):
        told = _("Facebook nhận bài nhưng không trả mã bài. Hãy mở Trang xem trước khi đăng lại.")
        raise UnknownOutcomeError(told)
    return dict(answer)


async def reveal(graph: PageGraph, post: str) -> Receipt:
    """Show a post that lies unpublished; one that is shown already stays so.

    Raises:
        GraphError: refused, or no trustworthy answer.
        UnknownOutcomeError: also for an answer that says neither.
    """
    answer = await graph.request(f"{graph.version}/{post}", post_args={"is_published": True}, method="POST")
    if answer.get("success") is not True:
        raise UnknownOutcomeError(_("Facebook chưa xác nhận bài đã hiện. Hãy mở Trang xem."))
    return receipt({"id": post})


async def state_of(graph: PageGraph, post: str) -> Found | Absent | Unclear:
    """Tell whether a post is shown. Unpublished is absent: to reveal it makes no second one."""
    answer = await graph.get_object(post, fields="is_published,permalink_url")
    match answer.get("is_published"):
        case True:
            return Found(receipt({**answer, "id": post}))
        case False:
            return Absent()
    return Unclear(_("Facebook không cho biết bài đang hiện hay chưa. Hãy mở Trang xem."))


async def lost(graph: PageGraph, page: str, payload: Payload, *, photos: Sequence[str]) -> str | None:
    """Return the unpublished post that was made without an answer: by its photos, else by its words."""
    fields = f"{FIELDS},is_published"
    answer = await graph.get_connections(page, "feed", fields=fields, limit=LOOKED_AT)
    hidden = [post for post in answer.get("data", ()) if post.get("is_published") is False]
    return next((str(post["id"]) for post in hidden if _is_it(post, payload, photos)), None)


def _is_it(post: Mapping[str, Any], payload: Payload, photos: Sequence[str]) -> bool:
    if photos:
        return not set(photos).isdisjoint(targets(post))
    return normal(post.get("message", "")) == normal(payload.fields["message"])
