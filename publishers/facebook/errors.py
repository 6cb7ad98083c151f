"""What Graph's refusals mean for a publish, as data, and the sentence each gives the officer.

Sources: Meta's guides on error handling and rate limiting; the seven-digit subcodes as publishing tools
have met them. Only the integers `code` and `error_subcode` decide, and the text for 100, 190 and 200;
`is_transient` is not believed (posts behind a transient code 2 were live, those behind a 4 were not).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.texts import N_, _
from publishers.facebook.usage import APP, PAGE, business_rows, regain


class Means(Enum):
    """What a refusal says."""

    UNKNOWN = auto()  #: A server fault, or an answer nobody can trust: it may be live.
    DUPLICATE = auto()  #: Facebook has this text or these photos already: ours may be the first.
    PAGE_THROTTLED = auto()  #: Too many calls of this Page or its token.
    APP_THROTTLED = auto()  #: Too many calls of the whole app.
    BLOCKED = auto()  #: Posting is limited for some hours.
    TOKEN_DEAD = auto()  #: Expired, revoked, password changed.
    ROLE_LOST = auto()  #: The person behind the token lost the role; a new token fails too.
    NO_PERMISSION = auto()  #: A permission is missing or was not used for 90 days.
    WRONG_TOKEN = auto()  #: A person's token where the Page's is needed.
    WRONG_PROOF = auto()  #: `appsecret_proof` is missing or wrong.
    MISSING = auto()  #: No such Page or post, or not for this token.
    CHECKPOINT = auto()  #: Facebook wants to see the owner.
    POLICY = auto()  #: Community standards, limited account.
    BAD_LINK = auto()  #: The link cannot be shown.
    BAD_PICTURE = auto()  #: Too big or neither JPEG nor PNG.
    ALBUM = auto()  #: The album is full, hidden or wrong.
    INVALID = auto()  #: Any other parameter.


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: these codes (with these subcodes, with this text) mean that."""

    means: Means
    codes: Collection[int]
    subcodes: Collection[int] = ()
    words: str = ""

    def fits(self, code: int, subcode: int, message: str) -> bool:
        """Tell whether an error is of this row. Seven-digit numbers come as code or as subcode."""
        number = subcode if subcode >= SEVEN_DIGITS else code
        known = number in self.codes or code in self.codes
        return known and (not self.subcodes or subcode in self.subcodes) and self.words in message


#: From here on a number says the same wherever it stands.
SEVEN_DIGITS = 1_000_000

#: The first row that fits counts.
ROWS = (
    Row(Means.DUPLICATE, {506, 1366051}),
    Row(Means.DUPLICATE, {368}, {1404082}),
    Row(Means.BLOCKED, {368}, {1390008}),
    Row(Means.CHECKPOINT, {368}, {4854002}),
    Row(Means.CHECKPOINT, {1404078}),
    Row(Means.POLICY, {1346003, 1404102, 1404112, 1404006}),
    Row(Means.UNKNOWN, {1609010, 1363047}),  # called temporary: may be live
    Row(Means.BAD_LINK, {1609005, 1609008, 2061006, 1349125}),
    Row(Means.BAD_PICTURE, {324, 1366046, 2069019}),
    Row(Means.POLICY, {368}),
    Row(Means.ROLE_LOST, {190}, {492}),
    Row(Means.ROLE_LOST, {190}, words="impersonat"),
    Row(Means.TOKEN_DEAD, {102, 190}),
    Row(Means.APP_THROTTLED, {4, 341}),
    Row(Means.PAGE_THROTTLED, {17, 32, 613, *range(80000, 80015)}),
    Row(Means.WRONG_TOKEN, {210, 1705}),
    Row(Means.WRONG_TOKEN, {200}, words="as the page itself"),
    Row(Means.ALBUM, {120, 220, 321}),
    Row(Means.NO_PERMISSION, {3, 10, *range(200, 300)}),
    Row(Means.WRONG_PROOF, {100}, words="appsecret_proof"),
    Row(Means.MISSING, {100}, {33}),
    Row(Means.INVALID, {100, 2500, 3001}),
    Row(Means.UNKNOWN, {1, 2}),
)

#: What the daemon does.
KINDS: Mapping[Means, type[PublishError]] = {
    Means.UNKNOWN: UnknownOutcomeError,
    Means.DUPLICATE: UnknownOutcomeError,
    Means.PAGE_THROTTLED: NotSentError,
    Means.APP_THROTTLED: NotSentError,
    Means.BLOCKED: NotSentError,
    Means.TOKEN_DEAD: ChannelClosedError,
    Means.ROLE_LOST: ChannelClosedError,
    Means.NO_PERMISSION: ChannelClosedError,
    Means.WRONG_TOKEN: ChannelClosedError,
    Means.WRONG_PROOF: ChannelClosedError,
    Means.MISSING: ChannelClosedError,
    Means.CHECKPOINT: ChannelClosedError,
    Means.POLICY: ChannelClosedError,
    Means.BAD_LINK: RefusedError,
    Means.BAD_PICTURE: RefusedError,
    Means.ALBUM: RefusedError,
    Means.INVALID: RefusedError,
}

#: What the officer reads.
SENTENCES: Mapping[Means, str] = {
    Means.UNKNOWN: N_(
        "Facebook báo lỗi máy chủ ({code}), chưa rõ bài đã lên hay chưa. Hãy mở Trang xem trước khi đăng lại."
    ),
    Means.DUPLICATE: N_(
        "Facebook báo nội dung này đã được đăng ({code}). "
        "Hãy mở Trang xem đã có bài chưa, đừng đăng lại ngay."
    ),
    Means.PAGE_THROTTLED: N_(
        "Facebook đang giới hạn số lần gọi của Trang ({code}). Loa tự thử lại sau {minutes} phút."
    ),
    Means.APP_THROTTLED: N_(
        "Facebook đang giới hạn số lần gọi của cả ứng dụng ({code}). Loa tự thử lại sau {minutes} phút."
    ),
    Means.BLOCKED: N_(
        "Facebook tạm hạn chế Trang đăng bài ({code}). Loa thử lại sau {minutes} phút; "
        "nếu vẫn vậy, hãy giãn lịch đăng."
    ),
    Means.TOKEN_DEAD: N_(
        "Mã truy cập của Trang đã hết hiệu lực ({code}). Hãy lấy mã mới của Trang và thay vào tệp bí mật."
    ),
    Means.ROLE_LOST: N_(
        "Người cấp mã truy cập không còn vai trò trên Trang hoặc chưa bật xác thực hai lớp ({code}). "
        "Hãy cấp lại vai trò cho người đó rồi lấy mã mới."
    ),
    Means.NO_PERMISSION: N_(
        "Ứng dụng thiếu quyền trên Trang ({code}). Hãy cấp lại quyền pages_manage_posts, "
        "pages_read_engagement và read_insights rồi lấy mã mới."
    ),
    Means.WRONG_TOKEN: N_(
        "Mã truy cập là của cá nhân, không phải của Trang ({code}). "
        "Hãy đổi lấy mã của Trang qua /me/accounts."
    ),
    Means.WRONG_PROOF: N_(
        "Khóa bí mật của ứng dụng thiếu hoặc sai ({code}). Hãy kiểm tra mục app_secret của [facebook]."
    ),
    Means.MISSING: N_(
        "Không tìm thấy Trang hoặc bài này trên Facebook, hoặc mã truy cập không thuộc về Trang ({code}). "
        "Hãy kiểm tra cột remote_id của kênh."
    ),
    Means.CHECKPOINT: N_(
        "Facebook yêu cầu xác minh Trang ({code}). "
        "Quản trị viên hãy mở ứng dụng Facebook và làm theo hướng dẫn."
    ),
    Means.POLICY: N_(
        "Facebook chặn Trang vì cho là vi phạm quy định ({code}). "
        "Hãy xem mục Chất lượng Trang và khiếu nại nếu không đúng."
    ),
    Means.BAD_LINK: N_(
        "Facebook không đọc được đường dẫn trong bài ({code}). Hãy sửa hoặc bỏ đường dẫn rồi duyệt lại."
    ),
    Means.BAD_PICTURE: N_(
        "Facebook không nhận ảnh này ({code}). Hãy lưu lại thành JPEG hoặc PNG dưới 4 MB rồi duyệt lại."
    ),
    Means.ALBUM: N_(
        "Album ảnh của Trang đã đầy hoặc không dùng được ({code}). "
        "Hãy dọn album trên Trang rồi đặt lại giờ đăng."
    ),
    Means.INVALID: N_(
        "Facebook không chấp nhận yêu cầu ({code}): {told} Hãy sửa bài, hoặc báo người quản trị hệ thống."
    ),
}

#: Whose wait a refusal is; nothing else is held up by it.
KEYS: Mapping[Means, str] = {
    Means.PAGE_THROTTLED: PAGE,
    Means.APP_THROTTLED: APP,
    Means.BLOCKED: PAGE,
}

#: Wait when Facebook names none; calls made while throttled prolong it.
HOUR = timedelta(minutes=60)
#: The longest that a Page is left alone whose posting is limited.
DAY = timedelta(days=1)
#: Addresses and tokens are long and without blanks.
_LONG = re.compile(r"\S{24,}")
_TOLD_LENGTH = 160


def error_from(
    status: int, headers: Mapping[str, str], body: object, *, page: str, blocks: int = 0
) -> PublishError:
    """Translate an answer that is no success into what it means for a publish to `page`. Pure.

    `blocks` is how often posting was limited lately: each time, the wait is twice as long. `headers` have
    lower-case names (or any, in a case-blind mapping); `body` is the parsed JSON, None if it could not be
    read.
    """
    error = envelope(body)
    means = meaning(error)
    kind = KINDS[means]
    wait = waiting(headers, page=page)
    if means is Means.BLOCKED:
        wait = min(wait * (1 << blocks), max(wait, DAY))
    told = _(SENTENCES[means]).format(
        code=label(status, error), told=scrubbed(error), minutes=int(wait.total_seconds() // 60)
    )
    if kind is NotSentError:
        return NotSentError(told, retry_after=wait, key=KEYS[means].format(page=page))
    return kind(told)


def envelope(body: object) -> Mapping[str, Any]:
    """Return Graph's error object, empty where there is none."""
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def meaning(error: Mapping[str, Any]) -> Means:
    """Look an error up in the table; what is not in it may have gone out."""
    code, subcode = numbers(error)
    message = str(error.get("message", ""))
    return next((row.means for row in ROWS if row.fits(code, subcode, message)), Means.UNKNOWN)


def numbers(error: Mapping[str, Any]) -> tuple[int, int]:
    """Return code and subcode, 0 where missing. The text is never searched for digits."""
    code, subcode = (str(error.get(name, "")) for name in ("code", "error_subcode"))
    return int(code) if code.isdecimal() else 0, int(subcode) if subcode.isdecimal() else 0


def label(status: int, error: Mapping[str, Any]) -> str:
    """Name an error for people who look it up: `190/463`, or `HTTP 502`."""
    code, subcode = numbers(error)
    if not code:
        return f"HTTP {status}"
    return f"{code}/{subcode}" if subcode else str(code)


def scrubbed(error: Mapping[str, Any]) -> str:
    """Return Graph's own words without anything that may be an address or a token."""
    words = str(error.get("error_user_msg") or error.get("message") or "")
    return _LONG.sub("…", words)[:_TOLD_LENGTH]


def waiting(headers: Mapping[str, str], *, page: str) -> timedelta:
    """Return how long Facebook asks to wait for `page`, an hour if it does not say."""
    return regain(business_rows(headers, page)) or HOUR
