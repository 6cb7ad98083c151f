"""`loa correct`: put a numbered correction of a published post into review."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot.correction import Ask, ask_correction, plan_correction, show_correction
from bot.counter import open_counter
from bot.frame import Frame
from content_queue.models import Post
from content_queue.store import Connection
from content_queue.store.corrections import Corrected
from content_queue.texts import N_, _

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help=N_("Đính chính một bài đã đăng; bản đính chính cần được người khác duyệt."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--text", type=_FILE, metavar=N_("TỆP"), help=N_("Tệp chữ thay cho dòng của bài trong lịch."))
@click.option("--language", default="vi", metavar=N_("MÃ"), help=N_("Ngôn ngữ của tệp chữ."))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai đề nghị, theo settings.toml."))
@click.option("--reason", required=True, metavar=N_("LÝ_DO"), help=N_("Lý do đính chính."))
@click.option("--yes", is_flag=True, help=N_("Không hỏi lại."))
@click.pass_obj
def command(frame: Frame, /, post: str, text: Path | None, *, language: str, yes: bool, **told: str) -> None:
    """Show what it does on each platform, ask, and put it into review."""
    texts = {} if text is None else {language: text.read_text(encoding="utf-8-sig").strip()}
    ask = Ask(texts, told["reason"])
    with open_counter(frame) as counter:
        by, desk = counter.by(told["name"]), counter.desk

        def planned(connection: Connection) -> tuple[Post, Sequence[Corrected]]:
            return plan_correction(connection, post, by, ask=ask, desk=desk)

        click.echo("\n".join(show_correction(*counter.ledger.read_now(planned))))
        if not yes:
            click.confirm(_("Trình bản đính chính này để duyệt?"), abort=True)
        added = counter.ledger.run_now(lambda c: ask_correction(c, post, by, ask=ask, desk=desk))
    click.echo(_("Đã trình {post}. Duyệt xong là đăng ngay: loa approve {post}").format(post=added.id))
