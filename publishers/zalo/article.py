"""Put a variant into the form of a Zalo article. Pure.

An article has a title, a description (the teaser in the list), an author, a cover and a body of blocks.
Pictures are addresses that Zalo fetches itself; uploads for articles were closed (HTTP 404, -209).
"""

import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from content_queue.models import Channel, MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _
from publishers.options import ZaloOptions

#: Documented bound of `author`.
AUTHOR_LIMIT = 50
#: Types and bytes of a picture that Zalo fetches; an empty type and size 0 are not known yet.
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", ""})
PICTURE_BYTES = 1024 * 1024
#: Characters of an address that stay; everything else is percent-encoded, or Zalo calls it invalid.
KEPT = "%/:?#[]@!$&'()*+,;=~-._"


def render(channel: Channel, variant: Variant, options: ZaloOptions) -> Payload:
    """Return the payload of a normal article; `fields` is the request without `status`.

    Raises:
        RefusedError: no text, a title that is too long, no cover, a picture that Zalo cannot take.
    """
    lines = _lines(variant.text)
    title = _title(variant, lines[0], options.title_limit)
    paragraphs = [*_without(title, lines), *_tail(variant)]
    pictures = tuple(ref for ref in variant.media if ref.url)
    fields = {
        "type": "normal",
        "title": title,
        "author": shortened(_nfc(variant.author or channel.name), AUTHOR_LIMIT),
        "cover": _cover(pictures, variant.media, options.default_cover),
        "description": shortened(" ".join(paragraphs), options.description_limit),
        "body": [*({"type": "text", "content": text} for text in paragraphs), *map(_block, pictures[1:])],
        "comment": options.comment,
    }
    return Payload("zalo", variant.locale, "\n\n".join([title, *paragraphs]), fields, pictures)


def shortened(text: str, limit: int) -> str:
    """Return `text` on one line of at most `limit` characters, cut after a word with `…`."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    words = line[:limit].rpartition(" ")[0] or line[: limit - 1]
    return words.rstrip(" ,;:.-–") + "…"


def public_url(url: str) -> str:
    """Return an https address in ASCII, as Zalo's servers want it.

    Raises:
        RefusedError: it is no https address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.netloc:
        told = _(
            "Zalo chỉ nhận ảnh có địa chỉ https. Hãy thay địa chỉ {url} bằng địa chỉ bắt đầu bằng https://."
        )
        raise RefusedError(told.format(url=url))
    try:
        host = parts.netloc.encode("idna").decode()
    except UnicodeError as error:
        told = _("Địa chỉ ảnh {url} không đọc được tên miền. Hãy chép lại địa chỉ từ trình duyệt.")
        raise RefusedError(told.format(url=url)) from error
    return quote(urlunsplit(parts._replace(netloc=host)), safe=KEPT)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _lines(text: str) -> list[str]:
    """Return the lines that say something: one line is one block, the form Zalo shows safely."""
    lines = [line.strip() for line in _nfc(text).splitlines() if line.strip()]
    if not lines:
        raise RefusedError(_("Bài chưa có nội dung. Hãy điền cột nội dung rồi lưu lại tệp lịch."))
    return lines


def _title(variant: Variant, first_line: str, limit: int) -> str:
    """Return the editor's title as it is, or the first line, shortened if need be."""
    given = " ".join(_nfc(variant.title).split())
    if len(given) > limit:
        told = _(
            "Tiêu đề có {length} ký tự, Zalo chỉ nhận tối đa {limit}. Hãy rút ngắn cột Tiêu đề, "
            "hoặc để trống để lấy dòng đầu của bài."
        )
        raise RefusedError(told.format(length=len(given), limit=limit))
    return given or shortened(first_line, limit)


def _without(title: str, lines: Sequence[str]) -> Sequence[str]:
    """Leave out a first line that the title already says, unless it is all there is."""
    return lines[1:] if len(lines) > 1 and lines[0] == title else lines


def _tail(variant: Variant) -> list[str]:
    """Return what follows the text: the link, then the hashtags, each only if not in the text yet."""
    text = _nfc(variant.text)
    words = set(text.split())
    hashtags = " ".join(tag for tag in map(_nfc, variant.hashtags) if tag not in words)
    link = "" if variant.link in text else variant.link
    return [line for line in (link, hashtags) if line]


def _cover(pictures: Sequence[MediaRef], media: Sequence[MediaRef], default: str) -> dict[str, str]:
    """Return the cover: the first picture with an address, else the office's own."""
    url = _picture_url(pictures[0]) if pictures else default
    if not url:
        raise RefusedError(_no_cover(media))
    # without `status` Zalo answers "create media fail"
    return {"cover_type": "photo", "photo_url": public_url(url), "status": "show"}


def _no_cover(media: Sequence[MediaRef]) -> str:
    why = _("Bài đăng Zalo cần một ảnh bìa có địa chỉ https.")
    if media:
        why = _("Ảnh trong máy chưa dùng được làm ảnh bìa Zalo: Zalo tự tải ảnh từ một địa chỉ https.")
    mend = _(
        "Hãy ghi địa chỉ https của một ảnh vào cột Ảnh, hoặc đặt zalo.default_cover trong tệp settings.toml."
    )
    return f"{why} {mend}"


def _block(picture: MediaRef) -> dict[str, Any]:
    return {"type": "image", "url": public_url(_picture_url(picture)), "caption": _nfc(picture.alt)}


def _picture_url(picture: MediaRef) -> str:
    """Return the address of a picture that Zalo can take (JPEG or PNG of at most 1 MB)."""
    if picture.mime not in PICTURE_TYPES or picture.size > PICTURE_BYTES:
        told = _("Zalo chỉ nhận ảnh JPEG hoặc PNG không quá 1 MB. Hãy thay ảnh {name} hoặc giảm dung lượng.")
        raise RefusedError(told.format(name=picture.name or picture.url))
    return picture.url
