"""`loa correct`: put numbered corrections of a published post, or of a whole campaign, into review."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import click

from bot.counter import Counter, open_counter
from bot.frame import Frame
from bot.undoing.correction import Ask, ask_correction, plan_correction, plan_corrections, show_correction
from content_queue.models import Post
from content_queue.store import Connection
from content_queue.store.corrections import Corrected
from content_queue.texts import N_, _

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: Each post with what its correction does.
Planned: TypeAlias = Sequence[tuple[Post, Sequence[Corrected]]]


@click.command(help=N_("Đính chính bài đã đăng; bản đính chính cần được người khác duyệt."))
@click.argument("post", metavar=N_("[MÃ_BÀI]"), required=False)
@click.option(
    "--campaign",
    default="",
    metavar=N_("TÊN"),
    help=N_("Mọi bài của đợt này mà dòng trong lịch nay đã khác."),
)
@click.option("--text", type=_FILE, metavar=N_("TỆP"), help=N_("Tệp chữ thay cho dòng của bài trong lịch."))
@click.option("--language", default="vi", metavar=N_("MÃ"), help=N_("Ngôn ngữ của tệp chữ."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai đề nghị, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do đính chính."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, post: str | None, text: Path | None, *, yes: bool, **told: str) -> None:
    """Show what it does on each platform, ask, and put it into review."""
    campaign = told["campaign"]
    if bool(post) == bool(campaign):
        raise click.UsageError(_("Ghi mã bài hoặc --campaign, một trong hai."))
    if campaign and text is not None:
        raise click.UsageError(_("Tệp chữ chỉ dùng cho một bài, không dùng với --campaign."))
    texts = {told["language"]: text.read_text(encoding="utf-8-sig").strip()} if text else {}
    ask = Ask(texts, told["reason"])
    with open_counter(frame) as counter:
        by, desk = counter.by(told["name"]), counter.desk

        def planned(connection: Connection) -> Planned:
            if campaign:
                return plan_corrections(connection, campaign, by, ask=ask, desk=desk)
            return [plan_correction(connection, post or "", by, ask=ask, desk=desk)]

        added = _put_into_review(
            counter, planned, lambda c, code: ask_correction(c, code, by, ask=ask, desk=desk), yes=yes
        )
    for each in added:
        click.echo(_("Đã trình {post}. Duyệt xong là đăng ngay: loa approve {post}").format(post=each.id))


def _put_into_review(
    counter: Counter,
    planned: Callable[[Connection], Planned],
    add: Callable[[Connection, str], Post],
    *,
    yes: bool,
) -> list[Post]:
    """Show, ask, and add: all of them or, where one may not be, none."""
    for each in counter.ledger.read_now(planned):
        click.echo("\n".join(show_correction(*each)))
    if not yes:
        click.confirm(_("Trình bản đính chính này để duyệt?"), abort=True)
    return counter.ledger.run_now(lambda c: [add(c, found.id) for found, _lines in planned(c)])
