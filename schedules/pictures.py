"""Read which pictures go with a row: files beside the calendar, or public https addresses."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from content_queue.texts import _
from schedules.refusals import ReadError

#: A comma inside an address belongs to it.
_BETWEEN, _ADDRESS = re.compile(r"[;\n]|,\s+"), re.compile(r"\s*\w+://")
#: Ending -> what the file begins with.
_KINDS = {".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}


def read_pictures(text: str, folder: Path) -> tuple[str, ...]:
    """Return the pictures in the order written: paths relative to `folder`, or https addresses.

    Raises:
        ReadError: one leaves the folder, is not there, or is no JPEG or PNG.
    """
    parts = _BETWEEN.split(text)
    words = (word for part in parts for word in ([part] if _ADDRESS.match(part) else part.split(",")))
    return tuple(dict.fromkeys(_picture(" ".join(word.split()), folder) for word in words if word.strip()))


def _picture(word: str, folder: Path) -> str:
    if "://" in word:
        return _address(word)
    path = PurePosixPath(word.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in word or not _inside(folder, path):
        message = _("Ảnh “{name}” nằm ngoài thư mục của lịch.").format(name=word)
        hint = _("Chép ảnh vào cạnh tệp lịch và ghi tên tệp, ví dụ anh/le-hoi.jpg.")
        raise ReadError("picture_outside", message, hint=hint)
    if path.suffix.lower() not in _KINDS:
        raise _kind(word)
    _look(folder / path, word)
    return path.as_posix()


def _address(word: str) -> str:
    parts = urlsplit(word)
    if parts.scheme.lower() != "https" or not parts.hostname or parts.username is not None:
        message = _("Địa chỉ ảnh “{name}” không dùng được.").format(name=word)
        raise ReadError("picture_address", message, hint=_("Ghi địa chỉ bắt đầu bằng https://."))
    return word


def _inside(folder: Path, path: PurePosixPath) -> bool:
    return (folder / path).resolve().is_relative_to(folder.resolve())


def _look(file: Path, word: str) -> None:
    """Refuse a file that is not there or is not what its name says."""
    try:
        with file.open("rb") as opened:
            start = opened.read(8)
    except OSError as error:
        message = _("Không thấy ảnh “{name}”.").format(name=word)
        hint = _("Kiểm tra tên tệp; ảnh để cạnh tệp lịch.")
        raise ReadError("picture_missing", message, hint=hint) from error
    if not start.startswith(_KINDS[file.suffix.lower()]):
        raise _kind(word)


def _kind(word: str) -> ReadError:
    message = _("“{name}” không phải ảnh JPEG hay PNG.").format(name=word)
    return ReadError("picture_kind", message, hint=_("Lưu lại ảnh thành .jpg hoặc .png."))
