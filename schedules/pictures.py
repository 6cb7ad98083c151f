"""Read which pictures, videos and documents go with a row: files beside the calendar, or https addresses."""

import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from content_queue.kinds import START, TYPES, kind_of, not_taken, too_large, type_of
from content_queue.texts import _
from schedules.hosts import is_public
from schedules.refusals import ReadError

#: A comma inside an address belongs to it.
_BETWEEN, _ADDRESS = re.compile(r"[;\n]|,\s+"), re.compile(r"\s*\w+://")
_ENDINGS = frozenset(ending for kind in TYPES for ending in kind.endings)


def read_pictures(text: str, folder: Path) -> tuple[str, ...]:
    """Return the files in the order written: paths relative to `folder`, or https addresses.

    Raises:
        ReadError: one leaves the folder, is not there, is of no type that is taken, or is too large.
    """
    parts = _BETWEEN.split(text)
    words = (word for part in parts for word in ([part] if _ADDRESS.match(part) else part.split(",")))
    return tuple(dict.fromkeys(_picture(" ".join(word.split()), folder) for word in words if word.strip()))


def _picture(word: str, folder: Path) -> str:
    if "://" in word:
        return _address(word)
    path = PurePosixPath(word.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in word or not _inside(folder, path):
        message = _("Tệp “{name}” nằm ngoài thư mục của lịch.").format(name=word)
        hint = _("Chép tệp vào cạnh tệp lịch và ghi tên tệp, ví dụ anh/le-hoi.jpg.")
        raise ReadError("picture_outside", message, hint=hint)
    if path.suffix.lower() not in _ENDINGS:
        raise _refused("picture_kind", not_taken(word))
    _look(folder / path, word)
    return path.as_posix()


def _address(word: str) -> str:
    message = _("Địa chỉ “{name}” không dùng được.").format(name=word)
    try:
        parts = urlsplit(word)
        host = parts.hostname
    except ValueError:  # brackets that are no IPv6 address
        host = None
    if host is None or parts.scheme.lower() != "https" or parts.username is not None:
        raise ReadError("picture_address", message, hint=_("Ghi địa chỉ bắt đầu bằng https://."))
    if not is_public(host):
        hint = _("Ghi địa chỉ mà ai trên mạng cũng mở được, hoặc chép tệp vào cạnh tệp lịch.")
        raise ReadError("picture_address", message, hint=hint)
    return word


def _inside(folder: Path, path: PurePosixPath) -> bool:
    return (folder / path).resolve().is_relative_to(folder.resolve())


def _look(file: Path, word: str) -> None:
    """Refuse a file that is not there, is not what its name says, or is too large."""
    try:
        with file.open("rb") as opened:
            start, size = opened.read(START), opened.seek(0, os.SEEK_END)
    except OSError as error:
        message = _("Không thấy tệp “{name}”.").format(name=word)
        hint = _("Kiểm tra tên tệp; ảnh, video và tài liệu để cạnh tệp lịch.")
        raise ReadError("picture_missing", message, hint=hint) from error
    found = type_of(file.name, start)
    if found is None or file.suffix.lower() not in found.endings:
        raise _refused("picture_kind", not_taken(word))
    if told := too_large(word, kind_of(found.mime), size):
        raise _refused("picture_large", told)


def _refused(code: str, told: tuple[str, str]) -> ReadError:
    message, hint = told
    return ReadError(code, message, hint=hint)
