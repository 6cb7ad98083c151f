"""Set up a sheet of entries: lists to choose from, checks while typing, counters of letters, print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from content_queue.texts import N_, _
from schedules.columns import COUNTER
from schedules.looks import Looks, Mark

#: Characters of a caption and of a text on Telegram; other platforms take more
#: (core.telegram.org/bots/api#sendphoto, #sendmessage).
CAPTION, TEXT = 1024, 4096

#: Rows below the last one that get counters: Excel prints them though they are empty.
COUNTED = 200

#: Field -> width in characters; what is not here is `_WIDTH` wide.
_WIDTH, _COUNTER_WIDTH = 16, 11
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
#: Pages side by side that all columns are printed on: on one they could not be read.
_PAGES = 3
#: Points of a line of text, and lines that a row shows at most.
_LINE, _MOST_LINES = 15, 8
#: The defined name of the campaigns' names.
CAMPAIGN_LIST = "DS_Dot"
#: Field -> the defined name of the list it chooses from. Other words are allowed after a question.
CHOICES: Mapping[str, str] = {
    "occasion": "DS_Dip",
    "agency": "DS_CoQuan",
    "campaign": CAMPAIGN_LIST,
    "channels": "DS_Kenh",
    "languages": "DS_NgonNgu",
    "form": "DS_Dang",
    "secrecy": "DS_DoMat",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What Excel checks while somebody types: a formula over `{cell}`, and what it says.

    It knows less than the reader of calendars, so `stop` is only for what can never be right.
    """

    formula: str
    stop: bool
    title: str
    told: str
    title_wrong: str
    wrong: str


#: Field -> check. A two-digit year, an hour without `h` or `:`; everything else is told by `loa check`.
TYPED: Mapping[str, Typed] = {
    "date": Typed(
        '=IF(ISNUMBER({cell}),AND({cell}>43830,{cell}<73416),IF(LEN({cell})-LEN(SUBSTITUTE({cell},"/",""))=2,'
        'OR(NOT(ISNUMBER(-RIGHT({cell},1))),FIND("/",{cell},FIND("/",{cell})+1)=LEN({cell})-4),TRUE))',
        stop=False,
        title=N_("Ngày"),
        told=N_("20/11/2026; 20/11 là mọi năm; 10/3 âm lịch; mùng 5 tháng Giêng; 17 đến 23/11."),
        title_wrong=N_("Ngày chưa rõ"),
        wrong=N_("Ghi ngày trước tháng, năm đủ bốn chữ số, ví dụ 20/11/2026. Vẫn giữ?"),
    ),
    "time": Typed(
        "=IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<1),AND(ISNUMBER(-LEFT({cell},1)),"
        'IFERROR(VALUE(LEFT({cell},2)),0)<=24,ISNUMBER(SEARCH("h",{cell}))+ISNUMBER(SEARCH("g",{cell}))+'
        'ISNUMBER(SEARCH(":",{cell}))>0))',
        stop=True,
        title=N_("Giờ"),
        told=N_("7h30, 07:30 hoặc 21 giờ, theo giờ Việt Nam."),
        title_wrong=N_("Không phải giờ"),
        wrong=N_("Ghi giờ như 7h30, 07:30 hoặc 21 giờ; chỉ một giờ, không ghi khoảng giờ."),
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a sheet of entries; `field` is empty where it is somebody's own."""

    title: str
    field: str = ""

    @property
    def counter(self) -> bool:
        """Tell whether it counts the letters of the nearest text on its left."""
        return not self.field and self.title.startswith(COUNTER)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of entries below one header, counted from 0: the header's, the first and the last."""

    head: int
    first: int
    last: int


def set_columns(sheet: Any, looks: Looks, columns: Sequence[Shown]) -> None:
    """Give the columns their widths; every empty cell is text, so that `20/11` stays what it is."""
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _width(column), looks.look())


def set_height(sheet: Any, columns: Sequence[Shown], row: int, texts: Sequence[object]) -> None:
    """Make a row high enough for its longest text, within bounds."""
    lines = (
        sum(1 + len(line) // _width(column) for line in str(text).split("\n"))
        for column, text in zip(columns, texts, strict=False)
    )
    sheet.set_row(row, _LINE * min(max(lines, default=1), _MOST_LINES))


def _width(column: Shown) -> int:
    return _COUNTER_WIDTH if column.counter else _WIDTHS.get(column.field, _WIDTH)


def help_typing(sheet: Any, columns: Sequence[Shown], rows: Stretch) -> None:
    """Put lists and checks on the cells of each known column."""
    for number, column in enumerate(columns):
        if column.field in CHOICES:
            sheet.data_validation(rows.first, number, rows.last, number, _choice(column.field))
        if column.field in TYPED:
            cell = f"{xl_col_to_name(number)}{rows.first + 1}"
            sheet.data_validation(rows.first, number, rows.last, number, _check(TYPED[column.field], cell))


def set_print(sheet: Any, columns: Sequence[Shown], rows: Stretch) -> None:
    """Freeze and repeat the header, let rows be filtered, and print on A4 across."""
    sheet.autofilter(rows.head, 0, rows.last, len(columns) - 1)
    sheet.freeze_panes(rows.head + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(_PAGES, 0)
    sheet.repeat_rows(rows.head)
    sheet.repeat_columns(0, 1)
    sheet.set_footer("&L&F &A&R" + _("Trang {page}/{pages}").format(page="&P", pages="&N"))


def count_letters(
    sheet: Any, looks: Looks, *, columns: Sequence[Shown], rows: Stretch, texts: Mapping[tuple[int, int], str]
) -> None:
    """Let each counter say how long its text is, in words and in colours.

    `texts` are those that stand already, by row and column: programs that reckon nothing see their length.
    """
    for number, column in enumerate(columns):
        counted = max((n for n in range(number) if columns[n].field.startswith("text.")), default=None)
        if not column.counter or counted is None:
            continue
        letters = xl_col_to_name(counted)
        for row in range(
            rows.first, min(rows.last, max((*(row for row, _column in texts), 0)) + COUNTED) + 1
        ):
            length = len(texts.get((row, counted), "").encode("utf-16-le")) // 2
            sheet.write_formula(row, number, _counting(f"{letters}{row + 1}"), looks.look(), _counted(length))
        for told in _colours(looks, f"{letters}{rows.first + 1}"):
            sheet.conditional_format(rows.first, number, rows.last, number, told)


def _counting(cell: str) -> str:
    over = f'IF(LEN({cell})<={TEXT},"/4.096"," > 4.096")'
    return f'=IF({cell}="","",LEN({cell})&IF(LEN({cell})<={CAPTION},"/1.024",{over}))'


def _counted(length: int) -> str:
    bound = "/1.024" if length <= CAPTION else "/4.096" if length <= TEXT else " > 4.096"
    return f"{length}{bound}" if length else ""


def _colours(looks: Looks, cell: str) -> Iterator[dict[str, Any]]:
    marks: tuple[tuple[int, Mark], ...] = ((TEXT, "error"), (CAPTION, "warning"))
    for most, mark in marks:
        criteria = f"=LEN(${cell})>{most}"
        yield {"type": "formula", "criteria": criteria, "format": looks.look(mark), "stop_if_true": True}


def _choice(field: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": f"={CHOICES[field]}",
        "error_type": "warning",
        "error_title": _("Không có trong danh mục"),
        "error_message": _("Kiểm tra lại chữ đã ghi. Vẫn giữ?"),
    }


def _check(typed: Typed, cell: str) -> dict[str, Any]:
    return {
        "validate": "custom",
        "value": typed.formula.format(cell=cell),
        "input_title": _(typed.title),
        "input_message": _(typed.told),
        "error_type": "stop" if typed.stop else "warning",
        "error_title": _(typed.title_wrong),
        "error_message": _(typed.wrong),
    }
