"""`loa retract`: take a post, or a whole campaign, back from every channel."""

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.takeback import Touched, show_touched, take_back, touched_by_campaign, touched_by_post
from content_queue.store import Connection
from content_queue.texts import N_, _


@click.command(help=N_("Gỡ một bài, hoặc cả một đợt, khỏi mọi kênh đã đăng."))
@click.argument("post", metavar=N_("MÃ_BÀI"), required=False)
@click.option("--campaign", metavar=N_("TÊN"), help=N_("Gỡ mọi bài của đợt truyền thông này."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai gỡ, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do gỡ."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, post: str | None, campaign: str | None, *, yes: bool, **told: str) -> None:
    """List what it touches, ask, and leave the doing to the daemon."""
    if (post is None) == (campaign is None):
        raise click.UsageError(_("Ghi mã bài hoặc --campaign, một trong hai."))
    with open_counter(frame) as counter:
        by = counter.by(told["name"])

        def look(connection: Connection) -> Touched:
            if campaign is not None:
                return touched_by_campaign(connection, campaign, by)
            return touched_by_post(connection, post or "", by)

        touched = counter.ledger.read_now(look)
        click.echo("\n".join(show_touched(touched)))
        if not touched.out and not touched.coming:
            return
        if not yes:
            click.confirm(_("Gỡ những bài trên?"), abort=True)
        asked = counter.ledger.run_now(lambda c: take_back(c, look(c), by, reason=told["reason"]))
    click.echo(_("Đã ghi yêu cầu gỡ {count} lượt. Kết quả từng kênh: loa why MÃ_BÀI").format(count=asked))
