"""Read the list of channels, a CSV file or the sheet `Kênh` of a workbook; wrong rows are refused alone."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content_queue.models import Agency, Channel, Problem
from content_queue.texts import _
from schedules.agencies import AgencyNames, name_agencies
from schedules.cells import line_of, split
from schedules.columns import CHANNEL_COLUMNS, CHANNEL_SHEET, Header, find_header
from schedules.languages import read_languages
from schedules.names import fold
from schedules.readers import Row, Sheet, file_problem, read_sheets
from schedules.refusals import ReadError

#: A name for a secret.
_SECRET_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
#: What looks like a secret itself: of a Telegram bot, of Facebook (token, app secret), of Zalo.
_SECRET = re.compile(r"\d{5,}:[\w-]{8,}|EAA\w{8,}|[0-9a-f]{32}|[\w.+/=-]{50,}")


@dataclass(frozen=True, slots=True)
class _World:
    """What the cells of a channel are checked against."""

    agencies: AgencyNames
    platforms: Collection[str]


def read_channels(
    path: Path, agencies: Mapping[str, Agency], platforms: Collection[str]
) -> tuple[tuple[Channel, ...], tuple[Problem, ...]]:
    """Read all channels, and tell every mistake at its cell.

    Two rows of one name are both refused, and two that would post to the same place.
    """
    world = _World(name_agencies(agencies), platforms)
    try:
        sheet = _channel_sheet(path)
    except ReadError as error:
        return (), (file_problem(path.name, error),)
    header = find_header(sheet, CHANNEL_COLUMNS)
    if header is None or any(problem.severity == "error" for problem in header.problems):
        return (), header.problems if header else (file_problem(path.name, _headless()),)
    return _read_rows(sheet, header, world)


def _channel_sheet(path: Path) -> Sheet:
    sheets = read_sheets(path)
    named = [sheet for sheet in sheets if fold(sheet.name) in {fold(CHANNEL_SHEET), "channels", ""}]
    if not named:
        message = _("Tệp không có trang “Kênh” nào có dữ liệu.")
        raise ReadError("channels_missing", message, hint=_("Thêm trang “Kênh” như trong tệp mẫu."))
    return named[0]


def _read_rows(
    sheet: Sheet, header: Header, world: _World
) -> tuple[tuple[Channel, ...], tuple[Problem, ...]]:
    problems = list(header.problems)
    found: list[tuple[Row, Channel]] = []
    for row in sheet.rows[sheet.rows.index(header.row) + 1 :]:
        values, wrong = _read_row(sheet, row, header=header, world=world)
        problems += wrong
        if not wrong:
            found.append((row, Channel(**values)))
    for field, told, key in _UNIQUE:
        doubled = _doubled(found, key)
        problems += (
            sheet.problem(row, header.fields[field], field=field, error=told(channel))
            for row, channel in found
            if key(channel) in doubled
        )
        found = [(row, channel) for row, channel in found if key(channel) not in doubled]
    return tuple(channel for _row, channel in found), tuple(problems)


def _read_row(
    sheet: Sheet, row: Row, *, header: Header, world: _World
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields that could be read, and a problem for each that could not."""
    values, problems = dict[str, Any](), list[Problem]()
    for field, read in _READ.items():
        column = header.fields.get(field)
        text = "" if column is None else line_of(row.at(column))
        try:
            _refuse_secret(text)
            values[field] = read(text, world)
        except ReadError as error:
            at = header.fields["name"] if column is None else column
            problems.append(sheet.problem(row, at, field=field, error=error))
    return values, problems


def _name(text: str, _world: _World) -> str:
    if not text:
        raise ReadError("name_missing", _("Kênh chưa có tên."), hint=_("Đặt cho mỗi kênh một tên riêng."))
    if re.search(r"[,;]", text):
        message = _("Tên kênh “{name}” có dấu phẩy hoặc chấm phẩy.").format(name=text)
        raise ReadError("name_unusable", message, hint=_("Bỏ dấu ấy: chúng ngăn các kênh trong lịch."))
    return text


def _agency(text: str, world: _World) -> str:
    if not text:
        raise ReadError("agency_missing", _("Kênh chưa có cơ quan."), hint=_("Ghi tên hoặc mã cơ quan."))
    return world.agencies.find(text)


def _platform(text: str, world: _World) -> str:
    known = {fold(platform): platform for platform in world.platforms}
    if fold(text) not in known:
        message = _("Không có nền tảng “{name}”.").format(name=text)
        raise ReadError(
            "platform_unknown", message, hint=_("Chọn: {names}.").format(names=", ".join(sorted(known)))
        )
    return known[fold(text)]


def _languages(text: str, _world: _World) -> tuple[str, ...]:
    return read_languages(text) or ("vi",)


#: Folded spelling -> mode.
_MODES: Mapping[str, str] = {
    "": "api",
    "api": "api",
    "bat": "api",
    "assisted": "assisted",
    "dang tay": "assisted",
    "thu cong": "assisted",
    "off": "off",
    "tat": "off",
}


def _mode(text: str, _world: _World) -> str:
    mode = _MODES.get(fold(text))
    if mode is None:
        message = _("Không có chế độ “{name}”.").format(name=text)
        hint = _("Ghi api (tự đăng), assisted (nhờ cán bộ đăng tay) hoặc off (tắt).")
        raise ReadError("mode_unknown", message, hint=hint)
    return mode


def _token(text: str, _world: _World) -> str:
    if text and not _SECRET_NAME.fullmatch(text):
        raise _exposed()
    return text


def _refuse_secret(text: str) -> None:
    """Refuse a secret in any column: a row that slipped by one puts it where a name would be repeated."""
    if _SECRET.fullmatch(text):
        raise _exposed()


def _exposed() -> ReadError:
    """Say that a secret stands here, without repeating it."""
    message = _("Ô này giữ chính khóa bí mật; chỉ được ghi tên của khóa.")
    hint = _(
        "Cất khóa vào tệp trong thư mục secrets, ghi tên tệp vào cột Khóa bí mật; khóa đã lộ thì phải đổi."
    )
    return ReadError("token_exposed", message, hint=hint)


def _hashtags(text: str, _world: _World) -> tuple[str, ...]:
    words = (word.strip("#") for word in re.split(r"[\s,;]+", text))
    return tuple(dict.fromkeys(f"#{word}" for word in words if word))


#: Field of a channel -> how its cell is read.
_READ: Mapping[str, Callable[[str, _World], object]] = {
    "name": _name,
    "agency": _agency,
    "platform": _platform,
    "remote_id": lambda text, _world: text,
    "languages": _languages,
    "groups": lambda text, _world: split(text),
    "mode": _mode,
    "token": _token,
    "hashtags": _hashtags,
}


def _name_twice(channel: Channel) -> ReadError:
    message = _("Tên kênh “{name}” có hai lần.").format(name=channel.name)
    return ReadError("name_twice", message, hint=_("Mỗi kênh một tên riêng; các hàng trùng đều không dùng."))


def _place_twice(channel: Channel) -> ReadError:
    message = _("Hai kênh cùng mã “{id}” trên {platform}.").format(
        id=channel.remote_id, platform=channel.platform
    )
    hint = _("Giữ một hàng và ghi các ngôn ngữ vào cột Ngôn ngữ; nếu không, một bài sẽ đăng hai lần.")
    return ReadError("remote_id_twice", message, hint=hint)


def _place(channel: Channel) -> str:
    return f"{channel.platform}\n{channel.remote_id}" if channel.remote_id else f"\n{channel.name}"


#: What no two channels may share: the field told, the sentence, the compared key.
_UNIQUE: Sequence[tuple[str, Callable[[Channel], ReadError], Callable[[Channel], str]]] = (
    ("name", _name_twice, lambda channel: fold(channel.name)),
    ("remote_id", _place_twice, _place),
)


def _doubled(found: Sequence[tuple[Row, Channel]], key: Callable[[Channel], str]) -> frozenset[str]:
    counts = Counter(key(channel) for _row, channel in found)
    return frozenset(one for one, count in counts.items() if count > 1)


def _headless() -> ReadError:
    message = _("Không thấy hàng tiêu đề của danh sách kênh.")
    columns = ", ".join(column.field for column in CHANNEL_COLUMNS[:-1])
    return ReadError("header_missing", message, hint=_("Hàng đầu ghi: {columns}.").format(columns=columns))
