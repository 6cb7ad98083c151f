"""`loa reach`: the numbers that were read back, each with its source."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from bot.acts import post_called
from bot.commands import reach_set
from bot.counter import open_counter
from bot.frame import Frame
from bot.moments import iso, show
from bot.printing import print_array, print_table
from content_queue.store import Connection
from content_queue.store.figures import Figure, figures_of, newest_figures
from content_queue.store.reach import Snapshot, snapshots
from content_queue.texts import N_, _
from content_queue.words import platform_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which post or channel the numbers are asked for; empty is of all."""

    post: str
    channel: str


@click.group(
    invoke_without_command=True,
    help=N_("Xem số liệu tiếp cận đã đọc về; set để ghi tay một số kèm nguồn."),
)
@click.option("--post", metavar=N_("MÃ_BÀI"), default="", help=N_("Chỉ số liệu của một bài."))
@click.option("--channel", metavar=N_("KÊNH"), default="", help=N_("Chỉ số liệu của một kênh, mọi ngày."))
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def command(ctx: click.Context, post: str, channel: str, *, as_json: bool) -> None:
    """Print all snapshots, oldest first, unless more is asked."""
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, Wanted(post, channel), as_json=as_json)


command.add_command(reach_set.command)


def _show(frame: Frame, wanted: Wanted, *, as_json: bool) -> None:
    with open_counter(frame) as counter:
        found = counter.ledger.read_now(partial(_found, wanted=wanted))
    if as_json:
        print_array(as_object(number) for number in found)
        return
    head = [_("Đọc lúc"), _("Bài"), _("Kênh"), _("Nền tảng"), _("Chỉ số"), _("Giá trị"), _("Nguồn")]
    print_table(head, [_cells(number) for number in found])
    click.echo(_("{count} số liệu.").format(count=len(found)))


def _found(connection: Connection, wanted: Wanted) -> list[Snapshot | Figure]:
    """Return numbers of posts, then those of channels: of one channel all, else the newest."""
    if wanted.post:
        return [*snapshots(connection, post=post_called(connection, wanted.post).id)]
    of_posts = [one for one in snapshots(connection) if wanted.channel in ("", one.channel)]
    if wanted.channel:
        return [*of_posts, *figures_of(connection, wanted.channel)]
    return [*of_posts, *newest_figures(connection)]


def as_object(snapshot: Snapshot | Figure) -> dict[str, Any]:
    """Return the stable contract of `loa reach --json`."""
    return {
        "delivery": getattr(snapshot, "delivery", None),
        "channel": snapshot.channel,
        "platform": snapshot.platform,
        "metric": snapshot.metric,
        "value": snapshot.value,
        "reason": snapshot.reason,
        "read_at": iso(snapshot.read_at),
        "source": snapshot.source,
    }


def _cells(snapshot: Snapshot | Figure) -> list[str]:
    told = _("không có ({reason})").format(reason=snapshot.reason or _("không rõ lý do"))
    return [
        show(snapshot.read_at.replace(microsecond=0)),
        getattr(snapshot, "post", "—"),
        snapshot.channel,
        platform_name(snapshot.platform),
        snapshot.metric,
        told if snapshot.value is None else str(snapshot.value),
        snapshot.source,
    ]
