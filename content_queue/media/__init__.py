"""Pictures by the hash of their bytes: what was approved is what is sent."""

import hashlib
import os
from pathlib import Path

from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.texts import _

#: First bytes -> type: what the platforms take.
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class MediaStore:
    """A folder of files named by their SHA-256; a file is never changed."""

    def __init__(self, folder: Path) -> None:
        """Use (and make) the folder."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, source: Path) -> MediaRef:
        """Copy a picture into the store and return its reference.

        Raises:
            RefusedError: the file is not there, or is no JPEG or PNG.
        """
        try:
            data = source.read_bytes()
        except OSError:
            raise RefusedError(_("Không đọc được ảnh {name}.").format(name=source.name)) from None
        mime = next((mime for start, mime in SIGNATURES.items() if data.startswith(start)), None)
        if mime is None:
            raise RefusedError(_("{name} không phải ảnh JPEG hay PNG.").format(name=source.name))
        sha256 = hashlib.sha256(data).hexdigest()
        self._write(sha256, data)
        return MediaRef(sha256, mime, source.name, len(data))

    def read(self, ref: MediaRef) -> bytes:
        """Return the bytes of a picture.

        Raises:
            RefusedError: the stored file is gone or is not what was approved.
        """
        try:
            data = (self._folder / ref.sha256).read_bytes()
        except OSError:
            raise RefusedError(_("Ảnh {name} không còn trong kho ảnh.").format(name=ref.name)) from None
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise RefusedError(_("Ảnh {name} trong kho không còn như lúc duyệt.").format(name=ref.name))
        return data

    def _write(self, sha256: str, data: bytes) -> None:
        target = self._folder / sha256
        if target.exists():
            return
        part = target.with_suffix(".part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
