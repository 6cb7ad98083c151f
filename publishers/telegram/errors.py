"""What the Bot API's refusals mean here: a table of its answers, and one pure translation.

python-telegram-bot takes `Bad Request: ` off and calls `str.capitalize()`, so answers are matched in
lower case. The answers are those of tdlib/telegram-bot-api (Client.cpp) and tdlib/td.
"""

from collections.abc import Mapping
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.texts import N_, _

TOKEN_WRONG = N_(
    "Telegram không nhận mã bot này (đã bị thu hồi hoặc chép sai). "
    "Hãy lấy mã mới ở @BotFather và ghi lại vào tệp khóa."
)
_NO_RIGHTS = N_(
    "Bot không có quyền đăng trong kênh. Hãy vào kênh, mục Quản trị viên, và cho bot quyền đăng bài, "
    "sửa bài, xóa bài."
)
_GONE = N_("Bot không còn trong kênh. Hãy thêm bot vào kênh làm quản trị viên rồi kiểm tra lại.")
_NO_CHAT = N_(
    "Telegram không thấy kênh này. Hãy xem lại remote_id trong danh sách kênh và thêm bot vào kênh."
)
_PICTURE = N_("Telegram không đọc được ảnh. Hãy lưu lại ảnh dạng JPG hoặc PNG, mỗi cạnh dưới 5000 điểm.")
_FILE = N_("Telegram không đọc được video hay tệp của bài. Hãy xuất lại video MP4 (H.264), hoặc lưu lại tệp.")
_FILE_URL = N_("Telegram không tải được tệp theo đường dẫn. Hãy đính kèm tệp thay cho đường dẫn.")
_LARGE = N_("Tệp đính kèm quá lớn đối với Telegram. Hãy giảm dung lượng ảnh, video hay tệp.")
_TOO_LONG = N_("Telegram báo bài quá dài. Hãy rút gọn nội dung.")
_NO_START = N_("Người nhận chưa mở trò chuyện với bot hoặc đã chặn bot. Hãy mở bot và bấm Bắt đầu (/start).")
_STYLE = N_("Telegram không hiểu định dạng của bài. Hãy bỏ chữ đậm, nghiêng và liên kết rồi trình lại.")
_OURS = N_("Telegram báo lỗi trong tin mà loa tạo ra ({answer}). Hãy báo người quản trị; bài chưa lên.")
_MISSING = N_("Bài không còn trên kênh nên không sửa được. Hãy mở kênh xem ai đã xóa bài.")
_FIXED = N_("Telegram không cho sửa bài này (bài chuyển tiếp, hoặc bot thiếu quyền). Hãy sửa tay trên kênh.")
_OLD = N_("Telegram không cho bot xóa bài này (quá 48 giờ hoặc thiếu quyền xóa). Hãy xóa tay trên kênh.")
_OTHER_FORM = N_("Bài trên kênh có dạng khác (chữ hoặc ảnh) nên không sửa được. Hãy gỡ bài rồi đăng lại.")
_TWO_LISTEN = N_(
    "Bot này đang được một chương trình khác dùng để nhận tin. Hãy tắt chương trình kia, hoặc lập bot riêng."
)

#: Class of python-telegram-bot -> (part of the answer, ours, sentence); the first that fits counts.
ANSWERS: Mapping[type[TelegramError], tuple[tuple[str, type[PublishError], str], ...]] = {
    BadRequest: (
        ("chat not found", ChannelClosedError, _NO_CHAT),
        ("need administrator rights", ChannelClosedError, _NO_RIGHTS),
        ("not enough rights", ChannelClosedError, _NO_RIGHTS),
        ("chat_admin_required", ChannelClosedError, _NO_RIGHTS),
        ("chat_write_forbidden", ChannelClosedError, _NO_RIGHTS),
        ("reply markup is too long", RefusedError, _OURS),
        ("button_data_invalid", RefusedError, _OURS),
        (
            "query is too old",
            RefusedError,
            N_("Nút bấm đã quá hạn. Hãy gõ lệnh xem lại thẻ rồi bấm nút mới."),
        ),
        ("too long", RefusedError, _TOO_LONG),
        ("text is empty", RefusedError, N_("Telegram báo bài không có chữ. Hãy viết nội dung cho bài.")),
        ("can't parse entities", RefusedError, _STYLE),
        ("entity_bounds_invalid", RefusedError, _STYLE),
        (
            "message is not modified",
            RefusedError,
            N_("Bài trên kênh đã đúng như bản sửa. Hãy mở kênh xem lại."),
        ),
        ("message to delete not found", RefusedError, _MISSING),
        ("message to edit not found", RefusedError, _MISSING),
        ("message can't be edited", RefusedError, _FIXED),
        ("message can't be deleted", RefusedError, _OLD),
        ("there is no text in the message", RefusedError, _OTHER_FORM),
        ("there is no caption in the message", RefusedError, _OTHER_FORM),
        ("document can't be mixed", RefusedError, _OURS),
        ("media_invalid", RefusedError, _FILE),
        (
            "failed to send message #",
            RefusedError,
            N_("Telegram không đọc được một tệp của bài: {answer}. Hãy lưu lại tệp ấy."),
        ),
        ("wrong file identifier/http url", RefusedError, _FILE_URL),
        ("failed to get http url content", RefusedError, _FILE_URL),
        ("wrong type of the web page content", RefusedError, _FILE_URL),
        ("photo has unsupported extension", RefusedError, _PICTURE),
        ("photo_invalid_dimensions", RefusedError, _PICTURE),
        ("image_process_failed", RefusedError, _PICTURE),
        ("file is too big", RefusedError, _LARGE),
        ("", RefusedError, N_("Telegram không nhận bài này: {answer}. Hãy sửa bài hoặc hỏi người quản trị.")),
    ),
    Forbidden: (
        ("kicked", ChannelClosedError, _GONE),
        ("not a member", ChannelClosedError, _GONE),
        ("blocked by the user", ChannelClosedError, _NO_START),
        ("can't initiate conversation", ChannelClosedError, _NO_START),
        (
            "user is deactivated",
            ChannelClosedError,
            N_("Tài khoản Telegram của người nhận đã bị xóa. Hãy ghi số Telegram mới vào settings.toml."),
        ),
        ("", ChannelClosedError, _NO_RIGHTS),
    ),
    InvalidToken: (("", ChannelClosedError, TOKEN_WRONG),),
    Conflict: (("", NotSentError, _TWO_LISTEN),),
    NetworkError: (
        ("(413)", RefusedError, _LARGE),
        ("entity too large", RefusedError, _LARGE),
        ("misdirected request", ChannelClosedError, TOKEN_WRONG),
        ("too many requests", NotSentError, N_("Telegram đang hạn chế tốc độ gửi; hệ thống sẽ thử lại.")),
    ),
}
_UNKNOWN = N_("Đã gửi tới Telegram nhưng không nhận được trả lời đáng tin; cần xem kênh trước khi gửi lại.")


def error_from(error: TelegramError, *, key: str = "") -> PublishError:
    """Say what an error of python-telegram-bot means here; `key` is whose wait a flood wait is.

    Server errors, time-outs and unreadable answers are unknown outcomes; refusals are certain.
    """
    if isinstance(error.__cause__, PublishError):  # the wire already knows what left
        return error.__cause__
    match error:
        case RetryAfter():
            told = _("Telegram đang hạn chế tốc độ gửi; hệ thống sẽ thử lại.")
            return NotSentError(told, retry_after=_wait(error), key=key)
        case ChatMigrated():
            told = _("Nhóm đã chuyển thành siêu nhóm. Hãy đổi remote_id trong danh sách kênh thành {chat}.")
            return ChannelClosedError(told.format(chat=error.new_chat_id))
    return _from_table(error)


def _from_table(error: TelegramError) -> PublishError:
    answer = str(error).lower()
    unreadable = isinstance(error.__cause__, TelegramError)  # refused by something in between
    for part, ours, told in ANSWERS.get(type(error), ()):
        if part in answer and (part or not unreadable):
            return ours(_(told).format(answer=str(error)))
    return UnknownOutcomeError(_(_UNKNOWN))


def _wait(error: RetryAfter) -> timedelta:
    """Return the wait; python-telegram-bot gives seconds or, by a setting of its own, a timedelta."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
