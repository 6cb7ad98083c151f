"""Put a variant into the form of a page. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from content_queue.models import MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _

#: Type of a picture -> its file ending; what browsers show.
PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
#: What XML 1.0 cannot hold.
UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(variant: Variant) -> Payload:
    """Return the payload of one page: a heading, paragraphs, a link, hashtags, pictures.

    Raises:
        RefusedError: no text, a link that is no web address, a picture that browsers do not show.
    """
    given, paragraphs = " ".join(_clean(variant.title).split()), _paragraphs(variant.text)
    heading, body = (given, paragraphs) if given else _split_heading(paragraphs)
    if body and body[0] == heading:
        body = body[1:]
    text = "\n\n".join(paragraphs)
    link = "" if variant.link in text else _web(variant.link)
    hashtags = " ".join(tag for tag in map(_clean, variant.hashtags) if tag not in text.split())
    fields = {
        "heading": heading,
        "paragraphs": list(body),
        "link": link,
        "hashtags": hashtags,
        "author": _clean(variant.author),
    }
    read = "\n\n".join(part for part in (heading, *body, link, hashtags) if part)
    return Payload("site", variant.locale, read, fields, tuple(map(_shown, variant.media)))


def picture_name(ref: MediaRef) -> str:
    """Return the file name of a stored picture."""
    return f"{ref.sha256}.{PICTURES[ref.mime]}"


def _clean(text: str) -> str:
    """Return text in NFC without the control characters that make a feed unreadable."""
    return UNREADABLE.sub("", unicodedata.normalize("NFC", text))


def _paragraphs(text: str) -> list[str]:
    """Return what stands between empty lines, with its own line breaks."""
    parts = re.split(r"\n\s*\n", "\n".join(line.strip() for line in _clean(text).strip().splitlines()))
    if not parts[0]:
        raise RefusedError(_("Bài chưa có nội dung. Hãy điền cột nội dung rồi lưu lại tệp lịch."))
    return [part.strip() for part in parts]


def _split_heading(paragraphs: Sequence[str]) -> tuple[str, list[str]]:
    """Take the first line as the heading."""
    heading, _break, rest = paragraphs[0].partition("\n")
    return heading, [part for part in (rest, *paragraphs[1:]) if part]


def _web(link: str) -> str:
    """Return a link that a browser may follow; a script is none."""
    if link and urlsplit(link).scheme not in {"http", "https"}:
        told = _("Liên kết {link} không phải địa chỉ web. Hãy ghi địa chỉ bắt đầu bằng https://.")
        raise RefusedError(told.format(link=link))
    return link


def _shown(ref: MediaRef) -> MediaRef:
    """Return a picture that browsers show."""
    if ref.url:
        _web(ref.url)
    elif ref.mime not in PICTURES:
        told = _("Trang web chỉ hiện ảnh JPEG, PNG, GIF hoặc WebP. Hãy thay ảnh {name}.")
        raise RefusedError(told.format(name=ref.name))
    return ref
