"""Tell round years from others: what decree 111/2018 and decree 145/2013 let an office hold in them."""

import re
from collections.abc import Mapping
from typing import Literal

from content_queue.texts import _
from schedules.cells import text_of
from schedules.counts import read_years
from schedules.names import fold
from schedules.readers import Value
from schedules.refusals import ReadError

#: Years since the origin end in 0; else in 5; else otherwise.
Class = Literal["round", "five", "other"]

_ROUND, _FIVE = 10, 5
#: What people write for each, folded, without the words for only and year.
_WORDS: Mapping[str, Class] = {
    "tron": "round",
    "chan": "round",
    "round": "round",
    "le 5": "five",
    "le": "five",
    "khac": "other",
    "thuong": "other",
}
_LEAD = re.compile(r"^(?:chi )?(?:cac )?(?:nam )?")


def class_of(years: int) -> Class:
    """Return the class of an anniversary of so many years."""
    if years % _ROUND == 0:
        return "round"
    return "five" if years % _FIVE == 0 else "other"


def read_classes(value: Value) -> tuple[Class, ...]:
    """Return the classes of years that a row is for, as its column of years says; empty is every one."""
    if value == "":
        return ()
    return tuple(dict.fromkeys(_WORDS[word] for word in map(_bare, _parts(value)) if word in _WORDS))


def read_plain_years(value: Value) -> tuple[int, ...]:
    """Return the years by number that stand beside such words.

    Raises:
        ReadError: what is left is no list of years.
    """
    if value == "":
        return ()
    parts = _parts(value)
    left = [word for word in parts if _bare(word) not in _WORDS]
    return read_years(value if len(left) == len(parts) else "; ".join(left))


def _parts(value: Value) -> list[str]:
    text = text_of(value)
    return [word.strip() for word in re.split(r"[,;\n]| v\w ", text) if word.strip()] if text else []


def _bare(word: str) -> str:
    return _LEAD.sub("", fold(word))


def uncounted() -> ReadError:
    """Say that a row without a counted occasion has no round years."""
    message = _("Ghi “năm tròn” mà mục này không theo dịp nào có năm gốc.")
    return ReadError("years_uncounted", message, hint=_("Chọn dịp ở cột Dịp, hoặc ghi năm bằng số như 2027."))
