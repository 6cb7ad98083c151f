"""The day that must run: 450 channels, one second, and only what people said yes to."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import LEADER, Channel, Office, Row, channels_of, row
from tests.acceptance.running import Running, until

#: With Zalo's own 20 calls a second, 150 articles would be spread over 15 seconds.
SETTINGS = "\n[zalo]\nper_app_per_second = 1000\n"
PLATFORMS = ("facebook", "zalo", "telegram")
#: The post that goes out to all channels, and those that do not go out, to some of the same.
OUT = "A-DI"
UNDECIDED, REJECTED, HELD, EDITED, CANCELLED = "B-CHO", "C-CHOI", "D-GIU", "E-SUA", "F-HUY"
HASHTAG = "#GiaLai"


@in_time
def test_450_deliveries_of_one_second_arrive_once_each_and_nothing_else_does(home_of: RunOffice) -> None:
    """Approved by taps in Telegram, each in its channel's language; what lacks a valid yes stays here."""
    channels = [each for name in PLATFORMS for each in channels_of(name, 150, languages=("vi", "en"))]
    office = home_of(Office(channels, more_settings=SETTINGS))
    office.start()
    office.order("zalo", "_work", replies=0)
    due = office.soon(steps=10)
    year = due.astimezone(OFFICE_ZONE).year
    office.save(*_rows(due))

    _decide(office, year)
    office.save(*_rows(due, edited=" (đã sửa)")[::-1])
    office.becomes(f"{EDITED}-{year}", "in_review")
    office.before(due)
    until(lambda: not _waiting(office), "the second to have passed")

    assert _arrived(office) == _expected(channels, due)
    assert _ends(office, year) == {
        OUT: {DeliveryState.PUBLISHED: 450},
        UNDECIDED: {DeliveryState.MISSED: 15},
        REJECTED: {DeliveryState.MISSED: 15},
        HELD: {DeliveryState.HELD: 15},
        EDITED: {DeliveryState.MISSED: 15},
        CANCELLED: {DeliveryState.CANCELLED: 15},
    }
    _look_at_the_queue(office, due)
    _look_at_the_reach(office)


def _rows(due: datetime, *, edited: str = "") -> list[Row]:
    """Return one row for all channels, and five for a group of the same."""
    english = {"Nội dung tiếng Anh": "A festival for everybody\n\n{date}, {agency}"}
    return [
        row(OUT, due, "Ngày hội của mọi nhà\n\n{ngày}, {cơ quan}", **english),
        *(
            row(
                code,
                due,
                f"Bài {code} không được đi{edited if code == EDITED else ''}",
                **{"Kênh": "thử", "Nội dung tiếng Anh": f"{code} must not leave", "Thẻ": code},
            )
            for code in (UNDECIDED, REJECTED, HELD, EDITED, CANCELLED)
        ),
    ]


def _decide(office: Running, year: int) -> None:
    """Let people do what they do of a morning: tap, give a reason, stop a tag, cancel."""
    office.tap(office.card(f"{REJECTED}-{year}"), button=1)
    office.bot_said(f"lý do từ chối bài {REJECTED}-{year}")
    office.ask("Chưa rõ nguồn tin")
    office.approve(*(f"{code}-{year}" for code in (EDITED, HELD, CANCELLED, OUT)))
    assert "Lệnh tạm dừng số 1" in office.stop(f"thẻ {HELD} chờ ý kiến cấp trên, số VB 12/UBND")
    cancelled = office.told("cancel", f"{CANCELLED}-{year}", "--as", LEADER, "--reason", "hoãn sự kiện")
    assert cancelled == f"Đã hủy bài {CANCELLED}-{year}: 15 lượt đăng sẽ không đăng.\n"
    assert office.post_states()[f"{REJECTED}-{year}"] == "rejected"


def _waiting(office: Running) -> list[object]:
    """Return what still moves by itself."""
    moving = {DeliveryState.SCHEDULED, DeliveryState.PUBLISHING, DeliveryState.RETRYING}
    return [each for each in office.queue() if each.delivery.state in moving]


def _arrived(office: Running) -> Counter[tuple[str, str, str]]:
    return Counter((each["platform"], each["channel"], each["text"]) for each in office.shown())


def _expected(channels: Sequence[Channel], due: datetime) -> Counter[tuple[str, str, str]]:
    """Return (platform, account, text) of all that may be seen."""
    day = due.astimezone(OFFICE_ZONE)
    texts = {
        "vi": f"Ngày hội của mọi nhà\n\n{day:%d/%m/%Y}, Ủy ban nhân dân tỉnh Gia Lai",
        "en": "A festival for everybody\n\n"
        f"{day.day} {day:%B} {day.year}, Gia Lai Provincial People's Committee",
    }
    return Counter(
        (each.platform, each.remote_id, f"{texts[each.languages]}\n\n{HASHTAG}") for each in channels
    )


def _ends(office: Running, year: int) -> dict[str, Counter[DeliveryState]]:
    found: dict[str, Counter[DeliveryState]] = {}
    for each in office.queue():
        found.setdefault(each.post.id.removesuffix(f"-{year}"), Counter())[each.delivery.state] += 1
    return found


def _look_at_the_queue(office: Running, due: datetime) -> None:
    """No first byte left before its planned second, and each receipt is the post that is there."""
    published = office.json("queue", "--state", "published")
    assert {each["due"] for each in published} == {due.astimezone(OFFICE_ZONE).isoformat()}
    assert min(each["lateness_ms"] for each in published) >= 0
    assert {each["attempts"] for each in published} == {1}
    receipts = {(each["platform"], each["remote_id"], each["text"]) for each in published}
    assert receipts == {(each["platform"], each["remote_id"], each["text"]) for each in office.shown()}


def _look_at_the_reach(office: Running) -> None:
    """Numbers come in for every delivery that is out."""
    until(lambda: len({each["delivery"] for each in office.json("reach")}) == 450, "reach of all deliveries")
