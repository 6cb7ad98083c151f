"""Read a table with one header that people keep beside their calendars: words, terms, translations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from content_queue.models import Problem
from content_queue.texts import _
from schedules.cells import text_of
from schedules.columns import Column, Header, find_header
from schedules.readers import Row, Sheet, file_problem, read_sheets
from schedules.refusals import ReadError


class RefusedTableError(Exception):
    """A table that is not read at all; `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet and where its columns stand."""

    sheet: Sheet
    header: Header

    def rows(self) -> Iterator[tuple[Row, dict[str, str]]]:
        """Give each row below the header that is not empty, with its texts by field."""
        for row in self.sheet.rows[self.sheet.rows.index(self.header.row) + 1 :]:
            cells = {field: text_of(row.at(column)) for field, column in self.header.fields.items()}
            if any(cells.values()):
                yield row, cells

    def problem(self, row: Row, field: str, error: ReadError) -> Problem:
        """Tell a mistake at its cell."""
        at = self.header.fields.get(field, min(self.header.fields.values()))
        return self.sheet.problem(row, at, field=field, error=error)


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """Return the first sheet of a file that has these columns.

    Raises:
        RefusedTableError: the file cannot be read, or a column that is needed is not there.
    """
    try:
        sheets = read_sheets(path)
    except ReadError as error:
        raise RefusedTableError([file_problem(path.name, error)]) from error
    for sheet in sheets:
        header = find_header(sheet, columns)
        if header and any(problem.severity == "error" for problem in header.problems):
            raise RefusedTableError(header.problems)
        if header:
            return Table(sheet, header)
    titles = ", ".join(_(column.title) for column in columns if column.required)
    hint = _("Cần các cột: {titles}.").format(titles=titles)
    headless = ReadError("header_missing", _("Không thấy hàng tiêu đề."), hint=hint)
    raise RefusedTableError([file_problem(path.name, headless)])
