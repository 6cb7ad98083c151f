"""`loa cancel`: take a post out of the plan."""

import click

from bot import acts
from bot.counter import open_counter
from bot.frame import Frame
from content_queue.texts import N_, _


@click.command(help=N_("Hủy một bài đăng; những gì đã đăng vẫn còn."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai hủy, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do hủy."))
@click.pass_obj
def command(frame: Frame, post: str, name: str, reason: str) -> None:
    """Cancel what has not gone out."""
    with open_counter(frame) as counter:
        by = counter.by(name)
        count = counter.ledger.run_now(lambda c: acts.cancel(c, post, by, reason=reason))
    click.echo(_("Đã hủy bài {post}: {count} lượt đăng sẽ không đăng.").format(post=post, count=count))
