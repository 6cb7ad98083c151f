"""Put a variant into the form of a Telegram message. Pure.

Platform facts, from core.telegram.org/bots/api:
- text has 4096 characters, a caption 1024, without the markup; we count UTF-16 units, the larger count;
- an album has 2 to 10 files, documents only with documents, and one caption: that of its first file;
- a photo has 10 MB, sides of 10000 pixels together, and is at most 20 times as long as it is wide; other
  files have 50 MB;
- about 100 entities are shown, the rest is left out without a word.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from content_queue.kinds import Kind, kind_name
from content_queue.localize.rich import Line, Rich, Run, parse, plain
from content_queue.models import MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _
from publishers.telegram.entities import SHOWN, formatted, length

TEXT, CAPTION, ALBUM = 4096, 1024, 10
#: Bytes of one upload; pixels of a photo's two sides together, and how many times one may be the other.
UPLOAD: Mapping[Kind, int] = {"picture": 10 * 2**20, "video": 50 * 2**20, "document": 50 * 2**20}
SIDES, RATIO = 10_000, 20
#: The method for one file of each kind.
METHODS: Mapping[Kind, str] = {"picture": "sendPhoto", "video": "sendVideo", "document": "sendDocument"}

_HASHTAG = re.compile(r"#\w+")


def render(variant: Variant, *, preview: str) -> Payload:
    """Return the payload of a message; `preview` says how a link is previewed, empty as Telegram likes.

    `text` is what a reader can know of it, with the addresses of links; `fields` hold what is sent
    where that is something else.

    Raises:
        RefusedError: it will never pass, said as an editor can mend it.
    """
    rich = compose(variant)
    text, entities = formatted(rich)
    for told in _faults(variant, text, entities):
        raise RefusedError(told)
    fields: dict[str, Any] = {"method": method_for(variant), "preview": variant.link}
    if rich.styled:
        fields |= {"text": text, "entities": entities}
    if variant.form == "document" and variant.media:
        fields["as"] = "document"
    if preview:
        fields["preview_as"] = preview
    if variant.urgent:
        fields["urgent"] = True
    return Payload("telegram", variant.locale, plain(rich), fields, variant.media)


def sent_text(payload: Payload) -> str:
    """Return the letters that leave, where links hide their address."""
    return str(payload.fields.get("text", payload.text))


def compose(variant: Variant) -> Rich:
    """Return the whole message: text, then link and hashtags that are not in it yet, each on its line."""
    rich = parse(variant.text.strip())
    said = plain(rich)
    tags = [f"#{tag.lstrip('#')}" for tag in variant.hashtags]
    known = {tag.casefold() for tag in _HASHTAG.findall(said)}
    below = (
        "" if variant.link in said else variant.link,
        " ".join(tag for tag in tags if tag.casefold() not in known),
    )
    lines = [line for part in below if part for line in (Line(()), Line((Run(part),)))]
    return Rich((*rich.lines, *lines))


def method_for(variant: Variant) -> str:
    """Return the Bot API's method for what goes with a variant."""
    if len(variant.media) > 1:
        return "sendMediaGroup"
    return METHODS[kind_in(variant.form, variant.media[0])] if variant.media else "sendMessage"


def kind_in(form: object, ref: MediaRef) -> Kind:
    """Return as what a file is sent: in the form `document` everything is one, uncompressed."""
    return "document" if form == "document" else ref.kind


def _faults(variant: Variant, text: str, entities: list[dict[str, Any]]) -> Iterator[str]:
    """Tell what an editor must mend, the first thing first."""
    if variant.form == "broadcast":
        yield _(
            "Dạng “gửi người quan tâm” chỉ có ở Zalo. Hãy chọn kênh Zalo cho mục này, hoặc bỏ trống Dạng."
        )
    if not variant.text.strip():
        yield _("Bài chưa có nội dung chữ. Hãy viết nội dung cho bài.")
    limit, told = _limit(variant)
    if length(text) > limit:
        yield told.format(limit=limit, count=length(text))
    if len(entities) > SHOWN:
        told = _("Bài có {count} chỗ đậm, nghiêng, liên kết; Telegram chỉ hiện {limit}. Hãy bớt đi.")
        yield told.format(count=len(entities), limit=SHOWN)
    if len(variant.media) > ALBUM:
        told = _("Một bài Telegram chỉ được {limit} ảnh, bài này có {count}. Hãy bớt ảnh.")
        yield told.format(limit=ALBUM, count=len(variant.media))
    kinds = [kind_in(variant.form, ref) for ref in variant.media]
    if "document" in kinds and len(set(kinds)) > 1:
        yield _(
            "Trên Telegram tài liệu không đi chung bài với ảnh hay video. Hãy tách thành hai mục, "
            "hoặc ghi “tài liệu” ở cột Dạng để gửi tất cả dưới dạng tệp."
        )
    for ref, kind in zip(variant.media, kinds, strict=True):
        yield from _file_faults(ref, kind)


def _limit(variant: Variant) -> tuple[int, str]:
    if variant.media:
        return CAPTION, _(
            "Bài có ảnh trên Telegram chỉ được {limit} ký tự, bài này có {count}. Hãy rút gọn hoặc bỏ ảnh."
        )
    return TEXT, _("Bài trên Telegram chỉ được {limit} ký tự, bài này có {count}. Hãy rút gọn.")


def _file_faults(ref: MediaRef, kind: Kind) -> Iterator[str]:
    limit = UPLOAD[kind]
    if ref.size > limit:
        told = _("Tệp “{name}” lớn hơn {limit} MB, Telegram không nhận {kind} như vậy. Hãy giảm dung lượng.")
        yield told.format(name=ref.name, limit=limit // 2**20, kind=kind_name(kind))
    sides = sorted((ref.width, ref.height))
    if kind == "picture" and (sum(sides) > SIDES or sides[1] > RATIO * max(sides[0], 1)):
        told = _(
            "Ảnh “{name}” ({width} x {height} điểm) quá lớn hoặc quá dài đối với Telegram. Hãy cắt lại ảnh."
        )
        yield told.format(name=ref.name, width=ref.width, height=ref.height)
