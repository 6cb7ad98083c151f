"""What every reader gives: sheets of rows of plain values, each with the place where it stands."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TypeAlias

from content_queue.models import Problem
from content_queue.texts import _
from schedules.names import fold
from schedules.refusals import ReadError

#: What a cell may hold; an empty cell is the empty text.
Value: TypeAlias = str | float | bool | date | time | timedelta

#: Bytes; a calendar of text is a few hundred kilobytes.
LARGEST_FILE = 20 * 1024 * 1024
#: Cells of a text file.
MOST_CELLS = 2_000_000

#: Characters of a message.
_LONGEST_MESSAGE = 300

#: Sheets of the template that hold no entries, and sheets of notes.
_ASIDE = frozenset(
    {"kenh", "danh muc", "huong dan", "can sua", "ghi chu", "channels", "lists", "help", "notes"}
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` from 1 as Excel shows it, `line` from 1 in a text file, and its values.

    `lines` gives each value its own line where a format knows it (YAML).
    """

    number: int
    line: int
    values: tuple[Value, ...]
    lines: tuple[int, ...] = ()

    def at(self, column: int) -> Value:
        """Return the value of a column from 0; rows of a text file may be shorter than their header."""
        return self.values[column] if column < len(self.values) else ""

    def empty(self) -> bool:
        """Tell whether nothing stands in the row."""
        return all(isinstance(value, str) and not value.strip() for value in self.values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file; `name` is empty and `cells` False where a format has no such thing.

    `formulas` are the cells, by row from 1 and column from 0, that are worked out of others.
    """

    file: str
    name: str
    rows: tuple[Row, ...]
    cells: bool = True
    formulas: frozenset[tuple[int, int]] = frozenset()

    def aside(self) -> bool:
        """Tell whether the sheet is one that never holds entries."""
        return fold(self.name) in _ASIDE

    def problem(self, row: Row, column: int, *, field: str, error: ReadError) -> Problem:
        """Tell a mistake at its cell; `column` counts from 0."""
        cell = address(column, row.number) if self.cells else ""
        line = row.lines[column] if column < len(row.lines) else row.line
        message = _shortened(error.message)
        return Problem(self.file, self.name, cell, line, field, error.code, "error", message, error.hint)


def address(column: int, row: int) -> str:
    """Return the name of a cell: column from 0, row from 1; (3, 17) is `D17`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _shortened(message: str) -> str:
    """Cut a sentence that quotes a whole article typed into the wrong column."""
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"


def file_problem(file: str, error: ReadError) -> Problem:
    """Tell why a whole file was refused."""
    return Problem(file, "", "", 0, "", error.code, "error", error.message, error.hint)


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        ReadError: it cannot be opened, is empty or larger than `LARGEST_FILE`.
    """
    try:
        size = path.stat().st_size
        data = b"" if size > LARGEST_FILE else path.read_bytes()
    except OSError as error:
        raise ReadError(
            "file_unreadable", _("Không mở được tệp."), hint=_("Kiểm tra tệp còn đó và quyền đọc tệp.")
        ) from error
    if size > LARGEST_FILE:
        message = _("Tệp lớn hơn 20 MB.")
        raise ReadError(
            "file_too_big", message, hint=_("Bỏ ảnh khỏi bảng tính, ghi tên tệp ảnh vào cột Ảnh.")
        )
    if not data:
        raise ReadError("file_empty", _("Tệp rỗng."), hint=_("Lưu lại tệp rồi chép vào thư mục lịch."))
    return data


def too_many_cells() -> ReadError:
    """Return why a text file is too big to be a calendar, though its bytes are few."""
    message = _("Tệp có quá nhiều ô để là lịch nội dung.")
    return ReadError("file_too_big", message, hint=_("Xóa hẳn các hàng, cột thừa rồi lưu lại."))


def decode(data: bytes) -> str:
    """Return the text of a UTF-8 file, with or without its mark.

    Raises:
        ReadError: it is in another encoding.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("Tệp không phải UTF-8.")
        hint = _("Trong Excel chọn Lưu thành, kiểu “CSV UTF-8”.")
        raise ReadError("file_encoding", message, hint=hint) from error
