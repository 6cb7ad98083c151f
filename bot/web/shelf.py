"""The pictures that are shown: as they are stored or, where they are too large for platforms, smaller."""

import asyncio
from collections import OrderedDict

from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.ports import Media
from content_queue.served import MOST
from content_queue.texts import _

#: Longest side and JPEG quality, from the best that is tried.
STEPS = ((2048, 90), (2048, 80), (1600, 80), (1280, 75), (1024, 65), (640, 50))
#: Smaller pictures that are kept: a campaign's are asked for by every account within minutes.
KEPT = 16


class Shelf:
    """Reads stored pictures beside the loop; making one smaller takes long, so that is done once."""

    def __init__(self, media: Media) -> None:
        """Read from `media`."""
        self._media = media
        self._small: OrderedDict[str, asyncio.Task[bytes]] = OrderedDict()

    async def read(self, ref: MediaRef) -> bytes:
        """Return what is shown of a picture.

        Raises:
            RefusedError: the stored file is gone, is not what was approved, or cannot be made smaller.
        """
        if not ref.size:
            return await asyncio.to_thread(self._media.read, ref)
        if ref.sha256 not in self._small:
            self._small[ref.sha256] = asyncio.create_task(asyncio.to_thread(self._made_small, ref))
        self._small.move_to_end(ref.sha256)
        task = self._small[ref.sha256]
        try:
            return await asyncio.shield(task)
        except RefusedError:
            self._small.pop(ref.sha256, None)
            raise
        finally:
            while len(self._small) > KEPT:
                self._small.popitem(last=False)

    def _made_small(self, ref: MediaRef) -> bytes:
        from publishers.smaller import UnreadableError, smaller  # noqa: PLC0415 - Pillow, for large pictures

        content = self._media.read(ref)
        try:
            return smaller(content, most=MOST, steps=STEPS)
        except UnreadableError:
            raise RefusedError(_("Không thu nhỏ được ảnh {name}.").format(name=ref.name)) from None
