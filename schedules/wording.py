"""Check the words of a post: placeholders from the fixed list, and no letters of old code pages."""

import re

from content_queue.localize import PLACEHOLDERS, unknown_placeholders
from content_queue.texts import _
from schedules.names import nearest
from schedules.refusals import ReadError

#: Letters of TCVN3 (ABC) and VNI as they look when taken for Latin-1: “quyÕt ®Þnh”, “Vieät Nam”.
#: Each pattern is a sequence that neither Vietnamese nor its neighbours write.
_LEGACY = re.compile(
    r"®[A-Za-zÀ-ÿ]"
    r"|[A-Za-z][µ¸¶](?:[A-Za-z\s,.]|$)"
    r"|[a-z][ÕÖÜÝÞ×][a-z]"
    r"|[aoeAOE][øõåä]"
)


def check_words(text: str, *, locale: str) -> None:
    """Refuse what no reader should see: unknown placeholders, and mangled letters in Vietnamese.

    Raises:
        ReadError: the first of them.
    """
    found = _LEGACY.search(text) if locale == "vi" else None
    if found:
        around = text[max(0, found.start() - 8) : found.end() + 8].replace("\n", " ")
        message = _("Chữ viết bằng phông cũ (TCVN3 hoặc VNI): “{text}”.").format(text=around)
        hint = _("Chuyển sang Unicode (UniKey: Ctrl+Shift+F6) rồi dán lại.")
        raise ReadError("text_legacy", message, hint=hint)
    unknown = unknown_placeholders(text)
    if unknown:
        message = _("Không có chỗ điền {names}.").format(names=", ".join(unknown))
        raise ReadError("placeholder_unknown", message, hint=_meant(unknown[0]))


def _meant(unknown: str) -> str:
    names = [name for pair in PLACEHOLDERS.items() for name in pair]
    close = nearest(unknown.strip("{} "), names, limit=1)
    if close:
        return _("Có phải {name}?").format(name=f"{{{close[0]}}}")
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return _("Chỉ dùng: {names}.").format(names=known)
