"""Give a calendar back marked: a list of mistakes with links, red cells with comments, codes filled in.

The copy is rendered anew and says the same as the original at the same cells: saved over it, it
replaces it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol

from content_queue.models import Problem
from content_queue.texts import _
from schedules.campaigns import lists_campaigns
from schedules.cells import line_of
from schedules.columns import (
    CALENDAR_COLUMNS,
    CALENDAR_SHEET,
    CAMPAIGN_COLUMNS,
    CHANNEL_SHEET,
    GUIDE_SHEET,
    LIST_SHEET,
    MISTAKES_SHEET,
    MOMENT,
    Header,
    find_header,
    find_headers,
    language_columns,
    marks_example,
)
from schedules.complaints import COPY_MARK
from schedules.entry_sheet import (
    Shown,
    Stretch,
    count_letters,
    help_typing,
    set_columns,
    set_height,
    set_print,
)
from schedules.list_sheets import (
    offer_campaigns,
    write_campaigns,
    write_channels,
    write_guide,
    write_head,
    write_lists,
)
from schedules.looks import Form, Looks, Mark, new_workbook
from schedules.names import fold
from schedules.office import Office
from schedules.readers import Row, Sheet, Value

#: Where copies are put, beside the calendar: a folder that is never read from.
FOLDER = "tra-lai"
#: Endings of what comes back as a copy: a file of cells.
RETURNED = frozenset({".xlsx", ".ods", ".csv"})
#: Sheet and row from 1 -> code of the entry that stands there.
Codes = Mapping[tuple[str, int], str]

#: A row with this mistake is not copied: what is secret is kept nowhere.
CLASSIFIED = "secrecy_refused"
#: Rows made ready below the last one.
_MORE = 2000
_OURS = frozenset(map(fold, (MISTAKES_SHEET, CHANNEL_SHEET, LIST_SHEET, GUIDE_SHEET)))
_SHAPES: tuple[tuple[type, Form], ...] = (
    (datetime, "dd/mm/yyyy hh:mm"),
    (date, "dd/mm/yyyy"),
    (time, "hh:mm"),
    (str, "@"),
)


@dataclass(frozen=True, slots=True)
class _Copy:
    """One sheet and what is said of it; `wrong` are its problems by row and column from 0."""

    sheet: Sheet
    wrong: Mapping[tuple[int, int], Sequence[Problem]]
    codes: Codes
    looks: Looks


@dataclass(frozen=True, slots=True)
class _Block:
    """The entries below one header; the codes stand in column `code`, where need be a new one."""

    header: Header
    code: int
    rows: Stretch

    def columns(self) -> list[Shown]:
        """Return the columns as they stand, the new one included."""
        known = {column: field for field, column in self.header.fields.items()} | {self.code: "code"}
        width = max(len(self.header.row.values), self.code + 1)
        return [Shown(line_of(self.header.row.at(n)), known.get(n, "")) for n in range(width)]


def copy_of(path: Path) -> Path:
    """Return where the annotated copy of a calendar belongs."""
    return path.parent / FOLDER / f"{path.stem.removesuffix(COPY_MARK)}{COPY_MARK}.xlsx"


def write_annotated(
    target: Path, sheets: Sequence[Sheet], *, office: Office, problems: Sequence[Problem], codes: Codes
) -> None:
    """Write the copy of a calendar that was read as `sheets`; its folder must be there."""
    with new_workbook(target) as book:
        looks = Looks(book)
        _write_mistakes(book.add_worksheet(MISTAKES_SHEET), looks, problems=problems)
        for sheet in sheets:
            if fold(sheet.name) not in _OURS:
                wrong = _by_cell(problem for problem in problems if problem.sheet == sheet.name)
                name = sheet.name or CALENDAR_SHEET  # a text file's one sheet has none
                _write_sheet(book.add_worksheet(name), _Copy(sheet, wrong, codes, looks))
        _offer_campaigns(book, looks, sheets)
        write_channels(book, looks, channels=office.channels)
        write_lists(book, looks, office=office)
        write_guide(book, looks)


def _offer_campaigns(book: Any, looks: Looks, sheets: Sequence[Sheet]) -> None:
    """Let rows choose among the campaigns of this calendar, or give it a sheet for some."""
    found = next((sheet for sheet in sheets if lists_campaigns(sheet)), None)
    if found is None:
        write_campaigns(book, looks, campaigns=())
        return
    header = find_header(found, CAMPAIGN_COLUMNS)
    head, column = (header.row.number - 1, header.fields.get("name", 0)) if header else (0, 0)
    offer_campaigns(book, found.name or CALENDAR_SHEET, head=head, column=column)


def _by_cell(problems: Iterator[Problem]) -> dict[tuple[int, int], list[Problem]]:
    found: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        if problem.cell:
            found.setdefault(xl_cell_to_rowcol(problem.cell), []).append(problem)
    return found


def _write_mistakes(sheet: Any, looks: Looks, *, problems: Sequence[Problem]) -> None:
    """List what is wrong: where, with a link, what, and how to write it."""
    told = _(
        "Có {count} chỗ cần sửa. Bấm vào ô để đến chỗ ấy, sửa ngay trong bản này, rồi lưu đè lên tệp gốc."
    )
    none = _("Không có chỗ nào cần sửa. Cột Mã bài đã được điền; xin lưu bản này đè lên tệp gốc.")
    sheet.merge_range(0, 0, 0, 5, told.format(count=len(problems)) if problems else none, looks.look("words"))
    sheet.set_row(0, 32)
    write_head(
        sheet, (_("Số"), _("Trang"), _("Ô"), _("Mức"), _("Sai ở đâu"), _("Cách ghi")), looks=looks, row=1
    )
    for column, width in enumerate((6, 16, 10, 12, 70, 70)):
        sheet.set_column(column, column, width)
    for number, problem in enumerate(problems, start=1):
        _write_mistake(sheet, looks, number, problem)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.activate()


def _write_mistake(sheet: Any, looks: Looks, number: int, problem: Problem) -> None:
    row, mark = number + 1, _mark([problem])
    name = (problem.sheet or CALENDAR_SHEET) if problem.cell else ""
    level = _("Lỗi") if mark == "error" else _("Cảnh báo")
    sheet.write_number(row, 0, number, looks.look("words", "General"))
    texts: Sequence[tuple[int, str, Mark]] = (
        (1, name, "words"),
        (3, level, mark),
        (4, problem.message, "words"),
        (5, problem.hint, "words"),
    )
    for column, text, look in texts:
        sheet.write_string(row, column, text, looks.look(look))
    if name:
        quoted = name.replace("'", "''")
        sheet.write_url(row, 2, f"internal:'{quoted}'!{problem.cell}", string=problem.cell)


def _write_sheet(target: Any, copy: _Copy) -> None:
    """Write one sheet cell by cell; below each of its headers stand lists, checks and counters anew."""
    blocks = [] if lists_campaigns(copy.sheet) else list(_blocks(copy.sheet))
    heads = {block.header.row.number: block for block in blocks}
    block = None
    for row in copy.sheet.rows:
        block = heads.get(row.number, block)
        _write_row(target, copy, row, block)
    texts = _texts(copy.sheet)
    for number, each in enumerate(blocks):
        columns = each.columns()
        if number == 0:
            set_columns(target, copy.looks, columns)
            set_print(target, columns, each.rows)
        help_typing(target, columns, each.rows)
        count_letters(target, copy.looks, columns=columns, rows=each.rows, texts=texts)
        _write_codes(target, copy, each)
    for (line, column), problems in copy.wrong.items():
        told = "\n".join(f"{problem.message} {problem.hint}".strip() for problem in problems)
        size = {"x_scale": 2.5, "y_scale": 0.6 + len(told) / 90}
        target.write_comment(line, column, told, {"author": "loa", **size})


def _blocks(sheet: Sheet) -> Iterator[_Block]:
    headers = find_headers(sheet, (*CALENDAR_COLUMNS, MOMENT, *language_columns()))
    spare = max((len(row.values) for row in sheet.rows), default=0)
    bottom = sheet.rows[-1].number - 1 + _MORE if sheet.rows else 0
    ends = [*(header.row.number - 2 for header in headers[1:]), bottom]
    for header, end in zip(headers, ends, strict=False):
        head = header.row.number - 1
        yield _Block(header, header.fields.get("code", spare), Stretch(head, head + 1, max(end, head + 1)))


def _write_row(target: Any, copy: _Copy, row: Row, block: _Block | None) -> None:
    """Write the cells of a row, marked where they are wrong; those beyond its end that are missed, too."""
    line, plain = row.number - 1, _plain(row, block)
    told = [copy.wrong.get((line, column), ()) for column in range(len(row.values))]
    secret = any(map(_is_secret, told))
    for column, value in enumerate(row.values):
        kept = "" if secret and not _is_secret(told[column]) else value
        _write_value(target, (line, column), kept, copy, mark=_mark(told[column]) or plain)
    for place, problems in copy.wrong.items():
        if place[0] == line and place[1] >= len(row.values):
            target.write_blank(*place, None, copy.looks.look(_mark(problems)))
    if plain == "head":
        target.set_row(line, 32)
    elif block:
        set_height(target, block.columns(), line, row.values)


def _is_secret(problems: Sequence[Problem]) -> bool:
    return any(problem.code == CLASSIFIED for problem in problems)


def _plain(row: Row, block: _Block | None) -> Mark:
    """Return how a row looks where nothing is wrong."""
    if block is None:
        return ""
    if row.number == block.header.row.number:
        return "head"
    return "example" if marks_example(row.at(block.code)) else ""


def _write_value(target: Any, place: tuple[int, int], value: Value, copy: _Copy, *, mark: Mark) -> None:
    form: Form = next((form for kind, form in _SHAPES if isinstance(value, kind)), "General")
    look = copy.looks.look(mark, form)
    if isinstance(value, str):
        target.write_string(*place, value, look)
    elif isinstance(value, bool):
        target.write_boolean(*place, value, look)
    elif isinstance(value, float | int):
        target.write_number(*place, value, look)
    else:
        target.write_datetime(*place, value, look)


def _write_codes(target: Any, copy: _Copy, block: _Block) -> None:
    """Fill in the codes, and their title where there was no such column."""
    if "code" not in block.header.fields:
        target.write_string(block.rows.head, block.code, CALENDAR_COLUMNS[0].title, copy.looks.look("head"))
    for (name, number), code in copy.codes.items():
        row = number - 1
        if name == copy.sheet.name and block.rows.first <= row <= block.rows.last:
            mark = _mark(copy.wrong.get((row, block.code), ()))
            target.write_string(row, block.code, code, copy.looks.look(mark))


def _texts(sheet: Sheet) -> dict[tuple[int, int], str]:
    return {
        (row.number - 1, column): value
        for row in sheet.rows
        for column, value in enumerate(row.values)
        if isinstance(value, str)
    }


def _mark(problems: Sequence[Problem]) -> Mark:
    """Return how problems are marked; an error goes before a warning."""
    if any(problem.severity == "error" for problem in problems):
        return "error"
    return "warning" if problems else ""
