"""Look at the pictures of an entry without storing them: for plan, check and preview."""

import hashlib
import mimetypes
from pathlib import Path

from content_queue.models import Entry, MediaRef


def picture_refs(entry: Entry, folder: Path) -> tuple[MediaRef, ...]:
    """Return the entry's pictures in their order; a file that is gone has been told by the reader."""
    return tuple(_ref(picture, folder) for picture in entry.pictures)


def _ref(picture: str, folder: Path) -> MediaRef:
    mime = mimetypes.guess_type(picture)[0] or "image/jpeg"
    if picture.startswith("https://"):
        return MediaRef("", mime, picture.rpartition("/")[2], 0, url=picture)
    content = (folder / picture).read_bytes()
    return MediaRef(hashlib.sha256(content).hexdigest(), mime, picture, len(content))
