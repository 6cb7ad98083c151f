"""Send and read messages of the Bot API: one call for what a payload says, and the receipt of its answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import (
    Bot,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)

from content_queue.kinds import Kind
from content_queue.models import MediaRef, Payload
from content_queue.outcomes import Receipt, UnknownOutcomeError
from content_queue.texts import _
from publishers.telegram.render import kind_in, sent_text

#: Bytes to upload, an address that Telegram loads from, or the id of a file it has.
Source: TypeAlias = bytes | str

#: How a link's preview is shown -> what the Bot API calls it.
PREVIEWS: Mapping[str, Mapping[str, bool]] = {
    "large": {"prefer_large_media": True},
    "small": {"prefer_small_media": True},
    "none": {"is_disabled": True},
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a payload as the Bot API takes them."""

    text: str
    entities: Sequence[MessageEntity] | None
    preview: LinkPreviewOptions | None


def words_of(payload: Payload) -> Words:
    """Return what a payload says; neither markup nor addresses are read in what editors wrote."""
    given = payload.fields.get("entities")
    entities = [MessageEntity(**entity) for entity in given] if given else None
    return Words(sent_text(payload), entities, _preview(payload.fields))


def _preview(fields: Mapping[str, Any]) -> LinkPreviewOptions | None:
    options: dict[str, Any] = dict(PREVIEWS.get(fields.get("preview_as", ""), {}))
    if not options.get("is_disabled") and fields["preview"]:
        options["url"] = fields["preview"]
    return LinkPreviewOptions(**options) if options else None


async def send(
    bot: Bot, chat: str, payload: Payload, sources: Sequence[Source], *, silent: bool | None = None
) -> Sequence[Message]:
    """Make the one committing call; `sources` are the payload's media, `silent` rings nobody."""
    words = words_of(payload)
    if not sources:
        sent = await bot.send_message(
            chat,
            words.text,
            entities=words.entities,
            link_preview_options=words.preview,
            disable_notification=silent,
        )
        return [sent]
    if len(sources) == 1:
        ref = payload.media[0]
        told = {
            "chat_id": chat,
            "caption": words.text,
            "caption_entities": words.entities,
            "disable_notification": silent,
        }
        return [await _ALONE[_kind(payload, ref)](bot, sources[0], ref, told)]
    album = [
        _ITEMS[_kind(payload, ref)](source, ref) for source, ref in zip(sources, payload.media, strict=True)
    ]
    return await bot.send_media_group(
        chat, album, caption=words.text, caption_entities=words.entities, disable_notification=silent
    )


def _kind(payload: Payload, ref: MediaRef) -> Kind:
    return kind_in(payload.fields.get("as"), ref)


def _film(ref: MediaRef) -> dict[str, Any]:
    """Return what is known of a film, so that readers see its place before it is loaded."""
    known = {"width": ref.width, "height": ref.height, "duration": round(ref.seconds)}
    return {name: value for name, value in known.items() if value} | {"supports_streaming": True}


async def _photo(bot: Bot, source: Source, ref: MediaRef, told: dict[str, Any]) -> Message:
    return await bot.send_photo(photo=source, filename=ref.name, **told)


async def _video(bot: Bot, source: Source, ref: MediaRef, told: dict[str, Any]) -> Message:
    return await bot.send_video(video=source, filename=ref.name, **_film(ref), **told)


async def _document(bot: Bot, source: Source, ref: MediaRef, told: dict[str, Any]) -> Message:
    # else a film without sound would come out as an animation
    return await bot.send_document(
        document=source, filename=ref.name, disable_content_type_detection=True, **told
    )


_Alone: TypeAlias = Callable[[Bot, Source, MediaRef, dict[str, Any]], Awaitable[Message]]
_Item: TypeAlias = InputMediaPhoto | InputMediaVideo | InputMediaDocument

_ALONE: Mapping[Kind, _Alone] = {"picture": _photo, "video": _video, "document": _document}
_ITEMS: Mapping[Kind, Callable[[Source, MediaRef], _Item]] = {
    "picture": lambda source, ref: InputMediaPhoto(source, filename=ref.name),
    "video": lambda source, ref: InputMediaVideo(source, filename=ref.name, **_film(ref)),
    "document": lambda source, ref: InputMediaDocument(
        source, filename=ref.name, disable_content_type_detection=True
    ),
}


def is_waiting(sent: Sequence[Message]) -> bool:
    """Tell whether Telegram took it without a number: a film is made ready first, then it appears."""
    return any(message.message_id == 0 for message in sent)


def receipt_of(sent: Sequence[Message]) -> Receipt:
    """Return the receipt of a message, or of an album: all its numbers, and the link of the first.

    Raises:
        UnknownOutcomeError: Telegram took it and gave no message back.
    """
    if not sent:
        told = _("Telegram đã nhận bài nhưng chưa cho số bài. Hãy mở kênh để kiểm tra.")
        raise UnknownOutcomeError(told)
    return Receipt(",".join(str(message.message_id) for message in sent), sent[0].link)


def file_ids(sent: Sequence[Message]) -> list[str]:
    """Return Telegram's ids of the files of messages, in their order."""
    return [_file_id(message) for message in sent]


def _file_id(message: Message) -> str:
    if message.photo:
        return message.photo[-1].file_id
    file = message.video or message.document
    return file.file_id if file else ""
