"""`loa import`: see what changed calendars would do to approved posts, and let them."""

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.planning.differences import take
from content_queue.store.differences import asked
from content_queue.texts import N_, _


@click.command(
    help=N_(
        "Xem lịch vừa lưu làm thay đổi gì ở bài đã duyệt hoặc sắp đăng; "
        "thêm --yes để các thay đổi ấy có hiệu lực."
    )
)
@click.option("--yes", is_flag=True, help=N_("Đồng ý với các thay đổi đang chờ."))
@click.option(
    "--as", "name", metavar=N_("HỌ_TÊN"), help=N_("Ai đồng ý, theo settings.toml; ghi cùng với --yes.")
)
@click.pass_obj
def command(frame: Frame, *, yes: bool, name: str | None) -> None:
    """Show what waits; say yes to exactly that."""
    with open_counter(frame) as counter:
        found = counter.ledger.read_now(asked)
        if found is None:
            click.echo(_("Không có thay đổi nào của lịch đang chờ đồng ý."))
            return
        for line in found.lines:
            click.echo(line)
        if not yes:
            click.echo(_("Đồng ý thì gõ: loa import --yes --as HỌ_TÊN"))
            return
        if not name:
            raise click.UsageError(_("Ghi --as HỌ_TÊN: ai đồng ý, theo settings.toml."))
        by = counter.by(name)
        counter.ledger.run_now(lambda c: take(c, by, found.code))
    click.echo(_("Đã đồng ý; chương trình đang chạy sẽ áp dụng trong vài giây."))
