"""Write the sheets beside the entries: channels, lists to choose from, and the guide."""

from collections.abc import Iterable, Sequence
from typing import Any

from content_queue.localize import PLACEHOLDERS
from content_queue.models import Channel
from content_queue.texts import _
from schedules.columns import (
    CALENDAR_COLUMNS,
    CHANNEL_COLUMNS,
    CHANNEL_SHEET,
    EVERY_CHANNEL,
    GUIDE_SHEET,
    LIST_SHEET,
)
from schedules.forms import FORM_WORDS
from schedules.languages import LANGUAGES
from schedules.looks import Looks
from schedules.office import Office


def write_head(sheet: Any, titles: Iterable[str], *, looks: Looks, row: int = 0) -> None:
    """Write the titles of columns into one row."""
    sheet.set_row(row, 32)
    for column, title in enumerate(titles):
        sheet.write_string(row, column, title, looks.look("head"))


def write_channels(book: Any, looks: Looks, *, channels: Sequence[Channel]) -> None:
    """Write the channels as they are listed; the sheet can be edited and used as that list."""
    sheet = book.add_worksheet(CHANNEL_SHEET)
    write_head(sheet, (column.title for column in CHANNEL_COLUMNS), looks=looks)
    sheet.set_column(0, len(CHANNEL_COLUMNS) - 1, 24, looks.look())
    for number, channel in enumerate(channels, start=1):
        for column, shown in enumerate(CHANNEL_COLUMNS):
            value = getattr(channel, shown.field)
            text = value if isinstance(value, str) else ", ".join(value)
            sheet.write_string(number, column, text, looks.look())
    sheet.freeze_panes(1, 1)


def write_lists(book: Any, looks: Looks, *, office: Office) -> None:
    """Write the lists to choose from, one a column, each under a name that the dropdowns use."""
    sheet = book.add_worksheet(LIST_SHEET)
    lists = _lists(office)
    write_head(sheet, (title for title, _words in lists.values()), looks=looks)
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
        "DS_Dang": (_("Dạng"), list(FORM_WORDS)),
        "DS_DoMat": (_("Độ mật"), ["công khai"]),
    }


def write_guide(book: Any, looks: Looks) -> None:
    """Write how each column is filled in."""
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, 24, looks.look("words"))
    sheet.set_column(1, 1, 96, looks.look("words"))
    write_head(sheet, (_("Cột"), _("Cách ghi")), looks=looks)
    titles = {column.field: column.title for column in CALENDAR_COLUMNS}
    for number, (field, words) in enumerate(_guide(), start=1):
        sheet.write_string(number, 0, titles[field], looks.look("words"))
        sheet.write_string(number, 1, words, looks.look("words"))


def _guide() -> list[tuple[str, str]]:
    """Return field and how to write it, for the fields that need a word."""
    placeholders = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [
        ("code", _("Để trống cũng được; nếu ghi thì mỗi mục một mã không dấu. Hàng ví dụ không được đọc.")),
        (
            "date",
            _(
                "20/11/2026, 20/11 (mọi năm), 10/3 âm lịch, mùng 5 tháng Giêng, thứ 7 hằng tuần, "
                "17 đến 23/11 (đăng mỗi ngày một lần)."
            ),
        ),
        ("occasion", _("Tên trong trang Danh mục; khi đó để trống cột Ngày.")),
        ("offset", _("-3 là trước ba ngày, +7 là sau bảy ngày; để trống là đúng ngày.")),
        ("time", _("7h30, 07:30 hoặc 21 giờ, theo giờ Việt Nam.")),
        ("years", _("2027, 2026-2030 hoặc để trống; là năm dương lịch của ngày hoặc dịp ấy.")),
        ("author", _("Họ tên người soạn; người soạn không tự duyệt bài của mình.")),
        ("channels", _("Tên kênh, nền tảng, cơ quan, nhóm kênh hoặc tất cả; cách nhau bằng dấu phẩy.")),
        ("languages", _("Để trống là mọi ngôn ngữ của kênh; hoặc ghi mã như vi, en.")),
        (
            "text.vi",
            _(
                "Viết thường; được gõ **đậm**, _nghiêng_, [chữ](https://…), dòng bắt đầu bằng - là gạch đầu "
                "dòng; chỗ điền tự động: {names}."
            ).format(names=placeholders),
        ),
        (
            "pictures",
            _("Tên tệp ảnh (.jpg, .png), video (.mp4) hay tài liệu (.pdf, .docx…) để cạnh tệp lịch."),
        ),
        ("alts", _("Mỗi ảnh một dòng, cho người không nhìn thấy ảnh và cho trình đọc màn hình.")),
        ("form", _("Để trống là theo ảnh, video; hoặc ghi: {forms}.").format(forms=", ".join(FORM_WORDS))),
        (
            "comment.vi",
            _("Trang Facebook tự viết ngay dưới bài; nền tảng khác không có."),
        ),
        ("secrecy", _("Để trống hoặc “công khai”. Nội dung mật không được đưa vào tệp này.")),
    ]
