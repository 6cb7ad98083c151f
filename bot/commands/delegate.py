"""`loa delegate`: let somebody decide in one's name while one is away."""

import click

from bot.approving.delegating import delegate, delegations, show_delegation, take_over_again
from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.moments import read_moment
from content_queue.models.rules import Delegation
from content_queue.texts import N_, _


@click.command(
    help=N_("Ủy quyền duyệt bài khi vắng; không ghi --to thì in các ủy quyền đang có của người ấy.")
)
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai vắng, theo settings.toml."))
@click.option("--to", "taker", metavar=N_("HỌ_TÊN"), help=N_("Ai duyệt thay."))
@click.option("--until", metavar=N_("GIỜ"), help=N_('Đến lúc nào, ví dụ "20/11 17:00".'))
@click.option("--from", "since", metavar=N_("GIỜ"), help=N_("Từ lúc nào; không ghi là từ bây giờ."))
@click.option("--end", is_flag=True, help=N_("Thôi ủy quyền."))
@click.pass_obj
def command(frame: Frame, /, *, name: str, end: bool, **asked: str | None) -> None:
    """Delegate, end what was delegated, or list it."""
    if (end and asked["taker"]) or bool(asked["taker"]) != bool(asked["until"]):
        raise click.UsageError(_("Ghi --to và --until để ủy quyền, hoặc chỉ --end để thôi."))
    with open_counter(frame) as counter:
        by = counter.by(name)
        if end:
            counter.ledger.run_now(lambda c: take_over_again(c, by))
        elif asked["taker"]:
            wanted = _wanted(counter, name, asked)
            counter.ledger.run_now(lambda c: delegate(c, by, wanted, desk=counter.desk))
        found = counter.ledger.read_now(lambda c: delegations(c, by))
    click.echo("\n".join(map(show_delegation, found)) or _("Không có ủy quyền nào."))


def _wanted(counter: Counter, name: str, asked: dict[str, str | None]) -> Delegation:
    since = read_moment(asked["since"], counter.now) if asked["since"] else counter.now
    return Delegation(0, name, asked["taker"] or "", since, read_moment(asked["until"] or "", counter.now))
