"""An office's own occasions: new ones, dates that were announced, who has confirmed what."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from schedules.dates import read_date
from schedules.occasions import load
from schedules.occurrences import next_day, years_counted
from schedules.own_occasions import OwnOccasions, changes, read_own_occasions
from schedules.refusals import ReadError
from schedules.rules import days
from tests.schedules.offices import table, write_book

SHIPPED = load()
FESTIVAL = "Lễ hội Hoa dã quỳ - Núi lửa Chư Đăng Ya"


def read(tmp_path: Path, *rows: Mapping[str, object]) -> OwnOccasions:
    titles = ("Dịp", "Ngày", "Năm gốc", "Nguồn", "Người xác nhận", "Tên tiếng Anh")
    path = write_book(tmp_path / "dip.xlsx", {"Dịp": table(rows, titles=titles)})
    return read_own_occasions(path, SHIPPED)


def test_a_movable_occasion_gets_its_date(tmp_path: Path) -> None:
    """Those of other years stay; without one it has no day."""
    assert next_day(SHIPPED["hoa-da-quy"], date(2026, 1, 1)) is None
    own = read(tmp_path, {"Dịp": "Hoa dã quỳ", "Ngày": "14-16/11/2026; 12/11/2027"})
    occasion = own.occasions["hoa-da-quy"]
    assert (own.problems, next_day(occasion, date(2026, 1, 1))) == ((), date(2026, 11, 14))
    assert [days(occasion.rule, year) for year in (2025, 2027, 2028)] == [
        (date(2025, 11, 2),),
        (date(2027, 11, 12),),
        (),
    ]


def test_a_new_occasion_is_found_by_its_name_and_counts_its_years(tmp_path: Path) -> None:
    """With its source, and verified once somebody has put a name to it."""
    row = {
        "Dịp": "Ngày thành lập Báo",
        "Ngày": "16/2",
        "Năm gốc": "1947",
        "Nguồn": "45-HD",
        "Tên tiếng Anh": "Press",
    }
    own = read(tmp_path, row, {**row, "Dịp": "Ngày hội xã", "Người xác nhận": "Trần Bình"}).occasions
    found = own.find("ngay thanh lap bao")
    assert found is not None
    assert (found.names, years_counted(found, date(2027, 2, 16)), found.verified) == (
        {"vi": "Ngày thành lập Báo", "en": "Press"},
        80,
        False,
    )
    assert own["ngay-hoi-xa"].verified


def test_what_an_update_changes_is_told(tmp_path: Path) -> None:
    """The yearly list comes after the plan was drafted."""
    own = read(
        tmp_path,
        {"Dịp": "Ngày Toàn quốc kháng chiến", "Nguồn": "45-HD/BTGDVTW", "Người xác nhận": "Trần Bình"},
        {"Dịp": "Quốc khánh"},
        {"Dịp": "Ngày mới", "Ngày": "10/3 âm lịch"},
    )
    told = [(each.name, each.new, each.fields) for each in changes(SHIPPED, own.occasions)]
    assert told == [
        ("Ngày Toàn quốc kháng chiến", False, ("verified", "source", "verified_by")),
        ("Ngày mới", True, ()),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Ngày": "1/1"}, "name_missing"),
        ({"Dịp": "Ngày lạ", "Ngày": "31/11"}, "date_impossible"),
        ({"Dịp": "Quốc khánh", "Ngày": "2/9/2026"}, "occasion_mixed"),
        ({"Dịp": "Ngày lạ", "Ngày": "1/1; 2/2/2027"}, "occasion_mixed"),
        ({"Dịp": "Ngày lạ", "Ngày": "1/1", "Năm gốc": "47"}, "years_unreadable"),
    ],
)
def test_a_wrong_row_is_left_out_alone(tmp_path: Path, row: Mapping[str, object], code: str) -> None:
    """Told at its cell; the others stand."""
    own = read(tmp_path, row, {"Dịp": "Ngày tốt", "Ngày": "5/5"})
    assert ([problem.code for problem in own.problems], "ngay-tot" in own.occasions) == ([code], True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("thứ 7 đầu tiên của tháng 11", [date(2026, 11, 7)]),
        ("Chủ nhật thứ hai của tháng 5", [date(2026, 5, 10)]),
        ("thứ Sáu cuối cùng tháng 11", [date(2026, 11, 27)]),
        ("thứ Hai tuần đầu tháng 6", [date(2026, 6, 1)]),
        ("ngày cuối tháng Chạp", [date(2026, 2, 16)]),
        ("cuối tháng Giêng", [date(2026, 3, 18)]),
        ("ngày cuối tháng 7 âm lịch", [date(2026, 9, 10)]),
    ],
)
def test_days_that_are_counted_in_their_month(words: str, found: list[date]) -> None:
    """The nth weekday, and the last day of a lunar month whatever its number."""
    assert [*days(read_date(words, SHIPPED), 2026)] == found


def test_a_weekday_of_every_month() -> None:
    """Twelve of them."""
    assert len(days(read_date("thứ Hai đầu tiên hằng tháng", SHIPPED), 2026)) == 12
    with pytest.raises(ReadError):
        read_date("thứ Hai đầu tiên tháng 13", SHIPPED)
