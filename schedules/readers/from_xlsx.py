"""Read a workbook of Excel: real types, every sheet, formulas as the values they last had."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from content_queue.texts import _
from schedules.readers.sheet import MOST_CELLS, Row, Sheet, read_bytes
from schedules.refusals import ReadError

#: Files of the compound document format: a workbook of before 2007, or one with a password.
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: Digits of a row's number, and more than any sheet has.
_LONGEST_NUMBER = 12
#: Bytes of all parts of a workbook, unpacked.
_LARGEST_UNPACKED = 200 * 1024 * 1024
#: A row or a cell of a sheet, and the address it claims.
_TAG = re.compile(rb"""<(?:\w+:)?(row|c)\b((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ADDRESS = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d*)""")


def read_xlsx(path: Path) -> tuple[Sheet, ...]:
    """Read every sheet that has a row.

    Raises:
        ReadError: it is no workbook, has a password, or is too big to be a calendar.
    """
    data = read_bytes(path)
    _look_inside(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = (_sheet(book, path.name, name=name) for name in _names(book))
        return tuple(sheet for sheet in sheets if sheet.rows)
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise _broken() from error


def _names(book: CalamineWorkbook) -> list[str]:
    """Return the names of sheets of cells; charts stand on sheets of their own."""
    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def _sheet(book: CalamineWorkbook, file: str, *, name: str) -> Sheet:
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows = (Row(number, number, tuple(cells)) for number, cells in enumerate(grid, start=1))
    return Sheet(file, name, tuple(row for row in rows if not row.empty()))


def _look_inside(data: bytes) -> None:
    """Refuse what the reading library would die of: no workbook, a bomb, a cell in the far corner."""
    if data.startswith(_COMPOUND):
        raise _locked() if _ENCRYPTED in data else _old()
    try:
        parts = _unpack(data)
    except Exception as error:  # zipfile lets the errors of its codecs through
        raise _broken() from error
    if parts is None:
        raise _vast()
    for part in parts:
        _measure(part)


def _unpack(data: bytes) -> list[bytes] | None:
    """Return the parts unpacked, or None if they are too big together."""
    with zipfile.ZipFile(BytesIO(data)) as book:
        if sum(part.file_size for part in book.infolist()) > _LARGEST_UNPACKED:
            return None
        return [book.read(part) for part in book.infolist()]


def _measure(part: bytes) -> None:
    """Refuse a sheet whose outermost cells make a table of more than `MOST_CELLS` cells.

    The library allocates the whole table at once and ends the process when it cannot. Rows and
    cells that are only formatted make no table.
    """
    columns = rows = current = 0
    for tag, attributes in _TAG.findall(part):
        letters, number = _address(attributes)
        if tag == b"row":
            current = number
        elif not attributes.endswith(b"/"):
            columns, rows = max(columns, letters), max(rows, number, current)
    if columns * rows > MOST_CELLS:
        raise _vast()


def _address(attributes: bytes) -> tuple[int, int]:
    """Return the column and row that a tag claims, from 1; 0 where it claims none."""
    found = _ADDRESS.search(attributes)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - ord("A") + 1
    return column, int(found[2][:_LONGEST_NUMBER] or 0)


def _broken() -> ReadError:
    message = _("Tệp không phải bảng tính Excel hoặc đã hỏng.")
    return ReadError("file_broken", message, hint=_("Mở tệp bằng Excel và lưu lại thành .xlsx."))


def _old() -> ReadError:
    message = _("Tệp là bảng tính Excel kiểu cũ.")
    return ReadError("file_old", message, hint=_("Mở tệp bằng Excel, chọn Lưu thành, kiểu .xlsx."))


def _locked() -> ReadError:
    message = _("Tệp có mật khẩu nên không đọc được.")
    return ReadError("file_locked", message, hint=_("Bỏ mật khẩu của tệp rồi lưu lại."))


def _vast() -> ReadError:
    message = _("Bảng tính quá rộng: có ô ghi rất xa hoặc dữ liệu quá lớn.")
    hint = _("Bấm Ctrl+End để tìm ô cuối; xóa hẳn các hàng, cột thừa rồi lưu lại.")
    return ReadError("file_too_big", message, hint=hint)
