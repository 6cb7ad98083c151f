"""`loa import`: see what changed calendars would do to approved posts, and let them."""

import click

from bot.acts import By
from bot.counter import WAY, open_counter
from bot.differences import take
from bot.frame import Frame
from content_queue.models import Person
from content_queue.store.approvals import PROVINCE
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
    "--as", "name", metavar=N_("HỌ_TÊN"), help=N_("Ai đồng ý, theo settings.toml; mặc định là người giữ máy.")
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
            click.echo(_("Đồng ý thì gõ: loa import --yes"))
            return
        keeper = Person(_("người giữ máy"), None, frozenset({"admin"}), frozenset({PROVINCE}))
        by = counter.by(name) if name else By(keeper, WAY, counter.now)
        counter.ledger.run_now(lambda c: take(c, by, found.code))
    click.echo(_("Đã đồng ý; chương trình đang chạy sẽ áp dụng trong vài giây."))
