"""Read a workbook in a child process: whatever it holds, it takes no more than bounded memory and time."""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from content_queue.texts import N_, _
from schedules.readers import child
from schedules.readers.sheet import Row, Sheet, Value, read_bytes
from schedules.refusals import ReadError

log = logging.getLogger(__name__)

#: Seconds on the wall after which a child is ended; its processor time is bounded tighter by itself.
PATIENCE = 60

#: Code -> why a workbook is refused, and how to mend it.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "file_broken": (
        N_("Tệp không phải bảng tính hoặc đã hỏng."),
        N_("Mở tệp bằng Excel và lưu lại thành .xlsx."),
    ),
    "file_old": (
        N_("Tệp là bảng tính Excel kiểu cũ."),
        N_("Mở tệp bằng Excel, chọn Lưu thành, kiểu .xlsx."),
    ),
    "file_locked": (N_("Tệp có mật khẩu nên không đọc được."), N_("Bỏ mật khẩu của tệp rồi lưu lại.")),
    "file_too_big": (
        N_("Bảng tính quá rộng: có ô ghi rất xa hoặc dữ liệu quá lớn."),
        N_("Bấm Ctrl+End để tìm ô cuối; xóa hẳn các hàng, cột thừa rồi lưu lại."),
    ),
    "file_too_slow": (
        N_("Đọc bảng tính quá lâu nên đã dừng."),
        N_("Chép các hàng cần dùng sang tệp mẫu mới rồi lưu."),
    ),
    "file_macros": (
        N_("Tệp có macro nên không nhận."),
        N_("Chọn Lưu thành, kiểu “Excel Workbook (.xlsx)”, hoặc chép các hàng sang tệp mẫu mới."),
    ),
    "file_links": (
        N_("Tệp có liên kết lấy dữ liệu từ tệp hoặc nguồn khác nên không nhận."),
        N_("Trong Excel chọn Dữ liệu, Sửa liên kết, Ngắt liên kết; rồi lưu lại."),
    ),
    "file_embedded": (
        N_("Tệp có tệp khác nhúng bên trong nên không nhận."),
        N_("Xóa đối tượng nhúng rồi lưu lại; ảnh thì để cạnh tệp lịch và ghi tên ở cột Ảnh."),
    ),
    "file_entities": (
        N_("Tệp có khai báo XML lạ, không phải do Excel hay LibreOffice ghi, nên không nhận."),
        N_("Chép các hàng sang tệp mẫu mới rồi lưu."),
    ),
    # Not the file's fault: the log says why.
    "file_unread": (
        N_("Bộ đọc bảng tính gặp lỗi nên chưa đọc được tệp."),
        N_("Báo cán bộ tin học xem nhật ký của loa; tệp không cần sửa."),
    ),
}
#: Kind of a value that JSON lacks -> how it comes back.
_KINDS: Mapping[str, Callable[[Any], Value]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def read_workbook(path: Path) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook (.xlsx, .ods) that has a row; formulas as the values they last had.

    Raises:
        ReadError: it is no workbook, has a password, holds what no calendar holds, or is too big.
    """
    answer = _ask(read_bytes(path), path.suffix.lower().removeprefix("."))
    if code := answer.get("refused"):
        message, hint = REFUSALS[code]
        raise ReadError(code, _(message), hint=_(hint))
    return tuple(_sheet(path.name, *found) for found in answer["sheets"])


def _ask(data: bytes, kind: str) -> Mapping[str, Any]:
    """Return what the child answers, or what its end means."""
    command = [sys.executable, "-I", child.__file__, kind]
    try:
        ended = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 -- our own interpreter, our own script
    except subprocess.TimeoutExpired:
        return {"refused": "file_too_slow"}
    if ended.returncode == -signal.SIGXCPU:
        return {"refused": "file_too_slow"}
    if ended.returncode < 0 or b"MemoryError" in ended.stderr:  # the reading library aborts when memory ends
        return {"refused": "file_too_big"}
    if ended.returncode:
        log.error("The reader of workbooks failed: %s", ended.stderr[-2000:].decode(errors="replace"))
        return {"refused": "file_unread"}
    answer: Mapping[str, Any] = json.loads(ended.stdout, object_hook=_untagged)
    return answer


def _untagged(found: dict[str, Any]) -> Any:
    (kind, value), *more = found.items()
    return _KINDS[kind](value) if kind in _KINDS and not more else found


def _sheet(file: str, name: str, rows: list[Any], formulas: list[Any]) -> Sheet:
    held = tuple(Row(number, number, tuple(cells)) for number, cells in rows)
    return Sheet(file, name, held, formulas=frozenset((row, column) for row, column in formulas))
