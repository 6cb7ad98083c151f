"""`loa export`: the plan as feeds for phones, or back as a workbook."""

from pathlib import Path

import click

from bot.errors import LoaError
from bot.frame import Frame
from bot.office import OfficeHome, identify, read_calendars
from bot.planning.remembered import open_remembered
from bot.printing import warn_of_errors
from content_queue.texts import N_, _
from schedules.calendar import Calendar


@click.command(
    help=N_(
        "Ghi kế hoạch ra ngoài. ics: vào THƯ MỤC, một lịch điện thoại cho cả văn phòng và cho mỗi cơ quan, "
        "kênh, ngôn ngữ. xlsx: vào một TỆP bảng tính, mọi mục lịch kèm Mã bài."
    )
)
@click.argument("kind", metavar="ics|xlsx", type=click.Choice(["ics", "xlsx"]))
@click.argument("target", metavar=N_("NƠI_GHI"), type=click.Path(path_type=Path))
@click.pass_obj
def command(frame: Frame, kind: str, target: Path) -> None:
    """Write, and say what was written; a workbook is never overwritten."""
    told = _export_ics(frame, target) if kind == "ics" else _export_xlsx(frame, target)
    click.echo(told)


def _export_ics(frame: Frame, target: Path) -> str:
    from bot.planning.feeds import feeds  # noqa: PLC0415 -- a workbook needs none of it

    opened, count = frame.office(), 0
    with open_remembered(frame.home) as remembered:
        calendar = _calendar(opened)
        for path, text in feeds(opened, calendar, remembered, now=frame.now()):
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            part.write_bytes(text.encode())
            part.replace(file)
            count += 1
    return _("Đã ghi {count} lịch vào {folder}. Điện thoại có thể cập nhật chậm vài giờ.").format(
        count=count, folder=target
    )


def _export_xlsx(frame: Frame, target: Path) -> str:
    from schedules.entry_rows import row_of, text_fields  # noqa: PLC0415 -- feeds need none of it
    from schedules.template import write_template  # noqa: PLC0415 -- the same

    if target.suffix.lower() != ".xlsx":
        raise LoaError(
            _("Tệp phải có đuôi .xlsx."), next_step=f"loa export xlsx {target.stem or 'lich'}.xlsx"
        )
    if target.exists():
        told = _("{file} đã có; loa không ghi đè tệp của bạn.").format(file=target)
        raise LoaError(told, next_step=_("Gõ lại với một tên tệp khác"))
    opened = frame.office()
    with open_remembered(frame.home) as remembered:
        calendar = _calendar(opened)
        entries = identify(calendar, remembered.entries()).entries
    rows = [row_of(entry, opened.office) for entry in entries]
    campaigns = [*calendar.campaigns.values()]
    write_template(target, opened.office, rows, languages=text_fields(entries), campaigns=campaigns)
    return _("Đã ghi {count} mục lịch vào {file}.").format(count=len(rows), file=target)


def _calendar(opened: OfficeHome) -> Calendar:
    """Read all calendars; say if rows were left out."""
    calendar = read_calendars(opened)
    warn_of_errors((*opened.problems, *calendar.problems))
    return calendar
