"""The words on screens for states, languages and platforms."""

from content_queue.states import DeliveryState, PostState
from content_queue.texts import _


def post_state_name(state: PostState) -> str:
    """Return the word for a post's state."""
    return {
        PostState.DRAFT: _("bản nháp"),
        PostState.IN_REVIEW: _("chờ duyệt"),
        PostState.APPROVED: _("đã duyệt"),
        PostState.REJECTED: _("bị từ chối"),
        PostState.CANCELLED: _("đã hủy"),
    }[state]


def delivery_state_name(state: DeliveryState) -> str:
    """Return the word for a delivery's state."""
    return {
        DeliveryState.SCHEDULED: _("chờ đến giờ"),
        DeliveryState.PUBLISHING: _("đang đăng"),
        DeliveryState.RETRYING: _("sẽ thử lại"),
        DeliveryState.UNCONFIRMED: _("chưa rõ đã đăng hay chưa"),
        DeliveryState.PUBLISHED: _("đã đăng"),
        DeliveryState.FAILED: _("bị nền tảng từ chối"),
        DeliveryState.MISSED: _("lỡ giờ"),
        DeliveryState.HELD: _("bị tạm dừng"),
        DeliveryState.CANCELLED: _("đã hủy"),
        DeliveryState.RETRACTED: _("đã gỡ"),
    }[state]


def role_name(role: str) -> str:
    """Return the word for a role that a yes is asked of."""
    return {
        "approver": _("người duyệt"),
        "leader": _("lãnh đạo"),
        "spokesperson": _("người phát ngôn"),
    }.get(role, role)


def language_name(locale: str) -> str:
    """Return the name of a language, its code where we know none."""
    return {
        "vi": _("tiếng Việt"),
        "en": _("tiếng Anh"),
        "ja": _("tiếng Nhật"),
        "ko": _("tiếng Hàn"),
        "zh": _("tiếng Trung"),
        "fr": _("tiếng Pháp"),
        "lo": _("tiếng Lào"),
        "km": _("tiếng Khmer"),
        "jra": _("tiếng Jrai"),
        "bdq": _("tiếng Bahnar"),
        "hre": _("tiếng Hrê"),
        "hro": _("tiếng Chăm H'roi"),
        "rad": _("tiếng Ê Đê"),
        "cjm": _("tiếng Chăm"),
    }.get(locale, locale)


def platform_name(platform: str) -> str:
    """Return the name people know a platform by."""
    return {"facebook": "Facebook", "zalo": "Zalo", "telegram": "Telegram", "site": _("Trang tin")}.get(
        platform, platform
    )
