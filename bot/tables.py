"""Tables as files that people open in Excel: nothing in them is a formula."""

import csv
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from bot.errors import LoaError
from content_queue.texts import _

#: How a text begins that Excel would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as .xlsx or .csv, as the name says; what is there is never overwritten.

    Raises:
        LoaError: there is such a file, or its name ends otherwise.
    """
    write = {".xlsx": _write_xlsx, ".csv": _write_csv}.get(file.suffix.lower())
    if write is None:
        raise LoaError(_("Tên tệp phải có đuôi .xlsx hoặc .csv."))
    if file.exists():
        told = _("{file} đã có; loa không ghi đè tệp của bạn.").format(file=file)
        raise LoaError(told, next_step=_("Gõ lại với một tên tệp khác"))
    if not file.absolute().parent.is_dir():
        raise LoaError(_("Không thấy thư mục {folder}.").format(folder=file.absolute().parent))
    write(file, head, rows)


def _write_csv(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("x", encoding="utf-8-sig", newline="") as opened:  # Excel knows UTF-8 by its mark
        writer = csv.writer(opened)
        writer.writerow(head)
        writer.writerows([harmless(cell) for cell in row] for row in rows)


def _write_xlsx(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import xlsxwriter  # noqa: PLC0415 - only exports need it

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(chain([head], rows)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


def harmless(cell: str) -> str:
    """Return a cell that Excel shows as it stands, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
