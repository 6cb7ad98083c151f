"""Round years, years that end in five, and others: posts every year, ceremonies not."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schedules.anniversaries import class_of
from schedules.calendar import read_calendar
from schedules.planner import Planning, Span, plan
from schedules.selection import index_channels
from tests.schedules.offices import GOOD, big_office, write_calendar

OFFICE = big_office()
YEARS = Span(date(2026, 1, 1), date(2030, 12, 31), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("years", "kind"), [(80, "round"), (100, "round"), (65, "five"), (72, "other"), (5, "five"), (1, "other")]
)
def test_a_class_goes_by_the_years_that_passed(years: int, kind: str) -> None:
    """Not by the year of the calendar."""
    assert class_of(years) == kind


@pytest.mark.parametrize(
    ("occasion", "words", "found"),
    [
        # printed in the domain's own list of 2026-2030
        ("Ngày Thương binh - Liệt sĩ", "chỉ năm tròn", [2027]),
        ("Ngày thành lập Quân đội nhân dân Việt Nam", "năm lẻ 5", [2029]),
        ("Ngày thành lập Đảng Cộng sản Việt Nam", "năm tròn, năm lẻ 5", [2030]),
        ("Ngày thành lập Đảng Cộng sản Việt Nam", "năm khác", [2026, 2027, 2028, 2029]),
        ("Ngày Thương binh - Liệt sĩ", "năm tròn và năm khác; 2027-2029", [2027, 2028, 2029]),
        ("Chiến thắng Ngọc Hồi - Đống Đa", "chỉ các năm tròn", [2029]),
        ("Quốc khánh", "", [2026, 2027, 2028, 2029, 2030]),
    ],
)
def test_a_row_may_be_for_some_classes_of_years_only(
    tmp_path: Path, occasion: str, words: str, found: list[int]
) -> None:
    """Counted from the origin; by the lunar year for lunar days."""
    path = write_calendar(tmp_path / "a.xlsx", [{**GOOD, "Ngày": "", "Dịp": occasion, "Năm": words}])
    calendar = read_calendar(path, OFFICE)
    assert calendar.problems == ()
    select = index_channels(OFFICE.channels, OFFICE.agencies).select
    planned = plan(calendar.entries, Planning(OFFICE.occasions, select), span=YEARS)
    assert [post.year for post in planned.posts] == found


@pytest.mark.parametrize("day", ["20/11", "Tết Nguyên đán"])
def test_round_years_of_what_is_not_counted_are_refused(tmp_path: Path, day: str) -> None:
    """A plain day has no origin, nor has an old custom."""
    path = write_calendar(tmp_path / "a.xlsx", [{**GOOD, "Ngày": day, "Năm": "chỉ năm tròn"}])
    assert [(p.cell, p.code) for p in read_calendar(path, OFFICE).problems] == [("H2", "years_uncounted")]
