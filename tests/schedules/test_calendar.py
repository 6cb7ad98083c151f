import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from content_queue.kinds import LIMITS
from content_queue.models import FORMS, Channel, Entry, Place, Problem
from schedules.calendar import Calendar, read_calendar, read_folder
from schedules.forms import FORM_WORDS
from schedules.office import Office
from tests.schedules.offices import GOOD, big_office, table, write_book, write_calendar

OFFICE = big_office()
JPEG = b"\xff\xd8\xff\xe0 picture"


def read(folder: Path, *rows: Mapping[str, object]) -> Calendar:
    return read_calendar(write_calendar(folder / "lịch.xlsx", [{**GOOD, **row} for row in rows]), OFFICE)


def read_one(folder: Path, **fields: object) -> Entry:
    calendar = read(folder, fields)
    assert {problem.code for problem in calendar.problems} <= {"alt_missing"}
    return calendar.entries[0]


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in problems]


def test_a_whole_row_is_read_and_understood(tmp_path: Path) -> None:
    """Every column finds its field; texts are NFC, lists are lists, names are codes."""
    (tmp_path / "anh").mkdir()
    (tmp_path / "anh/a.jpg").write_bytes(JPEG)
    fields = {
        "Mã bài": "TET-01",
        "Ngày": "10/3 âm lịch",
        "Độ lệch": "-3",
        "Giờ": time(7, 30),
        "Năm": "2026-2028",
        "Cơ quan": "An Hoà",
        "Người soạn": "  Nguyễn  Văn An ",
        "Đợt truyền thông": "Lễ hội 2026",
        "Kênh": "facebook, Sở Văn hóa, Thể thao và Du lịch",
        "Ngôn ngữ": "vi, Tiếng Anh",
        "Tiêu đề": "Giỗ Tổ",
        "Nội dung": unicodedata.normalize("NFD", "Dòng một {ngày}  \r\n\r\nDòng hai "),
        "English": "One {date}",
        "Liên kết": "https://gialai.gov.vn/a?b=1",
        "Ảnh": "anh\\a.jpg; https://gialai.gov.vn/b,c.png",
        "Thẻ": "#lễ hội #du lịch, quảng bá",
        "Chủ đề": "Văn hóa",
        "Số văn bản": "157/KH-UBND",
        "Độ mật": "Công khai",
    }
    entry = read_one(tmp_path, **fields)
    assert entry.content() == {
        "date_words": "10/3 âm lịch",
        "offset": -3,
        "at": "07:30:00",
        "agency": "an-hoa",
        "author": "Nguyễn Văn An",
        "campaign": "Lễ hội 2026",
        "channels": ("facebook", "Sở Văn hóa, Thể thao và Du lịch"),
        "languages": ("vi", "en"),
        "texts": {"vi": "Dòng một {ngày}\n\nDòng hai", "en": "One {date}"},
        "years": (2026, 2027, 2028),
        "title": "Giỗ Tổ",
        "link": "https://gialai.gov.vn/a?b=1",
        "pictures": ("anh/a.jpg", "https://gialai.gov.vn/b,c.png"),
        "tags": ("lễ hội", "du lịch", "quảng bá"),
        "topic": "Văn hóa",
        "document": "157/KH-UBND",
        "secrecy": "Công khai",
    }
    assert (entry.code, entry.place.file, entry.place.sheet, entry.place.row) == (
        "TET-01",
        "lịch.xlsx",
        "Lịch",
        2,
    )


@pytest.mark.parametrize(
    ("fields", "words", "years"),
    [
        ({"Ngày": date(2026, 11, 20)}, "20/11/2026", ()),
        ({"Ngày": 46346.0}, "20/11/2026", ()),
        ({"Ngày": " 20/11 "}, "20/11", ()),
        ({"Ngày": "", "Dịp": "Giỗ Tổ Hùng Vương"}, "Giỗ Tổ Hùng Vương", ()),
        ({"Ngày": "", "Dịp": "20/11"}, "20/11", ()),
        ({"Ngày": "", "Ngày âm lịch": "10/3"}, "10/3 âm lịch", ()),
        ({"Ngày": "", "Ngày âm lịch": date(2026, 3, 10)}, "10/3 âm lịch", ()),
        ({"Ngày": "", "Ngày âm lịch": "rằm tháng Giêng"}, "rằm tháng Giêng", ()),
        ({"Ngày": "20/11", "Dịp": "Ngày Nhà giáo Việt Nam"}, "Ngày Nhà giáo Việt Nam", ()),
        ({"Ngày": "16/4/2027", "Dịp": "Giỗ Tổ Hùng Vương"}, "Giỗ Tổ Hùng Vương", (2027,)),
    ],
)
def test_the_day_may_stand_in_any_of_its_columns(
    tmp_path: Path, fields: dict[str, object], words: str, years: tuple[int, ...]
) -> None:
    """Dates of Excel are put in words; a day beside its occasion must be its day and fixes the year."""
    entry = read_one(tmp_path, **fields)
    assert (entry.date_words, entry.years) == (words, years)


def test_videos_and_documents_stand_where_pictures_do(tmp_path: Path) -> None:
    """One column for all that goes with a post, whatever it is headed."""
    (tmp_path / "a.MP4").write_bytes(b"\0\0\0\x18ftypisom")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    entry = read_one(tmp_path, **{"Ảnh, video": "a.MP4, b.pdf"})
    assert entry.pictures == ("a.MP4", "b.pdf")


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("", ""),
        ("Reel", "reel"),
        ("tai lieu", "document"),
        ("Bài viết", "article"),
        ("broadcast", "broadcast"),
    ],
)
def test_a_row_may_say_what_its_post_is_to_be(tmp_path: Path, words: str, form: str) -> None:
    """In Vietnamese as an office says it, with or without marks, or in English."""
    assert read_one(tmp_path, Dạng=words).form == form


def test_pictures_are_described_line_by_line(tmp_path: Path) -> None:
    """In the order of the pictures; one without words has an empty line."""
    pictures = "https://a.vn/a.jpg, https://a.vn/b.jpg, https://a.vn/c.jpg"
    for typed, alts in (("Chợ\n\nNúi ", ("Chợ", "", "Núi")), ("\nChợ\n\n", ("", "Chợ")), (" \n", ())):
        assert read_one(tmp_path, **{"Ảnh": pictures, "Mô tả ảnh": typed}).alts == alts


def test_each_language_may_have_a_first_comment(tmp_path: Path) -> None:
    """Law: a column that merely calls itself “comment” is a reviewer's own, and never published."""
    row = {"Bình luận đầu": "Xem thêm: https://a.vn", "First comment (en)": "More", "Comment": "sửa lại nhé"}
    calendar = read(tmp_path, row)
    assert [entry.comments for entry in calendar.entries] == [{"vi": "Xem thêm: https://a.vn", "en": "More"}]
    assert codes(calendar.problems) == [("J1", "column_unknown")]


def test_a_first_comment_that_no_channel_can_write_is_warned_of(tmp_path: Path) -> None:
    """The row is kept, and its editor is told; one channel that can is enough."""
    channels = (Channel("Z", "sngv", "zalo", "1"), Channel("F", "sngv", "facebook", "2"))
    office = Office(OFFICE.agencies, channels, OFFICE.occasions)
    for chosen, told in (("Z", [("comment_unsaid", "warning")]), ("Z, F", [])):
        row: dict[str, object] = {**GOOD, "Kênh": chosen, "Bình luận đầu": "Xem thêm"}
        calendar = read_calendar(write_calendar(tmp_path / "a.xlsx", [row]), office)
        assert ([(p.code, p.severity) for p in calendar.problems], len(calendar.entries)) == (told, 1)


def test_every_form_has_a_word() -> None:
    """What adapters know, editors can write."""
    assert ("", *FORM_WORDS.values()) == FORMS


def test_a_row_without_a_form_is_the_row_of_older_versions() -> None:
    """Law: an upgrade changes no row; this is the fingerprint that an older ledger holds."""
    entry = Entry("X", Place("a", "b", 1), "20/11", 0, time(7, 30), "a", "b", "", ("x",), (), {"vi": "t"})
    assert entry.fingerprint() == "2b358bf95f43c30c7be6760b4ea45b8ae9e714e449c1fb1b9851bea55142d519"
    assert replace(entry, form="reel").fingerprint() != entry.fingerprint()


#: Twenty mistakes: the field, what stands there, and how it is told.
MISTAKES: tuple[tuple[str, object, str], ...] = (
    ("Ngày", "31/11/2026", "date_impossible"),
    ("Ngày", "20/11/26", "year_unreadable"),
    ("Ngày", "", "date_missing"),
    ("Giờ", "25:70", "time_impossible"),
    ("Giờ", "", "time_missing"),
    ("Năm", "27", "years_unreadable"),
    ("Độ lệch", "ba hôm", "offset_unreadable"),
    ("Cơ quan", "Sở Ma thuật", "agency_unknown"),
    ("Cơ quan", "Sở Thông tin và Truyền thông", "agency_former"),
    ("Người soạn", "", "author_missing"),
    ("Kênh", "facebok", "channel_unknown"),
    ("Kênh", "", "channels_missing"),
    ("Ngôn ngữ", "vi, xx", "language_unknown"),
    ("Nội dung", "", "text_missing"),
    ("Nội dung", "Còn {số ngày lạ}", "placeholder_unknown"),
    ("Nội dung", "quyÕt ®Þnh cña thñ tíng chÝnh phñ", "text_legacy"),
    ("Liên kết", "gialai.gov.vn", "link_unusable"),
    ("Ảnh", "../a.jpg", "picture_outside"),
    ("Độ mật", "Mật", "secrecy_refused"),
    ("Mã bài", "TẾT 01", "code_unusable"),
)


def test_twenty_mistakes_give_twenty_problems_and_the_other_rows_stand(tmp_path: Path) -> None:
    """Each with sheet and cell, what is wrong and how to write it; no row is refused for another's sake."""
    titles = tuple(dict.fromkeys([*GOOD, "Năm", "Độ lệch", "Ngôn ngữ", "Liên kết", "Ảnh", "Độ mật"]))
    rows: list[dict[str, object]] = []
    for field, value, _code in MISTAKES:
        rows += [{**GOOD, "Mã bài": f"OK-{len(rows)}"}, {**GOOD, field: value}]
    path = write_book(tmp_path / "a.xlsx", {"Tháng 11": table(rows, titles=titles)})
    calendar = read_calendar(path, OFFICE)
    wanted = [
        ("Tháng 11", f"{chr(ord('A') + titles.index(field))}{2 * number + 3}", code)
        for number, (field, _value, code) in enumerate(MISTAKES)
    ]
    assert [(p.sheet, p.cell, p.code) for p in calendar.problems] == wanted
    assert all(p.message and p.hint and p.severity == "error" for p in calendar.problems)
    assert [entry.code for entry in calendar.entries] == [f"OK-{2 * number}" for number in range(20)]
    assert (len(calendar.refused), calendar.files) == (20, frozenset({"a.xlsx"}))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Dịp": "Giỗ Tổ Hùng Vương"}, "date_contradicts"),
        ({"Dịp": "Ngày Nhà giáo Việt Nam", "Năm": "2027"}, "year_contradicts"),
        ({"Ngày": "23/12/2026 âm lịch", "Năm": "2026"}, "year_contradicts"),
        ({"Ngày âm lịch": "10/3"}, "date_twice"),
        ({"Ảnh": "a.jpg"}, "picture_missing"),
        ({"Ảnh": "/etc/passwd"}, "picture_outside"),
        ({"Ảnh": "C:\\a.jpg"}, "picture_outside"),
        ({"Ảnh": "trong/ngoai/a.jpg"}, "picture_outside"),
        ({"Ảnh": "a.gif"}, "picture_kind"),
        ({"Ảnh": "gia.jpg"}, "picture_kind"),
        ({"Ảnh": "http://gialai.gov.vn/a.jpg"}, "picture_address"),
        ({"Ảnh": "gia.mp4"}, "picture_missing"),
        ({"Ảnh": "dai.pdf"}, "picture_large"),
        ({"Dạng": "rell"}, "form_unknown"),
        ({"Ảnh": "https://a.vn/b.jpg", "Mô tả ảnh": "Một\nHai"}, "alts_many"),
        ({"Liên kết": "javascript:alert(1)"}, "link_unusable"),
        ({"Liên kết": "https://[::1"}, "link_unusable"),
        ({"Nội dung": "Coäng hoøa xaõ hoäi"}, "text_legacy"),
        ({"Tiêu đề": "{tên dip lạ hoắc}"}, "placeholder_unknown"),
        ({"English": "{nothing of ours}"}, "placeholder_unknown"),
        ({"Bình luận đầu": "{nothing of ours}"}, "placeholder_unknown"),
        ({"Bình luận đầu": "Coäng hoøa xaõ hoäi"}, "text_legacy"),
        ({"Độ mật": "chỉ lưu hành nội bộ"}, "secrecy_refused"),
        ({"Mã bài": "A" * 41}, "code_unusable"),
        ({"Mã bài": "-A"}, "code_unusable"),
    ],
)
def test_a_row_with_a_mistake_is_refused(tmp_path: Path, fields: dict[str, object], code: str) -> None:
    """One mistake is one problem."""
    (tmp_path / "gia.jpg").write_bytes(b"GIF89a no jpeg")
    with (tmp_path / "dai.pdf").open("wb") as file:
        file.write(b"%PDF-")
        file.truncate(LIMITS["document"] + 1)
    (tmp_path / "trong").mkdir()
    (tmp_path / "trong/ngoai").symlink_to("/")
    calendar = read(tmp_path, fields)
    assert (calendar.entries, [problem.code for problem in calendar.problems]) == ((), [code])


@pytest.mark.parametrize(
    "text", ["maïs, Noël, août 2026 – coûter", "Ý kiến, Õng Ẹo, 5 µm, ©®™", "a{}b { c", "n·m"]
)
def test_ordinary_text_is_never_taken_for_an_old_font(tmp_path: Path, text: str) -> None:
    """Accents of French, signs and lone braces are data."""
    entry = read_one(tmp_path, **{"Nội dung": text, "Nội dung (fr)": text})
    assert entry.texts == {"vi": text, "fr": text}


def test_a_message_never_quotes_a_whole_article(tmp_path: Path) -> None:
    """People read it on a phone."""
    (problem,) = read(tmp_path, {"Kênh": "rất dài " * 200}).problems
    assert (problem.code, len(problem.message)) == ("channel_unknown", 300)


def test_a_code_that_stands_twice_refuses_both_rows(tmp_path: Path) -> None:
    """In one file or in two, and whatever the case; nobody can tell which one is meant."""
    write_calendar(tmp_path / "a.xlsx", [{**GOOD, "Mã bài": "X-1"}, {**GOOD, "Mã bài": "X-2"}])
    write_calendar(tmp_path / "b.xlsx", [{**GOOD, "Mã bài": "x-2"}, {**GOOD, "Mã bài": "X-3"}])
    calendar = read_folder(tmp_path, OFFICE)
    assert [entry.code for entry in calendar.entries] == ["X-1", "X-3"]
    assert [(p.file, p.cell, p.code) for p in calendar.problems] == [
        ("a.xlsx", "A3", "code_twice"),
        ("b.xlsx", "A2", "code_twice"),
    ]
    assert [row.code for row in calendar.refused] == ["X-2", "x-2"]


def test_rows_that_are_all_the_same_are_warned_of(tmp_path: Path) -> None:
    """Both stand: a slogan may be meant to come twice, but a copy is more likely."""
    calendar = read(tmp_path, {}, {}, {"Giờ": "8h"})
    assert len(calendar.entries) == 3
    assert [(p.cell, p.code, p.severity) for p in calendar.problems] == [
        ("A2", "row_twice", "warning"),
        ("A3", "row_twice", "warning"),
    ]


def test_titles_examples_and_repeated_headers_are_no_entries(tmp_path: Path) -> None:
    """Title lines above and between, the header on each printed page, the template's examples."""
    header, good = table([GOOD])
    example = ["VÍ DỤ", *good[1:]]
    rows: list[list[object]] = [
        ["LỊCH THÁNG 11"],
        [],
        header,
        example,
        good,
        ["THÁNG 12"],
        header,
        [*good[:-1], "khác"],
    ]
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE)
    assert [entry.place.row for entry in calendar.entries] == [5, 8]
    assert codes(calendar.problems) == [("A6", "row_lone")]
    assert calendar.ok()


def test_a_row_emptied_but_for_its_code_is_refused_and_not_forgotten(tmp_path: Path) -> None:
    """Its post must go back to draft, not be taken for removed."""
    rows = [["Mã bài", "Ngày", "Giờ", "Cơ quan", "Người soạn", "Kênh", "Nội dung"], ["X-1"]]
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE)
    assert ([row.code for row in calendar.refused], calendar.entries) == (["X-1"], ())


def test_csv_and_yaml_hold_the_same_entries_as_the_workbook(tmp_path: Path) -> None:
    """Where an entry stands is no part of it."""
    row = {**GOOD, "Nội dung": "Một, hai\nba"}
    titles, values = table([row])
    csv = ",".join(map(str, titles)) + "\n" + ",".join(f'"{value}"' for value in values)
    (tmp_path / "a.csv").write_text("\ufeff" + csv, encoding="utf-8")
    lines = [f"  {title}: {str(value)!r}" for title, value in zip(titles, values, strict=True)]
    yaml = "-\n" + "\n".join(lines).replace("'Một, hai\\nba'", '"Một, hai\\nba"')
    (tmp_path / "a.yml").write_text(yaml, encoding="utf-8")
    write_calendar(tmp_path / "a.xlsx", [row])
    calendars = [read_calendar(tmp_path / name, OFFICE) for name in ("a.xlsx", "a.csv", "a.yml")]
    assert [calendar.problems for calendar in calendars] == [(), (), ()]
    assert len({calendar.entries[0].fingerprint() for calendar in calendars}) == 1


def test_a_mistake_in_yaml_is_told_at_its_line(tmp_path: Path) -> None:
    """There are no cells; the line is the value's own."""
    text = "- Ngày: 20/11\n  Cơ quan: sngv\n  Người soạn: A\n  Kênh: zalo\n  Nội dung: a\n  Giờ: 25h\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    calendar = read_calendar(tmp_path / "a.yaml", OFFICE)
    assert [(p.cell, p.line, p.field, p.code) for p in calendar.problems] == [
        ("", 6, "time", "time_impossible")
    ]


@pytest.mark.parametrize(
    ("titles", "field", "code"),
    [
        (["Ngày", "Giờ", "Cơ quan", "Kênh", "Nội dung"], "author", "column_missing"),
        (["Giờ", "Cơ quan", "Kênh", "Nội dung", "Người soạn"], "date", "column_missing"),
        (["Ngày", "Giờ", "Cơ quan", "Kênh", "Người soạn"], "text.vi", "column_missing"),
        (["Ngày", "Giờ", "Giờ đăng", *list(GOOD)[3:]], "time", "column_twice"),
        (["a", "b", "c"], "", "header_missing"),
        ([], "", "header_missing"),
    ],
)
def test_a_sheet_that_lost_its_header_or_a_column_removes_nothing(
    tmp_path: Path, titles: list[str], field: str, code: str
) -> None:
    """The file counts as not read: no entry of it can be gone."""
    rows: list[list[object]] = [[*titles], [GOOD.get(title, "") for title in titles]]
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": rows}), OFFICE)
    assert (calendar.entries, calendar.files) == ((), frozenset())
    assert [(p.field, p.code, p.severity) for p in calendar.problems] == [(field, code, "error")]


def test_a_second_sheet_without_a_header_is_warned_of(tmp_path: Path) -> None:
    """The entries beside it stand, but nothing can be gone from this file."""
    sheets: dict[str, Any] = {
        "Lịch": table([GOOD]),
        "Nháp": [["ý tưởng"]],
        "Kênh": [["x"]],
        "Ghi chú": [["y"]],
    }
    calendar = read_calendar(write_book(tmp_path / "a.xlsx", sheets), OFFICE)
    assert (len(calendar.entries), calendar.files) == (1, frozenset())
    assert [(p.sheet, p.code, p.severity) for p in calendar.problems] == [
        ("Nháp", "header_missing", "warning")
    ]


def test_a_folder_is_read_around_its_broken_files(tmp_path: Path) -> None:
    """A bad file is one problem; the others are read; only they are named as read."""
    write_calendar(tmp_path / "a.xlsx", [GOOD])
    (tmp_path / "b.xlsx").write_bytes(b"broken")
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    calendar = read_folder(tmp_path, OFFICE)
    assert (len(calendar.entries), calendar.files) == (1, frozenset({"a.xlsx"}))
    assert [(p.file, p.code) for p in calendar.problems] == [("b.xlsx", "file_broken")]


def test_channels_that_are_all_off_are_warned_of(tmp_path: Path) -> None:
    """The row is kept, and its editor is told that nothing will go out."""
    office = Office(OFFICE.agencies, (Channel("A", "sngv", "zalo", "1", mode="off"),), OFFICE.occasions)
    calendar = read_calendar(write_calendar(tmp_path / "a.xlsx", [{**GOOD, "Kênh": "A"}]), office)
    assert [(p.code, p.severity, len(calendar.entries)) for p in calendar.problems] == [
        ("channels_off", "warning", 1)
    ]


def _year_of_rows() -> list[dict[str, object]]:
    """Return 200 different rows for 2026 and 2027, real dates and hours among them."""
    days: list[object] = [date(2026, 11, 20), "10/3 âm lịch", "Giỗ Tổ Hùng Vương", "2/9", date(2027, 4, 16)]
    hours: list[object] = [time(7, 30), "7h30", "19:00", 0.3125]
    channels = ("tất cả", "facebook", "zalo pleiku; telegram an-hoa", "cơ sở", "UBND phường Pleiku")
    return [
        {
            **GOOD,
            "Ngày": days[number % 5],
            "Giờ": hours[number % 4],
            "Năm": "2026-2027" if number % 5 in {1, 2, 3} else "",
            "Kênh": channels[number % 5],
            "Nội dung": f"Bài số {number}: {{ngày}}",
            "Tiếng Anh": f"Post {number}: {{date}}",
        }
        for number in range(200)
    ]


@pytest.mark.parametrize("options", [{}, {"date_1904": True}, {"constant_memory": True}])
def test_two_hundred_rows_over_450_channels_are_read_in_any_order(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    """All are read without a problem, and shuffled rows are the same entries."""
    rows = _year_of_rows()
    straight = read_calendar(write_calendar(tmp_path / "a.xlsx", rows, **options), OFFICE)
    Random(7).shuffle(rows)  # noqa: S311 - any other order will do
    shuffled = read_calendar(write_calendar(tmp_path / "b.xlsx", rows, **options), OFFICE)
    assert (straight.problems, shuffled.problems, len(OFFICE.channels)) == ((), (), 450)
    prints = [{entry.fingerprint() for entry in calendar.entries} for calendar in (straight, shuffled)]
    assert len(prints[0]) == 200
    assert prints[0] == prints[1]
