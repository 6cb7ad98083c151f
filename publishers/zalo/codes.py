"""The errors of Zalo, as data: what each means, what an officer does about it, and what it comes to.

The codes are those of the official list; the same code can mean two things (-200, -223), so that words of
the message are looked at as well. 3, -124, -1241 and -1351 belong to other interfaces of Zalo and are
taken for a dead token, should they ever come.
"""

from dataclasses import dataclass
from typing import Literal

from content_queue.texts import N_

#: What an answer of the table comes to.
Ending = Literal["later", "refused", "closed", "token"]
#: Seconds to wait after an overrun limit when Zalo tells none, and after what fails for a while.
RATE_WAIT, AGAIN, WORKING = 60, 300, 30


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of Zalo: its code, what it comes to, and two sentences: what is wrong, and the next step."""

    code: int
    ending: Ending
    meaning: str
    step: str
    #: Words of the message, if they decide.
    words: tuple[str, ...] = ()
    #: Seconds until it is worth trying again.
    wait: int | None = None


_CONNECT = N_("Hãy gõ loa channels connect zalo để kết nối lại kênh.")
_DEAD = N_("Mã truy cập không còn dùng được.")
_APP = N_("Hãy báo người quản trị ứng dụng Zalo kiểm tra ứng dụng còn hoạt động và đúng mã ứng dụng.")
_OA = N_("Hãy báo người quản trị Zalo OA kiểm tra tài khoản còn hoạt động và đúng mã OA.")
_GRANT = N_("Hãy cấp lại quyền quản lý bài viết của OA cho ứng dụng: loa channels connect zalo.")
_PLAN = N_("Hãy kiểm tra gói dịch vụ của OA (tính năng này cần gói có Open API), rồi mở lại kênh.")
_RENEW = N_("Hãy chờ đến ngày làm mới hạn mức hoặc nâng gói, rồi mở lại kênh.")
_FORM = N_("Hãy sửa nội dung theo thông báo của Zalo rồi gửi duyệt lại.")
_SYSTEM = N_("Hãy báo người quản trị hệ thống: loa không gửi tin cho từng người.")
_GROUP = N_("Hãy báo người quản trị OA: loa không đăng vào nhóm chat.")
_LATER = N_("Hệ thống sẽ tự thử lại.")
_BY_HAND = N_("Hãy đăng tay trên trang quản trị OA.")

#: The first row with the code, and with one of its words in the message if it has any, decides.
ROWS: tuple[Row, ...] = (
    Row(3, "token", _DEAD, _CONNECT),
    Row(-32, "later", N_("Gọi Zalo quá nhanh."), _LATER, wait=RATE_WAIT),
    Row(-100, "refused", N_("Tệp đã tải lên hết hạn."), N_("Hãy gửi duyệt lại bài để tải lên lần nữa.")),
    Row(-124, "token", _DEAD, _CONNECT),
    Row(
        -200,
        "refused",
        N_("Zalo không tải được ảnh hoặc video của bài."),
        N_(
            "Hãy kiểm tra địa chỉ ảnh mở được từ bên ngoài, "
            "là JPEG hoặc PNG không quá 1 MB, hoặc đổi ảnh khác."
        ),
        ("media",),
    ),
    Row(-200, "token", _DEAD, _CONNECT, ("token",)),
    Row(-200, "later", N_("Zalo chưa gửi được."), _LATER, wait=AGAIN),
    Row(-201, "refused", N_("Zalo không nhận một mục của bài."), _FORM),
    Row(-202, "closed", N_("Chữ ký của ứng dụng sai."), _APP),
    Row(-204, "closed", N_("OA đã bị xóa hoặc bị khóa."), _OA),
    Row(-205, "closed", N_("OA không tồn tại."), _OA),
    Row(-207, "closed", N_("Zalo từ chối OA này."), _OA),
    Row(-208, "closed", N_("Zalo từ chối OA này."), _OA),
    Row(-209, "closed", N_("Ứng dụng chưa kích hoạt, hoặc Zalo không còn chức năng này."), _APP),
    Row(-210, "refused", N_("Một mục của bài vượt giới hạn."), _FORM),
    Row(-211, "closed", N_("OA đã hết hạn mức của tính năng này."), _RENEW),
    Row(-212, "closed", N_("Ứng dụng chưa đăng ký chức năng này."), _GRANT),
    Row(-213, "refused", N_("Người nhận chưa quan tâm OA."), _SYSTEM),
    Row(-214, "later", N_("Zalo đang xử lý bài."), _LATER, wait=WORKING),
    Row(-215, "closed", N_("Mã ứng dụng sai."), _APP),
    Row(-216, "token", _DEAD, _CONNECT),
    Row(-217, "refused", N_("Người nhận đã chặn tin mời."), _SYSTEM),
    Row(-218, "closed", N_("Người quan tâm đã nhận đủ số tin cho phép."), _RENEW),
    Row(-219, "closed", N_("Ứng dụng đã bị gỡ hoặc bị khóa."), _APP),
    Row(-220, "token", _DEAD, _CONNECT),
    Row(
        -221,
        "closed",
        N_("OA chưa được xác thực."),
        N_("Hãy hoàn tất xác thực OA với Zalo, rồi mở lại kênh."),
    ),
    Row(-222, "refused", N_("Người nhận lâu không dùng Zalo."), _SYSTEM),
    Row(-223, "closed", N_("OA đã hết hạn mức đăng bài."), _RENEW, ("quota", "hạn mức")),
    Row(-223, "closed", N_("OA chưa cho ứng dụng dùng chức năng này."), _GRANT),
    Row(-224, "closed", N_("OA cần mua gói dịch vụ cho chức năng này."), _PLAN),
    Row(-227, "refused", N_("Tài khoản người nhận đã bị khóa hoặc lâu không dùng."), _SYSTEM),
    Row(-230, "refused", N_("Người nhận không tương tác với OA trong 7 ngày."), _SYSTEM),
    Row(-232, "refused", N_("Người nhận chưa tương tác, hoặc đã quá thời gian trả lời."), _SYSTEM),
    Row(-233, "refused", N_("OA không được gửi loại tin này."), _BY_HAND),
    Row(
        -234,
        "later",
        N_("Zalo không nhận tin từ 22 giờ đến 6 giờ."),
        N_("Hãy cho giờ khác, từ 6 giờ đến 21 giờ 30."),
        wait=1800,
    ),
    Row(-235, "refused", N_("Loại OA này không được dùng chức năng này."), _BY_HAND),
    Row(-237, "closed", N_("Nhóm chat của OA đã hết hạn."), _GROUP),
    Row(-238, "closed", N_("Gói nhóm chat đã được dùng."), _GROUP),
    Row(-240, "refused", N_("Zalo đã đóng chức năng này."), N_("Hãy báo người quản trị hệ thống.")),
    Row(-241, "closed", N_("Gói nhóm chat đã được dùng."), _GROUP),
    Row(
        -242,
        "closed",
        N_("Zalo đòi appsecret_proof mà loa không gửi."),
        N_("Hãy tắt yêu cầu appsecret_proof trong cài đặt ứng dụng Zalo, hoặc báo người quản trị ứng dụng."),
    ),
    Row(-244, "refused", N_("Người nhận không nhận loại tin này."), _SYSTEM),
    Row(
        -248,
        "refused",
        N_("Zalo cho rằng nội dung vi phạm tiêu chuẩn."),
        N_("Hãy xem lại câu chữ và ảnh, rồi gửi duyệt lại."),
    ),
    Row(-305, "closed", N_("OA đã hết hạn mức trả lời."), _RENEW),
    Row(-311, "closed", N_("OA đã hết hạn mức trả lời."), _RENEW),
    Row(-320, "closed", N_("OA chưa nối với tài khoản trả phí (ZCA)."), _PLAN),
    Row(-321, "closed", N_("Tài khoản trả phí (ZCA) hết tiền."), _PLAN),
    Row(-403, "refused", N_("Nhóm chat không thuộc OA này."), _GROUP),
    Row(-1241, "token", _DEAD, _CONNECT),
    Row(-1340, "refused", N_("Zalo không nhận một mục của bài."), _FORM),
    Row(-1341, "refused", N_("Zalo không nhận một mục của bài."), _FORM),
    Row(-1351, "token", _DEAD, _CONNECT),
)
#: What is not in the table; a person has to read Zalo's own words.
UNKNOWN = Row(
    0,
    "refused",
    N_("Zalo báo một lỗi chưa biết."),
    N_("Hãy chép nguyên thông báo này gửi người quản trị hệ thống."),
)


def row_of(code: int, said: str) -> Row:
    """Return the row that an answer is of; `said` is its message in small letters."""
    return next((row for row in ROWS if _fits(row, code, said)), UNKNOWN)


def _fits(row: Row, code: int, said: str) -> bool:
    return row.code == code and (not row.words or any(word in said for word in row.words))
