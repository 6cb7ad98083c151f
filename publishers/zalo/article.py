"""Put a variant into the form of a Zalo article. Pure.

A normal article has a title, a description (the teaser in the list), an author, a cover and a body of
blocks; a video article only title, description, cover and the video. Pictures are addresses that Zalo
fetches; a video is uploaded, and until then the hash of its file stands for the id that Zalo gives it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content_queue.localize.rich import parse, plain
from content_queue.models import Channel, MediaRef, Payload, Variant
from content_queue.outcomes import RefusedError
from content_queue.texts import _
from publishers.options import ZaloOptions
from publishers.zalo.pictures import address_of, public_url

#: Documented bound of `author`.
AUTHOR_LIMIT = 50
#: Types and bytes of a video that Zalo takes.
VIDEO_TYPES = frozenset({"video/mp4", "video/x-msvideo"})
VIDEO_BYTES = 50 * 1024 * 1024
#: Everybody who follows the OA, as the recipients of a broadcast.
EVERYBODY: Mapping[str, str] = {"gender": "0"}


@dataclass(frozen=True, slots=True)
class _Words:
    """What an article says."""

    title: str
    paragraphs: Sequence[str]

    @property
    def line(self) -> str:
        """Return the paragraphs on one line."""
        return " ".join(" ".join(self.paragraphs).split())


@dataclass(frozen=True, slots=True)
class _Media:
    """What goes with it, sorted; `cover` is an address, `pictures` are those that Zalo can fetch."""

    cover: str
    pictures: Sequence[tuple[MediaRef, str]]
    videos: Sequence[MediaRef]

    @property
    def sent(self) -> tuple[MediaRef, ...]:
        """Return what really goes along."""
        return (*(ref for ref, _address in self.pictures), *self.videos)


def render(channel: Channel, variant: Variant, options: ZaloOptions, ours: str = "") -> Payload:
    """Return the payload of an article; `fields` is the request without `status`.

    `ours` is the address under which our own pictures are served, empty for none.

    Raises:
        RefusedError: no text, a title that is too long, no cover, a file that Zalo cannot take.
    """
    words, media = _words(variant, options), _media(variant, options, ours)
    common = {"title": words.title, "comment": options.comment}
    if _is_film(variant, words, media, options):
        said = {**common, **_film(words, media)}
        return Payload("zalo", variant.locale, f"{words.title}\n\n{words.line}", said, media.sent)
    author = shortened(_nfc(variant.author or channel.name), AUTHOR_LIMIT)
    said = {**common, **_normal(words, media, options), "author": author}
    if variant.form == "broadcast":
        said["broadcast"] = dict(EVERYBODY)
    return Payload("zalo", variant.locale, "\n\n".join([words.title, *words.paragraphs]), said, media.sent)


def request(payload: Payload, films: Mapping[str, str], **more: str) -> dict[str, Any]:
    """Return what is handed in: the article with the ids that Zalo gave to its films, by their hash."""
    article = {name: value for name, value in payload.fields.items() if name != "broadcast"}
    if "video_id" in article:
        article["video_id"] = films[article["video_id"]]
    if "body" in article:
        article["body"] = [_with_id(block, films) for block in article["body"]]
    return {**article, **more}


def films_of(payload: Payload) -> list[MediaRef]:
    """Return the videos that are uploaded before the article is handed in, each once."""
    return list({ref.sha256: ref for ref in payload.media if ref.kind == "video" and not ref.url}.values())


def shortened(text: str, limit: int) -> str:
    """Return `text` on one line of at most `limit` characters, cut after a word with `…`."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    words = line[:limit].rpartition(" ")[0] or line[: limit - 1]
    return words.rstrip(" ,;:.-–") + "…"


def _is_film(variant: Variant, words: _Words, media: _Media, options: ZaloOptions) -> bool:
    """Tell whether it is a video article: one video of ours, and words that its description holds whole."""
    only_one = len(media.videos) == 1 and not media.videos[0].url and len(media.pictures) <= 1
    fits = len(words.line) <= options.description_limit
    return only_one and fits and variant.form not in {"article", "broadcast"}


def _film(words: _Words, media: _Media) -> dict[str, Any]:
    video = media.videos[0].sha256
    return {"type": "video", "description": words.line, "video_id": video, "avatar": media.cover}


def _normal(words: _Words, media: _Media, options: ZaloOptions) -> dict[str, Any]:
    shown = media.pictures[1:] if media.pictures else ()
    return {
        "type": "normal",
        # without `status` Zalo answers "create media fail"
        "cover": {"cover_type": "photo", "photo_url": media.cover, "status": "show"},
        "description": shortened(" ".join(words.paragraphs), options.description_limit),
        "body": [
            *({"type": "text", "content": text} for text in words.paragraphs),
            *({"type": "image", "url": url, "caption": _nfc(ref.alt)} for ref, url in shown),
            *(_video_block(video, media.cover) for video in media.videos),
        ],
    }


def _video_block(video: MediaRef, thumb: str) -> dict[str, Any]:
    if video.url:
        return {"type": "video", "url": public_url(video.url), "thumb": thumb}
    return {"type": "video", "video_id": video.sha256, "thumb": thumb}


def _with_id(block: Mapping[str, Any], films: Mapping[str, str]) -> Mapping[str, Any]:
    return {**block, "video_id": films[block["video_id"]]} if "video_id" in block else block


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words(variant: Variant, options: ZaloOptions) -> _Words:
    text = plain(parse(variant.text))  # whether Zalo takes markup in a block is not known
    lines = _lines(text)
    title = _title(variant, lines[0], options.title_limit)
    return _Words(title, [*_without(title, lines), *_tail(variant, text)])


def _lines(text: str) -> list[str]:
    """Return the lines that say something: one line is one block, the form Zalo shows safely."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
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


def _tail(variant: Variant, text: str) -> list[str]:
    """Return what follows the text: the link, then the hashtags, each only if not in the text yet."""
    words = set(text.split())
    hashtags = " ".join(tag for tag in map(_nfc, variant.hashtags) if tag not in words)
    link = "" if variant.link in text else variant.link
    return [line for line in (link, hashtags) if line]


def _media(variant: Variant, options: ZaloOptions, ours: str) -> _Media:
    """Sort what goes along; the first picture is the cover, else the office's own."""
    _refuse_documents(variant.media)
    found = [(ref, address_of(ref, ours)) for ref in variant.media if ref.kind == "picture"]
    pictures = [(ref, address) for ref, address in found if address]
    cover = pictures[0][1] if pictures else options.default_cover and public_url(options.default_cover)
    if not cover:
        raise RefusedError(_no_cover(found))
    return _Media(cover, pictures, [_taken(ref) for ref in variant.media if ref.kind == "video"])


def _refuse_documents(media: Sequence[MediaRef]) -> None:
    for ref in media:
        if ref.kind == "document":
            told = _(
                "Bài viết Zalo không kèm được tài liệu {name}. Hãy đưa tệp lên cổng thông tin và ghi địa chỉ "
                "vào cột Liên kết, hoặc bỏ kênh Zalo ở dòng này."
            )
            raise RefusedError(told.format(name=ref.name))


def _taken(video: MediaRef) -> MediaRef:
    """Return a video that Zalo takes."""
    if video.url or (video.mime in VIDEO_TYPES and video.size <= VIDEO_BYTES):
        return video
    told = _("Zalo chỉ nhận video MP4 hoặc AVI không quá 50 MB. Hãy nén hoặc cắt ngắn video {name}.")
    raise RefusedError(told.format(name=video.name))


def _no_cover(pictures: Sequence[tuple[MediaRef, str]]) -> str:
    why = _("Bài đăng Zalo cần một ảnh bìa có địa chỉ https.")
    if pictures:
        why = _("Ảnh trong máy chưa dùng được làm ảnh bìa Zalo: Zalo tự tải ảnh từ một địa chỉ https.")
    mend = _(
        "Hãy đặt media.public_url hoặc zalo.default_cover trong tệp settings.toml, "
        "hoặc ghi địa chỉ https của một ảnh vào cột Ảnh."
    )
    return f"{why} {mend}"
