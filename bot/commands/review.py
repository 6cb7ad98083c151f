"""`loa review`: be the second eye on what a leader alone said yes to."""

import click

from bot.approving.second_look import look_again
from bot.counter import open_counter
from bot.frame import Frame
from content_queue.texts import N_, _


@click.command(help=N_("Xem lại bài khẩn mà một lãnh đạo đã duyệt một mình."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai xem lại, theo settings.toml."))
@click.option("--object", "objection", default="", metavar=N_("LÝ_DO"), help=N_("Không đồng ý, vì sao."))
@click.pass_obj
def command(frame: Frame, post: str, name: str, objection: str) -> None:
    """Agree, or object with a reason."""
    with open_counter(frame) as counter:
        by = counter.by(name)
        counter.ledger.run_now(lambda c: look_again(c, post, by, objection=objection))
    told = (
        _("Đã ghi ý kiến và báo người liên quan. Gỡ bài: loa retract {post}")
        if objection
        else _("Đã ghi: anh/chị đồng ý với bài {post}.")
    )
    click.echo(told.format(post=post))
