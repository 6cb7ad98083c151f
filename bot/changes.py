"""What changed in a post between two of its revisions, word by word. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.moments import show
from content_queue.store.revisions import Revision, Text
from content_queue.texts import _
from content_queue.words import language_name, platform_name

#: Words and marks with the blanks before them: what is compared.
_WORD = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: what it is, and its words."""

    label: str
    pieces: Sequence[Piece]


def changes_between(before: Revision, now: Revision) -> list[Change]:
    """Return what changed: the time, texts of each language and platform, files, channels."""
    return [*_time(before, now), *_texts(before, now), *_files(before, now), *_channels(before, now)]


def words_between(before: str, now: str) -> list[Piece]:
    """Return both texts in one, word by word: what stayed, what went, what came."""
    old, new = _WORD.findall(before), _WORD.findall(now)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            pieces.append(Piece("same", come))
            continue
        pieces += [Piece(kind, text) for kind, text in _two(gone, come) if text]
    return pieces


def _two(gone: str, come: str) -> Sequence[tuple[Literal["gone", "new"], str]]:
    return (("gone", gone), ("new", come))


def _time(before: Revision, now: Revision) -> Iterator[Change]:
    if before.due != now.due:
        yield _exchanged(_("Giờ đăng"), show(before.due), show(now.due))


def _texts(before: Revision, now: Revision) -> Iterator[Change]:
    """Yield changed texts; what changed alike on several platforms is told once."""
    was, is_now = _by_place(before), _by_place(now)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for platform, locale in [*is_now, *(key for key in was if key not in is_now)]:
        pair = (_text(was.get((platform, locale))), _text(is_now.get((platform, locale))))
        if pair[0] != pair[1]:
            alike.setdefault((locale, *pair), []).append(platform_name(platform))
    for (locale, old, new), platforms in alike.items():
        label = f"{language_name(locale)} · {', '.join(platforms)}"
        yield Change(label, words_between(old, new))


def _by_place(revision: Revision) -> Mapping[tuple[str, str], Text]:
    return {(text.platform, text.locale): text for text in revision.texts}


def _text(text: Text | None) -> str:
    return text.payload.text if text and text.payload else ""


def _files(before: Revision, now: Revision) -> Iterator[Change]:
    old, new = _named(before), _named(now)
    if old != new:
        names = [", ".join(dict.fromkeys(name for name, _sha in files)) for files in (old, new)]
        told = (
            names
            if names[0] != names[1]
            else [names[0], _("{names} (tệp khác, cùng tên)").format(names=names[1])]
        )
        yield _exchanged(_("Ảnh và tệp"), told[0], told[1])


def _named(revision: Revision) -> list[tuple[str, str]]:
    refs = [ref for text in revision.texts if text.payload for ref in text.payload.media]
    return list(dict.fromkeys((ref.name, ref.sha256 or ref.url) for ref in refs))


def _channels(before: Revision, now: Revision) -> Iterator[Change]:
    old, new = _counted(before), _counted(now)
    if old != new:
        yield _exchanged(_("Kênh"), old, new)


def _counted(revision: Revision) -> str:
    counted: dict[str, int] = {}
    for text in revision.texts:
        counted[text.platform] = counted.get(text.platform, 0) + text.channels
    return ", ".join(f"{platform_name(platform)} {count}" for platform, count in sorted(counted.items()))


def _exchanged(label: str, old: str, new: str) -> Change:
    pieces = [Piece(kind, text) for kind, text in _two(old, f" {new}" if old else new) if text.strip()]
    return Change(label, pieces)
