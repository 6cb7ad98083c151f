"""Files of posts by the hash of their bytes: what was approved is what is sent."""

import hashlib
import os
import shutil
from io import BufferedReader
from pathlib import Path

from content_queue.kinds import (
    MOST_PIXELS,
    START,
    kind_of,
    mime_of_address,
    not_taken,
    too_large,
    too_many_pixels,
    type_of,
)
from content_queue.media.measures import measure
from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError
from content_queue.texts import _


def refer(source: Path) -> MediaRef:
    """Return the reference of a file without keeping it.

    Raises:
        RefusedError: the file is not there, is of no type that is taken, or is too large.
    """
    try:
        with source.open("rb") as opened:
            return _refer(opened, source.name)
    except OSError:
        raise RefusedError(_("Không đọc được tệp {name}.").format(name=source.name)) from None


def linked(address: str) -> MediaRef:
    """Return the reference of what an editor gave by its public address."""
    return MediaRef("", mime_of_address(address), address.rpartition("/")[2], 0, url=address)


def _refer(opened: BufferedReader, name: str) -> MediaRef:
    found = type_of(name, opened.read(START))
    size = opened.seek(0, os.SEEK_END)
    told = not_taken(name) if found is None else too_large(name, kind_of(found.mime), size)
    if found is None or told is not None:
        raise RefusedError(" ".join(told or ()))
    opened.seek(0)
    sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    seen = measure(opened, found.mime)
    if kind_of(found.mime) == "picture" and seen.width * seen.height > MOST_PIXELS:
        raise RefusedError(" ".join(too_many_pixels(name, seen.width, seen.height)))
    return MediaRef(
        sha256, found.mime, name, size, width=seen.width, height=seen.height, seconds=seen.seconds
    )


class MediaStore:
    """A folder of files named by their SHA-256; a file is never changed."""

    def __init__(self, folder: Path) -> None:
        """Use (and make) the folder."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, source: Path) -> MediaRef:
        """Copy a picture, video or document into the store and return its reference.

        Raises:
            RefusedError: the file is not there, is of no type that is taken, or is too large.
        """
        ref = refer(source)
        if not (self._folder / ref.sha256).exists():
            self._copy(source, ref)
        return ref

    def read(self, ref: MediaRef) -> bytes:
        """Return the bytes of a stored file.

        Raises:
            RefusedError: the stored file is gone or is not what was approved.
        """
        with self._opened(ref) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise _changed(ref)
        return data

    def verify(self, ref: MediaRef) -> None:
        """Look that a stored file is what was approved, before it is read in parts.

        Raises:
            RefusedError: it is gone or is not.
        """
        with self._opened(ref) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != ref.sha256:
                raise _changed(ref)

    def part(self, ref: MediaRef, start: int, size: int) -> bytes:
        """Return at most `size` bytes of a stored file from `start` on; `verify` has looked at it before.

        Raises:
            RefusedError: the stored file is gone.
        """
        with self._opened(ref) as file:
            file.seek(start)
            return file.read(size)

    def _opened(self, ref: MediaRef) -> BufferedReader:
        try:
            return (self._folder / ref.sha256).open("rb")
        except OSError:
            raise RefusedError(_("Tệp {name} không còn trong kho.").format(name=ref.name)) from None

    def _copy(self, source: Path, ref: MediaRef) -> None:
        """Copy whole or not at all; a file that was saved meanwhile is another one."""
        target = self._folder / ref.sha256
        part = target.with_suffix(".part")
        with source.open("rb") as opened, part.open("w+b") as file:
            shutil.copyfileobj(opened, file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            if hashlib.file_digest(file, "sha256").hexdigest() != ref.sha256:
                told = _("Tệp {name} đang được sửa. Bài sẽ được đọc lại khi tệp đã lưu xong.")
                raise RefusedError(told.format(name=ref.name))
        part.replace(target)


def _changed(ref: MediaRef) -> RefusedError:
    return RefusedError(_("Tệp {name} trong kho không còn như lúc duyệt.").format(name=ref.name))
