"""Tell people, days ahead, of access that ends unless a person authorises again."""

from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.delivery.lifetimes import days_to_tell
from content_queue.delivery.renew import Renewals
from content_queue.models import Token
from content_queue.store import Connection, tokens
from content_queue.store.notices import Word, tell
from content_queue.texts import _


def tell_ends(connection: Connection, *, renewals: Renewals) -> None:
    """Tell of every end that came nearer than one of the marks: each mark is told once."""
    now = renewals.works.clock.now()
    for token in tokens.known(connection, renewals.vault):
        days = days_to_tell(token, now)
        if days is not None and token.person_by is not None:
            key = f"ends:{token.name}:{token.person_by:%Y-%m-%d}:{days}"
            tell(connection, Word(key, renewals.agency(token), "", _sentence(token, renewals)), now)


def _sentence(token: Token, renewals: Renewals) -> str:
    """Say when it ends, what is lost then, and what to type."""
    end = token.person_by or renewals.works.clock.now()
    if token.until is None:
        text = _(
            "Đến {day}, {platform} ngừng cho đọc số liệu của kênh {channel} nếu không có ai cấp quyền lại. "
            "Xin quản trị viên của kênh làm: loa channels connect {platform}"
        )
    else:
        text = _(
            "Đến {day}, kênh {channel} không đăng được nữa nếu không có ai cấp quyền lại. "
            "Xin quản trị viên của kênh làm: loa channels connect {platform}"
        )
    day = f"{end.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
    return text.format(day=day, channel=renewals.named(token), platform=token.platform)
