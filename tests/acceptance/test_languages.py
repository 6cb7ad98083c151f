"""What a missing text comes to, from the calendar to the channel."""

from collections.abc import Mapping, Sequence

from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import Office, channels_of, row
from tests.acceptance.running import until

VIETNAMESE, ENGLISH = "Telegram 000", "Telegram 001"
TEXT = "Chỉ có tiếng Việt"
#: Policy -> how the deliveries end, and what people are told.
ENDS: Mapping[str, tuple[Mapping[str, str], Sequence[str]]] = {
    "wait": (
        {VIETNAMESE: "published", ENGLISH: "missed"},
        ("còn thiếu nội dung: en", "Đến giờ đăng mà chưa có bản en"),
    ),
    "fallback": ({VIETNAMESE: "published", ENGLISH: "published"}, ()),
    "skip": ({VIETNAMESE: "published"}, ("không đăng bản en vì chưa có nội dung",)),
}


@in_time
def test_a_missing_text_waits_borrows_or_is_left_out(home_of: RunOffice) -> None:
    """What does not go out for want of a text is told to people; what is borrowed reads as written."""
    channels = channels_of("telegram", 2, languages=("vi", "en"))
    offices = {policy: home_of(Office(channels, more_settings=_settings(policy)), policy) for policy in ENDS}
    for office in offices.values():
        office.start()
    due = office.soon(steps=4)
    for office in offices.values():
        office.save(row("TIN", due, TEXT))
    for office in offices.values():
        office.approve(f"TIN-{due.astimezone(OFFICE_ZONE).year}")
        office.before(due)

    for policy, office in offices.items():
        ends, told = ENDS[policy]
        until(lambda: set(office.states().values()) <= {"published", "missed"}, "the deliveries to end")  # noqa: B023 - called at once
        assert {channel: str(state) for (_post, channel), state in office.states().items()} == ends
        out = [channel for channel, state in ends.items() if state == "published"]
        assert [each["text"] for each in office.shown()] == [f"{TEXT}\n\n#GiaLai"] * len(out)
        for words in told:
            office.bot_said(words)


def _settings(policy: str) -> str:
    return f'\n[calendar]\nmissing_text = "{policy}"\nfallback = ["vi"]\n'
