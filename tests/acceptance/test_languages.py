"""What a missing text comes to, from the calendar to the channel."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import Office, channels_of, row
from tests.acceptance.running import until

AHEAD = timedelta(seconds=10)
ENDED = {"published", "missed"}
VIETNAMESE, ENGLISH = "Telegram 000", "Telegram 001"


@pytest.mark.parametrize(
    ("policy", "ends", "told"),
    [
        ("wait", {VIETNAMESE: "published", ENGLISH: "missed"}, "còn thiếu nội dung: en"),
        ("fallback", {VIETNAMESE: "published", ENGLISH: "published"}, ""),
        ("skip", {VIETNAMESE: "published"}, "không đăng bản en vì chưa có nội dung"),
    ],
)
def test_a_missing_text_waits_borrows_or_is_left_out(
    home_of: RunOffice, policy: str, ends: dict[str, str], told: str
) -> None:
    """What does not go out for want of a text is told to people; what is borrowed reads as it was written."""
    due = (datetime.now(UTC) + AHEAD).replace(microsecond=0)
    settings = f'\n[calendar]\nmissing_text = "{policy}"\nfallback = ["vi"]\n'
    channels = channels_of("telegram", 2, languages=("vi", "en"))
    office = home_of(Office(channels, [row("TIN", due, "Chỉ có tiếng Việt")], settings))
    office.start()
    office.approve(f"TIN-{due.astimezone(OFFICE_ZONE).year}")

    until(lambda: set(office.states().values()) <= ENDED, "the deliveries to end")
    assert {channel: str(state) for (_post, channel), state in office.states().items()} == ends
    assert [each["text"] for each in office.shown()] == ["Chỉ có tiếng Việt\n\n#GiaLai"] * list(
        ends.values()
    ).count("published")
    if told:
        office.bot_said(told)
