"""Tables as files that people open in Excel: nothing in them is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain
from os import fsync
from pathlib import Path
from typing import IO

from bot.errors import LoaError
from content_queue.texts import _

#: How a text begins that Excel would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as .xlsx or .csv, as the name says, durably; what is there is never overwritten.

    Raises:
        LoaError: there is such a file, its name ends otherwise, or a workbook cannot hold the table.
    """
    write = {".xlsx": _write_xlsx, ".csv": _write_csv}.get(file.suffix.lower())
    if write is None:
        raise LoaError(_("Tên tệp phải có đuôi .xlsx hoặc .csv."))
    if file.exists():
        told = _("{file} đã có; loa không ghi đè tệp của bạn.").format(file=file)
        raise LoaError(told, next_step=_("Gõ lại với một tên tệp khác"))
    if not file.absolute().parent.is_dir():
        raise LoaError(_("Không thấy thư mục {folder}.").format(folder=file.absolute().parent))
    with file.open("xb") as opened:
        try:
            write(opened, head, rows)
            opened.flush()
            fsync(opened.fileno())
        except BaseException:  # half a table is none
            file.unlink()
            raise


def _write_csv(file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")  # Excel knows UTF-8 by its mark
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()


def _write_xlsx(file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import xlsxwriter  # noqa: PLC0415 - only exports need it

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(chain([head], rows)):
            for column, cell in enumerate(row):
                if sheet.write_string(number, column, cell):  # too many rows, or too long a text
                    raise LoaError(_("Tệp .xlsx không chứa hết bảng này."), next_step=_("Xuất ra tệp .csv"))


def harmless(cell: str) -> str:
    """Return a cell that Excel shows as it stands, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
