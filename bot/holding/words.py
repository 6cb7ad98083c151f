"""An order to stop, as people type it: scope, what is let through, when, why, by which document."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.acts import Stop
from bot.holding.ready import ReadyHold
from bot.holding.scopes import Names, read_stop, read_why
from bot.moments import read_edge
from content_queue.store.approvals import NotAllowedError
from content_queue.texts import _
from schedules.names import fold

_STEP = (
    r"(?:\d[\d:/.\-]*(?:h|g|giờ)?\d*(?:p|phút)?|hôm nay|ngày mai|hom nay|ngay mai|ngày|ngay|lúc|luc|hết|het"
    r"|giờ|gio|sáng|chiều|tối|today|tomorrow)"
)
_MOMENT = rf"(?P<moment>{_STEP}(?:[\s,]+{_STEP})*)(?=$|[\s,;.:])"
_FROM = re.compile(rf"(?:^|(?<=[\s,;]))(?:từ|from)\s+{_MOMENT}", re.IGNORECASE)
_UNTIL = re.compile(rf"(?:^|(?<=[\s,;]))(?:đến|tới|until)\s+{_MOMENT}", re.IGNORECASE)
#: Parts of a scope that no post may have yet.
FREE = frozenset({"tags", "campaigns"})
#: What ends the list of tags that are let through.
_BUT = re.compile(
    r"(?:^|(?<=[\s,;]))(?:trừ|except)\s+(?:thẻ\s+)?(?P<tags>.+?)"
    r"(?=\s*(?:[:.;]|$)|[\s,]+(?:vì|lý do|ly do|because|số|so|từ|đến|from|until)\b)",
    re.IGNORECASE,
)


def read_order(text: str, names: Names, *, ready: Sequence[ReadyHold], now: datetime) -> Stop:
    """Read `[ready hold | scope] [trừ tags] [từ moment] [đến moment] reason [số VB number]`.

    Raises:
        NotAllowedError: a name is not known.
    """
    around, rest = _around(text, now)
    found = next((each for each in ready if _begins_with(rest, each.name)), None)
    scope, reason, document = read_stop(_after(rest, found.name) if found else rest, names)
    stop = replace(around, scope=scope, reason=reason, document=document)
    return prepared(found, stop, names) if found else stop


def read_reason(text: str, *, now: datetime) -> Stop:
    """Read the same without a scope, of a hold whose scope was chosen."""
    around, rest = _around(text, now)
    reason, document = read_why(rest)
    return replace(around, reason=reason, document=document)


def _around(text: str, now: datetime) -> tuple[Stop, str]:
    """Return when and but for which tags, and the text without that."""
    starts_at, rest = _edge(_FROM, text, now, end=False)
    until, rest = _edge(_UNTIL, rest, now, end=True)
    spares, rest = _spared(rest)
    return Stop({}, "", "", starts_at, until, spares), rest


def prepared(ready: ReadyHold, told: Stop, names: Names) -> Stop:
    """Return a ready hold with what a person said besides; a scope and tags of their own come first.

    Raises:
        NotAllowedError: the settings name what is not known.
    """
    reason = f"{ready.reason}. {told.reason}" if told.reason else ready.reason
    scope = told.scope or {
        kind: [word if kind in FREE else names.find(kind, word) for word in words]
        for kind, words in ready.scope.items()
    }
    return replace(told, scope=scope, reason=reason, spares=told.spares or ready.spares)


def ready_named(ready: Sequence[ReadyHold], name: str) -> ReadyHold:
    """Return the ready hold of this name.

    Raises:
        NotAllowedError: there is none.
    """
    found = next((each for each in ready if fold(each.name) == fold(name)), None)
    if found is None:
        told = _("Không có lệnh làm sẵn “{name}”. Đang có: {names}.")
        raise NotAllowedError(told.format(name=name, names=", ".join(each.name for each in ready)))
    return found


def _edge(words: re.Pattern[str], text: str, now: datetime, *, end: bool) -> tuple[datetime | None, str]:
    """Return the moment after these words and the text without it; what is no moment is of the reason."""
    for found in words.finditer(text):
        try:
            moment = read_edge(found["moment"].rstrip(" ,;:./-"), now, end=end)
        except NotAllowedError:
            continue
        return moment, f"{text[: found.start()].rstrip(' ,;')} {text[found.end() :].lstrip(' ,;')}".strip()
    return None, text


def _spared(text: str) -> tuple[tuple[str, ...], str]:
    found = _BUT.search(text)
    if found is None:
        return (), text
    tags = re.split(r"\s*(?:,|;|\bvà\b|\band\b)\s*", found["tags"])
    rest = f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()
    return tuple(tag.strip(" #") for tag in tags if tag.strip(" #")), rest


def _begins_with(text: str, name: str) -> bool:
    words, count = text.split(), len(name.split())
    return fold(" ".join(words[:count]).strip(",;:.")) == fold(name)


def _after(text: str, name: str) -> str:
    return " ".join(text.split()[len(name.split()) :])
