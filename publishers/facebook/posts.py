"""Posts of words, links and photos: photos first and unseen, then the one call that commits."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from content_queue.models import Attempt, Payload
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    Receipt,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.texts import _
from publishers.facebook import hidden, readback
from publishers.facebook.errors import Means
from publishers.facebook.page import Page, forgiven
from publishers.facebook.pictures import upload_all

#: The time that an unpublished post whose answer was lost is given to be listed.
LOST = timedelta(seconds=60)


async def stage(page: Page, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
    """Upload the photos unseen, in order, all or none; make the post too where it is revealed later.

    `memo` may hold ids uploaded before, the id of the unpublished post, or that one was lost.
    """

    async def discard(photos: Sequence[str]) -> None:
        await delete(page, photos)

    photos = await upload_all(page, payload, memo, discard)
    if not page.options.reveal or "post" in memo:
        return Staged({**memo, "photos": photos})
    if photos != list(memo.get("photos", ())):  # kept before anything hangs on them
        return Pending({"photos": photos}, timedelta())
    return await _make_hidden(page, payload, photos, looks="lost" in memo)


async def publish(page: Page, payload: Payload, staged: Mapping[str, Any]) -> Receipt:
    """Reveal the post that lies there, or make it, with what was staged attached.

    Raises:
        NotSentError: not every photo lies at Facebook.
        UnknownOutcomeError: also for an answer without an id.
    """
    photos = staged.get("photos", ())
    if "post" in staged:
        with page.committing():
            return await hidden.reveal(page.graph, staged["post"])
    if len(photos) != len(payload.media):
        raise NotSentError(_("Ảnh của bài chưa tải đủ lên Facebook. Loa sẽ tải lại rồi đăng."))
    with page.committing():
        return readback.receipt(await hidden.make(page.graph, page.id, payload, photos=photos))


async def find(page: Page, attempt: Attempt) -> Found | Absent | Unclear:
    """Look how an attempt stands: by its own unpublished post, else by the Page's list.

    Not to be on the list proves nothing. An office may take such a post for absent, once.
    """
    if "post" in attempt.staged:
        with page.repeatable():
            return await hidden.state_of(page.graph, attempt.staged["post"])
    found = readback.matching(await readback.published(page), attempt)
    if found is not None:
        return Found(found)
    if page.options.resend_when_unlisted and attempt.number == 1:
        return Absent(proven=False)
    told = _("Chưa thấy bài trong danh sách của Trang, nhưng danh sách có thể chậm. Hãy mở Trang xem.")
    return Unclear(told)


async def delete(page: Page, nodes: Sequence[str]) -> None:
    """Delete what nobody sees; what is gone is fine."""
    for node in nodes:
        with page.repeatable(), forgiven(Means.MISSING):
            await page.graph.delete_object(node)


async def _make_hidden(page: Page, payload: Payload, photos: list[str], *, looks: bool) -> Staged | Pending:
    """Make the unpublished post; where one was made without an answer, look for that first."""
    if looks:
        with page.repeatable():
            post = await hidden.lost(page.graph, page.id, payload, photos=photos)
        # its photos may hang on what was not found: begin anew
        return Staged({"photos": photos, "post": post}) if post else Pending({}, timedelta())
    try:
        with page.committing():
            made = await hidden.make(page.graph, page.id, payload, photos=photos, published=False)
    except UnknownOutcomeError:
        return Pending({"photos": photos, "lost": True}, LOST)
    return Staged({"photos": photos, "post": made["id"]})
