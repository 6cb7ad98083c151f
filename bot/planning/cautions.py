"""Warn of what would hurt later: each caution at its cell, beside the mistakes, and never in their place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.moments import local_day
from bot.office import OfficeHome, identify
from content_queue.kinds import START, kind_of, type_of
from content_queue.media.measures import measure
from content_queue.models import Entry, Problem
from content_queue.texts import _
from schedules.calendar import Calendar
from schedules.cautions import Caution, Customs, cautions
from schedules.columns import CALENDAR_COLUMNS, MOMENT, find_headers, language_columns
from schedules.planner import Plan, Span
from schedules.planner import plan as plan_entries
from schedules.readers import Sheet, file_problem, read_sheets
from schedules.refusals import ReadError

#: Sides of a picture in pixels under which it looks blurred on a phone.
SMALL = (600, 315)
#: Days ahead in which posts are looked at beside each other: a year is planned at once.
AHEAD = 366
#: Where a field has no column of its own.
_STAND_INS = {"date": ("occasion", "lunar", "moment"), "time": ("moment",), "pictures": ("text.vi",)}


def customs_of(opened: OfficeHome) -> Customs:
    """Return what an office keeps to, as its settings say."""
    calendar = opened.settings.calendar
    distance = timedelta(minutes=calendar.distance_minutes)
    return Customs(distance, calendar.quiet_from, calendar.quiet_to)


def caution_problems(
    calendar: Calendar, opened: OfficeHome, *, now: datetime, folder: Path
) -> Iterator[Problem]:
    """Give all cautions about the posts of the coming year, each at its cell in `folder`."""
    today = local_day(now)[0].date()
    span = Span(today, today + timedelta(days=AHEAD), now)
    planning = opened.knowing(calendar.campaigns).planning()
    plan = plan_entries(identify(calendar).entries, planning, span=span)
    found = list(cautions_of(plan, opened, folder))
    for file in sorted({caution.place.file for caution in found}):
        yield from at_cells(found, read_sheets(folder / file), file)


def cautions_of(plan: Plan, opened: OfficeHome, folder: Path) -> Iterator[Caution]:
    """Give all cautions about the posts of a plan; their pictures lie in `folder`."""
    yield from cautions(plan, customs_of(opened))
    for entry in {post.entry.code: post.entry for post in plan.posts}.values():
        yield from _small_pictures(entry, folder)


def _small_pictures(entry: Entry, folder: Path) -> Iterator[Caution]:
    for name in entry.pictures:
        width, height = _pixels(folder / name) if "://" not in name else (0, 0)
        if width and (max(width, height) < SMALL[0] or min(width, height) < SMALL[1]):
            message = _("Ảnh “{name}” chỉ có {width} x {height} điểm ảnh.").format(
                name=name, width=width, height=height
            )
            hint = _("Lấy ảnh gốc lớn hơn, ít nhất {width} x {height}; ảnh nhỏ hiện ra bị mờ.")
            told = hint.format(width=SMALL[0], height=SMALL[1])
            yield Caution(entry, "pictures", ReadError("picture_small", message, hint=told))


def _pixels(file: Path) -> tuple[int, int]:
    """Return width and height of a picture; 0 of what is none, or is gone."""
    try:
        with file.open("rb") as opened:
            found = type_of(file.name, opened.read(START))
            if found is None or kind_of(found.mime) != "picture":
                return 0, 0
            seen = measure(opened, found.mime)
    except OSError:
        return 0, 0
    return seen.width, seen.height


def at_cells(found: Iterable[Caution], sheets: Sequence[Sheet], file: str) -> Iterator[Problem]:
    """Give the cautions about one file as warnings at their cells."""
    by_place: dict[tuple[str, int], list[Caution]] = {}
    for caution in found:
        if caution.place.file == file:
            by_place.setdefault((caution.place.sheet, caution.place.row), []).append(caution)
    for sheet in sheets if by_place else ():
        headers = find_headers(sheet, (*CALENDAR_COLUMNS, MOMENT, *language_columns()))
        heads, header = {each.row.number: each for each in headers}, None
        for row in sheet.rows:
            header = heads.get(row.number, header)
            number = row.number if sheet.cells else row.line
            for caution in by_place.pop((sheet.name, number), ()) if header else ():
                fields = header.fields if header else {}
                names = (caution.field, *_STAND_INS.get(caution.field, ("text.vi",)))
                column = next((fields[name] for name in names if name in fields), 0)
                problem = sheet.problem(row, column, field=caution.field, error=caution.error)
                yield replace(problem, severity="warning", author=caution.entry.author)
    yield from (_of_file(caution) for left in by_place.values() for caution in left)


def _of_file(caution: Caution) -> Problem:
    told = file_problem(caution.place.file, caution.error)
    return replace(told, severity="warning", line=caution.place.row, sheet=caution.place.sheet)
