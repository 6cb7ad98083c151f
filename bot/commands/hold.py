"""`loa hold`: stop publishing in a scope."""

from collections.abc import Sequence

import click

from bot import acts
from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.scopes import Scope, known_posts, names_of, show_hold
from content_queue.store import Connection
from content_queue.texts import N_, _


@click.command(help=N_("Tạm dừng đăng bài trong một phạm vi."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai ra lệnh, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do tạm dừng."))
@click.option("--document", default="", metavar=N_("SỐ"), help=N_("Số văn bản chỉ đạo, nếu có."))
@click.option("--all", "everything", is_flag=True, help=N_("Tất cả các kênh."))
@click.option("--channel", "channels", multiple=True, metavar=N_("TÊN"), help=N_("Kênh; ghi được nhiều lần."))
@click.option("--platform", "platforms", multiple=True, metavar=N_("TÊN"), help=N_("Nền tảng."))
@click.option("--agency", "agencies", multiple=True, metavar=N_("TÊN"), help=N_("Cơ quan."))
@click.option("--campaign", "campaigns", multiple=True, metavar=N_("TÊN"), help=N_("Đợt truyền thông."))
@click.option("--tag", "tags", multiple=True, metavar=N_("THẺ"), help=N_("Thẻ của bài."))
@click.option("--language", "languages", multiple=True, metavar=N_("MÃ"), help=N_("Ngôn ngữ, như vi, en."))
@click.pass_obj
def command(frame: Frame, /, name: str, *, everything: bool, **told: Sequence[str]) -> None:
    """Put a hold in force at once."""
    reason, document = str(told.pop("reason")), str(told.pop("document"))
    wanted = {kind: names for kind, names in told.items() if names}
    if everything == bool(wanted):
        raise click.UsageError(_("Ghi phạm vi (--channel, --agency, …) hoặc --all, một trong hai."))
    with open_counter(frame) as counter:
        by = counter.by(name)

        def change(connection: Connection) -> acts.Held:
            scope = _scope(connection, wanted, counter=counter)
            return acts.hold(connection, acts.Stop(scope, reason, document), by, desk=counter.desk)

        held = counter.ledger.run_now(change)
        click.echo(show_hold(held.hold, counter.desk))
    click.echo(_("{count} lượt đăng đang chờ thuộc phạm vi này.").format(count=len(held.covered)))


def _scope(connection: Connection, wanted: dict[str, Sequence[str]], *, counter: Counter) -> Scope:
    names = names_of(counter.desk, known_posts(connection, counter.now))
    return {kind: [names.find(kind, word) for word in words] for kind, words in wanted.items()}
