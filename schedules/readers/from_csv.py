"""Read a CSV file as Excel saves it: UTF-8 with or without its mark, `,` `;` or tab between."""

import csv
from io import StringIO
from pathlib import Path

from content_queue.texts import _
from schedules.readers.sheet import MOST_CELLS, Row, Sheet, decode, read_bytes, too_many_cells
from schedules.refusals import ReadError

#: What may stand between columns. Excel with Vietnamese regional settings writes `;`.
DELIMITERS = (",", ";", "\t")


def read_csv(path: Path) -> tuple[Sheet, ...]:
    """Read the one sheet of a CSV file.

    Raises:
        ReadError: it is no UTF-8, too big, or a quoted text never ends.
    """
    text = decode(read_bytes(path))
    try:
        rows = _rows(text)
    except csv.Error as error:
        message = _("Tệp CSV bị hỏng: dấu ngoặc kép không khép lại hoặc ô quá dài.")
        hint = _("Mở tệp bằng Excel, sửa rồi lưu lại kiểu “CSV UTF-8”.")
        raise ReadError("file_broken", message, hint=hint) from error
    return (Sheet(path.name, "", rows),) if rows else ()


def _rows(text: str) -> tuple[Row, ...]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows, line, count = [], 1, 0
    for number, cells in enumerate(reader, start=1):
        row, line, count = Row(number, line, tuple(cells)), reader.line_num + 1, count + len(cells)
        if count > MOST_CELLS:
            raise too_many_cells()
        if not row.empty():
            rows.append(row)
    return tuple(rows)


def _delimiter(text: str) -> str:
    """Choose what splits the first lines best: a title line above the header has no columns."""
    head = [line for line in text.split("\n", 20)[:20] if line.strip()]
    return max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in head), default=0))
