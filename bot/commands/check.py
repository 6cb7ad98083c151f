"""`loa check`: every mistake at its place, with how to write it right."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from bot.approving.rule_check import rule_problems
from bot.checkup import platform_problems, remarks, secret_problems, tokenless
from bot.errors import CALENDAR, CONFIGURATION, OK, SettingsError
from bot.frame import Frame
from bot.office import OfficeHome, identify, read_calendars
from bot.planning.cautions import caution_problems
from bot.planning.remembered import open_remembered
from bot.planning.returned import codes_of, give_back
from bot.printing import print_object
from bot.secrets import open_secrets
from bot.settings import FILE, environment
from content_queue.models import Entry, Problem
from content_queue.texts import N_, _
from schedules.calendar import Calendar, read_calendar


@click.command(
    help=N_(
        "Kiểm tra cài đặt, danh sách kênh và mọi lịch nội dung; nêu TỆP thì chỉ kiểm tra lịch đó. "
        "Kết thúc bằng 0 nếu không có lỗi, 3 nếu lịch có lỗi, 78 nếu cài đặt hoặc kênh có lỗi."
    )
)
@click.argument(
    "file", metavar=N_("[TỆP]"), required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def command(ctx: click.Context, file: Path | None, *, as_json: bool) -> None:
    """Check, print, and end with the code that says what is wrong."""
    frame: Frame = ctx.obj
    try:
        opened = frame.office()
        calendar = _read(frame, opened, file)
        folder = file.parent if file else opened.calendars
        refused = platform_problems(calendar, opened, now=frame.now(), folder=folder)
        warned = caution_problems(calendar, opened, now=frame.now(), folder=folder)
        planned = [*calendar.problems, *refused, *warned]
    except SettingsError as error:
        if not as_json:
            raise
        print_object({"ok": False, "problems": [asdict(told) for told in _as_problems(error)]})
        ctx.exit(CONFIGURATION)
    copies = list(_copies(frame, opened, calendar, problems=planned, file=file))
    configured = [] if file else list(_configuration_problems(frame, opened))
    notes = [] if file else list(remarks(opened))
    if as_json:
        problems = [asdict(problem) for problem in (*configured, *planned)]
        print_object(
            {
                "ok": not _errors([*configured, *planned]),
                "problems": problems,
                "notes": notes,
                "copies": [*map(str, copies)],
            }
        )
    else:
        notes += [_("Bản có đánh dấu từng ô: {copy}").format(copy=copy) for copy in copies]
        show_problems([*configured, *planned], notes)
    ctx.exit(CALENDAR if _errors(planned) else CONFIGURATION if _errors(configured) else OK)


def _read(frame: Frame, opened: OfficeHome, file: Path | None) -> Calendar:
    if file is None:
        return read_calendars(opened)
    with open_remembered(frame.home) as remembered:
        return read_calendar(file, opened.office, remembered.campaigns())


def _configuration_problems(frame: Frame, opened: OfficeHome) -> Iterator[Problem]:
    yield from opened.problems
    yield from tokenless(opened)
    yield from rule_problems(opened)
    secrets = open_secrets(
        frame.home, environment(), learn=lambda _secret: None, rehearsal=opened.settings.rehearsal
    )
    yield from secret_problems(opened, secrets)


def _copies(
    frame: Frame, opened: OfficeHome, calendar: Calendar, *, problems: Sequence[Problem], file: Path | None
) -> Iterator[Path]:
    """Give back the file that was asked about, or all that have problems; say where the copies lie."""
    inside = file is not None and file.resolve().parent == opened.calendars.resolve()
    if inside:  # codes are given in all calendars together
        calendar = read_calendars(opened)
    with open_remembered(frame.home) as remembered:
        known = remembered.entries()
    entries = identify(calendar, known).entries
    if file and not inside:
        there = {*(old.code for old in known), *(row.code for row in calendar.entries)}
        entries = tuple(entry if entry.code in there else _lasting(entry) for entry in entries)
    folder = file.parent if file else opened.calendars
    for name in [file.name] if file else sorted({problem.file for problem in problems}):
        here = [problem for problem in problems if problem.file == name]
        try:
            copy = give_back(folder / name, opened.office, problems=here, codes=codes_of(entries, name))
        except OSError:
            told = _("Không ghi được bản có đánh dấu của {file}: không ghi được vào thư mục {folder}.")
            click.echo(told.format(file=name, folder=folder), err=True)
            continue
        if copy:
            yield copy


def _lasting(entry: Entry) -> Entry:
    """Give an entry of a file that lies elsewhere a code that no calendar will give to another one."""
    return replace(entry, code=f"N{entry.fingerprint()[:7].upper()}")


def _as_problems(error: SettingsError) -> Iterator[Problem]:
    lines = error.lines or [0] * len(error.problems)
    for line, message in zip(lines, error.problems, strict=True):
        yield Problem(FILE, "", "", line, "", "settings_wrong", "error", message, error.next_step)


def _errors(problems: Sequence[Problem]) -> int:
    return sum(problem.severity == "error" for problem in problems)


def show_problems(problems: Sequence[Problem], notes: Sequence[str] = ()) -> None:
    """Print each problem with its place and remedy, then the notes and the count."""
    for problem in problems:
        kind = _("Lỗi") if problem.severity == "error" else _("Cảnh báo")
        click.echo(f"{kind} · {_place(problem)}: {problem.message}")
        if problem.hint:
            click.echo(f"    → {problem.hint}")
    for note in notes:
        click.echo(_("Ghi chú · {note}").format(note=note))
    errors = _errors(problems)
    told = _("{errors} lỗi, {warnings} cảnh báo.") if problems else _("Không có lỗi.")
    click.echo(told.format(errors=errors, warnings=len(problems) - errors))


def _place(problem: Problem) -> str:
    """Return `lich.xlsx · Lịch · D17`, or the line where a file has no cells."""
    line = _("dòng {line}").format(line=problem.line) if problem.line and not problem.cell else ""
    return " · ".join(part for part in (problem.file, problem.sheet, problem.cell, line) if part)
