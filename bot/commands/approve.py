"""`loa approve`: say yes to a post as it stands, by the rules of the cards in Telegram."""

import click

from bot import acts
from bot.acts import By
from bot.counter import open_counter
from bot.desk import Desk
from bot.frame import Frame
from bot.moments import show
from bot.telegram.cards import full_text
from content_queue.store import Connection
from content_queue.store.posts import payloads_of
from content_queue.texts import N_, _


@click.command(help=N_("Duyệt một bài đăng."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai duyệt, theo settings.toml."))
@click.pass_obj
def command(frame: Frame, post: str, name: str) -> None:
    """Print what is approved, and approve exactly that."""
    with open_counter(frame) as counter:
        by = counter.by(name)
        lines = counter.ledger.run_now(lambda c: _show_and_approve(c, post, by=by, desk=counter.desk))
    click.echo("\n\n".join(lines))


def _show_and_approve(connection: Connection, code: str, *, by: By, desk: Desk) -> list[str]:
    """Show and approve in one transaction, so that nothing can change between the two."""
    post = acts.post_called(connection, code)
    shown = full_text(post, payloads_of(connection, post.id), desk)
    done = acts.approve(connection, post.id, by, seen=post.content_hash)
    told = _("Đã duyệt bài {post}, đăng lúc {due}.").format(post=done.id, due=show(done.due))
    return [*shown, told]
