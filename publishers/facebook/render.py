"""Put a variant into Facebook's form. Pure: what is approved is what this returns.

The limits of text and number of photos are what publishing tools agree on; Meta does not print them.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from content_queue.models import MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _
from publishers.options import FacebookOptions

#: Types that Facebook keeps as they are -> ending.
PICTURES: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png"}
#: Bytes of a photo: Meta's guide says 10 MB, but its error 1366046 says 4.
PICTURE_SIZE = 4_000_000


def render(variant: Variant, options: FacebookOptions) -> Payload:
    """Return message, link and alternative texts; a link beside photos stands in the message.

    Raises:
        RefusedError: no text, too long, too many photos, or one that Facebook does not take.
    """
    text = message(variant)
    refuse_text(variant.text, text, limit=options.text_limit)
    refuse_photos(variant.media, limit=options.photos_limit)
    fields: dict[str, Any] = {"message": text}
    if variant.media:
        fields["alt_texts"] = [unicodedata.normalize("NFC", ref.alt) for ref in variant.media]
    elif variant.link:
        fields["link"] = variant.link
    return Payload("facebook", variant.locale, text, fields, variant.media)


def message(variant: Variant) -> str:
    """Return the text, then the link if photos take its place, then the hashtags not yet said."""
    text = variant.text.replace("\r\n", "\n").strip()
    link = variant.link if variant.media and variant.link not in text else ""
    tags = " ".join(missing_hashtags(text, variant.hashtags))
    return unicodedata.normalize("NFC", "\n\n".join(part for part in (text, link, tags) if part))


def missing_hashtags(text: str, hashtags: Iterable[str]) -> list[str]:
    """Return the hashtags, each with its #, that the text does not have yet."""
    tags = dict.fromkeys("#" + tag.strip().lstrip("#") for tag in hashtags if tag.strip("# "))
    return [tag for tag in tags if not re.search(re.escape(tag) + r"(?!\w)", text, re.IGNORECASE)]


def refuse_text(said: str, text: str, *, limit: int) -> None:
    """Refuse a post without words, or with too many.

    Raises:
        RefusedError: as the editor can mend it.
    """
    if not said.strip():
        raise RefusedError(_("Bài đăng Facebook chưa có nội dung. Hãy viết nội dung cho ngôn ngữ này."))
    length = len(text.encode("utf-16-le")) // 2  # the longer of the two ways to count
    if length > limit:
        told = _("Bài dài {length} ký tự, Facebook chỉ nhận {limit}. Hãy rút ngắn ít nhất {over} ký tự.")
        raise RefusedError(told.format(length=length, limit=limit, over=length - limit))


def refuse_photos(media: tuple[MediaRef, ...], *, limit: int) -> None:
    """Refuse too many photos, or any that Facebook does not take.

    Raises:
        RefusedError: as the editor can mend it.
    """
    if len(media) > limit:
        told = _("Bài có {count} ảnh, Facebook chỉ nhận {limit}. Hãy bỏ bớt ảnh.")
        raise RefusedError(told.format(count=len(media), limit=limit))
    for ref in media:
        if ref.mime not in PICTURES:
            told = _("Facebook không nhận tệp “{name}”. Hãy lưu ảnh thành JPEG hoặc PNG.")
            raise RefusedError(told.format(name=ref.name))
        if ref.size > PICTURE_SIZE:
            told = _("Ảnh “{name}” nặng {size:.1f} MB, Facebook chỉ nhận dưới 4 MB. Hãy thu nhỏ ảnh.")
            raise RefusedError(told.format(name=ref.name, size=ref.size / 1_000_000))
