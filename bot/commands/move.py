"""`loa move`: put a whole event on another day."""

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.office import read_calendars
from bot.planning.moving import campaign_called, move, plan_move, show_moving
from content_queue.store.campaigns import kept_moves
from content_queue.texts import N_, _
from schedules.campaigns import moved
from schedules.names import fold


@click.command(help=N_("Dời cả một sự kiện sang ngày khác: các bài tính từ ngày ấy dời theo."))
@click.argument("event", metavar=N_("ĐỢT"))
@click.option("--to", "to", required=True, metavar=N_("NGÀY"), help=N_("Ngày mới, như 23/11/2026."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai dời, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do dời, ví dụ số văn bản."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, event: str, to: str, *, yes: bool, **told: str) -> None:
    """Show what it comes to, ask, and leave the doing to the daemon's next reading."""
    opened = frame.office()
    listed = read_calendars(opened).campaigns
    with open_counter(frame) as counter:
        by, moves = counter.by(told["name"]), counter.ledger.read_now(kept_moves)
        campaign = campaign_called(moved(listed, moves), event)
        was = listed[fold(campaign.name)].event
        moving = counter.ledger.read_now(lambda c: plan_move(c, campaign, by, to=to, opened=opened))
        click.echo("\n".join(show_moving(moving)))
        if not yes:
            click.confirm(_("Dời như trên?"), abort=True)
        counter.ledger.run_now(lambda c: move(c, moving, by, was=was, reason=told["reason"]))
    click.echo(_("Đã ghi. Nhớ sửa ô Ngày sự kiện trong tệp lịch cho khớp."))
