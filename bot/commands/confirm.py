"""`loa confirm`: a person has looked at the channel and says whether the post is there."""

import click

from bot.counter import open_counter
from bot.findings import said, tell_finding
from bot.frame import Frame
from content_queue.store.findings import Finding
from content_queue.texts import N_, _


@click.command(help=N_("Cho biết một lượt đăng chưa rõ kết quả đã lên kênh hay chưa."))
@click.argument("delivery", metavar=N_("SỐ"))
@click.option("--published", "published", flag_value=True, type=bool, help=N_("Bài đã lên kênh."))
@click.option("--absent", "published", flag_value=False, type=bool, help=N_("Bài chưa lên; đăng lại ngay."))
@click.option("--link", metavar="URL", help=N_("Địa chỉ của bài trên kênh."))
@click.option(
    "--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai xác nhận, theo settings.toml.")
)
@click.pass_obj
def command(frame: Frame, delivery: str, *, published: bool | None, link: str | None, name: str) -> None:
    """Settle an unknown outcome."""
    if published is None:
        raise click.UsageError(_("Xin ghi --published (đã lên) hoặc --absent (chưa lên)."))
    with open_counter(frame) as counter:
        by, desk = counter.by(name), counter.desk
        finding = Finding(published, link)
        found = counter.ledger.run_now(lambda c: tell_finding(c, delivery, finding, by, desk=desk))
    click.echo(said(found.channel, published=published))
