"""`loa hold`: stop publishing in a scope, after what it catches was listed."""

from collections.abc import Mapping
from typing import Any

import click

from bot import acts
from bot.acts import Stop
from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.holding.foresight import foresee, show_foreseen
from bot.holding.scopes import KINDS, Names, Scope, known_posts, names_of, show_hold
from bot.holding.words import prepared, ready_named
from bot.moments import read_edge
from content_queue.texts import N_, _


@click.command(help=N_("Tạm dừng đăng bài trong một phạm vi; liệt kê bài bị giữ lại rồi hỏi."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai ra lệnh, theo settings.toml."))
@click.option("--ready", metavar=N_("TÊN"), help=N_("Lệnh làm sẵn ở mục [[holds]], như “quốc tang”."))
@click.option("--reason", default="", metavar=N_("LÝ_DO"), help=N_("Lý do tạm dừng."))
@click.option("--document", default="", metavar=N_("SỐ"), help=N_("Số văn bản chỉ đạo, nếu có."))
@click.option(
    "--from", "begins", metavar=N_("GIỜ"), help=N_("Bắt đầu từ, như 24/5 hoặc 24/5 18h; mặc định là ngay.")
)
@click.option(
    "--until", "ends", metavar=N_("GIỜ"), help=N_("Dự kiến đến, như 25/5; loa nhắc chấm dứt khi đến giờ.")
)
@click.option(
    "--spare",
    "spares",
    multiple=True,
    metavar=N_("THẺ"),
    help=N_("Bài có thẻ này vẫn đăng; ghi được nhiều lần."),
)
@click.option("--all", "everything", is_flag=True, help=N_("Tất cả các kênh."))
@click.option("--channel", "channels", multiple=True, metavar=N_("TÊN"), help=N_("Kênh; ghi được nhiều lần."))
@click.option("--platform", "platforms", multiple=True, metavar=N_("TÊN"), help=N_("Nền tảng."))
@click.option("--agency", "agencies", multiple=True, metavar=N_("TÊN"), help=N_("Cơ quan."))
@click.option("--campaign", "campaigns", multiple=True, metavar=N_("TÊN"), help=N_("Đợt truyền thông."))
@click.option("--tag", "tags", multiple=True, metavar=N_("THẺ"), help=N_("Thẻ của bài."))
@click.option("--language", "languages", multiple=True, metavar=N_("MÃ"), help=N_("Ngôn ngữ, như vi, en."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, name: str, *, yes: bool, **told: Any) -> None:
    """Put a hold in force, now or from a time to come."""
    with open_counter(frame) as counter:
        by, stop = counter.by(name), _stop(counter, told)
        foreseen = counter.ledger.read_now(lambda c: foresee(c, stop, by, desk=counter.desk))
        click.echo("\n".join(show_foreseen(foreseen, counter.desk)))
        if not yes:
            click.confirm(_("Tạm dừng như trên?"), abort=True)
        held = counter.ledger.run_now(lambda c: acts.hold(c, stop, by, desk=counter.desk))
        click.echo(show_hold(held.hold, counter.desk))
    click.echo(_("{count} lượt đăng đang chờ thuộc phạm vi này.").format(count=len(held.covered)))


def _stop(counter: Counter, told: Mapping[str, Any]) -> Stop:
    """Return what is ordered; a ready hold brings its own scope and reason."""
    _want_whole(told)
    names = counter.ledger.read_now(lambda c: names_of(counter.desk, known_posts(c, counter.now)))
    begins, ends = (
        words and read_edge(words, counter.now, end=end)
        for words, end in ((told["begins"], False), (told["ends"], True))
    )
    stop = Stop(_scope(told, names), told["reason"], told["document"], begins, ends, told["spares"])
    return prepared(ready_named(counter.desk.ready, told["ready"]), stop, names) if told["ready"] else stop


def _want_whole(told: Mapping[str, Any]) -> None:
    chosen = any(told[kind] for kind in KINDS)
    if told["everything"] == chosen if not told["ready"] else told["everything"]:
        raise click.UsageError(_("Ghi phạm vi (--channel, --agency, …), --all, hoặc --ready, một trong ba."))
    if not told["reason"] and not told["ready"]:
        raise click.UsageError(_("Xin ghi lý do: --reason LÝ_DO."))


def _scope(told: Mapping[str, Any], names: Names) -> Scope:
    return {kind: [names.find(kind, word) for word in told[kind]] for kind in KINDS if told[kind]}
