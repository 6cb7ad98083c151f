"""Read the campaigns of a calendar, and give its rows what they leave open."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from content_queue.models import Campaign, Entry, Move, Place, Problem
from content_queue.texts import _
from schedules.cells import line_of, split, text_of
from schedules.columns import CAMPAIGN_COLUMNS, CAMPAIGN_SHEETS, Header, find_header, marks_example
from schedules.dates import read_date
from schedules.languages import read_languages
from schedules.names import fold
from schedules.occasions import Occasions
from schedules.readers import Row, Sheet, Value
from schedules.refusals import ReadError
from schedules.rules import SolarDay, certain_years, days
from schedules.selection import Selection

_NAMES = frozenset(map(fold, CAMPAIGN_SHEETS))


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign as listed, with the place of its row."""

    campaign: Campaign
    place: Place


#: What stands in the sheet, and what is wrong with it.
Found = tuple[tuple[Listed, ...], tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class _World:
    occasions: Occasions
    selection: Selection


def lists_campaigns(sheet: Sheet) -> bool:
    """Tell whether a sheet lists campaigns: by its name, or, where it has none, by that of its file."""
    return fold(sheet.name or Path(sheet.file).stem) in _NAMES


def read_campaigns(sheet: Sheet, occasions: Occasions, selection: Selection) -> Found:
    """Read every campaign of a sheet; a wrong row is refused alone."""
    header = find_header(sheet, CAMPAIGN_COLUMNS)
    if header is None:
        message = _("Trang này không có hàng tiêu đề của các đợt truyền thông.")
        hint = _("Ghi các cột Đợt truyền thông, Từ ngày, Đến ngày, Ngày sự kiện… như trong tệp mẫu.")
        return (), (
            sheet.problem(sheet.rows[0], 0, field="", error=ReadError("header_missing", message, hint=hint)),
        )
    found, problems = list[Listed](), list(header.problems)
    if any(problem.severity == "error" for problem in problems):
        return (), tuple(problems)
    world = _World(occasions, selection)
    for row in sheet.rows[sheet.rows.index(header.row) + 1 :]:
        if row.empty() or marks_example(row.at(header.fields["name"])):
            continue
        values, wrong = _read_row(sheet, row, header=header, world=world)
        problems += wrong
        if not wrong:
            place = Place(sheet.file, sheet.name, row.number if sheet.cells else row.line)
            found.append(Listed(Campaign(**values), place))
    return tuple(found), tuple(problems)


def _read_row(
    sheet: Sheet, row: Row, *, header: Header, world: _World
) -> tuple[dict[str, Any], list[Problem]]:
    values, problems = dict[str, Any](), list[Problem]()
    for field, read in _READ.items():
        column = header.fields.get(field)
        try:
            values[field] = read("" if column is None else row.at(column), world)
        except ReadError as error:
            problems.append(sheet.problem(row, column or 0, field=field, error=error))
    first, last = values.get("first"), values.get("last")
    if first and last and last < first:
        message = _("Đợt kết thúc trước khi bắt đầu.")
        turned = ReadError("campaign_turned", message, hint=_("Sửa cột Từ ngày hoặc cột Đến ngày."))
        problems.append(sheet.problem(row, header.fields["last"], field="last", error=turned))
    return values, problems


def _name(value: Value, _world: _World) -> str:
    if name := line_of(value):
        return name
    raise ReadError("name_missing", _("Đợt chưa có tên."), hint=_("Đặt cho mỗi đợt một tên riêng."))


def _day(value: Value, world: _World) -> date | None:
    """Return a day of one certain year."""
    if not line_of(value):
        return None
    rule = read_date(value, world.occasions)
    if isinstance(rule, SolarDay) and rule.year:
        return date(rule.year, rule.month, rule.day)
    message = _("“{text}” chưa phải một ngày của một năm.").format(text=line_of(value))
    raise ReadError("campaign_day", message, hint=_whole_day())


def _whole_day() -> str:
    return _("Ghi đủ ngày, tháng, năm dương lịch, ví dụ 01/11/2026.")


def _event(value: Value, world: _World) -> str:
    """Return the words of the event's day, as they are typed; a real date is put in words."""
    if not line_of(value):
        return ""
    rule = read_date(value, world.occasions)
    if isinstance(rule, SolarDay) and not isinstance(value, str):
        return f"{rule.day:02}/{rule.month:02}/{rule.year}"
    return line_of(value)


def _channels(value: Value, world: _World) -> tuple[str, ...]:
    words = world.selection.words(text_of(value))
    world.selection.select(words)
    return words


def _hashtags(value: Value, _world: _World) -> tuple[str, ...]:
    words = split(text_of(value).replace("#", "\n").replace(" ", "\n"))
    return tuple(f"#{word}" for word in words)


#: Field -> how its cell is read.
_READ: Mapping[str, Callable[[Value, _World], object]] = {
    "name": _name,
    "goal": lambda value, _world: text_of(value),
    "first": _day,
    "last": _day,
    "event": _event,
    "hashtags": _hashtags,
    "languages": lambda value, _world: read_languages(text_of(value)),
    "channels": _channels,
    "owner": lambda value, _world: line_of(value),
}


def by_name(listed: Sequence[Listed]) -> tuple[Mapping[str, Campaign], tuple[Problem, ...]]:
    """Return the campaigns by folded name, and a problem for each name that stands twice: neither counts."""
    found: dict[str, list[Listed]] = {}
    for each in listed:
        found.setdefault(fold(each.campaign.name), []).append(each)
    problems = [_twice(each) for same in found.values() if len(same) > 1 for each in same]
    return {name: same[0].campaign for name, same in found.items() if len(same) == 1}, tuple(problems)


def _twice(listed: Listed) -> Problem:
    message = _("Đợt “{name}” có hai lần; các hàng trùng đều không dùng.").format(name=listed.campaign.name)
    place = listed.place
    return Problem(
        *(place.file, place.sheet, "", place.row, "name", "name_twice", "error", message),
        _("Giữ lại một hàng."),
    )


def moved(campaigns: Mapping[str, Campaign], moves: Mapping[str, Move]) -> dict[str, Campaign]:
    """Return the campaigns with their events where people moved them; a cell that changed since then wins."""
    return {
        name: replace(campaign, event=move.to)
        if (move := moves.get(name)) and move.was == campaign.event
        else campaign
        for name, campaign in campaigns.items()
    }


def first_day(words: str, occasions: Occasions) -> date:
    """Return the first day of an event.

    Raises:
        ReadError: it is no day, or one that comes every year.
    """
    rule = read_date(words, occasions)
    found = [day for year in certain_years(rule) for day in days(rule, year)]
    if not found:
        message = _("“{text}” chưa phải một ngày của một năm.").format(text=words)
        raise ReadError("campaign_day", message, hint=_whole_day())
    return found[0]


def inheriting(entries: Iterable[Entry], campaigns: Mapping[str, Campaign]) -> list[Entry]:
    """Return entries with what they leave open and their campaigns say."""
    return [inherited(entry, campaigns.get(fold(entry.campaign))) for entry in entries]


def inherited(entry: Entry, campaign: Campaign | None) -> Entry:
    """Return the entry with what it leaves open and its campaign says."""
    if campaign is None:
        return entry
    return replace(
        entry,
        campaign=campaign.name,
        date_words=entry.date_words or campaign.event,
        channels=entry.channels or campaign.channels,
        languages=entry.languages or campaign.languages,
        hashtags=campaign.hashtags,
    )
