"""What a card showed, kept small, and what has changed since another card was shown. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from bot.moments import show
from bot.telegram.cards import Leaving
from bot.telegram.lengths import cut
from content_queue.models import Payload, Post
from content_queue.states import DeliveryState
from content_queue.texts import _
from content_queue.words import language_name

#: Characters that the changes may take of a card, and lines of one text.
ROOM, LINES = 900, 8

Shown = Mapping[str, Any]


def shown_by(post: Post, leaving: Leaving) -> Shown:
    """Return what a card shows: its time, its channels, and by language the texts that go out."""
    going = [delivery for delivery, _payload in leaving if delivery.state != DeliveryState.CANCELLED]
    variants: dict[str, list[str]] = {}
    for delivery in going:
        known = variants.setdefault(delivery.locale, [])
        if delivery.variant and delivery.variant not in known:
            known.append(delivery.variant)
    return {
        "due": post.due.isoformat(),
        "channels": len({delivery.channel for delivery in going}),
        "variants": variants,
    }


def what_changed(old: Shown, new: Shown, payloads: Mapping[str, Payload]) -> str:
    """Say in lines what is different, empty where nothing is; `payloads` has the texts of both."""
    lines = [*_time(old, new), *_channels(old, new)]
    locales = dict.fromkeys([*old["variants"], *new["variants"]])
    for locale in locales:
        before, after = (_of(side["variants"].get(locale, ()), payloads) for side in (old, new))
        lines += _texts(language_name(locale), before, after)
    return cut("\n".join(lines), ROOM, "…")


def _time(old: Shown, new: Shown) -> Iterator[str]:
    if old["due"] != new["due"]:
        before, after = (show(datetime.fromisoformat(side["due"])) for side in (old, new))
        yield _("• Giờ đăng: {before} → {after}").format(before=before, after=after)


def _channels(old: Shown, new: Shown) -> Iterator[str]:
    if old["channels"] != new["channels"]:
        told = _("• Số kênh: {before} → {after}")
        yield told.format(before=old["channels"], after=new["channels"])


def _of(variants: Sequence[str], payloads: Mapping[str, Payload]) -> list[Payload]:
    return [payloads[each] for each in variants if each in payloads]


def _texts(language: str, before: Sequence[Payload], after: Sequence[Payload]) -> Iterator[str]:
    if not before or not after:
        if before or after:
            told = _("• Thêm bản {language}") if after else _("• Bỏ bản {language}")
            yield told.format(language=language)
        return
    old, new = before[0], after[0]
    changed = list(_lines(old.text, new.text))
    if changed:
        yield _("• Chữ ({language}):").format(language=language)
        yield from changed[:LINES]
    if [ref.sha256 or ref.url for ref in old.media] != [ref.sha256 or ref.url for ref in new.media]:
        told = _("• Ảnh, tệp ({language}): {before} → {after}")
        names = (", ".join(ref.name for ref in side.media) or _("không có") for side in (old, new))
        yield told.format(language=language, before=next(names), after=next(names))


def _lines(old: str, new: str) -> Iterator[str]:
    """Give the lines that are gone, then those that are new, place by place."""
    before, after = old.splitlines(), new.splitlines()
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (f"− {line}" for line in before[a:b] if line.strip())
            yield from (f"+ {line}" for line in after[c:d] if line.strip())
