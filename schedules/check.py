"""Check one row of a calendar: every field is read, and every mistake is told at its own cell."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from content_queue.models import Entry, Place, Problem
from content_queue.texts import _
from schedules.agencies import AgencyNames
from schedules.cells import is_blank, line_of, lines_of, split, text_of
from schedules.columns import MOMENT, Header, marks_example
from schedules.day_cells import classes_of, read_day, read_years_of
from schedules.doubts import doubts
from schedules.forms import read_form
from schedules.hours import read_time, read_until
from schedules.identity import Refused
from schedules.languages import LANGUAGES, read_languages
from schedules.moments import split_moment
from schedules.names import fold
from schedules.office import Office
from schedules.pictures import read_pictures
from schedules.readers import Row, Sheet, Value
from schedules.refusals import ReadError, formula_in_cell
from schedules.row_texts import comments_of, texts_of
from schedules.selection import Selection
from schedules.series import read_series, read_single_offset
from schedules.translation_checks import column_doubts
from schedules.wording import check_words

#: Field -> what stands in its cell.
Cells: TypeAlias = Mapping[str, Value]

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,39})")
#: Fields of an entry that its match key is made of.
_KEY_FIELDS = ("date_words", "offset", "at", "channels", "campaign", "series")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What rows are checked against. `folder` is where the calendar lies and its pictures are sought."""

    office: Office
    selection: Selection
    folder: Path

    @property
    def agencies(self) -> AgencyNames:
        """Return the names that agencies are found by."""
        return self.selection.agencies


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one row: an entry or a refusal, and every problem of it, warnings included."""

    row: Row
    header: Header
    entry: Entry | None
    refused: Refused | None
    problems: tuple[Problem, ...]


def cells_of(row: Row, header: Header) -> dict[str, Value]:
    """Return the row's cells by field."""
    cells = {field: row.at(column) for field, column in header.fields.items()}
    if MOMENT.field in cells:
        day, hour = split_moment(cells[MOMENT.field])
        cells = {"date": day, "time": hour} | cells
    return cells


def is_example(cells: Cells) -> bool:
    """Tell whether the row is one of the template's examples."""
    return marks_example(cells.get("code", ""))


def is_heading(cells: Cells, row: Row) -> bool:
    """Tell whether the row is a title between the entries: one cell, and no code in it."""
    filled = list(islice((value for value in row.values if not is_blank(value)), 2))
    if len(filled) != 1:
        return False
    own = [field for field, value in cells.items() if not is_blank(value)]
    return own != ["code"] or not _CODE.fullmatch(line_of(filled[0]))


def check_row(sheet: Sheet, row: Row, *, header: Header, yardstick: Yardstick) -> Checked:
    """Read one row; an error in any field refuses the row, and only it."""
    cells = cells_of(row, header)
    tell = _teller(sheet, row, header)
    values, problems = _read(cells, yardstick, tell=tell)
    worked_out = [field for field, column in header.fields.items() if (row.number, column) in sheet.formulas]
    problems = [problem for problem in problems if problem.field not in worked_out]
    problems += (tell(field, formula_in_cell()) for field in worked_out)
    author = values.get("author", "")
    problems = [replace(problem, author=author) for problem in problems]
    line = row.number if sheet.cells else row.line
    place = Place(sheet.file, sheet.name, line)
    if any(problem.severity == "error" for problem in problems):
        return Checked(row, header, None, _refused(values, place), tuple(problems))
    return Checked(row, header, Entry(place=place, **values), None, tuple(problems))


_Tell: TypeAlias = Callable[[str, ReadError], Problem]


def _teller(sheet: Sheet, row: Row, header: Header) -> _Tell:
    """Return how this row's mistakes are told: at the field's cell, or at the row's first one."""

    def tell(field: str, error: ReadError) -> Problem:
        stand_ins = (field, *_NEIGHBOURS.get(field, ()))
        there = [header.fields[name] for name in stand_ins if name in header.fields]
        filled = (column for column in there if line_of(row.at(column)))
        column = next(filled, there[0] if there else min(header.fields.values()))
        return sheet.problem(row, column, field=field, error=error)

    return tell


#: Fields whose content may stand in another column too.
_NEIGHBOURS: Mapping[str, Sequence[str]] = {
    "date": ("lunar", "occasion", "moment"),
    "time": ("moment",),
    "until": ("time", "moment"),
    "series": ("offset", "date"),
    "years": ("date",),
    "anniversaries": ("years",),
    "alts": ("pictures",),
    "persons": ("alts", "pictures"),
    "text.vi": tuple(f"text.{code}" for code in LANGUAGES),
}


def _read(cells: Cells, yardstick: Yardstick, *, tell: _Tell) -> tuple[dict[str, Any], list[Problem]]:
    values, problems = dict[str, Any](), list[Problem]()
    for field, (name, read) in _FIELDS.items():
        try:
            values[name] = read(cells, yardstick)
        except ReadError as error:
            problems.append(tell(field, error))
    for name, read_words in (("texts", texts_of), ("comments", comments_of)):
        values[name], wrong = read_words(cells)
        problems += (tell(field, error) for field, error in wrong)
    told = [*doubts(values, yardstick.office.occasions, yardstick.selection)]
    told += column_doubts(values["texts"], yardstick.office.glossary)
    problems += (replace(tell(field, doubt), severity="warning") for field, doubt in told)
    return values, problems


def _refused(values: Mapping[str, Any], place: Place) -> Refused:
    key = ""
    if all(name in values for name in _KEY_FIELDS):
        key = Entry(**{**_BLANK, **values}, place=place).match_key()
    return Refused(place.file, values.get("code", ""), key)


_BLANK: Mapping[str, Any] = {"code": "", "agency": "", "author": "", "languages": (), "texts": {}}


def _line(field: str) -> Callable[[Cells, Yardstick], str]:
    """Return a reader of a cell that may say anything on one line."""
    return lambda cells, _yardstick: line_of(cells.get(field, ""))


def _code(cells: Cells, _yardstick: Yardstick) -> str:
    code = line_of(cells.get("code", ""))
    if code and not _CODE.fullmatch(code):
        message = _("Mã bài “{code}” không dùng được.").format(code=code[:60])
        hint = _("Chỉ dùng chữ không dấu, số và các dấu - _ . (nhiều nhất 40 ký tự), ví dụ TET-01.")
        raise ReadError("code_unusable", message, hint=hint)
    return code


def _agency(cells: Cells, yardstick: Yardstick) -> str:
    words = line_of(cells.get("agency", ""))
    if not words:
        hint = _("Ghi cơ quan đứng tên, ví dụ Sở Ngoại vụ hoặc UBND phường Pleiku.")
        raise ReadError("agency_missing", _("Chưa có cơ quan."), hint=hint)
    return yardstick.agencies.find(words)


def _author(cells: Cells, _yardstick: Yardstick) -> str:
    words = line_of(cells.get("author", ""))
    if not words:
        hint = _("Ghi họ tên người soạn; người soạn không tự duyệt bài của mình.")
        raise ReadError("author_missing", _("Chưa có người soạn."), hint=hint)
    return words


def _channels(cells: Cells, yardstick: Yardstick) -> tuple[str, ...]:
    words = yardstick.selection.words(text_of(cells.get("channels", "")))
    if not words and line_of(cells.get("campaign", "")):
        return ()  # its campaign says, or the row is refused beside it
    if not words:
        hint = _("Ghi tên kênh, nền tảng, cơ quan, nhóm kênh hoặc: tất cả.")
        raise ReadError("channels_missing", _("Chưa chọn kênh."), hint=hint)
    yardstick.selection.select(words)
    return words


def _title(cells: Cells, _yardstick: Yardstick) -> str:
    title = line_of(cells.get("title", ""))
    check_words(title, locale="vi")
    return title


def _link(cells: Cells, _yardstick: Yardstick) -> str:
    link = line_of(cells.get("link", ""))
    if link and not _is_web(link):
        message = _("“{link}” không phải địa chỉ trang web.").format(link=link)
        hint = _("Ghi một địa chỉ bắt đầu bằng https:// hoặc http://.")
        raise ReadError("link_unusable", message, hint=hint)
    return link


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and " " not in link


def _alts(cells: Cells, yardstick: Yardstick) -> tuple[str, ...]:
    """Return what is to be seen on each picture, a line of the cell for each."""
    alts = lines_of(cells.get("alts", ""))
    if not alts:
        return ()
    try:
        count = len(read_pictures(text_of(cells.get("pictures", "")), yardstick.folder))
    except ReadError:
        return alts  # told at the pictures themselves
    if len(alts) > count:
        message = _("Có {count} dòng mô tả cho {pictures} ảnh.").format(count=len(alts), pictures=count)
        hint = _("Mỗi ảnh một dòng mô tả, theo thứ tự ở cột Ảnh; ảnh không cần mô tả thì để dòng trống.")
        raise ReadError("alts_many", message, hint=hint)
    return alts


def _tags(cells: Cells, _yardstick: Yardstick) -> tuple[str, ...]:
    return split(text_of(cells.get("tags", "")).replace("#", "\n"))


def _secrecy(cells: Cells, _yardstick: Yardstick) -> str:
    words = line_of(cells.get("secrecy", ""))
    if fold(words) not in {"", "cong khai"}:
        message = _("Nội dung có độ mật không được đưa vào lịch đăng.")
        hint = _("Xóa mục này khỏi tệp; chỉ nội dung công khai mới để trống hoặc ghi “công khai”.")
        raise ReadError("secrecy_refused", message, hint=hint)
    return words


#: Column -> the entry's field and how its cell is read. Texts are read apart: one for each language.
_FIELDS: Mapping[str, tuple[str, Callable[[Cells, Yardstick], Any]]] = {
    "code": ("code", _code),
    "date": ("date_words", lambda cells, yardstick: read_day(cells, yardstick.office.occasions)),
    "offset": ("offset", lambda cells, _yardstick: read_single_offset(cells.get("offset", ""))),
    "series": (
        "series",
        lambda cells, _yardstick: read_series(cells.get("date", ""), cells.get("offset", "")),
    ),
    "time": ("at", lambda cells, _yardstick: read_time(cells["time"])),
    "until": ("until", lambda cells, _yardstick: read_until(cells["time"])),
    "years": ("years", lambda cells, yardstick: read_years_of(cells, yardstick.office.occasions)),
    "anniversaries": (
        "anniversaries",
        lambda cells, yardstick: classes_of(cells, yardstick.office.occasions),
    ),
    "agency": ("agency", _agency),
    "author": ("author", _author),
    "campaign": ("campaign", _line("campaign")),
    "channels": ("channels", _channels),
    "languages": ("languages", lambda cells, _yardstick: read_languages(text_of(cells.get("languages", "")))),
    "title": ("title", _title),
    "link": ("link", _link),
    "pictures": (
        "pictures",
        lambda cells, yardstick: read_pictures(text_of(cells.get("pictures", "")), yardstick.folder),
    ),
    "alts": ("alts", _alts),
    "persons": ("persons", _line("persons")),
    "form": ("form", lambda cells, _yardstick: read_form(line_of(cells.get("form", "")))),
    "tags": ("tags", _tags),
    "topic": ("topic", _line("topic")),
    "document": ("document", _line("document")),
    "secrecy": ("secrecy", _secrecy),
}
