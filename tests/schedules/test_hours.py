"""Hours as people type them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from schedules.hours import read_time
from schedules.refusals import ReadError


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("7h30", time(7, 30)),
        ("07:30", time(7, 30)),
        ("7h", time(7)),
        ("7 giờ 30", time(7, 30)),
        ("7 giờ 30 phút", time(7, 30)),
        ("21 giờ", time(21)),
        ("0 giờ", time(0)),
        ("7:30:15", time(7, 30, 15)),
        ("8:30 CH", time(20, 30)),
        ("8:30 PM", time(20, 30)),
        ("7:40:00 SA", time(7, 40)),
        ("12:05 SA", time(0, 5)),
        ("12:05 CH", time(12, 5)),
        ("8h tối", time(20)),
        ("19h30'", time(19, 30)),
        (0.3125, time(7, 30)),
        (0, time(0)),
        (0.31251157407407405, time(7, 30, 1)),
        (time(7, 30, 15), time(7, 30, 15)),
        (datetime(1899, 12, 31, 7, 30, tzinfo=UTC), time(7, 30)),
        (timedelta(hours=7, minutes=30), time(7, 30)),
    ],
)
def test_an_hour_is_read_to_the_second(typed: object, hour: time) -> None:
    """A planned second is a promise."""
    assert read_time(typed) == hour


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "time_missing"),
        ("  ", "time_missing"),
        (True, "time_missing"),
        ("7", "time_unreadable"),
        (7, "time_unreadable"),
        (46346.3125, "time_unreadable"),
        (-0.5, "time_unreadable"),
        ("7:", "time_unreadable"),
        ("sáng sớm", "time_unreadable"),
        ("19h đến 21h", "time_range"),
        ("19h-21h", "time_range"),
        ("7-9h", "time_range"),
        ("25h", "time_impossible"),
        ("7h75", "time_impossible"),
        ("13:30 SA", "time_impossible"),
    ],
)
def test_what_is_no_hour_is_refused_with_the_way_to_write_it(typed: object, code: str) -> None:
    """Nobody guesses when a post goes out."""
    with pytest.raises(ReadError) as refused:
        read_time(typed)
    assert (refused.value.code, "7h30" in refused.value.hint) == (code, True)
