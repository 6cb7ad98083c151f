"""What a message may hold: words with entities, photos, films, files, albums; refused as Telegram does."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publishers.standin.forms import Form
from publishers.standin.pictures import PREFIX, ending
from publishers.standin.telegram.wire import Refusal, bad_request, file_of, photo_sizes
from publishers.standin.telegram.world import World

ENTITIES = 100
#: Words of a message -> the most of them, the name of their entities, and the refusal of more.
WORDS: Mapping[str, tuple[int, str, str]] = {
    "text": (4096, "entities", "message is too long"),
    "caption": (1024, "caption_entities", "message caption is too long"),
}
#: Bytes of a photo, and of anything that comes in one request.
PHOTO, UPLOAD = 10 * 2**20, 50 * 2**20
#: What a message may carry -> the endings of its files; `*` for any.
KINDS: Mapping[str, frozenset[str]] = {
    "photo": frozenset({"png", "jpg", "gif", "webp"}),
    "video": frozenset({"mp4"}),
    "document": frozenset({"*"}),
}
_KNOWN = frozenset({"bold", "italic", "underline", "strikethrough", "code", "text_link", "bot_command"})


@dataclass(frozen=True, slots=True)
class Piece:
    """The content of one message, and the path of its file on this server."""

    content: dict[str, Any]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a bot sends into this world."""

    world: World
    bot: int
    form: Form


def given(form: Form, name: str) -> Any:
    """Return a field; JSON in text is read."""
    value = form.fields.get(name)
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def text_of(form: Form, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return words as Telegram keeps them, and their entities.

    Raises:
        Refusal: 400, an entity is unknown or points outside of the text.
    """
    raw, entities = str(form.fields.get(name, "")), WORDS[name][1]
    if str(form.fields.get("parse_mode", "")).upper() == "HTML":
        return html.unescape(re.sub(r"<[^>]+>", "", raw)).strip(), []
    return _styled(raw, given(form, entities) or [])


def text(form: Form) -> dict[str, Any]:
    """Return the text of a message.

    Raises:
        Refusal: 400, there is none or too much of it.
    """
    found = _worded("text", *text_of(form, "text"))
    if not found:
        raise bad_request("message text is empty")
    return found


def caption(form: Form) -> dict[str, Any]:
    """Return a caption, empty where there is none.

    Raises:
        Refusal: 400, there is too much of it.
    """
    return _worded("caption", *text_of(form, "caption"))


def alone(parcel: Parcel, kind: str) -> Piece:
    """Return a message of one file with its caption."""
    piece = _file(parcel, kind, parcel.form.fields)
    return Piece({**piece.content, **caption(parcel.form)}, piece.path)


def album(parcel: Parcel) -> list[Piece]:
    """Return the messages of an album, whole or not at all.

    Raises:
        Refusal: 400, too few or too many, what does not go together, or one that is bad.
    """
    items = given(parcel.form, "media") or []
    if not 2 <= len(items) <= 10:  # noqa: PLR2004 - the Bot API's own numbers
        raise bad_request("group of media must have 2-10 items")
    kinds = {item["type"] for item in items}
    if not kinds <= KINDS.keys() or ("document" in kinds and len(kinds) > 1):
        raise bad_request("document can't be mixed with other media types")
    return [_item(parcel, item, number) for number, item in enumerate(items, start=1)]


def _styled(raw: str, entities: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    front = _units(raw) - _units(raw.lstrip())
    kept = raw.strip()
    moved = [{**entity, "offset": entity["offset"] - front} for entity in entities]
    for entity in moved:
        end = entity["offset"] + entity["length"]
        if entity["type"] not in _KNOWN or not 0 <= entity["offset"] < end <= _units(kept):
            raise bad_request("can't parse entities: ENTITY_BOUNDS_INVALID")
    return kept, moved[:ENTITIES]


def _worded(name: str, said: str, styles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    limit, entities, refusal = WORDS[name]
    if len(said) > limit:
        raise bad_request(refusal)
    return {**({name: said} if said else {}), **({entities: styles} if said and styles else {})}


def _item(parcel: Parcel, item: Mapping[str, Any], number: int) -> Piece:
    kind = item["type"]
    try:
        piece = _file(parcel, kind, {**item, kind: item["media"]})
    except Refusal as refusal:
        if refusal.code != 400:  # noqa: PLR2004 - what is too large never comes to be looked at
            raise
        told = str(refusal).removeprefix("Bad Request: ")
        raise bad_request(f'failed to send message #{number} with the error message "{told}"') from refusal
    said = _styled(str(item.get("caption", "")), item.get("caption_entities", []))
    return Piece({**piece.content, **_worded("caption", *said)}, piece.path)


def _file(parcel: Parcel, kind: str, item: Mapping[str, Any]) -> Piece:
    """Return a file's content and path; it comes as a part, by https address or by an id of this bot."""
    reference = str(item.get(kind, f"attach://{kind}"))
    if reference.startswith("attach://"):
        return _uploaded(parcel, kind, reference.removeprefix("attach://"), item)
    if reference.startswith(("http://", "https://")):
        return Piece(_described(kind, reference, item), reference)
    match = re.fullmatch(rf"{parcel.bot:x}-{kind}-([0-9a-f]{{64}}\.\w+)", reference)
    if match is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return Piece(_described(kind, reference, item), f"{PREFIX}/{match[1]}")


def _uploaded(parcel: Parcel, kind: str, part: str, item: Mapping[str, Any]) -> Piece:
    upload, taken = parcel.form.files.get(part), KINDS[kind]
    if upload is not None and len(upload.content) > UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    if upload is None or ("*" not in taken and ending(upload.content) not in taken):
        raise bad_request("IMAGE_PROCESS_FAILED" if kind == "photo" else "MEDIA_INVALID")
    if kind == "photo" and len(upload.content) > PHOTO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    path = parcel.world.pictures.keep(upload.content)
    name = f"{parcel.bot:x}-{kind}-{path.removeprefix(f'{PREFIX}/')}"
    told = {"file_name": upload.name, "mime_type": upload.mime, "file_size": len(upload.content), **item}
    return Piece(_described(kind, name, told), path)


def _described(kind: str, file_id: str, told: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "photo":
        return {kind: photo_sizes(file_id, int(told.get("file_size", 0)))}
    return {kind: file_of(kind, file_id, told)}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
