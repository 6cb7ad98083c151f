"""`loa reach set`: a number that a person read, with where it was read."""

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.numbers import Told, enter_number
from content_queue.texts import N_, _


@click.command("set", help=N_("Ghi tay một số liệu kèm nguồn, ví dụ lượt xem trên Telegram."))
@click.argument("delivery", metavar=N_("SỐ_LƯỢT_ĐĂNG"), type=int)
@click.argument("metric", metavar=N_("CHỈ_SỐ"))
@click.argument("value", metavar=N_("GIÁ_TRỊ"), type=click.IntRange(min=0))
@click.option("--source", required=True, metavar=N_("NGUỒN"), help=N_("Đọc số này ở đâu."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai ghi, theo settings.toml."))
@click.pass_obj
def command(frame: Frame, /, delivery: int, metric: str, value: int, **told: str) -> None:
    """Keep it beside what was read by itself."""
    number = Told(delivery, metric, value, told["source"])
    with open_counter(frame) as counter:
        by, desk = counter.by(told["name"]), counter.desk
        channel = counter.ledger.run_now(lambda c: enter_number(c, number, by, desk=desk))
    text = _("Đã ghi {metric} = {value} cho lượt đăng {number} trên kênh {channel}.")
    click.echo(text.format(metric=metric, value=value, number=delivery, channel=channel))
