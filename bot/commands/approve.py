"""`loa approve`: say yes to a post as it stands, by the rules of the cards in Telegram."""

import click

from bot import acts
from bot.acts import By
from bot.counter import open_counter
from bot.desk import Desk
from bot.frame import Frame
from bot.telegram.cards import full_text
from content_queue.store import Connection
from content_queue.store.posts import payloads_of
from content_queue.texts import N_


@click.command(help=N_("Duyệt một bài đăng."))
@click.argument("post", metavar=N_("MÃ_BÀI"))
@click.option("--as", "name", required=True, metavar=N_("HỌ_TÊN"), help=N_("Ai duyệt, theo settings.toml."))
@click.option(
    "--urgent",
    "urgently",
    default="",
    metavar=N_("LÝ_DO"),
    help=N_("Lãnh đạo duyệt một mình bài có thẻ “khẩn”, kèm lý do; người khác xem lại sau."),
)
@click.pass_obj
def command(frame: Frame, post: str, *, name: str, urgently: str) -> None:
    """Print what is approved, and approve exactly that."""
    with open_counter(frame) as counter:
        by = counter.by(name)

        def approve(connection: Connection) -> list[str]:
            return _show_and_approve(connection, post, by, desk=counter.desk, urgently=urgently)

        lines = counter.ledger.run_now(approve)
    click.echo("\n\n".join(lines))


def _show_and_approve(connection: Connection, code: str, by: By, *, desk: Desk, urgently: str) -> list[str]:
    """Show and approve in one transaction, so that nothing can change between the two."""
    post = acts.post_called(connection, code)
    shown = full_text(post, payloads_of(connection, post.id), desk)
    yes = by.yes(post.id, seen=post.content_hash, urgently=urgently)
    done = acts.approve(connection, yes, by.now, desk=desk)
    return [*shown, acts.standing_words(connection, done, desk, by.now)]
