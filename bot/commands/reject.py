"""`loa reject`: say no to a post, with a reason."""

import click

from bot import acts
from bot.counter import open_counter
from bot.frame import Frame
from content_queue.texts import N_, _


@click.command(help=N_("Từ chối một bài đăng, kèm lý do."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai từ chối, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do, để người soạn biết cách sửa."))
@click.pass_obj
def command(frame: Frame, post: str, name: str, reason: str) -> None:
    """Reject a post."""
    with open_counter(frame) as counter:
        by = counter.by(name)
        done = counter.ledger.run_now(
            lambda c: acts.reject(c, by.no(post, reason), by.now, desk=counter.desk)
        )
    click.echo(_("Đã từ chối bài {post}. Người soạn sẽ thấy lý do.").format(post=done.id))
