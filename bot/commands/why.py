"""`loa why`: the story of a delivery or a post."""

import click

from bot.counter import open_counter
from bot.frame import Frame
from bot.story import story
from content_queue.texts import N_


@click.command(help=N_("Cho biết vì sao một lượt đăng (theo số) hay một bài (theo mã) đang như vậy."))
@click.argument("delivery", metavar=N_("SỐ_HOẶC_MÃ"))
@click.pass_obj
def command(frame: Frame, delivery: str) -> None:
    """Print what happened, a sentence a line."""
    with open_counter(frame) as counter:
        lines = counter.ledger.read_now(lambda c: story(c, delivery))
    click.echo("\n".join(lines))
