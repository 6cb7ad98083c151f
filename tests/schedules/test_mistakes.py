"""Sixty kinds of mistakes, each at its sheet and cell, with the sentence and the remedy that people read."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from content_queue.models import Channel
from schedules.calendar import read_calendar
from schedules.office import Office
from tests.schedules.offices import GOOD, big_office, table, write_book

OFF = Channel("Trang cũ", "sngv", "site", "cu", mode="off")
OFFICE = Office(big_office().agencies, (*big_office().channels, OFF), big_office().occasions)
TITLES = (*GOOD, "Dịp", "Ngày âm lịch", "Độ lệch", "Năm", "Ngôn ngữ", "Tiêu đề", "Nội dung tiếng Anh")
TITLES = (*TITLES, "Liên kết", "Ảnh", "Dạng", "Độ mật")

ADDRESS = "https://gialai.gov.vn/a.jpg"

#: Column, what stands there, code, a part of the sentence, a part of the remedy.
CELLS: Sequence[tuple[str, object, str, str, str]] = (
    ("Mã bài", "TẾT 01", "code_unusable", "Mã bài “TẾT 01”", "chữ không dấu"),
    ("Mã bài", "A" * 41, "code_unusable", "không dùng được", "40 ký tự"),
    ("Ngày", "", "date_missing", "Chưa có ngày", "20/11/2026"),
    ("Ngày", "31/11/2026", "date_impossible", "Không có ngày “31/11/2026”", "ngày đứng trước tháng"),
    ("Ngày", "11/20/2026", "date_impossible", "Không có ngày", "ngày đứng trước tháng"),
    ("Ngày", "29/2/2027", "date_impossible", "Không có ngày", "Kiểm tra lại"),
    ("Ngày", "20/11/26", "year_unreadable", "Năm “26”", "đủ bốn chữ số"),
    ("Ngày", "20/11/1926", "year_unreadable", "Năm “1926”", "từ 1968 đến 2100"),
    ("Ngày", "20 tháng Một", "month_ambiguous", "“tháng Một” có thể là tháng 1", "Ghi bằng số"),
    ("Ngày", "30/4/2026 âm lịch", "date_impossible", "Không có ngày", "chỉ có 29 ngày"),
    ("Ngày", "31/3 âm lịch", "date_impossible", "Không có ngày", "29 hoặc 30 ngày"),
    ("Ngày", "10/3 nhuận", "date_leap_month", "tháng nhuận", "ngày dương lịch"),
    ("Ngày", "mùng 1 Tết Bính Ngọ", "date_named_year", "tên năm âm lịch", "Bỏ tên năm"),
    ("Ngày", "Thứ Bảy, 20/11/2026", "weekday_contradicts", "ngày ấy là thứ Sáu", "Sửa thứ hoặc sửa ngày"),
    ("Ngày", "Thứ Sáu, 20/11", "weekday_without_year", "không có năm", "Bỏ thứ"),
    ("Ngày", "20/11/2026 08:00", "date_with_time", "có cả giờ", "cột Giờ"),
    ("Ngày", datetime(2026, 11, 20, 8), "date_with_time", "có cả giờ (08:00)", "cột Giờ"),  # noqa: DTZ001
    ("Ngày", "21 giờ 30", "date_with_time", "có cả giờ", "cột Giờ"),
    ("Ngày", "17 đến 13-11", "date_turned", "ngày cuối không ở sau ngày đầu", "17 đến 23/11/2026"),
    ("Ngày", "1/3 - 30/4/2026", "date_long", "dài hơn 31 ngày", "mỗi ngày một hàng"),
    ("Ngày", "10/3 đến 12/3 âm lịch", "date_range", "là nhiều ngày", "mỗi ngày một hàng"),
    ("Ngày", "ngày     tháng 6 năm 2026", "date_unreadable", "Không đọc được ngày", "20/11/2026"),
    ("Ngày", 20.1, "date_unreadable", "Không đọc được ngày “20.1”", "20/11/2026"),
    ("Ngày", "Giỗ Tổ Hùng Vươn", "occasion_unknown", "Không có dịp nào tên", "Giỗ Tổ Hùng Vương"),
    ("Dịp", "Giỗ Tổ Hùng Vương", "date_contradicts", "không phải là ngày của “Giỗ Tổ", "Sửa ngày"),
    ("Ngày âm lịch", "10/3", "date_twice", "cả ngày dương lịch và ngày âm lịch", "Chỉ ghi một"),
    ("Độ lệch", "ba hôm", "offset_unreadable", "độ lệch “ba hôm”", "-3 (trước 3 ngày)"),
    ("Độ lệch", "400", "offset_unreadable", "độ lệch “400”", "không quá 366"),
    ("Giờ", "", "time_missing", "Chưa có giờ đăng", "7h30"),
    ("Giờ", "25:70", "time_impossible", "Không có giờ “25:70”", "7h30"),
    ("Giờ", "sáng", "time_unreadable", "Không đọc được giờ “sáng”", "7h30"),
    ("Giờ", "19h đến 21h", "time_range", "khoảng giờ", "một giờ"),
    ("Giờ", 1.5, "time_unreadable", "không phải là giờ trong ngày", "7h30"),
    ("Năm", "27", "years_unreadable", "Không đọc được năm “27”", "2026"),
    ("Năm", "2027", "year_contradicts", "cột Năm không khớp: ngày đã ghi năm 2026", "Bỏ năm"),
    ("Cơ quan", "", "agency_missing", "Chưa có cơ quan", "Sở Ngoại vụ"),
    ("Cơ quan", "Sở Ngoại vu tỉnh", "agency_unknown", "Không có cơ quan", "Sở Ngoại vụ"),
    ("Cơ quan", "Sở TT&TT", "agency_former", "không còn hoạt động", "Sở Văn hóa, Thể thao và Du lịch"),
    ("Cơ quan", "Huyện Đức Cơ", "agency_former", "không còn cấp huyện", "UBND xã, phường"),
    ("Người soạn", "", "author_missing", "Chưa có người soạn", "họ tên"),
    ("Kênh", "", "channels_missing", "Chưa chọn kênh", "tất cả"),
    ("Kênh", "facebok", "channel_unknown", "tên “facebok”", "“facebook”"),
    ("Kênh", "Trang cũ", "channels_off", "đều đang tắt", "Bật kênh"),
    ("Ngôn ngữ", "vi, xx", "language_unknown", "ngôn ngữ “xx”", "vi, en"),
    ("Ngôn ngữ", "Tiếng Nhậtt", "language_unknown", "“Tiếng Nhậtt”", "tiếng Nhật"),
    ("Tiêu đề", "{tên dip lạ hoắc}", "placeholder_unknown", "Không có chỗ điền", "{tên dịp}"),
    ("Tiêu đề", "Lễ hội huyện Đức Cơ", "name_former", "trước ngày 01/7/2025", "nếu nói về thời trước"),
    ("Nội dung", "", "text_missing", "Chưa có nội dung", "cột Nội dung"),
    ("Nội dung", "Còn {số ngày lạ}", "placeholder_unknown", "{số ngày lạ}", "{"),
    ("Nội dung", "quyÕt ®Þnh cña thñ tíng", "text_legacy", "TCVN3 hoặc VNI", "Unicode"),
    ("Nội dung", "Coäng hoøa xaõ hoäi", "text_legacy", "TCVN3 hoặc VNI", "UniKey"),
    ("Nội dung", "Sở Thông tin và Truyền thông báo", "name_former", "trước ngày 01/7/2025", "Sở Văn hóa"),
    ("Nội dung tiếng Anh", "{nothing of ours}", "placeholder_unknown", "{nothing of ours}", "{"),
    ("Liên kết", "gialai.gov.vn", "link_unusable", "không phải địa chỉ trang web", "https://"),
    ("Liên kết", "javascript:alert(1)", "link_unusable", "không phải địa chỉ trang web", "https://"),
    ("Ảnh", "khong-co.jpg", "picture_missing", "Không thấy tệp", "cạnh tệp lịch"),
    ("Ảnh", "../a.jpg", "picture_outside", "ngoài thư mục", "cạnh tệp lịch"),
    ("Ảnh", "anh.gif", "picture_kind", "anh.gif", ".jpg"),
    ("Ảnh", "http://gialai.gov.vn/a.jpg", "picture_address", "không dùng được", "https://"),
    ("Dạng", "phim ngắn", "form_unknown", "phim ngắn", "reel"),
    ("Độ mật", "Mật", "secrecy_refused", "có độ mật", "Xóa mục này"),
    ("Ngày", "D-7", "series_alone", "tính từ ngày của một dịp", "cột Dịp"),
    ("Giờ", "9h đến 7h, rải đều", "time_turned", "giờ cuối không ở sau giờ đầu", "rải đều"),
    ("Năm", "chỉ năm tròn", "years_uncounted", "không theo dịp nào có năm gốc", "Chọn dịp"),
    ("Ảnh", "https://gialai.gov.vn/a.jpg", "alt_missing", "1 ảnh chưa có mô tả", "mỗi ảnh một dòng"),
    ("Ngày", "cuối tháng 2", "date_unreadable", "Không đọc được ngày", "20/11/2026"),
)
#: Two days that do not go together are told where the day stands.
BOTH = frozenset({"date_contradicts", "date_twice"})
WARNINGS = frozenset({"name_former", "channels_off", "alt_missing"})


@pytest.mark.parametrize(("column", "value", "code", "sentence", "remedy"), CELLS)
def test_a_mistake_is_told_at_its_cell(
    tmp_path: Path, column: str, value: object, code: str, sentence: str, remedy: str
) -> None:
    """Sheet, cell, what is wrong, how to write it; the row beside it stands."""
    row: dict[str, object] = {**GOOD, column: value}
    wrong = table([{**row, "Giờ": row["Giờ"] or ""}, {**GOOD, "Giờ": "9h"}], titles=TITLES)
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Tháng 11": wrong}), OFFICE)
    at = TITLES.index("Ngày" if code in BOTH else column)
    cell = f"{chr(ord('A') + at)}2"
    told = [(p.file, p.sheet, p.cell, p.code) for p in calendar.problems]
    assert told == [("a.xlsx", "Tháng 11", cell, code)]
    (problem,) = calendar.problems
    assert (sentence in problem.message, remedy in problem.hint) == (True, True), problem
    assert problem.severity == ("warning" if code in WARNINGS else "error")
    assert [entry.place.row for entry in calendar.entries] == [2, 3][code not in WARNINGS :]


def test_sixty_kinds_of_mistakes_are_in_the_table() -> None:
    """Cells of rows alone; files, headers and rows beside each other come on top."""
    assert len(CELLS) >= 60
    assert len({(column, value) for column, value, *_rest in CELLS}) == len(CELLS)


HEAD: list[object] = list(GOOD)
GRID = [
    ["THÁNG 11/2026"],
    ["Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "CN"],
    ["", "", "", "", "", "", "1"],
]
TIMELINE = [["Công việc", *map(str, range(1, 31))], ["Đăng bài", *["x"] * 30]]
#: Rows of the file's one sheet, cell, code, a part of the sentence, a part of the remedy.
SHEETS: Sequence[tuple[Sequence[Sequence[object]], str, str, str, str]] = (
    (GRID, "", "file_month_grid", "lịch tháng dạng ô", "mỗi bài một hàng"),
    (TIMELINE, "", "file_month_grid", "lịch tháng dạng ô", "mỗi bài một hàng"),
    ([["Họ tên", "Lương"], ["An", 3.0]], "", "header_missing", "không phải lịch nội dung", "Ngày, Giờ"),
    ([[t for t in HEAD if t != "Giờ"], ["x"] * 6], "A1", "column_missing", "Thiếu cột “Giờ”", "Thêm cột"),
    ([[t for t in HEAD if t != "Ngày"], ["x"] * 6], "A1", "column_missing", "“Ngày” hoặc “Dịp”", "Thêm một"),
    ([[*HEAD, "Giờ đăng"], ["x"] * 8], "H1", "column_twice", "Cột “Giờ đăng” có hai lần", "Giữ lại một cột"),
    ([[*HEAD, "Nội dug"], [*GOOD.values(), "x"]], "H1", "column_unknown", "“Nội dug”", "Nội dung"),
    ([HEAD, ["THÁNG 12"], [*GOOD.values()]], "A2", "row_lone", "chỉ có một ô", "điền đủ"),
)


@pytest.mark.parametrize(("rows", "cell", "code", "sentence", "remedy"), SHEETS)
def test_a_sheet_that_is_no_calendar_is_told_as_that(
    tmp_path: Path, rows: Sequence[Sequence[object]], cell: str, code: str, sentence: str, remedy: str
) -> None:
    """A month's grid, a list of other things, a header that lost a column."""
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE)
    (problem,) = calendar.problems
    assert (problem.cell, problem.code) == (cell, code)
    assert (sentence in problem.message, remedy in problem.hint) == (True, True), problem


#: Ways of writing one and the same row; titles and values as people have them.
WAYS: Mapping[str, Sequence[Sequence[object]]] = {
    "a title and a masthead above": [
        ["UBND TỈNH GIA LAI"],
        [],
        ["LỊCH THÁNG 11", "", "", "x"],
        *table([GOOD]),
    ],
    "the header on each printed page": [*table([GOOD]), HEAD],
    "columns in another order": table([dict(reversed([*GOOD.items()]))]),
    "other names of columns": [
        ["mã gói", "NGÀY ĐĂNG", "giờ đăng *", "Đơn vị", "Người phụ trách", "Fanpage", "Caption"],
        [*GOOD.values()],
    ],
    "names without marks": [
        ["ma bai", "ngay dang", "gio dang", "co quan", "nguoi soan", "kenh", "noi dung"],
        [*GOOD.values()],
    ],
    "columns of their own": table([{"STT": 1.0, **GOOD, "Ghi chú": "gấp", "Trạng thái": "chờ"}]),
    "decomposed letters": [
        [unicodedata.normalize("NFD", str(value)) for value in row] for row in table([GOOD])
    ],
    "blanks of the web": [[str(value).replace(" ", "\xa0") for value in row] for row in table([GOOD])],
    "a serial day and hour": table([{**GOOD, "Ngày": 46346.0, "Giờ": 0.3125}]),
    "a real day": table([{**GOOD, "Ngày": date(2026, 11, 20)}]),
    "a weekday before the day": table([{**GOOD, "Ngày": "20/11/2026", "Giờ": "07:30"}]),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_row_is_read_alike_however_it_is_laid_out(tmp_path: Path, way: str) -> None:
    """What people really save is the same entry."""
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": WAYS[way]}), OFFICE)
    good = read_calendar(write_book(tmp_path / "b.xlsx", {"Lịch": table([GOOD])}), OFFICE).entries[0]
    (entry,) = calendar.entries
    same = {**entry.content(), "texts": None} == {**good.content(), "texts": None}
    assert (same, [p for p in calendar.problems if p.severity == "error"]) == (True, [])
    assert entry.texts["vi"].replace("\xa0", " ") == good.texts["vi"]


def test_blocks_with_different_columns_are_read_below_each_other(tmp_path: Path) -> None:
    """Each block has a header of its own; a mistake in the second is told at its own cell."""
    turned = dict(reversed([*GOOD.items()]))
    rows: list[list[object]] = [
        ["TUẦN 1"],
        *table([GOOD]),
        [],
        ["TUẦN 2"],
        *table([{**turned, "Giờ": "9h"}, {**turned, "Giờ": "25h"}]),
    ]
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE)
    assert [entry.place.row for entry in calendar.entries] == [3, 7]
    assert [(p.cell, p.code) for p in calendar.problems if p.severity == "error"] == [
        ("E8", "time_impossible")
    ]


@pytest.mark.parametrize(
    ("typed", "words", "hour"),
    [
        ("20/11/2026 08:00", "20/11/2026", "08:00:00"),
        ("20/11/2026, 7h30", "20/11/2026", "07:30:00"),
        ("7 giờ 30 phút thứ sáu, ngày 20-11-2026", "thứ sáu, ngày 20-11-2026", "07:30:00"),
        ("19 Tháng Tư 2027 7:40:00 SA", "19 Tháng Tư 2027", "07:40:00"),
        ("Thứ sáu, 20/11/2026 13:16", "Thứ sáu, 20/11/2026", "13:16:00"),
        ("Thứ 6,20/11/2026,21:00", "Thứ 6,20/11/2026", "21:00:00"),
        ("0 giờ ngày 17-2", "ngày 17-2", "00:00:00"),
        (datetime(2026, 11, 20, 8, 30), "20/11/2026", "08:30:00"),  # noqa: DTZ001 -- cells have no zone
    ],
)
def test_day_and_hour_may_stand_in_one_column(tmp_path: Path, typed: object, words: str, hour: str) -> None:
    """A column `Ngày giờ` stands for two."""
    row = {
        "Ngày giờ": typed,
        **{title: value for title, value in GOOD.items() if title not in {"Ngày", "Giờ"}},
    }
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": table([row])}), OFFICE)
    assert calendar.problems == ()
    (entry,) = calendar.entries
    assert (entry.date_words, entry.at.isoformat()) == (words, hour)


@pytest.mark.parametrize("typed", [date(2026, 11, 20), 46346.0, "20/11/2026"])
def test_a_day_without_an_hour_is_not_taken_for_midnight(tmp_path: Path, typed: object) -> None:
    """However the cell holds the day, the hour is missed."""
    row = {"Ngày giờ": typed, **{title: GOOD[title] for title in GOOD if title not in {"Ngày", "Giờ"}}}
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": table([row])}), OFFICE)
    assert (calendar.entries, [problem.code for problem in calendar.problems]) == ((), ["time_missing"])


@pytest.mark.parametrize(
    ("typed", "code", "severity"),
    [
        ("17 đến 23-11", "date_each_day", "warning"),
        ("23/3 - 30/3/2026", "date_each_day", "warning"),
    ],
)
def test_several_days_are_read_with_a_word(tmp_path: Path, typed: str, code: str, severity: str) -> None:
    """The post comes once each day: that may not be meant."""
    rows = table([{**GOOD, "Ngày": typed}])
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE)
    assert [(p.cell, p.code, p.severity) for p in calendar.problems] == [("B2", code, severity)]
    assert len(calendar.entries) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Sở TT&TT", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở Thông tin và Truyền thông", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Báo Gia Lai", "Báo và phát thanh, truyền hình Gia Lai"),
        ("Ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo và Dân vận Tỉnh ủy"),
        ("Sở Kế hoạch và Đầu tư", ""),
        ("UBND huyện Đức Cơ", "UBND xã, phường"),
        ("Thành phố Pleiku", "UBND xã, phường"),
        ("thị xã An Khê", "UBND xã, phường"),
    ],
)
def test_a_name_of_before_the_merger_is_told_with_what_stands_for_it(
    tmp_path: Path, typed: str, told: str
) -> None:
    """Plans of 2024 name them; nobody speaks in the name of a body that is gone."""
    rows = table([{**GOOD, "Cơ quan": typed}])
    (problem,) = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE).problems
    assert (problem.code, told in problem.hint) == ("agency_former", True), problem


#: What a row of an occasion says, what else, cell, code.
DOUBTS: Sequence[tuple[Mapping[str, object], str, str]] = (
    ({"Dịp": "Ngày Thương binh - Liệt sĩ", "Nội dung": "Lễ kỷ niệm {số năm} năm"}, "G2", "ceremony_year"),
    ({"Dịp": "Quốc khánh", "Tiêu đề": "Dự lễ kỷ niệm", "Năm": "2026"}, "J2", "ceremony_year"),
    ({"Ngày": "20/10", "Ảnh": ADDRESS, "Mô tả ảnh": "Học sinh múa"}, "K2", "persons_basis"),
    (
        {"Ngày": "20/10", "Ảnh": ADDRESS, "Mô tả ảnh": "Hoa", "Người trong ảnh": "em Lan"},
        "L2",
        "persons_basis",
    ),
)
#: The same, where nothing is to be doubted.
FINE: Sequence[Mapping[str, object]] = (
    {"Dịp": "Ngày Thương binh - Liệt sĩ", "Nội dung": "Lễ kỷ niệm 80 năm", "Năm": "2027"},
    {"Dịp": "Ngày Thương binh - Liệt sĩ", "Nội dung": "Lễ kỷ niệm {số năm} năm", "Năm": "chỉ năm tròn"},
    {"Dịp": "Ngày Thương binh - Liệt sĩ", "Nội dung": "Kỷ niệm {số năm} năm"},
    {"Dịp": "Chiến thắng Ngọc Hồi - Đống Đa", "Nội dung": "Lễ kỷ niệm {số năm} năm"},
    {"Ngày": "20/10", "Ảnh": ADDRESS, "Mô tả ảnh": "Học sinh múa", "Người trong ảnh": "không"},
    {"Ngày": "20/10", "Ảnh": ADDRESS, "Mô tả ảnh": "Hoa", "Người trong ảnh": "em Lan: phiếu đồng ý 12/11"},
    {"Ngày": "20/10", "Ảnh": ADDRESS, "Mô tả ảnh": "Thác nước"},
)
DOUBTED = (*GOOD, "Dịp", "Năm", "Tiêu đề", "Mô tả ảnh", "Người trong ảnh", "Ảnh")


def doubted(tmp_path: Path, row: Mapping[str, object]) -> list[tuple[str, str, str]]:
    rows = table([{**GOOD, "Ngày": "", **row}], titles=DOUBTED)
    problems = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE).problems
    return [(problem.cell, problem.code, problem.severity) for problem in problems]


@pytest.mark.parametrize(("row", "cell", "code"), DOUBTS)
def test_what_may_not_be_meant_is_told_and_stands(
    tmp_path: Path, row: Mapping[str, object], cell: str, code: str
) -> None:
    """A ceremony out of its year; people in a picture whom nothing lets be shown."""
    assert doubted(tmp_path, row) == [(cell, code, "warning")]


@pytest.mark.parametrize("row", FINE)
def test_what_is_in_order_is_not_doubted(tmp_path: Path, row: Mapping[str, object]) -> None:
    """Warnings that come without a reason are not read any more."""
    assert doubted(tmp_path, row) == []
