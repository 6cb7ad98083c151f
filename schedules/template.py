"""Write the workbook that people plan in: headings, lists to choose from, two examples and a guide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from content_queue.localize import PLACEHOLDERS
from content_queue.models import Channel
from content_queue.texts import _
from schedules.columns import (
    CALENDAR_COLUMNS,
    CALENDAR_SHEET,
    CHANNEL_COLUMNS,
    CHANNEL_SHEET,
    EVERY_CHANNEL,
    EXAMPLE,
    GUIDE_SHEET,
    LIST_SHEET,
    language_columns,
)
from schedules.forms import FORM_WORDS
from schedules.languages import LANGUAGES
from schedules.office import Office

#: Rows that are made ready for entries.
_ROWS = 500
#: Field -> width in characters; what is not here is `_WIDTH` wide.
_WIDTH = 16
_WIDTHS: Mapping[str, int] = {
    "occasion": 30,
    "agency": 30,
    "author": 20,
    "campaign": 24,
    "channels": 30,
    "title": 30,
    "text.vi": 60,
    "text.en": 60,
    "link": 30,
    "pictures": 24,
}
#: Field -> the defined name of the list it chooses from. Other words are allowed after a question.
_CHOICES: Mapping[str, str] = {
    "occasion": "DS_Dip",
    "agency": "DS_CoQuan",
    "channels": "DS_Kenh",
    "languages": "DS_NgonNgu",
    "secrecy": "DS_DoMat",
}
#: The languages whose texts have a column from the start; others are added by name.
_LANGUAGE_FIELDS = ("text.en",)


@dataclass(frozen=True, slots=True)
class _Looks:
    """The cell formats of one workbook."""

    head: Any
    cell: Any
    example: Any
    words: Any


def write_template(path: Path, office: Office, rows: Iterable[Mapping[str, str]] = ()) -> None:
    """Write a calendar workbook for `office`, with `rows` (field -> text) below the two examples.

    Every cell is text, so that Excel makes no date of this year out of `20/11` and no formula of a
    text that begins with `=`.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        looks = _looks(book)
        _write_calendar(book, looks, rows=[*_examples(office), *rows])
        _write_channels(book, looks, channels=office.channels)
        _write_lists(book, looks, office=office)
        _write_guide(book, looks)


def calendar_fields() -> dict[str, str]:
    """Return the template's columns: field -> title, in order."""
    fields: dict[str, str] = {}
    languages = {column.field: column.title for column in language_columns()}
    for column in CALENDAR_COLUMNS:
        fields[column.field] = column.title
        if column.field == "text.vi":
            fields |= {field: languages[field] for field in _LANGUAGE_FIELDS}
    return fields


def _looks(book: Any) -> _Looks:
    plain = {"num_format": "@", "valign": "top", "text_wrap": True}
    head = {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "valign": "vcenter", "border": 1}
    return _Looks(
        head=book.add_format({**head, "text_wrap": True}),
        cell=book.add_format(plain),
        example=book.add_format({**plain, "italic": True, "font_color": "#7F7F7F"}),
        words=book.add_format({"valign": "top", "text_wrap": True}),
    )


def _write_calendar(book: Any, looks: _Looks, *, rows: Sequence[Mapping[str, str]]) -> None:
    sheet, fields = book.add_worksheet(CALENDAR_SHEET), calendar_fields()
    _head(sheet, fields.values(), looks=looks)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, _WIDTHS.get(field, _WIDTH), looks.cell)
        if field in _CHOICES:
            sheet.data_validation(1, column, _ROWS, column, _choice(field))
    for number, row in enumerate(rows, start=1):
        look = looks.example if row.get("code", "").startswith(EXAMPLE) else looks.cell
        for column, field in enumerate(fields):
            sheet.write_string(number, column, row.get(field, ""), look)
    sheet.autofilter(0, 0, max(_ROWS, len(rows)), len(fields) - 1)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _choice(field: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": f"={_CHOICES[field]}",
        "error_type": "warning",
        "error_title": _("Không có trong danh mục"),
        "error_message": _("Kiểm tra lại chữ đã ghi. Vẫn giữ?"),
    }


def _head(sheet: Any, titles: Iterable[str], *, looks: _Looks) -> None:
    sheet.set_row(0, 32)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, looks.head)


def _write_channels(book: Any, looks: _Looks, *, channels: Sequence[Channel]) -> None:
    sheet = book.add_worksheet(CHANNEL_SHEET)
    _head(sheet, (column.title for column in CHANNEL_COLUMNS), looks=looks)
    sheet.set_column(0, len(CHANNEL_COLUMNS) - 1, 24, looks.cell)
    for number, channel in enumerate(channels, start=1):
        for column, shown in enumerate(CHANNEL_COLUMNS):
            value = getattr(channel, shown.field)
            text = value if isinstance(value, str) else ", ".join(value)
            sheet.write_string(number, column, text, looks.cell)
    sheet.freeze_panes(1, 1)


def _write_lists(book: Any, looks: _Looks, *, office: Office) -> None:
    """Write the lists to choose from, one a column, each under a name that the dropdowns use."""
    sheet = book.add_worksheet(LIST_SHEET)
    lists = _lists(office)
    _head(sheet, (title for title, _words in lists.values()), looks=looks)
    for column, (name, (_title, words)) in enumerate(lists.items()):
        sheet.set_column(column, column, 44)
        for number, word in enumerate(words, start=1):
            sheet.write_string(number, column, word)
        letter, last = chr(ord("A") + column), max(len(words), 1) + 1
        book.define_name(name, f"='{LIST_SHEET}'!${letter}$2:${letter}${last}")
    sheet.freeze_panes(1, 0)


def _lists(office: Office) -> dict[str, tuple[str, list[str]]]:
    groups = sorted({group for channel in office.channels for group in channel.groups})
    platforms = sorted({channel.platform for channel in office.channels})
    channels = [channel.name for channel in office.channels]
    return {
        "DS_CoQuan": (_("Cơ quan"), [agency.names["vi"] for agency in office.agencies.values()]),
        "DS_Kenh": (_("Kênh"), [EVERY_CHANNEL, *platforms, *groups, *channels]),
        "DS_Dip": (_("Dịp"), [occasion.names["vi"] for occasion in office.occasions.values()]),
        "DS_NgonNgu": (_("Ngôn ngữ"), list(LANGUAGES)),
        "DS_DoMat": (_("Độ mật"), ["công khai"]),
    }


def _examples(office: Office) -> list[dict[str, str]]:
    agency = next((agency.names["vi"] for agency in office.agencies.values()), "")
    shared = {"code": EXAMPLE, "agency": agency, "author": _("Nguyễn Văn An"), "channels": EVERY_CHANNEL}
    dated = {
        "date": "20/11",
        "time": "7h30",
        "title": _("Chúc mừng ngày Nhà giáo"),
        "text.vi": _("Chúc mừng ngày Nhà giáo Việt Nam {ngày}."),
        "text.en": "Happy Vietnamese Teachers' Day, {date}.",
        "tags": _("giáo dục"),
    }
    named = {
        "occasion": next((o.names["vi"] for o in office.occasions.values() if o.lunar), ""),
        "offset": "-3",
        "time": "19:00",
        "title": _("Sắp đến ngày lễ"),
        "text.vi": _("Còn ba ngày nữa là {tên dịp}, {ngày dịp}."),
        "tags": _("lễ hội"),
    }
    return [{**shared, **dated}, {**shared, **named}]


def _write_guide(book: Any, looks: _Looks) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, 24, looks.words)
    sheet.set_column(1, 1, 96, looks.words)
    _head(sheet, (_("Cột"), _("Cách ghi")), looks=looks)
    titles = calendar_fields()
    for number, (field, words) in enumerate(_guide(), start=1):
        sheet.write_string(number, 0, titles[field], looks.words)
        sheet.write_string(number, 1, words, looks.words)


def _guide() -> list[tuple[str, str]]:
    """Return field and how to write it, for the fields that need a word."""
    placeholders = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [
        ("code", _("Để trống cũng được; nếu ghi thì mỗi mục một mã không dấu. Hàng ví dụ không được đọc.")),
        ("date", _("20/11/2026, 20/11 (mọi năm), 10/3 âm lịch, mùng 5 tháng Giêng.")),
        ("occasion", _("Tên trong trang Danh mục; khi đó để trống cột Ngày.")),
        ("offset", _("-3 là trước ba ngày, +7 là sau bảy ngày; để trống là đúng ngày.")),
        ("time", _("7h30, 07:30 hoặc 21 giờ, theo giờ Việt Nam.")),
        ("years", _("2027, 2026-2030 hoặc để trống; là năm dương lịch của ngày hoặc dịp ấy.")),
        ("author", _("Họ tên người soạn; người soạn không tự duyệt bài của mình.")),
        ("channels", _("Tên kênh, nền tảng, cơ quan, nhóm kênh hoặc tất cả; cách nhau bằng dấu phẩy.")),
        ("languages", _("Để trống là mọi ngôn ngữ của kênh; hoặc ghi mã như vi, en.")),
        ("text.vi", _("Viết thường; chỗ điền tự động: {names}.").format(names=placeholders)),
        (
            "pictures",
            _("Tên tệp ảnh (.jpg, .png), video (.mp4) hay tài liệu (.pdf, .docx…) để cạnh tệp lịch."),
        ),
        ("form", _("Để trống là theo ảnh, video; hoặc ghi: {forms}.").format(forms=", ".join(FORM_WORDS))),
        ("secrecy", _("Để trống hoặc “công khai”. Nội dung mật không được đưa vào tệp này.")),
    ]
