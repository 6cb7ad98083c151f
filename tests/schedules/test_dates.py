"""Days as people type them."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.dates import check_years, read_date
from schedules.occasions import load
from schedules.refusals import ReadError
from schedules.rules import (
    DateRule,
    DaySpan,
    LastOfLunarMonth,
    LunarRule,
    OccasionRule,
    SolarDay,
    Weekly,
    plain,
)

OCCASIONS = load()


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("20/11/2026", SolarDay(20, 11, 2026)),
        ("20/11", SolarDay(20, 11)),
        ("20-11", SolarDay(20, 11)),
        ("20 – 11 – 2026", SolarDay(20, 11, 2026)),
        ("20.11.2026", SolarDay(20, 11, 2026)),
        ("2026-11-20", SolarDay(20, 11, 2026)),
        ("05/01/2027", SolarDay(5, 1, 2027)),
        ("ngày 20 tháng 11 năm 2026", SolarDay(20, 11, 2026)),
        ("20 Tháng Tư 2022", SolarDay(20, 4, 2022)),
        ("ngày 20 tháng năm năm 2026", SolarDay(20, 5, 2026)),
        ("20 tháng mười một", SolarDay(20, 11)),
        ("20/11/2026 (dương lịch)", SolarDay(20, 11, 2026)),
        ("Thứ Sáu, 20/11/2026", SolarDay(20, 11, 2026)),
        ("thứ 6 ngày 20-11-2026", SolarDay(20, 11, 2026)),
        ("T6, 20/11/2026", SolarDay(20, 11, 2026)),
        ("Chủ Nhật, 22/11/2026", SolarDay(22, 11, 2026)),
        ("CN 22/11/2026", SolarDay(22, 11, 2026)),
        ("29/2", SolarDay(29, 2)),
        (date(2026, 11, 20), SolarDay(20, 11, 2026)),
        (datetime(2026, 11, 20, tzinfo=UTC), SolarDay(20, 11, 2026)),
        (46346, SolarDay(20, 11, 2026)),
        (46346.0, SolarDay(20, 11, 2026)),
    ],
)
def test_a_solar_day_is_read(typed: object, rule: DateRule) -> None:
    """Day before month, always; a full date fixes its year."""
    assert read_date(typed, OCCASIONS) == rule


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("10/3 âm lịch", LunarRule(10, 3)),
        ("10/3 ÂL", LunarRule(10, 3)),
        ("10/3ÂL", LunarRule(10, 3)),
        ("10/3 (âm lịch)", LunarRule(10, 3)),
        ("10/3/2027 âm lịch", LunarRule(10, 3, 2027)),
        ("ngày 10 tháng 3 âm lịch", LunarRule(10, 3)),
        ("mùng 10/3", LunarRule(10, 3)),
        ("mùng 5 tháng Giêng", LunarRule(5, 1)),
        ("Mồng Năm tháng Năm", LunarRule(5, 5)),
        ("mồng 4 Tết", LunarRule(4, 1)),
        ("mùng 1 Tết", LunarRule(1, 1)),
        ("rằm tháng Giêng", LunarRule(15, 1)),
        ("rằm tháng 7", LunarRule(15, 7)),
        ("29 tháng Chạp", LunarRule(29, 12)),
        ("23 Chạp", LunarRule(23, 12)),
        ("30 Chạp", LastOfLunarMonth(12)),
        ("30 tháng Chạp", LastOfLunarMonth(12)),
        ("30/12 âm lịch", LastOfLunarMonth(12)),
        ("ngày cuối tháng Chạp", LastOfLunarMonth(12)),
    ],
)
def test_a_lunar_day_is_read(typed: str, rule: DateRule) -> None:
    """30 Chạp means the last day of month 12, be it the 29th."""
    assert plain(read_date(typed, OCCASIONS)) == rule


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("Giỗ Tổ Hùng Vương", OccasionRule("gio-to", LunarRule(10, 3))),
        ("quoc khanh", OccasionRule("quoc-khanh", SolarDay(2, 9))),
        ("Giao thừa", OccasionRule("giao-thua", LastOfLunarMonth(12))),
        (" Ngọc Hồi  –  Đống Đa ", OccasionRule("ngoc-hoi-dong-da", LunarRule(5, 1))),
        ("Gio\u0302\u0303 To\u0302\u0309", OccasionRule("gio-to", LunarRule(10, 3))),
    ],
)
def test_an_occasion_is_read_by_its_name(typed: str, rule: DateRule) -> None:
    """A row may name the day instead of its date."""
    assert read_date(typed, OCCASIONS) == rule


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("17 đến 23-11", SolarDay(17, 11), SolarDay(23, 11)),
        ("14 đến 16-11", SolarDay(14, 11), SolarDay(16, 11)),
        ("từ ngày 14 đến ngày 16/11/2026", SolarDay(14, 11, 2026), SolarDay(16, 11, 2026)),
        ("23/3 - 30/3/2026", SolarDay(23, 3, 2026), SolarDay(30, 3, 2026)),
        ("17-23/11/2026", SolarDay(17, 11, 2026), SolarDay(23, 11, 2026)),
        ("17 đến 23 tháng 11 năm 2026", SolarDay(17, 11, 2026), SolarDay(23, 11, 2026)),
        ("28/12 - 3/1/2027", SolarDay(28, 12, 2026), SolarDay(3, 1, 2027)),
    ],
)
def test_a_span_is_every_day_of_it(typed: str, first: SolarDay, last: SolarDay) -> None:
    """The month, and the year, may stand on the last day only."""
    assert read_date(typed, OCCASIONS) == DaySpan(first, last)


@pytest.mark.parametrize(
    ("typed", "weekday"),
    [
        ("thứ 7 hằng tuần", 5),
        ("Thứ Bảy hàng tuần", 5),
        ("tối thứ 7 hằng tuần", 5),
        ("mỗi Chủ nhật", 6),
        ("T2 mỗi tuần", 0),
    ],
)
def test_a_day_of_every_week_is_read(typed: str, weekday: int) -> None:
    """`thứ 7` is Saturday; the hour stands in its own column."""
    assert read_date(typed, OCCASIONS) == Weekly(weekday, date(1968, 1, 1))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "date_missing"),
        ("  ", "date_missing"),
        ("20 tháng Một", "month_ambiguous"),
        ("mùng 1 tháng Một", "month_ambiguous"),
        ("20/11/26", "year_unreadable"),
        ("20/11/1926", "year_unreadable"),
        ("20/11/20266", "year_unreadable"),
        (date(1926, 11, 20), "year_unreadable"),
        ("31/11", "date_impossible"),
        ("29/2/2027", "date_impossible"),
        ("11/20/2026", "date_impossible"),
        ("31/3 âm lịch", "date_impossible"),
        ("10/13 âm lịch", "date_impossible"),
        ("30/4/2026 âm lịch", "date_impossible"),
        ("10/3 nhuận", "date_leap_month"),
        ("Thứ Bảy, 20/11/2026", "weekday_contradicts"),
        ("Thứ Sáu, 20/11", "weekday_without_year"),
        ("Giỗ Tổ Hùng Vươn", "occasion_unknown"),
        ("ngày     tháng 6 năm 2026", "date_unreadable"),
        ("mùng 1 đến mùng 3 Tết", "date_unreadable"),
        ("17 đến 13-11", "date_turned"),
        ("1/3 - 30/4/2026", "date_long"),
        ("30/2 đến 3/3", "date_impossible"),
        ("17/11/2026 đến 23/11", "year_unreadable"),
        ("20/11/2026 08:00", "date_with_time"),
        ("21 giờ ngày 20/11", "date_with_time"),
        ("mùng 1 Tết Bính Ngọ", "date_named_year"),
        ("hôm nay", "date_unreadable"),
        (20.11, "date_unreadable"),
        (46346.5, "date_unreadable"),
        (True, "date_unreadable"),
        (datetime(2026, 11, 20, 7, 30, tzinfo=UTC), "date_with_time"),
    ],
)
def test_what_is_no_day_is_refused_with_the_way_to_write_it(typed: object, code: str) -> None:
    """Ambiguous, impossible and contradicting days are told, never repaired."""
    with pytest.raises(ReadError) as refused:
        read_date(typed, OCCASIONS)
    assert (refused.value.code, bool(refused.value.message and refused.value.hint)) == (code, True)


def test_a_misspelt_occasion_is_told_its_name() -> None:
    """The hint can be copied into the cell."""
    with pytest.raises(ReadError) as refused:
        read_date("Quốc kánh", OCCASIONS)
    assert "Quốc khánh" in refused.value.hint


def test_a_contradicting_weekday_is_told_the_true_one() -> None:
    """The reader needs no other calendar to mend the cell."""
    with pytest.raises(ReadError) as refused:
        read_date("Thứ Bảy, 20/11/2026", OCCASIONS)
    assert refused.value.message.endswith("ngày ấy là thứ Sáu.")


@pytest.mark.parametrize(
    ("rule", "years"),
    [
        (SolarDay(20, 11), (2027,)),
        (SolarDay(20, 11, 2026), ()),
        (SolarDay(20, 11, 2026), (2026, 2027)),
        (LunarRule(23, 12, 2026), (2027,)),
    ],
)
def test_a_row_whose_years_hold_its_day_stands(rule: DateRule, years: tuple[int, ...]) -> None:
    """`Năm` is the Gregorian year of the day: 23 Chạp of lunar 2026 is in 2027."""
    check_years(rule, years)


@pytest.mark.parametrize(
    ("rule", "years"),
    [
        (SolarDay(20, 11, 2026), (2027,)),
        (LunarRule(23, 12, 2026), (2026,)),
        (DaySpan(SolarDay(17, 11, 2026), SolarDay(23, 11, 2026)), (2027,)),
    ],
)
def test_a_row_whose_years_shut_out_its_day_is_refused(rule: DateRule, years: tuple[int, ...]) -> None:
    """A row that can never speak is a mistake, not an empty plan."""
    with pytest.raises(ReadError) as refused:
        check_years(rule, years)
    assert refused.value.code == "year_contradicts"


@given(st.dates(date(1968, 1, 1), date(2100, 12, 31)), st.sampled_from(["/", "-", ".", " / "]))
def test_every_date_is_read_back_however_it_is_separated(day: date, mark: str) -> None:
    """Three papers write one day with three separators."""
    typed = mark.join([f"{day.day:02}", f"{day.month:02}", str(day.year)])
    assert read_date(typed, OCCASIONS) == read_date(day, OCCASIONS)


@given(st.text() | st.integers() | st.floats() | st.none() | st.from_regex(r"\A[0-9/. -]{1,12}\Z"))
def test_any_cell_is_read_or_refused(cell: object) -> None:
    """No cell brings the reader down."""
    with suppress(ReadError):
        read_date(cell, OCCASIONS)
