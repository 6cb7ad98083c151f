"""The fixed list of placeholders, and filling them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from content_queue.localize import missing, words
from content_queue.localize.forms import FORMS, Form, form_for
from content_queue.models import Agency, Facts

#: Placeholder -> its English alias. `{ngày}` and `{thứ}` are of the day on which the post appears;
#: `{ngày dịp}`, `{năm}` and `{âm lịch}` of the occasion's own day (the post's, if there is none).
PLACEHOLDERS: Mapping[str, str] = {
    "ngày": "date",
    "thứ": "weekday",
    "giờ": "time",
    "năm": "year",
    "số năm": "years",
    "lần thứ": "ordinal",
    "tên dịp": "occasion",
    "ngày dịp": "occasion date",
    "kỷ niệm": "anniversary",
    "âm lịch": "lunar",
    "cơ quan": "agency",
}

#: Those that may be of another occasion of the same day, with its number behind: `{số năm 2}`.
NUMBERED = frozenset({"số năm", "lần thứ", "tên dịp", "kỷ niệm"})

#: Braces on one line; and what an editor may have put between a number and the word for anniversary.
_BRACES = re.compile(
    r"\{(?P<inside>[^{}\n]*)\}"
    r"(?P<suffix>(?:st|nd|rd|th|ème|er|e)?(?=[ \u00a0\u202f]+(?:anniversary|anniversaire)\b))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that filling one text needs."""

    facts: Facts
    agency: Agency
    locale: str
    form: Form


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """Return what stands in braces and is no placeholder, with its braces, each once, in order.

    A lone brace and empty braces are data.
    """
    found = (match["inside"] for match in _braces(text))
    unknown = (f"{{{inside.strip()}}}" for inside in found if _named(inside) is None)
    return tuple(dict.fromkeys(unknown))


def placeholders_in(text: str) -> tuple[str, ...]:
    """Return the Vietnamese names of the placeholders of a text, each once, in order."""
    found = (_named(match["inside"]) for match in _braces(text))
    return tuple(dict.fromkeys(f"{f[0]} {f[1]}" if f[1] > 1 else f[0] for f in found if f))


def fill(text: str, facts: Facts, *, locale: str, agency: Agency, forms: Mapping[str, Form] = FORMS) -> str:
    """Return `text` (NFC) with every known placeholder in the words of `locale`.

    What is unknown stays as typed. `forms` are the house's, with the words that an office gave.

    Raises:
        MissingFact: the post does not have what a placeholder stands for.
    """
    scene = _Scene(facts, agency, locale, form_for(locale, forms))
    return _nfc(_BRACES.sub(lambda match: _one(match, scene), _nfc(text)))


def _braces(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _BRACES.finditer(_nfc(text)) if match["inside"].strip())


def _one(match: re.Match[str], scene: _Scene) -> str:
    named = _named(match["inside"])
    if named is None:
        return match[0]
    suffix, placeholder = match["suffix"], f"{{{match['inside'].strip()}}}"
    name, scene = named[0], _of_occasion(scene, named[1], placeholder)
    if name == "số năm" and suffix is not None and scene.form.ordinal_anniversary:
        name, suffix = "lần thứ", ""
    return _in_digits(_FILLERS[name](scene, placeholder), scene) + (suffix or "")


def _named(inside: str) -> tuple[str, int] | None:
    """Return the Vietnamese name of what stands in braces, and of which occasion of the day it is."""
    key = _key(inside)
    bare = key.rstrip("23456789")
    name, number = _NAMES.get(bare), key[len(bare) :]
    if name is None or len(number) > 1 or (number and name not in NUMBERED):
        return None
    return name, int(number or 1)


def _of_occasion(scene: _Scene, number: int, placeholder: str) -> _Scene:
    """Return the scene of another occasion of the same day."""
    if number == 1:
        return scene
    others = scene.facts.others
    if number - 2 >= len(others):
        raise missing.other(placeholder, 1 + len(others))
    return replace(scene, facts=others[number - 2])


def _in_digits(phrase: str, scene: _Scene) -> str:
    if not scene.form.digits:
        return phrase
    return phrase.translate(str.maketrans("0123456789", scene.form.digits))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _key(inside: str) -> str:
    """Fold what stands in braces: neither case nor blanks count; `{ Số  Năm }` is `{số năm}`."""
    return re.sub(r"[\s_]+", "", _nfc(inside)).casefold()


def _years(scene: _Scene, placeholder: str) -> int:
    if not scene.facts.years or scene.facts.years < 0:
        raise missing.years(placeholder)
    return scene.facts.years


def _ordinal(scene: _Scene, placeholder: str) -> str:
    phrase = words.ordinal(_years(scene, placeholder), scene.form)
    return phrase or _no_form(scene, placeholder)


def _no_form(scene: _Scene, placeholder: str) -> NoReturn:
    raise missing.form(placeholder, scene.locale)


def _occasion(scene: _Scene, placeholder: str) -> str:
    if not scene.facts.names:
        raise missing.occasion(placeholder)
    name = words.occasion_name(scene.facts, scene.form, scene.locale)
    if not name:
        raise missing.name(placeholder, scene.locale)
    return name


def _occasion_day(scene: _Scene, placeholder: str) -> str:
    if scene.facts.occasion_day is None:
        raise missing.occasion(placeholder)
    return words.date_words(scene.facts.occasion_day, scene.form)


def _anniversary(scene: _Scene, placeholder: str) -> str:
    _years(scene, placeholder)
    name = _occasion(scene, placeholder)
    return words.anniversary(scene.facts, name, scene.form) or _no_form(scene, placeholder)


def _lunar(scene: _Scene, placeholder: str) -> str:
    if scene.facts.lunar is None:
        raise missing.lunar(placeholder)
    return words.lunar_day(scene.facts.lunar, scene.form) or _no_form(scene, placeholder)


_FILLERS: Mapping[str, Callable[[_Scene, str], str]] = {
    "ngày": lambda scene, _: words.date_words(scene.facts.day, scene.form),
    "thứ": lambda scene, _: words.weekday(scene.facts.day, scene.form),
    "giờ": lambda scene, _: words.clock(scene.facts.at, scene.form),
    "năm": lambda scene, _: str((scene.facts.occasion_day or scene.facts.day).year),
    "số năm": lambda scene, placeholder: str(_years(scene, placeholder)),
    "lần thứ": _ordinal,
    "tên dịp": _occasion,
    "ngày dịp": _occasion_day,
    "kỷ niệm": _anniversary,
    "âm lịch": _lunar,
    "cơ quan": lambda scene, _: words.agency_name(scene.agency, scene.form, scene.locale),
}

#: Folded name or alias -> Vietnamese name.
_NAMES: Mapping[str, str] = {
    _key(word): name for name, alias in PLACEHOLDERS.items() for word in (name, alias)
}
