"""Read a calendar: every mistake is told at once, a wrong row is refused alone, the others stand."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from content_queue.models import Campaign, Entry, Problem
from schedules import belonging
from schedules.campaigns import Listed, by_name, lists_campaigns, read_campaigns
from schedules.cells import is_blank
from schedules.check import Checked, Yardstick, cells_of, check_row, is_example, is_heading
from schedules.columns import CALENDAR_COLUMNS, MOMENT, Header, find_headers, language_columns, repeats
from schedules.complaints import (
    code_twice,
    dayless,
    headless,
    is_copy,
    lone,
    refuse_copy,
    row_twice,
    textless,
    unread,
)
from schedules.identity import Refused
from schedules.office import Office
from schedules.readers import Sheet, Stamp, calendars_in, file_problem, read_sheets, stamp_of
from schedules.refusals import ReadError
from schedules.selection import index_channels

_COLUMNS = (*CALENDAR_COLUMNS, MOMENT, *language_columns())
#: No other file lists any.
NO_CAMPAIGNS: Mapping[str, Campaign] = {}
_DAY_COLUMNS = frozenset({"date", "lunar", "occasion", "moment"})


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
    #: Folded name -> campaign, of all sheets that list some.
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)

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
    campaigns: tuple[Listed, ...] = ()


def read_calendar(path: Path, office: Office, beside: Mapping[str, Campaign] = NO_CAMPAIGNS) -> Calendar:
    """Read and check one file; `beside` are campaigns that other files list."""
    return _gather(path.name, [_document(path, _yardstick(office, path.parent))], office, beside=beside)


@dataclass(slots=True)
class Kept:
    """Files as they were last checked, for whoever reads a folder again and again.

    A file that looks as it did is not checked anew, if nothing outside of it could change what came
    of it: it has no mistake, names no picture and is no copy, and the office is the same object.
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
        if stamp and _stands_alone(document) and not is_copy(path):
            kept.files[path] = stamp, document
        documents.append(document)
    return _gather(folder.name, documents, office)


def _stands_alone(document: _Document) -> bool:
    entries = (row.entry for page in document.pages for row in page.rows)
    return not any(_problems(document)) and not any(entry and entry.pictures for entry in entries)


def _yardstick(office: Office, folder: Path) -> Yardstick:
    return Yardstick(office, index_channels(office.channels, office.agencies), folder)


def _document(path: Path, yardstick: Yardstick) -> _Document:
    try:
        refuse_copy(path)
        sheets = read_sheets(path)
    except ReadError as error:
        return _Document(path.name, (), (file_problem(path.name, error),), readable=False)
    office = yardstick.office
    of_rows = [sheet for sheet in sheets if not sheet.aside() and not lists_campaigns(sheet)]
    lists = [sheet for sheet in sheets if lists_campaigns(sheet)]
    pages = tuple(_page(sheet, yardstick) for sheet in of_rows)
    found = [read_campaigns(sheet, office.occasions, yardstick.selection) for sheet in lists]
    listed = tuple(each for campaigns, _problems in found for each in campaigns)
    wrong = tuple(problem for _campaigns, problems in found for problem in problems)
    if sheets and not pages:
        return _Document(path.name, (), wrong, readable=False, campaigns=listed)
    if not any(page.header for page in pages):
        wrong = (file_problem(path.name, headless(sheets)), *wrong)
        return _Document(path.name, (), wrong, readable=False, campaigns=listed)
    return _Document(path.name, pages, wrong, campaigns=listed)


def _page(sheet: Sheet, yardstick: Yardstick) -> _Page:
    headers = find_headers(sheet, _COLUMNS)
    if not headers:
        return _Page(sheet, None, (), (unread(sheet),), whole=False)
    problems = [problem for header in headers for problem in _header_problems(sheet, header)]
    if any(problem.severity == "error" for problem in problems):
        return _Page(sheet, headers[0], (), tuple(problems), whole=False)
    rows = tuple(_checked(sheet, headers, yardstick))
    return _Page(sheet, headers[0], rows, tuple(problems), whole=True)


def _header_problems(sheet: Sheet, header: Header) -> Iterator[Problem]:
    yield from header.problems
    at = min(header.fields.values())
    if not _DAY_COLUMNS & header.fields.keys():
        yield sheet.problem(header.row, at, field="date", error=dayless())
    if not any(field.startswith("text.") for field in header.fields):
        yield sheet.problem(header.row, at, field="text.vi", error=textless())


def _checked(sheet: Sheet, headers: Sequence[Header], yardstick: Yardstick) -> Iterator[Checked]:
    """Check the rows below the headers, passing over examples, repeated headers and lone titles."""
    heads = {header.row.number: header for header in headers}
    header = None
    for row in sheet.rows:
        header = heads.get(row.number, header)
        if header is None or row is header.row or repeats(row, header):
            continue
        cells = cells_of(row, header)
        if all(map(is_blank, cells.values())) or is_example(cells):
            continue
        if sheet.cells and is_heading(cells, row):
            yield Checked(row, header, None, None, (lone(sheet, row),))
        else:
            yield check_row(sheet, row, header=header, yardstick=yardstick)


def _gather(
    name: str,
    documents: Sequence[_Document],
    office: Office,
    *,
    beside: Mapping[str, Campaign] = NO_CAMPAIGNS,
) -> Calendar:
    own, twice = by_name([each for document in documents for each in document.campaigns])
    campaigns = {**beside, **own}
    documents = _belonging(_without_doubles(documents), campaigns, office)
    pages = [page for document in documents for page in document.pages]
    rows = [row for page in pages for row in page.rows]
    entries = tuple(row.entry for row in rows if row.entry)
    problems = [*twice, *(problem for document in documents for problem in _problems(document))]
    whole = (d.file for d in documents if d.readable and all(page.whole for page in d.pages))
    refused = tuple(row.refused for row in rows if row.refused)
    return Calendar(name, entries, tuple(problems), refused, frozenset(whole), campaigns)


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
    return _judged(documents, lambda page, row: _judge(page, row, codes=codes, same=same))


def _judged(documents: Sequence[_Document], judge: Callable[[_Page, Checked], Checked]) -> list[_Document]:
    """Return the documents with every row as it is judged beside the others."""
    return [
        replace(
            document,
            pages=tuple(
                replace(page, rows=tuple(judge(page, row) for row in page.rows)) for page in document.pages
            ),
        )
        for document in documents
    ]


def _belonging(
    documents: Sequence[_Document], campaigns: Mapping[str, Campaign], office: Office
) -> list[_Document]:
    """Refuse every row that leaves open what its campaign does not say; warn of what is doubtful."""
    rows = (row for document in documents for page in document.pages for row in page.rows)
    if not any(row.entry and row.entry.campaign for row in rows):
        return list(documents)

    def judge(page: _Page, row: Checked) -> Checked:
        entry = row.entry
        if entry is None or not entry.campaign:
            return row
        if lack := belonging.missing(entry, campaigns):
            return _refuse(page, row, lack[0], error=lack[1])
        told = belonging.doubts(entry, campaigns, office.occasions)
        found = [replace(_told(page, row, f, error=e), severity="warning") for f, e in told]
        return replace(row, problems=(*row.problems, *found)) if found else row

    return _judged(documents, judge)


def _refuse(page: _Page, row: Checked, field: str, *, error: ReadError) -> Checked:
    """Refuse a row that was good by itself."""
    problem, entry = _told(page, row, field, error=error), row.entry
    refused = row.refused if entry is None else Refused(entry.place.file, entry.code, entry.match_key())
    return replace(row, entry=None, refused=refused, problems=(*row.problems, problem))


def _judge(page: _Page, row: Checked, *, codes: Counter[str], same: Counter[str]) -> Checked:
    if codes[_code(row).casefold()] > 1:
        return _refuse(page, row, "code", error=code_twice(_code(row)))
    if row.entry and not row.entry.code and same[row.entry.fingerprint()] > 1:
        problem = replace(_told(page, row, "code", error=row_twice()), severity="warning")
        return replace(row, problems=(*row.problems, problem))
    return row


def _code(row: Checked) -> str:
    """Return the code of a row, right or wrong, as it is typed."""
    holder = row.entry or row.refused
    return holder.code if holder else ""


def _told(page: _Page, row: Checked, field: str, *, error: ReadError) -> Problem:
    fields = row.header.fields
    told = page.sheet.problem(row.row, fields.get(field, min(fields.values())), field=field, error=error)
    return replace(told, author=row.entry.author) if row.entry else told
