"""Put a variant into the form of a page. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from content_queue.kinds import TYPES
from content_queue.localize.rich import Line, Rich, paragraphs, parse, plain
from content_queue.models import MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _

#: Type of a file -> its ending: what browsers show or open.
FILES: Mapping[str, str] = {
    "image/gif": "gif",
    "image/webp": "webp",
    **{kind.mime: kind.endings[0].removeprefix(".") for kind in reversed(TYPES)},
}
#: What XML 1.0 cannot hold.
UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(variant: Variant) -> Payload:
    """Return the payload of one page: a heading, paragraphs, a link, hashtags, pictures, videos, documents.

    `blocks` are there where paragraphs hold more than letters: lists, bold, slanted or linked words.

    Raises:
        RefusedError: no text, a link that is no web address, a picture that browsers do not show.
    """
    if variant.form == "broadcast":
        told = _(
            "Dạng “gửi người quan tâm” chỉ có ở Zalo. Hãy chọn kênh Zalo cho mục này, hoặc bỏ trống Dạng."
        )
        raise RefusedError(told)
    rich = parse(_clean(variant.text))
    given, parts = " ".join(_clean(variant.title).split()), _paragraphs(plain(rich))
    heading, body = (given, parts) if given else _split_heading(parts)
    if body and body[0] == heading:
        body = body[1:]
    text = "\n\n".join(parts)
    link = "" if variant.link in text else _web(variant.link)
    hashtags = " ".join(tag for tag in map(_clean, variant.hashtags) if tag not in text.split())
    fields = {
        "heading": heading,
        "paragraphs": list(body),
        "link": link,
        "hashtags": hashtags,
        "author": _clean(variant.author),
        **_blocks(rich, given),
    }
    read = "\n\n".join(part for part in (heading, *body, link, hashtags) if part)
    return Payload("site", variant.locale, read, fields, tuple(map(_shown, variant.media)))


def picture_name(ref: MediaRef) -> str:
    """Return the file name of a stored picture, video or document."""
    return f"{ref.sha256}.{FILES[ref.mime]}"


def _blocks(rich: Rich, title: str) -> dict[str, list[dict[str, Any]]]:
    """Return what stands below the heading, as a page shows it; nothing where there are only letters.

    Without a `title` the first line is the heading; a first paragraph that says the same is left out too.
    """
    if not rich.styled and not any(line.marker for line in rich.lines):
        return {}
    found = paragraphs(rich)
    if not title:
        found[0] = found[0][1:]
    elif " ".join(line.text for line in found[0]) == title:
        found[0] = ()
    return {"blocks": [_block(lines) for lines in found if lines]}


def _block(lines: Sequence[Line]) -> dict[str, Any]:
    first = lines[0]
    kind = ("ol" if first.numbered else "ul") if first.marker else "p"
    start = {"start": int(re.sub(r"\D", "", first.marker))} if kind == "ol" else {}
    return {"kind": kind, **start, "lines": [[asdict(run) for run in line.runs] for line in lines]}


def _clean(text: str) -> str:
    """Return text in NFC without the control characters that make a feed unreadable."""
    return UNREADABLE.sub("", unicodedata.normalize("NFC", text))


def _paragraphs(text: str) -> list[str]:
    """Return what stands between empty lines, with its own line breaks."""
    parts = re.split(r"\n\s*\n", "\n".join(line.strip() for line in _clean(text).strip().splitlines()))
    if not parts[0]:
        raise RefusedError(_("Bài chưa có nội dung. Hãy điền cột nội dung rồi lưu lại tệp lịch."))
    return [part.strip() for part in parts]


def _split_heading(parts: Sequence[str]) -> tuple[str, list[str]]:
    """Take the first line as the heading."""
    heading, _break, rest = parts[0].partition("\n")
    return heading, [part for part in (rest, *parts[1:]) if part]


def _web(link: str) -> str:
    """Return a link that a browser may follow; a script is none."""
    if link and urlsplit(link).scheme not in {"http", "https"}:
        told = _("Liên kết {link} không phải địa chỉ web. Hãy ghi địa chỉ bắt đầu bằng https://.")
        raise RefusedError(told.format(link=link))
    return link


def _shown(ref: MediaRef) -> MediaRef:
    """Return a file that browsers show or open."""
    if ref.url:
        _web(ref.url)
    elif ref.mime not in FILES:
        told = _(
            "Trang web không hiện được tệp {name}. Hãy thay bằng ảnh, video MP4 hoặc tài liệu PDF, Word."
        )
        raise RefusedError(told.format(name=ref.name))
    return ref
