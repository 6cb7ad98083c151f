"""Which files may go with a post: pictures, videos, documents, known by their first bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from urllib.parse import urlsplit

from content_queue.texts import N_, _

#: What readers get: something to look at, to play, or to open.
Kind = Literal["picture", "video", "document"]

#: Bytes from the start of a file that tell its type.
START = 12
#: Most bytes of a file of each kind, as a computer of an office can hold a few of them at a time.
LIMITS: Mapping[Kind, int] = {"picture": 25 * 2**20, "video": 200 * 2**20, "document": 50 * 2**20}

#: Pixels of a picture; one of a few kilobytes may claim so many that they fill all memory.
MOST_PIXELS = 100_000_000

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class FileType:
    """One type of file: its endings, and the bytes that stand `offset` bytes from its start."""

    mime: str
    endings: tuple[str, ...]
    start: bytes
    offset: int = 0


TYPES: tuple[FileType, ...] = (
    FileType("image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff"),
    FileType("image/png", (".png",), b"\x89PNG\r\n\x1a\n"),
    FileType("video/mp4", (".mp4", ".m4v"), b"ftyp", offset=4),
    FileType("application/pdf", (".pdf",), b"%PDF-"),
    FileType(f"{_OFFICE}.wordprocessingml.document", (".docx",), _ZIP),
    FileType(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",), _ZIP),
    FileType(f"{_OFFICE}.presentationml.presentation", (".pptx",), _ZIP),
    FileType("application/msword", (".doc",), _OLE),
    FileType("application/vnd.ms-excel", (".xls",), _OLE),
    FileType("application/vnd.ms-powerpoint", (".ppt",), _OLE),
)
#: What phones make as a film of QuickTime begins as MP4 does, but for this name of it.
_QUICKTIME = b"ftypqt  "
#: Ending of what is not taken -> how to make something of it that is.
_WAYS_OUT: Mapping[str, str] = {
    ".mov": N_("Xuất video thành .mp4 (H.264) rồi ghi lại tên tệp."),
    ".avi": N_("Xuất video thành .mp4 (H.264) rồi ghi lại tên tệp."),
    ".heic": N_("Lưu lại ảnh thành .jpg rồi ghi lại tên tệp."),
    ".webp": N_("Lưu lại ảnh thành .jpg hoặc .png rồi ghi lại tên tệp."),
    ".gif": N_("Lưu lại ảnh thành .jpg hoặc .png rồi ghi lại tên tệp."),
    ".zip": N_("Giải nén và đính kèm từng tệp .pdf, .docx hoặc .xlsx."),
    ".rar": N_("Giải nén và đính kèm từng tệp .pdf, .docx hoặc .xlsx."),
}


def kind_of(mime: str) -> Kind:
    """Return what readers get of a type; what is only known by an address is a picture."""
    family = mime.partition("/")[0]
    if family in {"", "image"}:
        return "picture"
    return "video" if family == "video" else "document"


def type_of(name: str, start: bytes) -> FileType | None:
    """Return the type of a file by its first bytes; its ending decides only where those are the same."""
    if start[4:12] == _QUICKTIME:
        return None
    alike = [kind for kind in TYPES if start[kind.offset :].startswith(kind.start)]
    named = (kind for kind in alike if PurePath(name).suffix.lower() in kind.endings)
    return next(named, alike[0] if len(alike) == 1 else None)


def mime_of_address(address: str) -> str:
    """Return the type that a public address promises, empty for a picture and for what says nothing."""
    ending = PurePath(urlsplit(address).path).suffix.lower()
    mime = next((kind.mime for kind in TYPES if ending in kind.endings), "")
    return "" if kind_of(mime) == "picture" else mime


def kind_name(kind: Kind) -> str:
    """Return the word for a kind."""
    return {"picture": _("ảnh"), "video": _("video"), "document": _("tài liệu")}[kind]


def not_taken(name: str) -> tuple[str, str]:
    """Return what to say of a file of another type, and how to mend it."""
    told = _("“{name}” không phải ảnh JPEG, PNG, video MP4 hay tài liệu PDF, Word, Excel, PowerPoint.")
    hint = _WAYS_OUT.get(PurePath(name).suffix.lower()) or N_(
        "Mở tệp xem có đúng là ảnh, video hay tài liệu không; tên tệp phải có đuôi đúng với loại tệp."
    )
    return told.format(name=name), _(hint)


def too_many_pixels(name: str, width: int, height: int) -> tuple[str, str]:
    """Return what to say of a picture that is too large to be opened, and how to mend it."""
    told = _("Ảnh “{name}” có {width} x {height} điểm ảnh, quá lớn để mở.")
    return told.format(name=name, width=width, height=height), _("Giảm kích thước ảnh rồi lưu lại.")


def too_large(name: str, kind: Kind, size: int) -> tuple[str, str] | None:
    """Return what to say of a file that is too large and how to mend it, None where it is not."""
    limit = LIMITS[kind]
    if size <= limit:
        return None
    told = _("Tệp “{name}” nặng {size} MB; {kind} chỉ được {limit} MB.").format(
        name=name, size=-(-size // 2**20), kind=kind_name(kind), limit=limit // 2**20
    )
    hints = {
        "picture": N_("Giảm kích thước ảnh rồi lưu lại."),
        "video": N_("Nén video (MP4, H.264, 1080p) hoặc cắt ngắn rồi lưu lại."),
        "document": N_("Nén tệp, hoặc đưa tệp lên cổng thông tin và ghi địa chỉ vào cột Liên kết."),
    }
    return told, _(hints[kind])
