"""Read a calendar: every mistake is told at once, a wrong row is refused alone, the others stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from content_queue.models import Entry, Problem
from content_queue.texts import _
from schedules.cells import line_of
from schedules.check import Checked, Yardstick, cells_of, check_row, is_example, is_heading
from schedules.columns import CALENDAR_COLUMNS, Header, find_header, language_columns, repeats
from schedules.identity import Refused
from schedules.office import Office
from schedules.readers import Row, Sheet, Stamp, calendars_in, file_problem, read_sheets, stamp_of
from schedules.refusals import ReadError
from schedules.selection import index_channels

_COLUMNS = (*CALENDAR_COLUMNS, *language_columns())
_DAY_COLUMNS = frozenset({"date", "lunar", "occasion"})


@dataclass(frozen=True, slots=True)
class Calendar:
    """What one calendar, or a folder of them, says.

    `file` is its name, or the folder's. `files` are the names of the files that were read whole:
    only of those can a missing row mean that somebody removed it.
    """

    file: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    refused: tuple[Refused, ...]
    files: frozenset[str]

    def ok(self) -> bool:
        """Tell whether there is no error; warnings may be."""
        return all(problem.severity != "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet as checked; `whole` is False if rows of it may stand unread."""

    sheet: Sheet
    header: Header | None
    rows: tuple[Checked, ...]
    problems: tuple[Problem, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Document:
    """One file as checked."""

    file: str
    pages: tuple[_Page, ...]
    problems: tuple[Problem, ...] = ()
    readable: bool = True


def read_calendar(path: Path, office: Office) -> Calendar:
    """Read and check one file."""
    return _gather(path.name, [_document(path, _yardstick(office, path.parent))])


@dataclass(slots=True)
class Kept:
    """Files as they were last checked, for whoever reads a folder again and again.

    A file that looks as it did is not checked anew, if nothing outside of it could change what came
    of it: it has no mistake and names no picture, and the office is the same object.
    """

    office: Office | None = None
    files: dict[Path, tuple[Stamp, _Document]] = field(default_factory=dict)


def read_folder(folder: Path, office: Office, kept: Kept | None = None) -> Calendar:
    """Read and check every calendar of a folder, and that no code stands twice in all of them."""
    kept = kept or Kept()
    yardstick = _yardstick(office, folder)
    known = kept.files if kept.office is office else {}
    kept.office, kept.files = office, {}
    documents = []
    for path in calendars_in(folder):
        stamp = stamp_of(path)
        old = known.get(path)
        document = old[1] if old and old[0] == stamp else _document(path, yardstick)
        if stamp and _stands_alone(document):
            kept.files[path] = stamp, document
        documents.append(document)
    return _gather(folder.name, documents)


def _stands_alone(document: _Document) -> bool:
    entries = (row.entry for page in document.pages for row in page.rows)
    return not any(_problems(document)) and not any(entry and entry.pictures for entry in entries)


def _yardstick(office: Office, folder: Path) -> Yardstick:
    return Yardstick(office, index_channels(office.channels, office.agencies), folder)


def _document(path: Path, yardstick: Yardstick) -> _Document:
    try:
        sheets = read_sheets(path)
    except ReadError as error:
        return _Document(path.name, (), (file_problem(path.name, error),), readable=False)
    pages = tuple(_page(sheet, yardstick) for sheet in sheets if not sheet.aside())
    if sheets and not pages:
        return _Document(path.name, (), readable=False)
    if not any(page.header for page in pages):
        return _Document(path.name, (), (file_problem(path.name, _headless()),), readable=False)
    return _Document(path.name, pages)


def _page(sheet: Sheet, yardstick: Yardstick) -> _Page:
    header = find_header(sheet, _COLUMNS)
    if header is None:
        return _Page(sheet, None, (), (_unread(sheet),), whole=False)
    problems = (*header.problems, *_dayless(sheet, header), *_textless(sheet, header))
    if any(problem.severity == "error" for problem in problems):
        return _Page(sheet, header, (), problems, whole=False)
    rows = tuple(_checked(sheet, header, yardstick))
    return _Page(sheet, header, rows, problems, whole=True)


def _checked(sheet: Sheet, header: Header, yardstick: Yardstick) -> Iterator[Checked]:
    """Check the rows below the header, passing over examples, repeated headers and lone titles."""
    for row in sheet.rows:
        if row.number <= header.row.number or repeats(row, header):
            continue
        cells = cells_of(row, header)
        if is_example(cells) or not any(line_of(value) for value in cells.values()):
            continue
        if sheet.cells and is_heading(cells, row):
            yield Checked(row, None, None, (_lone(sheet, row),))
        else:
            yield check_row(sheet, row, header=header, yardstick=yardstick)


def _gather(name: str, documents: Sequence[_Document]) -> Calendar:
    documents = _without_doubles(documents)
    pages = [page for document in documents for page in document.pages]
    rows = [row for page in pages for row in page.rows]
    entries = tuple(row.entry for row in rows if row.entry)
    problems = [problem for document in documents for problem in _problems(document)]
    whole = (d.file for d in documents if d.readable and all(page.whole for page in d.pages))
    refused = tuple(row.refused for row in rows if row.refused)
    return Calendar(name, entries, tuple(problems), refused, frozenset(whole))


def _problems(document: _Document) -> Iterator[Problem]:
    yield from document.problems
    for page in document.pages:
        yield from page.problems
        for row in page.rows:
            yield from row.problems


def _without_doubles(documents: Sequence[_Document]) -> list[_Document]:
    """Refuse every row whose code stands on another row too; warn of rows that are all the same."""
    rows = [row for document in documents for page in document.pages for row in page.rows]
    codes = Counter(code.casefold() for row in rows if (code := _code(row)))
    same = Counter(row.entry.fingerprint() for row in rows if row.entry and not row.entry.code)
    if max((*codes.values(), *same.values()), default=1) == 1:
        return list(documents)
    return [
        replace(
            document,
            pages=tuple(
                replace(page, rows=tuple(_judge(page, row, codes=codes, same=same) for row in page.rows))
                for page in document.pages
            ),
        )
        for document in documents
    ]


def _judge(page: _Page, row: Checked, *, codes: Counter[str], same: Counter[str]) -> Checked:
    if codes[_code(row).casefold()] > 1:
        problem = _told(page, row, "code", error=_code_twice(_code(row)))
        entry = row.entry
        refused = row.refused if entry is None else Refused(entry.place.file, entry.code, entry.match_key())
        return replace(row, entry=None, refused=refused, problems=(*row.problems, problem))
    if row.entry and not row.entry.code and same[row.entry.fingerprint()] > 1:
        problem = replace(_told(page, row, "code", error=_row_twice()), severity="warning")
        return replace(row, problems=(*row.problems, problem))
    return row


def _code(row: Checked) -> str:
    """Return the code of a row, right or wrong, as it is typed."""
    holder = row.entry or row.refused
    return holder.code if holder else ""


def _told(page: _Page, row: Checked, field: str, *, error: ReadError) -> Problem:
    fields = page.header.fields if page.header else {}
    column = fields.get(field, min(fields.values(), default=0))
    return page.sheet.problem(row.row, column, field=field, error=error)


def _unread(sheet: Sheet) -> Problem:
    message = _("Trang này không có hàng tiêu đề nên không đọc; mục bị xóa khỏi tệp sẽ không tự hủy.")
    hint = _("Thêm hàng tiêu đề như trong tệp mẫu, hoặc đặt tên trang là “Ghi chú”.")
    error = ReadError("header_missing", message, hint=hint)
    return replace(sheet.problem(sheet.rows[0], 0, field="", error=error), severity="warning")


def _headless() -> ReadError:
    message = _("Không thấy hàng tiêu đề của lịch.")
    hint = _("Một hàng phải có tên các cột như Ngày, Giờ, Cơ quan, Kênh, Nội dung; xem tệp mẫu.")
    return ReadError("header_missing", message, hint=hint)


def _dayless(sheet: Sheet, header: Header) -> Iterable[Problem]:
    if not _DAY_COLUMNS & header.fields.keys():
        message = _("Thiếu cột “Ngày” hoặc “Dịp”.")
        error = ReadError("column_missing", message, hint=_("Thêm một trong hai cột vào hàng tiêu đề."))
        yield sheet.problem(header.row, min(header.fields.values()), field="date", error=error)


def _textless(sheet: Sheet, header: Header) -> Iterable[Problem]:
    if not any(field.startswith("text.") for field in header.fields):
        message = _("Thiếu cột “Nội dung”.")
        error = ReadError("column_missing", message, hint=_("Thêm cột ấy vào hàng tiêu đề."))
        yield sheet.problem(header.row, min(header.fields.values()), field="text.vi", error=error)


def _lone(sheet: Sheet, row: Row) -> Problem:
    message = _("Hàng chỉ có một ô nên coi là tiêu đề, không đọc.")
    hint = _("Nếu là mục lịch, điền đủ ngày, giờ, cơ quan, kênh và nội dung.")
    error = ReadError("row_lone", message, hint=hint)
    column = next(number for number, value in enumerate(row.values) if line_of(value))
    return replace(sheet.problem(row, column, field="", error=error), severity="warning")


def _code_twice(code: str) -> ReadError:
    message = _("Mã bài “{code}” có ở nhiều hàng; các hàng ấy đều không dùng.").format(code=code)
    return ReadError("code_twice", message, hint=_("Mỗi mục một mã; xóa mã ở hàng chép thêm."))


def _row_twice() -> ReadError:
    message = _("Có hàng khác giống hệt hàng này; cả hai sẽ được lập lịch.")
    return ReadError("row_twice", message, hint=_("Xóa một hàng nếu là chép nhầm."))
