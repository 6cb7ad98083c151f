"""Two calendars beside each other: which posts of the plan come, go, move or change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.moments import iso, show
from bot.office import OfficeHome, identify
from bot.planning.plan_table import about
from bot.printing import print_array, warn_of_errors
from content_queue.models import Entry
from content_queue.texts import _
from schedules.calendar import read_calendar
from schedules.columns import CALENDAR_COLUMNS
from schedules.compare import PlanDifference, plan_differences
from schedules.identity import KnownEntry
from schedules.planner import Span, plan
from schedules.translations import Kept, translated

#: Days ahead that are compared where no span is asked for: once round the year.
DIFFERING = 366
#: Letters of an occasion or a title that are shown.
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Compared:
    """A calendar held against the one of the office that it stands for; `old` is empty if there is none."""

    new: str
    old: str
    differences: Sequence[PlanDifference]


def compared(file: Path, entries: Sequence[Entry], *, opened: OfficeHome, kept: Kept, span: Span) -> Compared:
    """Compare a file with the office's calendars, whose entries these are; `kept` are translations.

    It stands for the calendar of its name, else for the one that most of its rows are known from;
    posts of the office's other calendars are left alone.
    """
    calendar = read_calendar(file, opened.office, opened.campaigns)
    warn_of_errors(calendar.problems)
    rows = identify(calendar, [_known(entry) for entry in entries]).entries
    files = {entry.code: entry.place.file for entry in entries}
    met = Counter(files[row.code] for row in rows if row.code in files)
    most = next((name for name, _count in met.most_common(1)), "")
    old, codes = file.name if file.name in files.values() else most, {row.code for row in rows}
    meant = [entry for entry in entries if entry.code in codes or entry.place.file == old]
    ways = ((meant, opened), (rows, opened.knowing(calendar.campaigns)))
    plans = (plan(translated(some, kept), way.planning(), span=span) for some, way in ways)
    return Compared(file.name, old, plan_differences(*plans))


def _known(entry: Entry) -> KnownEntry:
    return KnownEntry(entry.code, entry.fingerprint(), entry.match_key(), entry.place.file, typed=True)


def print_differences(compared: Compared, *, as_json: bool) -> None:
    """Print what the new calendar does to the plan of the old one."""
    found = compared.differences
    if as_json:
        print_array(map(_as_json, found))
        return
    old = compared.old or _("lịch đang dùng")
    click.echo(_("{new} so với {old}:").format(new=compared.new, old=old))
    for each in found:
        click.echo(_line(each))
    counts = {kind: sum(each.kind == kind for each in found) for kind in _lines()}
    told = _("Thêm {added}, sửa {changed}, dời {moved}, hủy {cancelled}.") if found else _("Không khác gì.")
    click.echo(told.format(**counts))


def _lines() -> dict[str, str]:
    return {
        "added": _("+ thêm  {post}, {due}: {about}"),
        "changed": _("* sửa   {post}, {due}: {fields}"),
        "moved": _("> dời   {post}, từ {before} sang {due}"),
        "cancelled": _("- hủy   {post}, {due}: {about}"),
    }


def _line(each: PlanDifference) -> str:
    line = _lines()[each.kind].format(
        post=each.post.id,
        due=show(each.post.due),
        before=show(each.before) if each.before else "",
        about=about(each.post)[:_LONGEST],
        fields=", ".join(map(_title, each.fields)),
    )
    moved = ", ".join(map(_title, each.fields)) if each.kind == "moved" else ""
    return f"{line}; {moved}" if moved else line


def _title(field: str) -> str:
    """Return the title of the column that a field of an entry is filled from."""
    kind, dot, locale = field.partition(".")
    titles = {column.field: column.title for column in CALENDAR_COLUMNS}
    name = {"texts": "text", "comments": "comment"}.get(kind, kind)
    title = _(titles.get(f"{name}.vi" if dot else name, kind))
    return f"{title} ({locale})" if dot and locale != "vi" else title


def _as_json(each: PlanDifference) -> dict[str, Any]:
    """Return the stable contract of `loa plan --diff --json`."""
    return {
        "entry": each.post.entry.code,
        "post": each.post.id,
        "kind": each.kind,
        "before": iso(each.before),
        "after": iso(each.after),
        "fields": [*each.fields],
    }
