"""`loa channels connect`: an officer opens the channels of a platform, once."""

import asyncio
from collections.abc import Sequence

import click

from bot.connecting import WAYS
from bot.frame import Frame
from content_queue.texts import N_, _


@click.command("connect", help=N_("Kết nối các kênh của một nền tảng: cấp quyền, kiểm tra, cất khóa vào sổ."))
@click.argument("platform", metavar=N_("NỀN_TẢNG"), type=click.Choice(sorted(WAYS)))
@click.argument("names", metavar=N_("[KÊNH]..."), nargs=-1)
@click.option("--again", is_flag=True, help=N_("Làm lại cả với kênh đang kết nối tốt."))
@click.option("--as", "person", metavar=N_("HỌ_TÊN"), help=N_("Ai kết nối, theo settings.toml."))
@click.pass_context
def command(
    ctx: click.Context, platform: str, names: Sequence[str], *, again: bool, person: str | None
) -> None:
    """Lead through it, then look at what was connected."""
    from bot.connecting.leading import Wish, lead  # noqa: PLC0415 - only this command needs it

    frame: Frame = ctx.obj
    wish = Wish(platform, names, person or _ask(_("Họ tên người kết nối")), again=again)
    ctx.exit(asyncio.run(lead(frame, wish, ask=_ask, ask_hidden=_ask_hidden)))


def _ask(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False)
    return answer


def _ask_hidden(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False, hide_input=True)
    return answer
