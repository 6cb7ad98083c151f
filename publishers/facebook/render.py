"""Put a variant into Facebook's form. Pure: what is approved is what this returns.

The limits of text and number of photos are what publishing tools agree on; Meta does not print them. Those
of Reels are of Meta's guide. An upright film that is no Reel would stay a draft until its owner finds it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from content_queue.localize.rich import parse, plain
from content_queue.models import MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _
from publishers.options import FacebookOptions

#: Smallest sides of a Reel, and its shortest and longest seconds.
REEL_SIDES, REEL_SECONDS = (540, 960), (3, 90)
#: Longest video, in seconds.
LONGEST = 4 * 3600
#: Between the words of a post and its first comment, where people see both.
COMMENT = "\n\n💬 "


def render(variant: Variant, options: FacebookOptions) -> Payload:
    """Return message, link, alternative texts and form; a link beside media stands in the message.

    Raises:
        RefusedError: no text, too long, or media that Facebook does not take.
    """
    text, form = message(variant), form_of(variant)
    refuse_text(variant.text, text, limit=options.text_limit)
    if not form:
        refuse_photos(variant.media, limit=options.photos_limit)
    fields: dict[str, Any] = {"message": text}
    if form:
        fields["form"] = form
        fields |= {"title": nfc(variant.title)} if form == "video" and variant.title else {}
    elif variant.media:
        fields["alt_texts"] = [nfc(ref.alt) for ref in variant.media]
    elif variant.link:
        fields["link"] = variant.link
    comment = nfc(plain(parse(variant.comment)).strip())
    fields |= {"comment": comment} if comment else {}
    shown = text + COMMENT + comment if comment else text
    return Payload("facebook", variant.locale, shown, fields, variant.media)


def nfc(text: str) -> str:
    """Return a text composed."""
    return unicodedata.normalize("NFC", text)


def message(variant: Variant) -> str:
    """Return the text, then the link if media take its place, then the hashtags not yet said."""
    text = plain(parse(variant.text.replace("\r\n", "\n"))).strip()  # Facebook has no markup
    link = variant.link if variant.media and variant.link not in text else ""
    tags = " ".join(missing_hashtags(text, variant.hashtags))
    return nfc("\n\n".join(part for part in (text, link, tags) if part))


def missing_hashtags(text: str, hashtags: Iterable[str]) -> list[str]:
    """Return the hashtags, each with its #, that the text does not have yet."""
    tags = dict.fromkeys("#" + tag.strip().lstrip("#") for tag in hashtags if tag.strip("# "))
    return [tag for tag in tags if not re.search(re.escape(tag) + r"(?!\w)", text, re.IGNORECASE)]


def form_of(variant: Variant) -> str:
    """Return `reel` or `video` for a film, nothing for words, links and photos.

    Raises:
        RefusedError: more than a film, or one that Facebook does not take this way.
    """
    films = [ref for ref in variant.media if ref.kind == "video"]
    if not films:
        if variant.form == "reel":
            raise RefusedError(_("Reel trên Facebook cần đúng một video. Hãy ghi tệp video MP4 vào bài."))
        return ""
    if len(variant.media) > 1:
        told = _("Facebook chỉ nhận một video mỗi bài, không kèm ảnh. Hãy tách thành nhiều bài.")
        raise RefusedError(told)
    [film] = films
    if variant.form == "reel" or film.height > film.width:
        refuse_reel(film)
        return "reel"
    if film.seconds > LONGEST:
        raise RefusedError(_("Video “{name}” dài quá 4 giờ. Hãy cắt ngắn.").format(name=film.name))
    return "video"


def refuse_reel(film: MediaRef) -> None:
    """Refuse a film that can be no Reel; what does not tell its measures is left to Facebook.

    Raises:
        RefusedError: as the editor can mend it.
    """
    shortest, longest = REEL_SECONDS
    if film.seconds and not shortest <= film.seconds <= longest:
        told = _(
            "Video dọc “{name}” dài {seconds:.0f} giây; Reel trên Facebook dài từ {shortest} đến {longest} "
            "giây. Hãy cắt video, hoặc dùng video ngang."
        )
        long = {"seconds": film.seconds, "shortest": shortest, "longest": longest}
        raise RefusedError(told.format(name=film.name, **long))
    narrow = film.width < REEL_SIDES[0] or film.height < REEL_SIDES[1]
    if film.width and (narrow or film.width > film.height):
        told = _("Video “{name}” cỡ {width}×{height}; Reel trên Facebook cần video dọc, ít nhất 540×960.")
        raise RefusedError(told.format(name=film.name, width=film.width, height=film.height))


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
    """Refuse too many photos, and documents, which Facebook has no place for.

    Raises:
        RefusedError: as the editor can mend it.
    """
    if len(media) > limit:
        told = _("Bài có {count} ảnh, Facebook chỉ nhận {limit}. Hãy bỏ bớt ảnh.")
        raise RefusedError(told.format(count=len(media), limit=limit))
    for ref in media:
        if ref.kind != "picture":
            told = _(
                "Facebook không nhận tài liệu “{name}”. Hãy đưa tài liệu lên cổng thông tin và ghi liên kết, "
                "hoặc bỏ kênh Facebook khỏi bài này."
            )
            raise RefusedError(told.format(name=ref.name))
