"""Photos as Facebook takes them, brought there unseen, all or none.

Meta's guide takes 10 MB, but its error 1366046 says “smaller than 4 MB, JPG or PNG”: the stored original
stays as it is, and what is larger is encoded anew on its way out. The same bytes always become the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from content_queue.models import MediaRef, Payload
from content_queue.outcomes import NotSentError, PublishError, RefusedError
from content_queue.texts import _
from publishers.facebook.page import Page

#: First bytes -> type and ending of what Facebook keeps as it is.
KEPT: Mapping[bytes, tuple[str, str]] = {
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}
#: Most bytes of a photo.
SIZE = 4_000_000
#: Longest side and JPEG quality, from the best that is tried; Facebook itself shows at most 2048 pixels.
STEPS: Sequence[tuple[int, int]] = ((4096, 90), (4096, 80), (2048, 90), (2048, 80), (2048, 65), (1280, 60))


def fitted(content: bytes, name: str) -> tuple[bytes, str, str]:
    """Return a picture that Facebook takes, with its type and ending; what it takes already stays as it is.

    Raises:
        RefusedError: it cannot be read as a picture.
    """
    kind = next((kind for start, kind in KEPT.items() if content.startswith(start)), None)
    if kind is not None and len(content) <= SIZE:
        return content, *kind
    from publishers.smaller import UnreadableError, smaller  # noqa: PLC0415 - Pillow, for large pictures

    try:
        encoded = smaller(content, most=SIZE, steps=STEPS)
    except UnreadableError:
        told = _("Không đọc được ảnh “{name}” để thu nhỏ cho Facebook. Hãy lưu lại ảnh thành JPEG dưới 4 MB.")
        raise RefusedError(told.format(name=name)) from None
    return encoded, "image/jpeg", "jpg"


async def upload_all(
    page: Page,
    payload: Payload,
    memo: Mapping[str, Any],
    discard: Callable[[Sequence[str]], Awaitable[None]],
) -> list[str]:
    """Return the ids of all photos, uploading those that `memo` lacks; one that fails takes all back."""
    photos: list[str] = list(memo.get("photos", ()))
    waiting = list(zip(payload.media, payload.fields.get("alt_texts", ()), strict=True))[len(photos) :]
    fresh: list[str] = []
    try:
        for ref, alt in waiting:
            fresh.append(await _upload(page, ref, alt))
    except PublishError:
        with suppress(PublishError):  # what stays there is unseen
            await discard(fresh)
        raise
    return photos + fresh


async def _upload(page: Page, ref: MediaRef, alt: str) -> str:
    """Bring one photo to Facebook, unseen, and return its id."""
    more = {"published": False, "alt_text_custom": alt or None}
    with page.repeatable():
        if ref.sha256:
            content, mime, ending = await _read(page, ref)
            # a name of our own: the file's might tell about the house
            source = (f"{ref.sha256[:16]}.{ending}", content, mime)
            answer = await page.graph.put_photo(source, album_path=f"{page.id}/photos", **more)
        else:
            answer = await page.graph.put_object(page.id, "photos", url=ref.url, **more)
    if not answer.get("id"):
        raise NotSentError(_("Facebook nhận ảnh nhưng không trả mã ảnh. Loa sẽ tải lại."))
    return str(answer["id"])


async def _read(page: Page, ref: MediaRef) -> tuple[bytes, str, str]:
    """Return a stored picture as Facebook takes it; encoding takes long and holds up nobody."""
    content = page.media.read(ref)
    if len(content) <= SIZE:
        return fitted(content, ref.name)
    return await asyncio.to_thread(fitted, content, ref.name)
