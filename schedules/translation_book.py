"""Write the workbook that translators fill: a row for each text that is wanted, the terms, and a guide."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from content_queue.models import TranslationState
from content_queue.texts import _
from schedules.columns import GUIDE_SHEET
from schedules.glossary import USES, Glossary, Term
from schedules.list_sheets import write_head
from schedules.looks import Looks, new_workbook
from schedules.office import Office
from schedules.translation_rows import COLUMNS, STATES, TERM_SHEET, TRANSLATION_SHEET
from schedules.translations import Wanted

#: Widths of the columns, in characters.
_WIDTHS = (12, 10, 60, 34, 60, 12, 12, 20, 20)
#: Points of a line, and lines that a row shows at least and at most.
_LINE, _FEWEST_LINES, _MOST_LINES = 15, 3, 16
_WORDS = {state: word for word, state in STATES.items()}


def write_translations(path: Path, rows: Sequence[Wanted], office: Office) -> None:
    """Write what is wanted, with what is kept of it; what became stale stands there to be mended."""
    with new_workbook(path) as book:
        looks = Looks(book)
        sheet = book.add_worksheet(TRANSLATION_SHEET)
        _set_up(sheet, looks, count=len(rows))
        for number, row in enumerate(rows, start=1):
            _write_row(sheet, looks, number=number, values=_values(row, office.glossary))
        _write_terms(book, looks, terms=_terms(rows, office.glossary), locales=_locales(rows))
        _write_guide(book, looks)


def _set_up(sheet: Any, looks: Looks, *, count: int) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, looks.look())
    write_head(sheet, (column.title for column in COLUMNS), looks=looks)
    state = next(number for number, column in enumerate(COLUMNS) if column.field == "state")
    sheet.data_validation(
        1,
        state,
        max(count, 1),
        state,
        {
            "validate": "list",
            "source": list(STATES),
            "error_title": _("Không có trạng thái này"),
            "error_message": _("Chọn một trong danh sách."),
        },
    )
    sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
    sheet.freeze_panes(1, 2)
    sheet.hide_gridlines(0)  # printed, too
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_row(sheet: Any, looks: Looks, *, number: int, values: Sequence[str]) -> None:
    wrapped = (
        sum(1 + len(line) // (width - 2) for line in value.split("\n"))
        for value, width in zip(values, _WIDTHS, strict=True)
    )
    sheet.set_row(number, _LINE * min(max(*wrapped, _FEWEST_LINES), _MOST_LINES))
    for column, value in enumerate(values):
        sheet.write_string(number, column, value, looks.look())


def _values(row: Wanted, glossary: Glossary) -> list[str]:
    kept, terms = row.kept, "\n".join(_said(term, row.locale) for term in glossary.hits(row.source))
    if kept is None:
        return [
            row.entry.code,
            row.locale,
            row.source,
            terms,
            "",
            _WORDS[TranslationState.MISSING],
            "",
            "",
            "",
        ]
    state = TranslationState.MISSING if row.stale else kept.state
    told = [row.entry.code, row.locale, row.source, terms, kept.text, _WORDS[state], _day(kept.deadline)]
    return [*told, kept.translator, "" if row.stale else kept.checker]


def _said(term: Term, locale: str) -> str:
    """Return how a term is to stand in a language: `cồng chiêng → gong`, `Gia Lai (giữ nguyên)`."""
    name, own = term.spellings[0], term.forms.get(locale, ())
    if term.keep:
        kept = _("{term} (giữ nguyên)").format(term=name)
        return f"{kept} → {' | '.join(own)}" if own else kept
    return f"{name} → {' | '.join(own)}" if own else name


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _locales(rows: Iterable[Wanted]) -> list[str]:
    return sorted({row.locale for row in rows})


def _terms(rows: Iterable[Wanted], glossary: Glossary) -> list[Term]:
    """Return the terms of these sources, each once."""
    found: list[Term] = []
    for source in dict.fromkeys(row.source for row in rows):
        found += (term for term in glossary.hits(source) if term not in found)
    return found


def _write_terms(book: Any, looks: Looks, *, terms: Sequence[Term], locales: Sequence[str]) -> None:
    """Write the terms as an office's own table has them: it can be taken over from here."""
    sheet = book.add_worksheet(TERM_SHEET)
    sheet.set_column(0, 1 + len(locales), 30, looks.look())
    write_head(sheet, (_("Từ"), _("Cách dùng"), *locales), looks=looks)
    uses = {keep: word for word, keep in USES.items()}
    for number, term in enumerate(terms, start=1):
        own = (" | ".join(term.forms.get(locale, ())) for locale in locales)
        for column, value in enumerate((" | ".join(term.spellings), uses[term.keep], *own)):
            sheet.write_string(number, column, value, looks.look())
    sheet.freeze_panes(1, 1)


def _write_guide(book: Any, looks: Looks) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, 110, looks.look("words"))
    for number, line in enumerate(_guide()):
        sheet.write_string(number, 0, line, looks.look("words"))


def _guide() -> list[str]:
    return [
        _("Chỉ ghi vào các cột Bản dịch, Trạng thái, Người dịch, Người kiểm (và Hạn); cột khác để nguyên."),
        _("Chỗ điền như {ngày}, {tên dịp} thì chép nguyên: loa điền bằng ngôn ngữ của bản dịch."),
        _("Được gõ **đậm**, _nghiêng_, [chữ](https://…) như bản gốc."),
        _("Cột Thuật ngữ: tên giữ nguyên thì để nguyên, từ có mũi tên thì dịch đúng như thế."),
        _(
            "Dịch xong: trạng thái “đã dịch”. Người khác đọc lại xong: “đã kiểm”. "
            "Chỉ bản đã kiểm mới được đăng."
        ),
        _("Xong thì lưu tệp và gửi lại; người giữ máy gõ: loa translate import TỆP --as HỌ_TÊN"),
    ]
