"""Read a translation workbook as translators give it back: a wrong row is refused alone, at its cell."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from content_queue.models import Entry, Problem, Translation, TranslationState, digest
from content_queue.texts import N_, _
from schedules.columns import Column
from schedules.languages import read_languages
from schedules.names import fold, nearest
from schedules.office import Office
from schedules.plain_tables import RefusedTableError, Table, read_table
from schedules.readers import Row
from schedules.refusals import ReadError, formula_in_cell
from schedules.translation_checks import check_translation
from schedules.translations import source_of
from schedules.wording import check_words

#: Sheets of the workbook: the rows, and the terms.
TRANSLATION_SHEET, TERM_SHEET = "Bản dịch", "Thuật ngữ"
#: The columns of the workbook, in its order.
COLUMNS: Sequence[Column] = (
    Column("entry", N_("Mã bài"), ("mã", "code"), required=True),
    Column("locale", N_("Ngôn ngữ"), ("tiếng", "language"), required=True),
    Column("source", N_("Bản gốc"), ("nguồn", "nội dung", "source"), required=True),
    Column("terms", N_("Thuật ngữ"), ("terms",)),
    Column("text", N_("Bản dịch"), ("dịch", "translation"), required=True),
    Column("state", N_("Trạng thái"), ("state", "status")),
    Column("deadline", N_("Hạn"), ("hạn dịch", "deadline")),
    Column("translator", N_("Người dịch"), ("translator",), required=True),
    Column("checker", N_("Người kiểm"), ("người kiểm tra", "người soát", "checker"), required=True),
)
#: How states are written in the column Trạng thái.
STATES: Mapping[str, TranslationState] = {
    N_("chưa dịch"): TranslationState.MISSING,
    N_("đã dịch"): TranslationState.DONE,
    N_("đã kiểm"): TranslationState.CHECKED,
}
_STATES = {fold(word): state for word, state in STATES.items()}

Cells: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What a workbook brings, and every mistake in it; `at` tells more of them at a text's cell."""

    translations: tuple[Translation, ...] = ()
    problems: tuple[Problem, ...] = ()
    at: Mapping[tuple[str, str], Callable[[ReadError], Problem]] = field(default_factory=dict, compare=False)

    def without(self, refused: Mapping[tuple[str, str], ReadError]) -> "Given":
        """Return it without some translations, entry and locale, each told at its cell."""
        kept = tuple(each for each in self.translations if (each.entry, each.locale) not in refused)
        told = (self.at[place](error) for place, error in refused.items())
        return Given(kept, (*self.problems, *told), self.at)


def read_translations(path: Path, entries: Sequence[Entry], office: Office) -> Given:
    """Read all translations of `entries`, which have their codes and the texts of the calendar only."""
    try:
        table = read_table(path, COLUMNS)
    except RefusedTableError as refused:
        return Given((), refused.problems)
    by_code = {entry.code.casefold(): entry for entry in entries}
    found: dict[tuple[str, str], Translation] = {}
    at: dict[tuple[str, str], Callable[[ReadError], Problem]] = {}
    problems = list(table.header.problems)
    for row, cells in table.rows():
        given, told = _read_row(cells, by_code, office)
        told = [*_formulas(table, row), *told]
        if given and (given.entry, given.locale) in found:
            told.append(("locale", _twice(given)))
        problems += (table.problem(row, name, error) for name, error in told)
        if given and not told:
            problems += (_warned(table.problem(row, name, doubt)) for name, doubt in _doubts(given, by_code))
            found[given.entry, given.locale] = given
            at[given.entry, given.locale] = partial(table.problem, row, "text")
    return Given(tuple(found.values()), tuple(problems), at)


#: A field and what is wrong there.
_Told: TypeAlias = tuple[str, ReadError]


def _read_row(
    cells: Cells, entries: Mapping[str, Entry], office: Office
) -> tuple[Translation | None, list[_Told]]:
    """Return the translation of a row, None if it cannot be said of what, and what is wrong with it."""
    values, told = dict[str, Any](), list[_Told]()
    for name, read in _FIELDS.items():
        try:
            values[name] = read(cells, entries)
        except ReadError as error:
            told.append((name, error))
    if told:
        return None, told
    source = cells["source"]
    values |= {name: " ".join(cells[name].split()) for name in ("translator", "checker")}
    given = Translation(source=digest(source), text=cells["text"], **values)
    told += _state_mistakes(given)
    told += (("text", error) for error in _text_mistakes(given, source, office))
    return given, told


def _entry(cells: Cells, entries: Mapping[str, Entry]) -> str:
    entry = entries.get(cells["entry"].casefold())
    if entry is None:
        message = _("Không có mục lịch nào mang mã “{code}”.").format(code=cells["entry"])
        close = nearest(cells["entry"], [each.code for each in entries.values()], limit=1)
        hint = _("Có phải “{name}”?").format(name=close[0]) if close else _("Giữ nguyên mã khi xuất tệp.")
        raise ReadError("entry_unknown", message, hint=hint)
    return entry.code


def _locale(cells: Cells, entries: Mapping[str, Entry]) -> str:
    found = read_languages(cells["locale"])
    if len(found) != 1:
        message = _("Mỗi hàng ghi một ngôn ngữ.")
        raise ReadError("language_unknown", message, hint=_("Ghi một mã như en, ja, km."))
    entry = entries.get(cells["entry"].casefold())
    if entry and found[0] in entry.texts:
        message = _("Lịch đã có nội dung tiếng “{locale}” của bài này.").format(locale=found[0])
        hint = _("Xóa hàng này; hoặc xóa ô ấy trong lịch để dùng bản dịch ở đây.")
        raise ReadError("text_in_calendar", message, hint=hint)
    return found[0]


def _state(cells: Cells, _entries: Mapping[str, Entry]) -> TranslationState:
    word = cells.get("state", "")
    if not word:
        return TranslationState.DONE if cells["text"] else TranslationState.MISSING
    if fold(word) not in _STATES:
        message = _("Không biết trạng thái “{word}”.").format(word=word)
        hint = _("Ghi một trong: {names}.").format(names=", ".join(STATES))
        raise ReadError("state_unknown", message, hint=hint)
    return _STATES[fold(word)]


def _deadline(cells: Cells, _entries: Mapping[str, Entry]) -> date | None:
    word = cells.get("deadline", "")
    if not word:
        return None
    try:
        day, month, year = map(int, re.split(r"[/.-]", word))
        return date(year, month, day)
    except ValueError:
        message = _("Không hiểu hạn “{word}”.").format(word=word)
        raise ReadError("deadline_unreadable", message, hint=_("Ghi ngày như 20/11/2026.")) from None


_FIELDS: Mapping[str, Callable[[Cells, Mapping[str, Entry]], Any]] = {
    "entry": _entry,
    "locale": _locale,
    "state": _state,
    "deadline": _deadline,
}


def _formulas(table: Table, row: Row) -> Iterator[_Told]:
    for name, column in table.header.fields.items():
        if (row.number, column) in table.sheet.formulas:
            yield name, formula_in_cell()


def _twice(given: Translation) -> ReadError:
    message = _("Bài {entry} có hai hàng tiếng “{locale}”.").format(entry=given.entry, locale=given.locale)
    return ReadError("translation_twice", message, hint=_("Giữ lại một hàng."))


def _state_mistakes(given: Translation) -> Iterator[_Told]:
    """Tell what a state asks for and the row does not have."""
    if given.state is TranslationState.MISSING:
        return
    if not given.text:
        message = _("Chưa có bản dịch mà trạng thái không còn là “chưa dịch”.")
        yield "text", ReadError("translation_missing", message, hint=_("Ghi bản dịch, hoặc sửa trạng thái."))
    if not given.translator:
        yield "translator", ReadError("translator_missing", _("Chưa ghi ai dịch."), hint=_("Ghi họ tên."))
    if given.state is TranslationState.CHECKED and not given.checker:
        hint = _("Ghi họ tên người kiểm; chưa ai kiểm thì ghi trạng thái “đã dịch”.")
        yield "checker", ReadError("checker_missing", _("Chưa ghi ai kiểm."), hint=hint)
    if given.checker and fold(given.checker) == fold(given.translator):
        hint = _("Nhờ một người khác biết tiếng ấy đọc lại.")
        yield "checker", ReadError("checker_same", _("Người kiểm cũng là người dịch."), hint=hint)


def _text_mistakes(given: Translation, source: str, office: Office) -> Iterator[ReadError]:
    if not given.text:
        return
    try:
        check_words(given.text, locale=given.locale)
    except ReadError as error:
        yield error
        return
    yield from check_translation(source, given.text, locale=given.locale, glossary=office.glossary)


def _doubts(given: Translation, entries: Mapping[str, Entry]) -> Iterator[_Told]:
    """Warn of what is kept and still not published."""
    _locale, source = source_of(entries[given.entry.casefold()])
    if not given.made_from(source):
        message = _("Bản gốc trong tệp khác bài trong lịch, nên bản dịch này đã cũ và chưa được đăng.")
        hint = _("Xuất lại tệp để lấy bản gốc mới, sửa bản dịch theo đó.")
        yield "source", ReadError("translation_stale", message, hint=hint)
    if given.text and given.state is TranslationState.MISSING:
        message = _("Đã có bản dịch mà trạng thái còn “chưa dịch”.")
        yield "state", ReadError("state_behind", message, hint=_("Dịch xong thì ghi “đã dịch”."))


def _warned(problem: Problem) -> Problem:
    return replace(problem, severity="warning")
