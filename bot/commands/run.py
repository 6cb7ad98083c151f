"""`loa run`: the daemon."""

import asyncio
import logging
import os
from pathlib import Path

import click

from bot.errors import LoaError
from bot.frame import Frame
from content_queue.texts import N_, _


@click.command(help=N_("Chạy chương trình đăng bài cho tới khi được bảo dừng."))
@click.option("--log-json", is_flag=True, help=N_("Ghi nhật ký theo từng dòng JSON."))
@click.pass_obj
def command(frame: Frame, log_json: bool) -> None:  # noqa: FBT001 - Click's way
    """Serve one home until SIGTERM."""
    from bot.redact import set_up_logging  # noqa: PLC0415 - only this command needs them
    from bot.secrets import open_secrets  # noqa: PLC0415
    from bot.serve import serve  # noqa: PLC0415
    from bot.settings import environment  # noqa: PLC0415

    os.umask(0o077)
    settings = frame.settings()
    home: Path = frame.home.resolve()
    redactor = set_up_logging(form="json" if log_json else "plain", debug=frame.debug)
    secrets = open_secrets(
        home,
        environment(),
        learn=redactor.learn,
        forget=redactor.forget,
        rehearsal=settings.rehearsal,
    )
    try:
        asyncio.run(serve(home, settings, secrets, rehearsed_at=_tell))
    except LoaError:
        raise
    except Exception:  # the sentence is for people; what happened goes, redacted, where the log goes
        logging.getLogger(__name__).exception("Daemon failed", extra={"action": "daemon_failed"})
        raise


def _tell(address: str) -> None:
    """Say where a rehearsal can be watched; stdout, for the log has stderr."""
    click.echo(_("Chạy thử. Xem bài và trả lời thẻ duyệt tại {address}").format(address=address))
