"""Hours of the day outside which a platform takes no such post."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from content_queue.texts import _

#: Where the platforms' hours and days are counted for us.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: (platform, form) -> first and last time of day. Zalo refuses broadcasts after 21:59 (-234) and looks at
#: each for about half an hour before it goes on, so the last is earlier.
HOURS: Mapping[tuple[str, str], tuple[time, time]] = {("zalo", "broadcast"): (time(6), time(21, 30))}


def until_open(platform: str, form: str, at: datetime) -> timedelta | None:
    """Return how long after `at` (aware) such a post may go out, None where it may at once."""
    first, last = HOURS.get((platform, form), (time.min, time.max))
    local = at.astimezone(ZONE)
    if first <= local.time() <= last:
        return None
    day = local.date() + timedelta(days=local.time() > last)
    return datetime.combine(day, first, ZONE) - local


def too_early_or_late(platform: str, form: str) -> str:
    """Say within which hours such a post may go out."""
    first, last = HOURS[platform, form]
    return _("Zalo chỉ nhận tin gửi người quan tâm từ {first} đến {last} mỗi ngày. Hãy cho giờ khác.").format(
        first=f"{first:%H:%M}", last=f"{last:%H:%M}"
    )
