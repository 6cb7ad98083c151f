"""`loa reach`: the numbers that were read back, each with its source."""

from typing import Any

import click

from bot.acts import post_called
from bot.commands import reach_set
from bot.counter import open_counter
from bot.frame import Frame
from bot.moments import iso, show
from bot.printing import print_array, print_table
from content_queue.store.reach import Snapshot, snapshots
from content_queue.texts import N_, _
from content_queue.words import platform_name


@click.group(
    invoke_without_command=True,
    subcommand_metavar=N_("[LỆNH]"),
    help=N_("Xem số liệu tiếp cận đã đọc về; set để ghi tay một số kèm nguồn."),
)
@click.option("--post", metavar=N_("MÃ_BÀI"), help=N_("Chỉ số liệu của một bài."))
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def command(ctx: click.Context, post: str | None, *, as_json: bool) -> None:
    """Print all snapshots, oldest first, unless more is asked."""
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, post, as_json=as_json)


command.add_command(reach_set.command)


def _show(frame: Frame, post: str | None, *, as_json: bool) -> None:
    with open_counter(frame) as counter:
        found = counter.ledger.read_now(lambda c: snapshots(c, post=post and post_called(c, post).id))
    if as_json:
        print_array(as_object(snapshot) for snapshot in found)
        return
    head = [_("Đọc lúc"), _("Bài"), _("Kênh"), _("Nền tảng"), _("Chỉ số"), _("Giá trị"), _("Nguồn")]
    print_table(head, [_cells(snapshot) for snapshot in found])
    click.echo(_("{count} số liệu.").format(count=len(found)))


def as_object(snapshot: Snapshot) -> dict[str, Any]:
    """Return the stable contract of `loa reach --json`."""
    return {
        "delivery": snapshot.delivery,
        "channel": snapshot.channel,
        "platform": snapshot.platform,
        "metric": snapshot.metric,
        "value": snapshot.value,
        "reason": snapshot.reason,
        "read_at": iso(snapshot.read_at),
        "source": snapshot.source,
    }


def _cells(snapshot: Snapshot) -> list[str]:
    told = _("không có ({reason})").format(reason=snapshot.reason or _("không rõ lý do"))
    return [
        show(snapshot.read_at.replace(microsecond=0)),
        snapshot.post,
        snapshot.channel,
        platform_name(snapshot.platform),
        snapshot.metric,
        told if snapshot.value is None else str(snapshot.value),
        snapshot.source,
    ]
