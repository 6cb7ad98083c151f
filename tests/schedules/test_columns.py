import pytest

from schedules.columns import CALENDAR_COLUMNS, find_header, language_columns, repeats
from schedules.readers import Row, Sheet

COLUMNS = (*CALENDAR_COLUMNS, *language_columns())


def sheet(*rows: tuple[str, ...]) -> Sheet:
    return Sheet(
        "a.xlsx", "Lịch", tuple(Row(number, number, row) for number, row in enumerate(rows, start=1))
    )


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Mã bài", "code"),
        ("NGÀY ĐĂNG", "date"),
        ("ngay dang", "date"),
        ("Gio dang", "time"),
        ("Giờ  đăng *", "time"),
        ("Fanpage", "channels"),
        ("Người phụ trách", "author"),
        ("Hashtag", "tags"),
        ("Link ảnh", "pictures"),
        ("Caption", "text.vi"),
        ("Nội dung", "text.vi"),
        ("Nội dung tiếng Anh", "text.en"),
        ("Tiếng Anh", "text.en"),
        ("English", "text.en"),
        ("Nội dung (en)", "text.en"),
        ("Nội dung tiếng Nhật", "text.ja"),
        ("ko", "text.ko"),
        ("Nội dung (zh)", "text.zh"),
        ("Tiếng Pháp", "text.fr"),
        ("Tiếng Lào", "text.lo"),
        ("Khmer", "text.km"),
        ("Jrai", "text.jra"),
        ("Nội dung tiếng Ba Na", "text.bdq"),
    ],
)
def test_columns_are_found_by_what_people_call_them(title: str, field: str) -> None:
    """In Vietnamese or English, with or without marks, by language name or code."""
    header = find_header(sheet((title, "Độ mật", "Số văn bản", "Chủ đề")), COLUMNS)
    assert header is not None
    assert header.fields[field] == 0


def test_the_header_is_found_below_titles_and_in_any_order() -> None:
    """A long text full of column names above it is no header."""
    masthead = ("SỞ NGOẠI VỤ", "", "Ngày, Giờ, Kênh, Nội dung, Cơ quan")
    titles = ("Kênh", "STT", "Nội dung", "Giờ", "Cơ quan", "Người soạn", "Ngày")
    header = find_header(sheet(masthead, titles, titles), COLUMNS)
    assert header is not None
    assert (header.row.number, header.problems) == (2, ())
    assert header.fields == {"channels": 0, "text.vi": 2, "time": 3, "agency": 4, "author": 5, "date": 6}
    assert repeats(Row(3, 3, titles), header)
    assert not repeats(Row(4, 4, ("Kênh",)), header)


def test_missing_doubled_and_unknown_columns_are_told() -> None:
    """Missing and doubled ones are errors, unknown ones a warning with what was meant."""
    header = find_header(
        sheet(("Kênh", "Ngày", "Giờ", "Giờ đăng", "Tiêu đề bài", "Cơ quan", "Nội dung", "Ghi chú")), COLUMNS
    )
    assert header is not None
    assert [(p.cell, p.field, p.code, p.severity) for p in header.problems] == [
        ("D1", "time", "column_twice", "error"),
        ("E1", "", "column_unknown", "warning"),
        ("A1", "author", "column_missing", "error"),
    ]
    assert "Tiêu đề" in header.problems[1].hint


def test_a_sheet_without_a_header_has_none() -> None:
    """Two known words are not enough to take a row for a header."""
    assert find_header(sheet(("Ngày", "Giờ", "x")), COLUMNS) is None


def test_every_column_is_found_by_its_own_title() -> None:
    """What the template writes is read back."""
    header = find_header(sheet(tuple(column.title for column in CALENDAR_COLUMNS)), COLUMNS)
    assert header is not None
    assert list(header.fields) == [column.field for column in CALENDAR_COLUMNS]
