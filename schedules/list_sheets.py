"""Write the sheets beside the entries: channels, lists to choose from, and the guide."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from content_queue.localize import PLACEHOLDERS
from content_queue.models import Campaign, Channel
from content_queue.texts import _
from schedules.columns import (
    CALENDAR_COLUMNS,
    CAMPAIGN_COLUMNS,
    CAMPAIGN_SHEET,
    CHANNEL_COLUMNS,
    CHANNEL_SHEET,
    EVERY_CHANNEL,
    EXAMPLE,
    GUIDE_SHEET,
    LIST_SHEET,
)
from schedules.entry_sheet import CAMPAIGN_LIST
from schedules.forms import FORM_WORDS
from schedules.languages import LANGUAGES
from schedules.looks import Looks
from schedules.office import Office

#: Rows of campaigns that are offered.
MOST_CAMPAIGNS = 200


def write_head(sheet: Any, titles: Iterable[str], *, looks: Looks, row: int = 0) -> None:
    """Write the titles of columns into one row."""
    sheet.set_row(row, 32)
    for column, title in enumerate(titles):
        sheet.write_string(row, column, title, looks.look("head"))


def write_campaigns(book: Any, looks: Looks, *, campaigns: Sequence[Campaign]) -> None:
    """Write the campaigns below an example; every cell is text, as in the calendar."""
    sheet = book.add_worksheet(CAMPAIGN_SHEET)
    write_head(sheet, (column.title for column in CAMPAIGN_COLUMNS), looks=looks)
    sheet.set_column(0, len(CAMPAIGN_COLUMNS) - 1, 24, looks.look())
    example = Campaign(
        name=" ".join((EXAMPLE, _("Lễ hội hoa"))),
        goal=_("Giới thiệu lễ hội, mời du khách"),
        first=date(2026, 10, 15),
        last=date(2026, 11, 30),
        event="14-16/11/2026",
        hashtags=("#GiaLai",),
        channels=(EVERY_CHANNEL,),
        owner=_("Nguyễn Văn An"),
    )
    for number, campaign in enumerate((example, *campaigns), start=1):
        for column, shown in enumerate(CAMPAIGN_COLUMNS):
            look = looks.look("example" if number == 1 else "")
            sheet.write_string(number, column, _shown(getattr(campaign, shown.field)), look)
    sheet.freeze_panes(1, 1)
    offer_campaigns(book, CAMPAIGN_SHEET, head=0, column=0)


def offer_campaigns(book: Any, name: str, *, head: int, column: int) -> None:
    """Let rows choose among the campaigns below row `head` of a sheet, counted from 0."""
    letter, quoted = xl_col_to_name(column), name.replace("'", "''")
    rows = f"${letter}${head + 2}:${letter}${head + MOST_CAMPAIGNS}"
    book.define_name(CAMPAIGN_LIST, f"='{quoted}'!{rows}")


def _shown(value: object) -> str:
    match value:
        case date():
            return f"{value:%d/%m/%Y}"
        case tuple():
            return "; ".join(value)
    return str(value or "")


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
    return [*_guide_of_days(), *_guide_of_words()]


def _guide_of_days() -> list[tuple[str, str]]:
    return [
        ("code", _("Để trống cũng được; nếu ghi thì mỗi mục một mã không dấu. Hàng ví dụ không được đọc.")),
        (
            "date",
            _(
                "20/11/2026, 20/11 (mọi năm), 10/3 âm lịch, mùng 5 tháng Giêng, thứ 7 hằng tuần, "
                "17 đến 23/11 (đăng mỗi ngày một lần); D-30, D-7, D-1, D là tính từ ngày của dịp hay của đợt."
            ),
        ),
        ("occasion", _("Tên trong trang Danh mục; khi đó để trống cột Ngày.")),
        ("offset", _("-3 là trước ba ngày, +7 là sau bảy ngày; để trống là đúng ngày.")),
        (
            "time",
            _("7h30, 07:30 hoặc 21 giờ, theo giờ Việt Nam; 7:00 đến 9:00, rải đều: các cơ quan lần lượt."),
        ),
        (
            "years",
            _(
                "2027, 2026-2030 hoặc để trống; là năm dương lịch của ngày hoặc dịp ấy. "
                "Theo dịp thì ghi được: chỉ năm tròn, năm lẻ 5, năm khác."
            ),
        ),
    ]


def _guide_of_words() -> list[tuple[str, str]]:
    placeholders = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [
        ("author", _("Họ tên người soạn; người soạn không tự duyệt bài của mình.")),
        ("campaign", _("Tên một đợt ở trang Chiến dịch; kênh, ngôn ngữ để trống thì lấy theo đợt.")),
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
        (
            "persons",
            _("Không có ai thì ghi: không. Có người thì ghi ai và căn cứ, như em Lan: phiếu đồng ý 12/11."),
        ),
        ("form", _("Để trống là theo ảnh, video; hoặc ghi: {forms}.").format(forms=", ".join(FORM_WORDS))),
        (
            "comment.vi",
            _("Trang Facebook tự viết ngay dưới bài; nền tảng khác không có."),
        ),
        ("secrecy", _("Để trống hoặc “công khai”. Nội dung mật không được đưa vào tệp này.")),
    ]
