"""Say what is wrong with a sheet or with rows beside each other, and how to mend it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from glob import escape
from pathlib import Path

from content_queue.models import Problem
from content_queue.texts import _
from schedules.cells import line_of
from schedules.names import fold
from schedules.readers import READERS, Row, Sheet
from schedules.refusals import ReadError

#: How the name of an annotated copy ends.
COPY_MARK = "_KIEM-TRA"

_WEEKDAY = re.compile(
    r"t[2-7]|cn|(?:thu )?(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
#: So many weekdays side by side, or days of a month, make a grid of a month.
_WEEKDAYS, _DAYS = 5, 20


def is_copy(path: Path) -> bool:
    """Tell whether a file is called as annotated copies are."""
    return path.stem.endswith(COPY_MARK)


def refuse_copy(path: Path) -> None:
    """Refuse an annotated copy that lies beside its original: every entry would stand twice.

    Raises:
        ReadError: it does; a copy without its original is a calendar like any other.
    """
    if not is_copy(path):
        return
    name = path.stem.removesuffix(COPY_MARK)
    found = (other for other in path.parent.glob(f"{escape(name)}.*") if other.stem == name)
    if beside := next((other for other in found if other.suffix.lower() in READERS), None):
        message = _("Tệp là bản kiểm tra của {name}, để cạnh tệp gốc thì mỗi mục có hai lần.")
        hint = _("Lưu bản này đè lên {name}, hoặc chuyển đi nơi khác.")
        raise ReadError("file_copy", message.format(name=beside.name), hint=hint.format(name=beside.name))


def headless(sheets: Sequence[Sheet]) -> ReadError:
    """Say that no sheet of a file is a calendar: it is a month's grid, or nothing that we know."""
    if any(_is_month_grid(sheet) for sheet in sheets if not sheet.aside()):
        message = _("Tệp là lịch tháng dạng ô (mỗi ô một ngày), không phải lịch nội dung.")
        hint = _("Ghi mỗi bài một hàng: ngày, giờ, cơ quan, kênh, nội dung; dùng tệp mẫu: loa template.")
        return ReadError("file_month_grid", message, hint=hint)
    message = _("Tệp không phải lịch nội dung: không thấy hàng tiêu đề.")
    hint = _("Một hàng phải có tên các cột như Ngày, Giờ, Cơ quan, Kênh, Nội dung; xem tệp mẫu.")
    return ReadError("header_missing", message, hint=hint)


def _is_month_grid(sheet: Sheet) -> bool:
    return any(_weekdays(row) >= _WEEKDAYS or _days(row) >= _DAYS for row in sheet.rows)


def _weekdays(row: Row) -> int:
    return len({word for value in row.values if _WEEKDAY.fullmatch(word := fold(line_of(value)))})


def _days(row: Row) -> int:
    words = {line_of(value) for value in row.values}
    return sum(str(day) in words for day in range(1, 32))


def unread(sheet: Sheet) -> Problem:
    """Warn of a sheet without a header beside others that have one."""
    message = _("Trang này không có hàng tiêu đề nên không đọc; mục bị xóa khỏi tệp sẽ không tự hủy.")
    hint = _("Thêm hàng tiêu đề như trong tệp mẫu, hoặc đặt tên trang là “Ghi chú”.")
    error = ReadError("header_missing", message, hint=hint)
    return replace(sheet.problem(sheet.rows[0], 0, field="", error=error), severity="warning")


def dayless() -> ReadError:
    """Say that no column tells the day."""
    message = _("Thiếu cột “Ngày” hoặc “Dịp”.")
    return ReadError("column_missing", message, hint=_("Thêm một trong hai cột vào hàng tiêu đề."))


def textless() -> ReadError:
    """Say that no column holds a text."""
    message = _("Thiếu cột “Nội dung”.")
    return ReadError("column_missing", message, hint=_("Thêm cột ấy vào hàng tiêu đề."))


def lone(sheet: Sheet, row: Row) -> Problem:
    """Warn of a row with one cell, which is taken for a title."""
    message = _("Hàng chỉ có một ô nên coi là tiêu đề, không đọc.")
    hint = _("Nếu là mục lịch, điền đủ ngày, giờ, cơ quan, kênh và nội dung.")
    error = ReadError("row_lone", message, hint=hint)
    column = next(number for number, value in enumerate(row.values) if line_of(value))
    return replace(sheet.problem(row, column, field="", error=error), severity="warning")


def code_twice(code: str) -> ReadError:
    """Say that several rows have one code."""
    message = _("Mã bài “{code}” có ở nhiều hàng; các hàng ấy đều không dùng.").format(code=code)
    return ReadError("code_twice", message, hint=_("Mỗi mục một mã; xóa mã ở hàng chép thêm."))


def row_twice() -> ReadError:
    """Say that two rows are the same."""
    message = _("Có hàng khác giống hệt hàng này; cả hai sẽ được lập lịch.")
    return ReadError("row_twice", message, hint=_("Xóa một hàng nếu là chép nhầm."))
