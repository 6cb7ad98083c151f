"""`loa occasions`: the occasions of an office with their next day, source and who confirmed them."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from bot.commands.check import show_problems
from bot.errors import CALENDAR
from bot.frame import Frame
from bot.moments import local_day
from bot.office import OWN_OCCASIONS, beside
from bot.printing import print_array, print_table
from bot.tables import harmless
from content_queue.texts import N_, _
from schedules.anniversaries import class_of
from schedules.columns import CLASS_WORDS, OCCASION_COLUMNS
from schedules.names import fold
from schedules.occasions import Occasion, load
from schedules.occurrences import next_day, years_counted
from schedules.own_occasions import changes, read_own_occasions


@click.group(
    invoke_without_command=True,
    help=N_("Xem các dịp: ngày tới, số năm, nguồn, ai xác nhận; import để nhận danh sách hằng năm."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Print every occasion, the next one first."""
    if ctx.invoked_subcommand is not None:
        return
    frame: Frame = ctx.obj
    today = local_day(frame.now())[0].date()
    found = [(occasion, next_day(occasion, today)) for occasion in frame.office().office.occasions.values()]
    found.sort(key=lambda each: (each[1] or date.max, each[0].key))
    if as_json:
        print_array(_as_json(occasion, day) for occasion, day in found)
        return
    head = [_("Ngày tới"), _("Dịp"), _("Số năm"), _("Người xác nhận"), _("Nguồn")]
    print_table(head, [_line(occasion, day) for occasion, day in found])


def _line(occasion: Occasion, day: date | None) -> list[str]:
    years = years_counted(occasion, day) if day else None
    return [
        f"{day:%d/%m/%Y}" if day else _("chưa có ngày"),
        occasion.names["vi"],
        f"{years} ({CLASS_WORDS[class_of(years)]})" if years else "",
        occasion.verified_by or (_("có nguồn") if occasion.verified else _("chưa xác nhận")),
        occasion.source[:60],
    ]


def _as_json(occasion: Occasion, day: date | None) -> dict[str, object]:
    years = years_counted(occasion, day) if day else None
    return {
        "key": occasion.key,
        "names": dict(occasion.names),
        "next": day.isoformat() if day else None,
        "years": years,
        "class": class_of(years) if years else None,
        "kinds": list(occasion.kinds),
        "source": occasion.source,
        "verified": occasion.verified,
        "verified_by": occasion.verified_by,
    }


@command.command("import", help=N_("Nhận một danh sách dịp: hiện khác biệt rồi mới ghi vào dip.csv."))
@click.argument("file", metavar=N_("TỆP"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help=N_("Ghi luôn, không hỏi lại."))
@click.pass_context
def import_(ctx: click.Context, file: Path, *, yes: bool) -> None:
    """Show what the list adds and changes, keep it once somebody says yes; a mistake ends with its code."""
    frame: Frame = ctx.obj
    present = frame.office().office.occasions
    update = read_own_occasions(file, present)
    if update.problems:
        show_problems(update.problems)
    found = list(changes(present, update.occasions))
    for each in found:
        fields = ", ".join(each.fields)
        click.echo(f"+ {each.name}" if each.new else f"* {each.name}: {fields}")
    click.echo(
        _("Thêm {added}, sửa {changed}.").format(
            added=sum(each.new for each in found), changed=sum(not each.new for each in found)
        )
    )
    if found and (yes or click.confirm(_("Nhận danh sách này?"))):
        kept = beside(frame.home, OWN_OCCASIONS)
        _write(frame.home / f"{OWN_OCCASIONS}.csv", kept, update.rows)
        click.echo(_("Đã ghi vào {file}.").format(file=f"{OWN_OCCASIONS}.csv"))
    ctx.exit(CALENDAR if any(problem.severity == "error" for problem in update.problems) else 0)


def _write(target: Path, kept: Path | None, rows: Sequence[Mapping[str, str]]) -> None:
    """Put rows over those of the same name in the office's table; one in another format is left as `.cu`."""
    before = read_own_occasions(kept, load()).rows
    merged = {fold(row["name"]): row for row in (*before, *rows)}
    part = target.with_suffix(".part")
    with part.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([column.title for column in OCCASION_COLUMNS])
        for row in merged.values():
            writer.writerow([harmless(row[column.field]) for column in OCCASION_COLUMNS])
    if kept and kept != target:
        kept.replace(kept.with_name(f"{kept.name}.cu"))
    part.replace(target)
