"""`loa edit`: give a post that is not out yet another text or time, to be approved by others."""

from pathlib import Path

import click

from bot.counter import open_counter
from bot.editing import edit, edit_time
from bot.frame import Frame
from bot.moments import read_moment, show
from content_queue.texts import N_, _

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help=N_("Sửa chữ hoặc giờ của bài chưa đăng; người khác duyệt lại thì bài mới đăng."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai sửa, theo settings.toml."))
@click.option("--text", type=_FILE, metavar=N_("TỆP"), help=N_("Tệp chữ: toàn văn mới."))
@click.option("--language", default="vi", metavar=N_("MÃ"), help=N_("Ngôn ngữ của tệp chữ."))
@click.option("--at", "at", default="", metavar=N_("GIỜ"), help=N_('Giờ đăng mới, ví dụ "20/11 15:00".'))
@click.pass_obj
def command(frame: Frame, /, post: str, text: Path | None, **told: str) -> None:
    """Put the edit into review."""
    if bool(text) == bool(told["at"]):
        raise click.UsageError(_("Ghi --text hoặc --at, một trong hai."))
    with open_counter(frame) as counter:
        by, desk = counter.by(told["name"]), counter.desk
        if text:
            texts = {told["language"]: text.read_text(encoding="utf-8-sig").strip()}
            done = counter.ledger.run_now(lambda c: edit(c, post, by, texts=texts, desk=desk))
        else:
            at = read_moment(told["at"], counter.now)
            done = counter.ledger.run_now(lambda c: edit_time(c, post, by, at=at, desk=desk))
    words = _("Đã trình bản sửa của bài {post}, đăng lúc {due}; người khác duyệt thì bài mới đăng.")
    click.echo(words.format(post=done.id, due=show(done.due)))
