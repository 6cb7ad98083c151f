"""`loa demo`: one minute of a province's work, with nothing connected."""

import asyncio
import sys

import click

from content_queue.texts import N_


@click.command(help=N_("Chạy thử trọn một ngày với dữ liệu mẫu, không cần tài khoản hay mạng."))
@click.option(
    "--exit", "leave", is_flag=True, help=N_("Tự kết thúc; mã 0 chỉ khi mọi bài lên đúng, đủ và một lần.")
)
def command(*, leave: bool) -> None:
    """Run the demonstration."""
    from bot.demo.day import demonstrate  # noqa: PLC0415 -- heavy: only when it is run
    from schedules.clock import SystemClock  # noqa: PLC0415

    stay = sys.stdout.isatty() and not leave
    good = asyncio.run(demonstrate(SystemClock(), stay=stay))
    sys.exit(0 if good else 1)
