"""`loa cancel`: take a post, or a whole campaign, out of the plan."""

import click

from bot import acts
from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.planning.moving import cancel_campaign, plan_cancel, show_cancelling
from content_queue.texts import N_, _


@click.command(help=N_("Hủy một bài đăng, hoặc cả một đợt; những gì đã đăng vẫn còn."))
@click.argument("post", metavar=N_("[MÃ_BÀI]"), required=False)
@click.option("--campaign", metavar=N_("TÊN"), help=N_("Hủy mọi bài chưa đăng của đợt truyền thông này."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai hủy, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do hủy."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại khi hủy cả đợt."))
@click.pass_obj
def command(frame: Frame, /, post: str | None, campaign: str | None, *, yes: bool, **told: str) -> None:
    """Cancel what has not gone out."""
    if (post is None) == (campaign is None):
        raise click.UsageError(_("Ghi mã bài hoặc --campaign, một trong hai."))
    with open_counter(frame) as counter:
        if campaign is not None:
            _cancel_all(counter, campaign, yes=yes, **told)
            return
        by = counter.by(told["name"])
        count = counter.ledger.run_now(lambda c: acts.cancel(c, post or "", by, reason=told["reason"]))
    click.echo(_("Đã hủy bài {post}: {count} lượt đăng sẽ không đăng.").format(post=post, count=count))


def _cancel_all(counter: Counter, campaign: str, *, yes: bool, name: str, reason: str) -> None:
    by = counter.by(name)
    cancelling = counter.ledger.read_now(lambda c: plan_cancel(c, campaign, by))
    click.echo("\n".join(show_cancelling(cancelling)))
    if not cancelling.coming:
        return
    if not yes:
        click.confirm(_("Hủy những bài trên?"), abort=True)
    count = counter.ledger.run_now(lambda c: cancel_campaign(c, campaign, by, reason=reason))
    click.echo(_("Đã hủy {count} lượt đăng.").format(count=count))
