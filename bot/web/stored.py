"""Show a stored file: pictures whole, films piece by piece and from wherever a telephone asks."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from content_queue.models import MediaRef
from content_queue.ports import Media

#: A stored file is no page: a browser runs nothing of it.
FILE_POLICY = "default-src 'none'; sandbox"
#: Types that browsers show in their place; all others are saved.
SEEN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"})
#: Bytes that are read at once; a smaller file is read whole.
PIECE = 1 << 20
_RANGE = re.compile(r"bytes=(?P<first>\d{1,15})-(?P<last>\d{0,15})")


@dataclass(frozen=True, slots=True)
class Shower:
    """Shows files of `media`; a large one is looked at whole only once, for it never changes."""

    media: Media
    _verified: set[str] = field(default_factory=set)

    async def show(self, ref: MediaRef, wanted: str) -> Response:
        """Return a file, or the part of it that the header `Range` wants.

        Raises:
            RefusedError: the stored file is gone, or is not what was approved.
        """
        if ref.size <= PIECE:
            return Response(await asyncio.to_thread(self.media.read, ref), headers=_headers(ref))
        if ref.sha256 not in self._verified:
            await asyncio.to_thread(self.media.verify, ref)
            self._verified.add(ref.sha256)
        first, last = span(wanted, ref.size)
        headers = {**_headers(ref), "Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
        if (first, last) == (0, ref.size - 1):
            return StreamingResponse(self._pieces(ref, first, last), headers=headers)
        headers["Content-Range"] = f"bytes {first}-{last}/{ref.size}"
        return StreamingResponse(self._pieces(ref, first, last), 206, headers=headers)

    async def _pieces(self, ref: MediaRef, first: int, last: int) -> AsyncIterator[bytes]:
        for start in range(first, last + 1, PIECE):
            yield await asyncio.to_thread(self.media.part, ref, start, min(PIECE, last + 1 - start))


def span(wanted: str, size: int) -> tuple[int, int]:
    """Return the first and last byte that a header wants; all where it wants nothing that there is. Pure."""
    found = _RANGE.fullmatch(wanted)
    if found is None or int(found["first"]) >= size:
        return 0, size - 1
    last = min(int(found["last"] or size), size - 1)
    return (int(found["first"]), last) if int(found["first"]) <= last else (0, size - 1)


def _headers(ref: MediaRef) -> dict[str, str]:
    seen = ref.mime in SEEN
    return {
        "Content-Type": ref.mime if seen else "application/octet-stream",
        "Content-Security-Policy": FILE_POLICY,
        "Content-Disposition": "inline"
        if seen
        else f"attachment; filename*=UTF-8''{quote(ref.name, safe='')}",
        "Cache-Control": "private, max-age=600",
    }
