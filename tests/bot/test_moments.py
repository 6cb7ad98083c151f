"""Times as people type and read them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.moments import iso, local_day, read_moment, show, show_hour
from content_queue.store.approvals import NotAllowedError

#: 07:00 of Friday 20/11/2026 in the province.
NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20/11 15:00", "2026-11-20T15:00:00+07:00"),
        ("20/11 15h", "2026-11-20T15:00:00+07:00"),
        ("15h30 20/11/2026", "2026-11-20T15:30:00+07:00"),
        ("lúc 15h30 ngày 21/11/2026", "2026-11-21T15:30:00+07:00"),
        ("2026-11-21 15:00", "2026-11-21T15:00:00+07:00"),
        ("2026-11-21T15:00", "2026-11-21T15:00:00+07:00"),
        ("21-11-2026 7:05:09", "2026-11-21T07:05:09+07:00"),
        ("15:00", "2026-11-20T15:00:00+07:00"),
        ("hôm nay 15h", "2026-11-20T15:00:00+07:00"),
        ("ngày mai 7 giờ 30", "2026-11-21T07:30:00+07:00"),
        ("1/1 8h", "2027-01-01T08:00:00+07:00"),
    ],
)
def test_a_moment_is_read_as_people_type_it(typed: str, expected: str) -> None:
    """Day and hour in either order; without a year the next one that is near."""
    actual = iso(read_moment(typed, NOW))
    assert actual == expected


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("20/11 06:00", "06:00 thứ Sáu 20/11/2026 đã qua. Xin cho một giờ trong tương lai."),
        ("19/11 15:00", "15:00 thứ Năm 19/11/2026 đã qua. Xin cho một giờ trong tương lai."),
        ("31/11 15:00", "Không có ngày 31/11."),
        ("20/11", "Không đọc được giờ “20/11”. Ví dụ viết đúng: 20/11 15:00 hoặc 20/11/2026 15h30."),
        (
            "khi nào tiện",
            "Không đọc được giờ “khi nào tiện”. Ví dụ viết đúng: 20/11 15:00 hoặc 20/11/2026 15h30.",
        ),
        (
            "20/11 25:00",
            "Không đọc được giờ “20/11 25:00”. Ví dụ viết đúng: 20/11 15:00 hoặc 20/11/2026 15h30.",
        ),
    ],
)
def test_what_is_no_moment_is_told_with_an_example(typed: str, told: str) -> None:
    """A time that passed, a day that is none, words that are no hour."""
    with pytest.raises(NotAllowedError) as refusal:
        read_moment(typed, NOW)
    assert str(refusal.value) == told


def test_times_are_shown_locally() -> None:
    """UTC inside, the province's time at the edges, seconds only where there are some."""
    assert (show(NOW), show_hour(NOW + timedelta(seconds=5)), iso(NOW), iso(None)) == (
        "07:00 thứ Sáu 20/11/2026",
        "07:00:05",
        "2026-11-20T07:00:00+07:00",
        None,
    )


def test_a_day_is_the_local_one() -> None:
    """Its first and its last moment."""
    first, last = local_day(datetime(2026, 11, 19, 18, 0, tzinfo=UTC))
    assert (iso(first), iso(last)) == ("2026-11-20T00:00:00+07:00", "2026-11-20T23:59:59.999999+07:00")
