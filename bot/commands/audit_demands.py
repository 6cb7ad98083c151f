"""`loa audit demands`: what authorities wanted taken back, with the clock of each."""

from pathlib import Path

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.moments import iso
from bot.printing import print_array, print_table
from bot.tables import write_table
from content_queue.store.demands import Demand, all_demands
from content_queue.texts import N_, _


@click.command(
    help=N_("Sổ yêu cầu gỡ bài của cơ quan có thẩm quyền, mỗi yêu cầu có hạn 24 giờ; ghi được ra tệp.")
)
@click.argument("file", required=False, metavar=N_("[TỆP]"), type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_obj
def demands(frame: Frame, file: Path | None, *, as_json: bool) -> None:
    """Print the register, or write it into a file of which no cell is a formula."""
    with open_counter(frame) as counter:
        found = counter.ledger.read_now(all_demands)
    head = [
        _("Số văn bản"),
        _("Cơ quan"),
        _("Bài"),
        _("Lý do"),
        _("Nhận lúc"),
        _("Hạn"),
        _("Xong lúc"),
        _("Ai ghi"),
    ]
    if as_json:
        print_array(as_object(each) for each in found)
    elif file is None:
        print_table(head, [_cells(each) for each in found])
    else:
        write_table(file, head, [_cells(each) for each in found])
        click.echo(_("Đã ghi {count} yêu cầu vào {file}.").format(count=len(found), file=file))


def as_object(demand: Demand) -> dict[str, object]:
    """Return the stable contract of `loa audit demands --json`."""
    return {
        "number": demand.number,
        "body": demand.body,
        "posts": list(demand.posts),
        "reason": demand.reason,
        "received_at": iso(demand.received_at),
        "due_at": iso(demand.due_at),
        "done_at": iso(demand.done_at),
        "person": demand.person,
    }


def _cells(demand: Demand) -> list[str]:
    told = as_object(demand)
    return [", ".join(demand.posts) if name == "posts" else str(value or "") for name, value in told.items()]
