"""Translate what Zalo answers into the house's outcomes. Pure.

Zalo says HTTP 200 nearly always and puts a negative `error` into the JSON; the same code can mean two
things (-200, -223), so that the message is read as well. The table follows the official list of codes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.texts import N_, _

#: What an answer of the table comes to.
Ending = Literal["later", "refused", "closed"]
#: What Zalo writes while it still fetches the pictures; its code for that is not settled.
PROCESSING = "being processed"
#: HTTP statuses with a meaning of their own.
NOT_FOUND, TOO_MANY, SERVER_ERRORS = 404, 429, 500
#: Seconds to wait after an overrun limit when Zalo tells none.
RATE_WAIT = 60


class StillWorkingError(NotSentError):
    """Zalo is still fetching the pictures of an article."""


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of Zalo: its code, words of the message if they decide, and what it comes to."""

    code: int
    ending: Ending
    advice: str
    words: tuple[str, ...] = ()
    #: Seconds until it is worth trying again.
    wait: int | None = None


_TOKEN = N_("Mã truy cập không còn dùng được. Hãy gõ loa channels connect zalo để kết nối lại kênh.")
_APP = N_("Hãy báo người quản trị ứng dụng Zalo kiểm tra ứng dụng còn hoạt động và đúng mã ứng dụng.")
_OA = N_("Hãy báo người quản trị Zalo OA kiểm tra tài khoản còn hoạt động và đúng mã OA.")
_GRANT = N_("Hãy cấp lại quyền quản lý bài viết của OA cho ứng dụng, rồi mở lại kênh.")
_PLAN = N_("Hãy kiểm tra gói dịch vụ của OA: tính năng này cần gói có Open API, rồi mở lại kênh.")
_QUOTA = N_("OA đã hết hạn mức. Hãy chờ đến ngày làm mới hạn mức hoặc nâng gói, rồi mở lại kênh.")
_FORM = N_("Hãy sửa nội dung theo thông báo của Zalo rồi gửi duyệt lại.")
_PERSON = N_("Lỗi này thuộc về tin gửi một người, không thuộc bài viết. Hãy báo người quản trị hệ thống.")
_PROOF = N_("Hãy tắt yêu cầu appsecret_proof trong cài đặt ứng dụng Zalo, hoặc báo người quản trị ứng dụng.")
_GROUP = N_("Lỗi này thuộc về nhóm chat, không thuộc bài viết. Hãy báo người quản trị OA.")
_LATER = N_("Hệ thống sẽ tự thử lại.")
_PICTURE = N_(
    "Zalo không tải được ảnh. Hãy kiểm tra địa chỉ ảnh mở được từ bên ngoài, "
    "là JPEG hoặc PNG không quá 1 MB, hoặc đổi ảnh khác."
)
_UNKNOWN = N_("Đây là mã lỗi chưa biết. Hãy chép nguyên thông báo này gửi người quản trị hệ thống.")

#: The first row with the code, and with one of its words in the message if it has any, decides.
ROWS: tuple[Row, ...] = (
    Row(3, "closed", _TOKEN),  # a node of others takes it for an expired token
    Row(-32, "later", _LATER, wait=RATE_WAIT),
    Row(-100, "refused", N_("Tệp đã tải lên hết hạn. Hãy gửi duyệt lại bài để tải lên lần nữa.")),
    Row(-124, "closed", _TOKEN),
    Row(-200, "refused", _PICTURE, ("media",)),
    Row(-200, "closed", _TOKEN, ("token",)),
    Row(-200, "later", _LATER, wait=300),
    Row(-201, "refused", _FORM),
    Row(-202, "closed", _APP),
    Row(-204, "closed", _OA),
    Row(-205, "closed", _OA),
    Row(-207, "closed", _OA),
    Row(-208, "closed", _OA),
    Row(-209, "closed", _APP),
    Row(-210, "refused", _FORM),
    Row(-211, "closed", _QUOTA),
    Row(-212, "closed", _GRANT),
    Row(-213, "refused", _PERSON),
    Row(-214, "later", _LATER, wait=30),
    Row(-215, "closed", _APP),
    Row(-216, "closed", _TOKEN),
    Row(-217, "refused", _PERSON),
    Row(-218, "closed", _QUOTA),
    Row(-219, "closed", _APP),
    Row(-220, "closed", _TOKEN),
    Row(-221, "closed", N_("OA chưa được xác thực. Hãy hoàn tất xác thực OA với Zalo, rồi mở lại kênh.")),
    Row(-222, "refused", _PERSON),
    Row(-223, "closed", _QUOTA, ("quota", "hạn mức")),
    Row(-223, "closed", _GRANT),
    Row(-224, "closed", _PLAN),
    Row(-227, "refused", _PERSON),
    Row(-230, "refused", _PERSON),
    Row(-232, "refused", _PERSON),
    Row(-233, "refused", _PERSON),
    Row(-234, "later", N_("Zalo không nhận từ 22 giờ đến 6 giờ."), wait=1800),
    Row(
        -235, "refused", N_("Loại OA này không được dùng tính năng này. Hãy đăng tay trên trang quản trị OA.")
    ),
    Row(-237, "closed", _GROUP),
    Row(-238, "closed", _GROUP),
    Row(-240, "refused", N_("Zalo đã đóng tính năng này. Hãy báo người quản trị hệ thống.")),
    Row(-241, "closed", _GROUP),
    Row(-242, "closed", _PROOF),
    Row(-244, "refused", _PERSON),
    Row(
        -248,
        "refused",
        N_("Zalo cho rằng nội dung vi phạm tiêu chuẩn. Hãy xem lại câu chữ và ảnh, rồi gửi duyệt lại."),
    ),
    Row(-305, "closed", _QUOTA),
    Row(-311, "closed", _QUOTA),
    Row(-320, "closed", _PLAN),
    Row(-321, "closed", _PLAN),
    Row(-403, "refused", _GROUP),
    Row(-1241, "closed", _TOKEN),
    Row(-1340, "refused", _FORM),
    Row(-1341, "refused", _FORM),
    Row(-1351, "closed", _TOKEN),
)


def read_answer(status: int, text: str, *, key: str = "") -> Mapping[str, Any]:
    """Return the `data` of an answer, empty if it carries none; `key` is the pacing key of the OA.

    Raises:
        PublishError: Zalo refused, or what it said cannot be trusted.
    """
    body = _json_object(text)
    if status >= SERVER_ERRORS or (body is None and status not in {NOT_FOUND, TOO_MANY}):
        raise UnknownOutcomeError(
            _("Zalo trả lời không đọc được (HTTP {status}). Hãy xem bài đã lên trang OA chưa.").format(
                status=status
            )
        )
    code = _code(status, body or {})
    if code:
        raise error_for(code, str((body or {}).get("message", f"HTTP {status}")), key=key)
    data = (body or {}).get("data")
    return data if isinstance(data, dict) else {}


def error_for(code: int, message: str, *, key: str = "") -> PublishError:
    """Return the error that an answer of Zalo comes to, with its next step."""
    said = message.casefold()
    row = next((row for row in ROWS if _fits(row, code, said)), Row(code, "refused", _UNKNOWN))
    told = _("Zalo báo lỗi {code}: “{message}”. {advice}").format(
        code=code, message=message[:300], advice=_(row.advice)
    )
    if PROCESSING in said or code == -214:  # noqa: PLR2004 - the table's code for "being processed"
        return StillWorkingError(told, retry_after=timedelta(seconds=30))
    if row.ending == "later":
        return NotSentError(told, retry_after=_wait(row), key=key)
    return (ChannelClosedError if row.ending == "closed" else RefusedError)(told)


def _fits(row: Row, code: int, said: str) -> bool:
    return row.code == code and (not row.words or any(word in said for word in row.words))


def _wait(row: Row) -> timedelta | None:
    return None if row.wait is None else timedelta(seconds=row.wait)


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _code(status: int, body: Mapping[str, Any]) -> int:
    """Return the code as a number, also where Zalo writes it as text; HTTP stands in where none is told.

    Raises:
        UnknownOutcomeError: neither a code nor data were told.
    """
    by_status = {NOT_FOUND: -209, TOO_MANY: -32}
    told = body.get("error", 0 if "data" in body else by_status.get(status))
    try:
        return int(told) or by_status.get(status, 0)
    except (TypeError, ValueError) as error:
        raise UnknownOutcomeError(_("Zalo trả lời không rõ đã nhận bài hay chưa.")) from error
