"""Read an office's own words for languages: a table of language, word, and how it is written there."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from content_queue.localize.forms import FORMS, Form
from content_queue.localize.own import (
    MONTHS,
    PATTERNS,
    WEEKDAYS,
    WrongWord,
    digits_of,
    forms_with,
    pattern_of,
)
from content_queue.models import Problem
from content_queue.texts import N_, _
from schedules.columns import Column
from schedules.languages import read_languages
from schedules.names import fold
from schedules.plain_tables import RefusedTableError, Table, read_table
from schedules.refusals import ReadError

COLUMNS: Sequence[Column] = (
    Column("language", N_("Ngôn ngữ"), ("tiếng", "mã", "language"), required=True),
    Column("word", N_("Từ"), ("mục", "word"), required=True),
    Column("written", N_("Cách viết"), ("viết là", "written"), required=True),
)
#: What an office may give -> its word for that, as compared.
WORDS: Mapping[str, str] = {
    "date": "ngày",
    "hour": "giờ",
    "full_hour": "giờ tròn",
    "ordinal": "lần thứ",
    "anniversary": "kỷ niệm",
    "digits": "chữ số",
    "confirmed": "xác nhận",
}
_BY_WORD = {fold(word): key for key, word in WORDS.items()}
_WEEKDAYS = ("hai", "ba", "tu", "nam", "sau", "bay")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What an office says of languages; `words` is language -> word -> how it is written."""

    words: Mapping[str, Mapping[str, str]]
    problems: tuple[Problem, ...] = ()

    def forms(self) -> Mapping[str, Form]:
        """Return the forms of the house with these words."""
        return forms_with(self.words) if self.words else FORMS


def read_own_words(path: Path | None) -> OwnWords:
    """Read all words, and tell every mistake at its cell; a wrong row is left out alone."""
    if path is None:
        return OwnWords({})
    try:
        table = read_table(path, COLUMNS)
    except RefusedTableError as refused:
        return OwnWords({}, refused.problems)
    words: dict[str, dict[str, str]] = {}
    problems = list(table.header.problems)
    for row, cells in table.rows():
        for field, read in (("language", _language), ("word", _word), ("written", _written)):
            try:
                cells[field] = read(cells)
            except ReadError as error:
                problems.append(table.problem(row, field, error))
                break
        else:
            words.setdefault(cells["language"], {})[cells["word"]] = cells["written"]
    return OwnWords(words, (*problems, *_incomplete(table, words)))


def _language(cells: Mapping[str, str]) -> str:
    found = read_languages(cells["language"])
    if len(found) != 1:
        message = _("Mỗi hàng ghi một ngôn ngữ.")
        raise ReadError("language_unknown", message, hint=_("Ghi một mã như jra, bdq, ja."))
    return found[0]


def _word(cells: Mapping[str, str]) -> str:
    """Return what the word stands for: `date`, `weekday 1`, `month 12` and so on."""
    word = fold(cells["word"])
    day, month = re.fullmatch(r"(?:thu )?(\w+)", word), re.fullmatch(r"thang ([1-9]|1[0-2])", word)
    if month:
        return f"month {month[1]}"
    if word == "chu nhat":
        return f"weekday {WEEKDAYS}"
    if day and day[1] in _WEEKDAYS:
        return f"weekday {_WEEKDAYS.index(day[1]) + 1}"
    if day and day[1] in {"2", "3", "4", "5", "6", "7"}:
        return f"weekday {int(day[1]) - 1}"
    if word not in _BY_WORD:
        message = _("Không biết từ “{word}”.").format(word=cells["word"])
        known = ", ".join(WORDS.values())
        hint = _("Ghi thứ Hai … Chủ nhật, tháng 1 … tháng 12, hoặc: {names}.").format(names=known)
        raise ReadError("word_unknown", message, hint=hint)
    return _BY_WORD[word]


def _written(cells: Mapping[str, str]) -> str:
    word, written = cells["word"], cells["written"]
    if not written:
        raise ReadError("word_empty", _("Chưa ghi cách viết."), hint=_("Ghi cách viết, hoặc xóa cả hàng."))
    try:
        if word == "digits":
            return digits_of(written)
        return pattern_of(word, written) if word in PATTERNS else written
    except WrongWord as error:
        raise _wrong(word, written) from error


def _wrong(word: str, written: str) -> ReadError:
    message = _("Không dùng được cách viết “{written}”.").format(written=written)
    if word == "digits":
        return ReadError("word_unusable", message, hint=_("Ghi đủ mười chữ số, từ 0 đến 9."))
    names = ", ".join(f"{{{name}}}" for name in PATTERNS[word])
    return ReadError(
        "word_unusable", message, hint=_("Trong ngoặc nhọn chỉ ghi: {names}.").format(names=names)
    )


def _incomplete(table: Table, words: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """Warn where only some of the days or months have a word: then none of them counts."""
    for language, given in sorted(words.items()):
        there = Counter(word.partition(" ")[0] for word in given)
        for kind, count in (("weekday", WEEKDAYS), ("month", MONTHS)):
            if 0 < there[kind] < count:
                message = _("Ngôn ngữ “{language}” mới có {there}/{count} tên; các tên ấy chưa được dùng.")
                told = message.format(language=language, there=there[kind], count=count)
                error = ReadError("words_some", told, hint=_("Ghi đủ bảy ngày trong tuần, mười hai tháng."))
                yield replace(table.problem(table.header.row, "word", error), severity="warning")
