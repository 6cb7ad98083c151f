"""`loa channels check`: ask every platform now, and say what ends, what is missing, what was lost."""

import asyncio

import click

from bot.frame import Frame
from content_queue.texts import N_


@click.command(
    "check",
    help=N_("Hỏi từng nền tảng ngay bây giờ: kênh nào đăng được, thiếu quyền gì, khóa nào sắp hết hạn."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.argument("names", metavar=N_("[KÊNH]..."), nargs=-1)
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], *, as_json: bool) -> None:
    """Look at channels, print, and end with the code that says whether all publish."""
    from bot.connecting.looking import look_over  # noqa: PLC0415 - only this command needs it

    frame: Frame = ctx.obj
    ctx.exit(asyncio.run(look_over(frame, names, as_json=as_json)))
