"""The forms of the house with the words that an office gave: of languages that nobody ships, or its own.

An office that gives its word for something makes it the form; what it leaves open stays as shipped, and
as Vietnamese where nothing is.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from content_queue.localize.forms import FORMS, Form, form_for

#: What an office may say of a language in one pattern: its word for it -> what may stand in braces,
#: and what that is in a `Form`.
PATTERNS: Mapping[str, Mapping[str, str]] = {
    "date": {"ngày": "{day}", "tháng": "{month}", "năm": "{year}"},
    "hour": {"giờ": "{hour}", "phút": "{minute:02}"},
    "full_hour": {"giờ": "{hour}"},
    "ordinal": {"số": "{n}"},
    "anniversary": {"số năm": "{n}", "lần thứ": "{nth}", "tên dịp": "{name}"},
}
WEEKDAYS, MONTHS, DIGITS = 7, 12, 10


class WrongWord(ValueError):  # noqa: N818 -- named after what is wrong, as callers speak of it
    """A word that cannot be used: a pattern that says nothing known, or no ten digits."""


def pattern_of(word: str, written: str) -> str:
    """Return the pattern of a form for what an office wrote.

    Raises:
        WrongWord: something in braces is not among `PATTERNS`, or none of it is there.
    """
    known, found = PATTERNS[word], re.findall(r"\{([^{}]*)\}", written)
    bare = re.sub(r"\{[^{}]*\}", "", written)
    if not found or not set(found) <= known.keys() or "{" in bare or "}" in bare:
        raise WrongWord
    return re.sub(r"\{([^{}]*)\}", lambda match: known[match[1]], written)


def digits_of(written: str) -> str:
    """Return ten digits from 0 to 9 in a script's own signs, blanks between them left out.

    Raises:
        WrongWord: they are not.
    """
    signs = "".join(written.split())
    if [unicodedata.digit(sign, -1) for sign in signs] != [*range(DIGITS)]:
        raise WrongWord
    return signs


def forms_with(
    words: Mapping[str, Mapping[str, str]], shipped: Mapping[str, Form] = FORMS
) -> dict[str, Form]:
    """Return all forms with an office's words: language -> word -> as `pattern_of` and `digits_of` gave it.

    Words are those of `PATTERNS`, `digits`, `weekday 1` (Monday) to `7`, `month 1` to `12`, and
    `confirmed`. Days and months count only where all of them are there.
    """
    return {
        **shipped,
        **{language: _form(form_for(language, shipped), given) for language, given in words.items()},
    }


def _form(form: Form, given: Mapping[str, str]) -> Form:
    changes: dict[str, Any] = {
        word: given[word] for word in ("date", "hour", "full_hour", "anniversary", "digits") if word in given
    }
    if "hour" in changes:
        changes.setdefault("full_hour", changes["hour"])
    if "ordinal" in given:
        changes["ordinals"] = {"other": given["ordinal"]}
    if "anniversary" in given:
        changes |= {"span": "", "join": str, "ordinal_anniversary": "{nth}" in given["anniversary"]}
    changes |= {"weekdays": _series(given, "weekday", WEEKDAYS), "months": _series(given, "month", MONTHS)}
    if changes["months"]:
        changes.setdefault("date", "{day} {month} {year}")
    if "confirmed" in given:
        changes["unverified"] = frozenset[str]()
    return replace(form, **changes)


def _series(given: Mapping[str, str], word: str, count: int) -> tuple[str, ...]:
    found = tuple(given[name] for number in range(1, count + 1) if (name := f"{word} {number}") in given)
    return found if len(found) == count else ()
