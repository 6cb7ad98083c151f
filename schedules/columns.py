"""Find the columns of a sheet by their names, wherever they stand and however they are spelled."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from content_queue.models import Problem
from content_queue.texts import N_, _
from schedules.languages import LANGUAGES
from schedules.names import fold, nearest
from schedules.readers import Row, Sheet, Value
from schedules.refusals import ReadError

#: Names of the template's sheets, and two words that it writes into cells for us to read.
CALENDAR_SHEET, CHANNEL_SHEET, LIST_SHEET, GUIDE_SHEET = "Lịch", "Kênh", "Danh mục", "Hướng dẫn"
CAMPAIGN_SHEET = "Chiến dịch"
CAMPAIGN_SHEETS = (CAMPAIGN_SHEET, "Đợt truyền thông", "Các đợt", "campaigns")
#: How hours are written between which bodies take turns, and classes of anniversaries.
TURNS = "{first} đến {last}, rải đều"
CLASS_WORDS: Mapping[str, str] = {"round": "năm tròn", "five": "năm lẻ 5", "other": "năm khác"}
#: The first sheet of an annotated copy.
MISTAKES_SHEET = "Cần sửa"
EXAMPLE, EVERY_CHANNEL = "VÍ DỤ", "tất cả"
_EXAMPLE = fold(EXAMPLE)
#: How the titles of columns begin that count the letters of the text on their left.
COUNTER = "Ký tự"

#: The header stands within so many rows; titles and mastheads stand above it.
_DEEPEST_HEADER = 30
#: So many known columns in one row make it a header.
_FEWEST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its title, and what else people call it.

    `aliases` are compared folded. `required` columns must be there; the cell may still be empty.
    """

    field: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where a sheet's columns stand: field -> column from 0, and what was wrong with them."""

    row: Row
    fields: Mapping[str, int]
    problems: tuple[Problem, ...]


#: The columns of a calendar, in the order of the template. Texts of languages follow.
CALENDAR_COLUMNS: Sequence[Column] = (
    Column("code", N_("Mã bài"), ("mã", "code", "mã gói", "id", "entry")),
    Column("date", N_("Ngày"), ("ngày đăng", "date", "day", "ngày dương lịch", "lịch")),
    Column("lunar", N_("Ngày âm lịch"), ("âm lịch", "ngày âm", "lunar", "lunar date")),
    Column("occasion", N_("Dịp"), ("tên dịp", "ngày kỷ niệm", "dịp kỷ niệm", "sự kiện", "occasion")),
    Column("offset", N_("Độ lệch"), ("lệch", "lệch ngày", "số ngày lệch", "offset")),
    Column("time", N_("Giờ"), ("giờ đăng", "time", "hour", "thời gian"), required=True),
    Column("years", N_("Năm"), ("các năm", "years", "year")),
    Column(
        "agency", N_("Cơ quan"), ("đơn vị", "cơ quan đăng", "đơn vị đăng", "agency", "unit"), required=True
    ),
    Column(
        "author",
        N_("Người soạn"),
        ("người viết", "người phụ trách", "người thực hiện", "tác giả", "author"),
        required=True,
    ),
    Column("campaign", N_("Đợt truyền thông"), ("đợt", "chiến dịch", "campaign")),
    Column(
        "channels",
        N_("Kênh"),
        ("kênh đăng", "trang", "page", "tên page", "fanpage", "channel", "channels", "tài khoản"),
        required=True,
    ),
    Column("languages", N_("Ngôn ngữ"), ("languages", "language", "tiếng")),
    Column("title", N_("Tiêu đề"), ("title", "tít")),
    Column("text.vi", N_("Nội dung"), ("nội dung bài", "mô tả", "caption", "text", "content", "bài viết")),
    Column("link", N_("Liên kết"), ("link", "đường dẫn", "url")),
    Column(
        "pictures",
        N_("Ảnh"),
        (
            *("hình ảnh", "hình", "link ảnh", "video", "ảnh video", "ảnh, video", "tệp đính kèm", "đính kèm"),
            *("pictures", "picture", "images", "media", "attachments"),
        ),
    ),
    Column("alts", N_("Mô tả ảnh"), ("mô tả hình ảnh", "chú thích ảnh", "alt", "alt text", "picture text")),
    Column("persons", N_("Người trong ảnh"), ("nhân vật", "người trong hình", "persons", "consent")),
    Column("form", N_("Dạng"), ("dạng bài", "loại bài", "kind", "form")),
    # Not “comment” alone: that is what reviewers call a column of their own.
    Column("comment.vi", N_("Bình luận đầu"), ("bình luận đầu tiên", "first comment")),
    Column("tags", N_("Thẻ"), ("hashtag", "hashtags", "nhãn", "tags", "từ khóa")),
    Column("topic", N_("Chủ đề"), ("topic", "chuyên mục", "lĩnh vực")),
    Column("document", N_("Số văn bản"), ("văn bản", "số hiệu văn bản", "căn cứ", "document")),
    Column("secrecy", N_("Độ mật"), ("mật", "mức độ mật", "secrecy")),
)
#: A column that stands for two of them.
MOMENT = Column("moment", N_("Ngày giờ"), ("ngày giờ đăng", "thời gian đăng", "lịch đăng", "datetime"))
#: The columns of the list of channels.
CHANNEL_COLUMNS: Sequence[Column] = (
    Column("name", N_("Tên kênh"), ("kênh", "channel", "name"), required=True),
    Column("agency", N_("Cơ quan"), ("đơn vị", "agency"), required=True),
    Column("platform", N_("Nền tảng"), ("mạng", "platform"), required=True),
    Column("remote_id", N_("Mã kênh"), ("id kênh", "mã trang", "id", "remote id"), required=True),
    Column("languages", N_("Ngôn ngữ"), ("languages", "language")),
    Column("groups", N_("Nhóm"), ("nhóm kênh", "groups", "group")),
    Column("mode", N_("Chế độ"), ("mode",)),
    Column("token", N_("Khóa bí mật"), ("khóa", "tên khóa", "token", "secret")),
    Column("hashtags", N_("Thẻ"), ("hashtag", "hashtags")),
)
#: The columns of the list of campaigns.
CAMPAIGN_COLUMNS: Sequence[Column] = (
    Column(
        "name", N_("Đợt truyền thông"), ("tên đợt", "chiến dịch", "tên", "campaign", "name"), required=True
    ),
    Column("goal", N_("Mục tiêu"), ("mục đích", "goal")),
    Column("first", N_("Từ ngày"), ("ngày bắt đầu", "bắt đầu", "from")),
    Column("last", N_("Đến ngày"), ("ngày kết thúc", "kết thúc", "to")),
    Column("event", N_("Ngày sự kiện"), ("ngày chính", "sự kiện", "dịp", "event")),
    Column("hashtags", N_("Thẻ"), ("hashtag", "hashtags")),
    Column("languages", N_("Ngôn ngữ"), ("languages", "language", "tiếng")),
    Column("channels", N_("Kênh"), ("nhóm kênh", "kênh đăng", "channels", "channel")),
    Column("owner", N_("Người phụ trách"), ("phụ trách", "đầu mối", "owner")),
)
#: The columns of an office's own occasions.
OCCASION_COLUMNS: Sequence[Column] = (
    Column("name", N_("Dịp"), ("tên dịp", "ngày kỷ niệm", "sự kiện", "occasion", "name"), required=True),
    Column("en", N_("Tên tiếng Anh"), ("tiếng anh", "english", "en")),
    Column("date", N_("Ngày"), ("ngày tháng", "date"), required=True),
    Column("origin", N_("Năm gốc"), ("năm", "từ năm", "origin", "origin year")),
    Column("kinds", N_("Loại"), ("kinds", "kind")),
    Column("source", N_("Nguồn"), ("văn bản", "căn cứ", "source")),
    Column("verified_by", N_("Người xác nhận"), ("xác nhận", "verified by")),
    Column("aliases", N_("Tên khác"), ("aliases",)),
    Column("note", N_("Ghi chú"), ("note",)),
)
#: Columns of people's own that are kept out of our way without a word.
_THEIR_OWN = ("stt", "số thứ tự", "tt", "ghi chú", "trạng thái", "trạng thái đăng", "note", "notes", "status")


def language_columns() -> tuple[Column, ...]:
    """Return the columns of each language: `Nội dung tiếng Anh`, `English`, `Bình luận đầu (en)`."""
    return tuple(
        Column(f"{kind}.{code}", f"{title} {names[0]}", _spoken(code, names, heads=heads))
        for kind, (title, heads) in _SPOKEN.items()
        for code, names in LANGUAGES.items()
    )


#: Kind of field that each language has one of -> its title, and what stands before the language's name.
_SPOKEN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "text": ("Nội dung", ("", "nội dung", "text", "content", "bản", "bản dịch")),
    "comment": ("Bình luận đầu", ("bình luận đầu", "bình luận đầu tiên", "first comment")),
}


def _spoken(code: str, names: tuple[str, ...], *, heads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{head} {name}".strip() for head in heads for name in (code, *names))


def marks_example(code: Value) -> bool:
    """Tell whether a cell of codes marks its row as one of the template's examples: `VÍ DỤ`, `ví dụ 2`."""
    return isinstance(code, str) and fold(code).startswith(_EXAMPLE)


def key(title: object) -> str:
    """Return what titles of columns are compared by: `Nội dung (en) *` is `noi dung en`."""
    return " ".join(re.findall(r"\w+", fold(title))) if isinstance(title, str) else ""


def spellings(columns: Iterable[Column]) -> dict[str, str]:
    """Return compared spelling -> field; where two columns share one, the first has it."""
    found: dict[str, str] = {}
    for column in columns:
        for name in (column.title, column.field, *column.aliases):
            found.setdefault(key(name), column.field)
    return found


_THEIR_KEYS = frozenset(map(key, _THEIR_OWN))


def _is_their_own(word: str) -> bool:
    """Tell whether a compared title is one that is passed over."""
    return word in _THEIR_KEYS or word.startswith(key(COUNTER))


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header | None:
    """Return the first row that is a header, or None if there is none.

    A cell counts only if all of it is a column's name: long texts full of such words do not.
    """
    known = spellings(columns)
    for row in sheet.rows[:_DEEPEST_HEADER]:
        if len({known[word] for value in row.values if (word := key(value)) in known}) >= _FEWEST_COLUMNS:
            return _header(sheet, row, columns=columns)
    return None


def find_headers(sheet: Sheet, columns: Sequence[Column]) -> tuple[Header, ...]:
    """Return every header of a sheet: below the first, blocks with other columns may follow.

    A row counts as a header of its own if it holds nothing but names of columns; one that repeats
    the header above it is none.
    """
    first = find_header(sheet, columns)
    if first is None:
        return ()
    known, found = spellings(columns), [first]
    for row in sheet.rows:
        if row.number > first.row.number and _names_columns(row, known) and not repeats(row, found[-1]):
            found.append(_header(sheet, row, columns=columns))
    return tuple(found)


def _names_columns(row: Row, known: Mapping[str, str]) -> bool:
    fields = set()
    for value in row.values:
        word = key(value)
        if word in known:
            fields.add(known[word])
        elif not (isinstance(value, str) and (not word or _is_their_own(word))):
            return False
    return len(fields) >= _FEWEST_COLUMNS


def repeats(row: Row, header: Header) -> bool:
    """Tell whether a row is the header once more, as at the top of each printed page."""
    return all(key(row.at(column)) == key(header.row.at(column)) for column in header.fields.values())


def _header(sheet: Sheet, row: Row, *, columns: Sequence[Column]) -> Header:
    known, fields, problems = spellings(columns), dict[str, int](), list[Problem]()
    for column, title in enumerate(row.values):
        field = known.get(key(title))
        if field is None:
            problems += _unknown(sheet, row, column=column, known=[c.title for c in columns])
        elif field in fields:
            problems.append(sheet.problem(row, column, field=field, error=_twice(str(title))))
        else:
            fields[field] = column
    first = min(fields.values())
    filled = {*fields, "time"} if MOMENT.field in fields else fields
    missing = (column for column in columns if column.required and column.field not in filled)
    problems += (sheet.problem(row, first, field=c.field, error=_missing(c)) for c in missing)
    return Header(row, fields, tuple(problems))


def _unknown(sheet: Sheet, row: Row, *, column: int, known: Iterable[str]) -> Iterable[Problem]:
    """Warn about a title that nobody knows, unless it is one of people's own."""
    title = row.values[column]
    if not key(title) or _is_their_own(key(title)):
        return
    message = _("Không biết cột “{title}” nên không đọc.").format(title=title)
    close = nearest(str(title), known, limit=1)
    hint = _("Nếu là cột ghi chú thì để vậy; nếu không, sửa tên theo tệp mẫu.")
    if close:
        hint = _("Có phải “{name}”?").format(name=close[0])
    error = ReadError("column_unknown", message, hint=hint)
    yield replace(sheet.problem(row, column, field="", error=error), severity="warning")


def _twice(title: str) -> ReadError:
    message = _("Cột “{title}” có hai lần.").format(title=title)
    return ReadError("column_twice", message, hint=_("Giữ lại một cột."))


def _missing(column: Column) -> ReadError:
    message = _("Thiếu cột “{title}”.").format(title=_(column.title))
    return ReadError("column_missing", message, hint=_("Thêm cột ấy vào hàng tiêu đề, như trong tệp mẫu."))
