"""`loa release`: end a hold, or give what was held or missed a new time."""

import click

from bot import acts
from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.moments import read_new_time
from bot.telegram.showing import moved, released
from content_queue.texts import N_, _


@click.command(help=N_("Chấm dứt một lệnh tạm dừng, hoặc cho bài bị giữ, lỡ giờ một giờ đăng mới."))
@click.argument("hold", type=int, required=False, metavar=N_("[SỐ_LỆNH]"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai ra lệnh, theo settings.toml."))
@click.option("--post", metavar=N_("MÃ_BÀI"), help=N_("Bài được cho giờ mới."))
@click.option(
    "--at", metavar=N_("GIỜ"), help=N_("Giờ mới, như 2026-11-21 15:00 hoặc 21/11 15h; ghi ngay để đăng luôn.")
)
@click.pass_obj
def command(frame: Frame, hold: int | None, *, name: str, post: str | None, at: str | None) -> None:
    """End a hold by its number, or move a post."""
    if (post is None) != (at is None) or (post is not None and hold is not None):
        raise click.UsageError(_("Ghi số lệnh tạm dừng, hoặc --post cùng với --at."))
    with open_counter(frame) as counter:
        told = _move(counter, post, at, name=name) if post and at else _end(counter, hold, name=name)
    click.echo(told)


def _end(counter: Counter, hold: int | None, *, name: str) -> str:
    by = counter.by(name)
    return released(counter.ledger.run_now(lambda c: acts.release(c, hold, by, desk=counter.desk)))


def _move(counter: Counter, post: str, at: str, *, name: str) -> str:
    by, moment = counter.by(name), read_new_time(at, counter.now)
    return moved(
        counter.ledger.run_now(
            lambda c: acts.give_new_time(c, post, by, at=moment, window=counter.desk.window)
        )
    )
