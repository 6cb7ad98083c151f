"""`loa translate`: hand a campaign to translators, take back what they wrote, see how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from bot.commands.check import show_problems
from bot.counter import open_counter
from bot.errors import CALENDAR, LoaError
from bot.frame import Frame
from bot.moments import local_day
from bot.office import OfficeHome, identify, read_calendars
from bot.people import may_post
from bot.planning.remembered import Remembered, open_remembered
from bot.planning.translating import refused_by_platforms, remember, take_in, wanted_of, with_deadlines
from bot.printing import print_array, print_object, print_table, warn_of_errors
from content_queue.models import Entry, Person, Translation
from content_queue.store.translations import kept_translations
from content_queue.texts import N_, _
from schedules.campaigns import inheriting
from schedules.translation_rows import STATES, Given, read_translations
from schedules.translations import Wanted


@click.group(
    invoke_without_command=True,
    help=N_("Xem các bản dịch đến đâu; export để giao cho người dịch, import để nhận lại."),
)
@click.option("--campaign", default="", metavar=N_("ĐỢT"), help=N_("Chỉ đợt này."))
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def command(ctx: click.Context, campaign: str, *, as_json: bool) -> None:
    """Print how far each text is that channels want in another language."""
    if ctx.invoked_subcommand is not None:
        return
    frame: Frame = ctx.obj
    today = local_day(frame.now())[0].date()
    with open_remembered(frame.home) as remembered:
        opened, entries = _opened(frame, remembered)
        found = wanted_of(entries, remembered.translations(), opened, campaign)
    if as_json:
        print_array(_as_json(each, today) for each in found)
        return
    head = [_("Mã bài"), _("Ngôn ngữ"), _("Trạng thái"), _("Hạn"), _("Người dịch"), _("Người kiểm")]
    print_table(head, [_line(each, today) for each in found])


@command.command(
    "export", help=N_("Ghi tệp cho người dịch: mỗi bài và ngôn ngữ một hàng, kèm thuật ngữ phải theo.")
)
@click.argument("campaign", metavar=N_("ĐỢT"))
@click.argument("file", metavar=N_("TỆP.xlsx"), type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", "languages", multiple=True, metavar=N_("MÃ"), help=N_("Chỉ ngôn ngữ này."))
@click.option(
    "--days",
    default=5,
    type=click.IntRange(0, 250),
    metavar="N",
    help=N_("Hạn: trước ngày đăng mấy ngày làm việc."),
)
@click.pass_obj
def export(frame: Frame, campaign: str, file: Path, languages: Sequence[str], *, days: int) -> None:
    """Write the workbook, and remember the deadlines in it; what is there is never overwritten."""
    from schedules.translation_book import write_translations  # noqa: PLC0415 -- the others need no xlsx

    _refuse(file)
    with open_counter(frame) as counter:
        kept = counter.ledger.read_now(kept_translations)
        opened, entries = _opened(frame, Remembered(counter.ledger))
        found = wanted_of(entries, kept, opened, campaign)
        found = [each for each in found if not languages or each.locale in languages]
        found = with_deadlines(found, opened, days=days, now=counter.now)
        counter.ledger.run_now(lambda c: remember(c, found, counter.now))
    write_translations(file, found, opened.office)
    told = _(
        "Đã ghi {count} bản cần dịch vào {file}. Nhận lại thì gõ: loa translate import {file} --as HỌ_TÊN"
    )
    click.echo(told.format(count=len(found), file=file))


def _refuse(file: Path) -> None:
    if file.suffix.lower() != ".xlsx":
        raise LoaError(_("Tệp phải có đuôi .xlsx."), next_step=_("Gõ lại với một tên tệp khác"))
    if file.exists():
        told = _("{file} đã có; loa không ghi đè tệp của bạn.").format(file=file)
        raise LoaError(told, next_step=_("Gõ lại với một tên tệp khác"))


@command.command("import", help=N_("Nhận lại tệp đã dịch; hàng sai bị để riêng và chỉ rõ từng ô."))
@click.argument("file", metavar=N_("TỆP"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai nhận, theo settings.toml."))
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def import_(ctx: click.Context, file: Path, name: str, *, as_json: bool) -> None:
    """Keep every row without a mistake, tell the others, and end with the code that says so."""
    frame: Frame = ctx.obj
    with open_counter(frame) as counter:
        by, (opened, entries) = counter.by(name), _opened(frame, Remembered(counter.ledger))
        entries = _own(entries, by.person)
        given = read_translations(file, entries, opened.office)
        given = refused_by_platforms(given, entries, opened, now=counter.now)
        changed = counter.ledger.run_now(lambda c: take_in(c, given.translations, by))
    wrong = any(problem.severity == "error" for problem in given.problems)
    if as_json:
        print_object(_taken_as_json(given, changed))
    else:
        show_problems(given.problems)
        click.echo(_("Đã nhận {count} bản dịch mới hoặc sửa.").format(count=len(changed)))
    ctx.exit(CALENDAR if wrong else 0)


def _own(entries: Sequence[Entry], person: Person) -> list[Entry]:
    """Return the entries of the agencies that a person works for."""
    return [entry for entry in entries if may_post(person, entry.agency)]


def _opened(frame: Frame, remembered: Remembered) -> tuple[OfficeHome, Sequence[Entry]]:
    """Return the office with its campaigns, and the entries of its calendars."""
    opened = frame.office()
    calendar = read_calendars(opened)
    warn_of_errors((*opened.problems, *calendar.problems))
    campaigns = remembered.moved(calendar.campaigns)
    entries = inheriting(identify(calendar, remembered.entries()).entries, campaigns)
    return opened.knowing(campaigns), entries


def _word(each: Wanted, today: date) -> str:
    """Return the state of a text as people read it."""
    if each.stale:
        return _("đã cũ: bản gốc đã sửa")
    names = {state: name for name, state in STATES.items()}
    name = _(names[each.kept.state] if each.kept else next(iter(STATES)))
    return _("{state}, quá hạn").format(state=name) if each.late(today) else name


def _line(each: Wanted, today: date) -> list[str]:
    kept = each.kept
    day = f"{kept.deadline:%d/%m/%Y}" if kept and kept.deadline else ""
    people = [kept.translator, kept.checker] if kept else ["", ""]
    return [each.entry.code, each.locale, _word(each, today), day, *people]


def _as_json(each: Wanted, today: date) -> Mapping[str, Any]:
    kept = each.kept
    return {
        "entry": each.entry.code,
        "campaign": each.entry.campaign or None,
        "locale": each.locale,
        "state": kept.state if kept else "missing",
        "stale": each.stale,
        "late": each.late(today),
        "deadline": kept.deadline.isoformat() if kept and kept.deadline else None,
        "translator": kept.translator if kept else "",
        "checker": kept.checker if kept else "",
    }


def _taken_as_json(given: Given, changed: Sequence[Translation]) -> Mapping[str, Any]:
    return {
        "ok": all(problem.severity != "error" for problem in given.problems),
        "taken": len(changed),
        "problems": [asdict(problem) for problem in given.problems],
    }
