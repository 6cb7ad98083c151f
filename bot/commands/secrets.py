"""`loa secrets`: the key that seals the tokens of channels."""

import click

from bot.frame import Frame
from content_queue.texts import N_, _


@click.group(help=N_("Đổi khóa mở kho khóa của các kênh."))
def command() -> None:
    """Stand before the commands about secrets."""


@command.command(help=N_("Tạo khóa mở sổ mới và khóa lại mọi khóa của kênh bằng khóa ấy."))
@click.option(
    "--forget", is_flag=True, help=N_("Bỏ những khóa không mở được nữa; các kênh ấy phải kết nối lại.")
)
@click.pass_obj
def rekey(frame: Frame, *, forget: bool) -> None:
    """Change the key; the daemon may go on meanwhile."""
    from bot.errors import LoaError  # noqa: PLC0415 - only this command needs them
    from bot.house import LEDGER  # noqa: PLC0415
    from bot.secrets import open_secrets  # noqa: PLC0415
    from bot.settings import environment  # noqa: PLC0415
    from bot.token_key import key_file  # noqa: PLC0415
    from bot.token_key import rekey as change  # noqa: PLC0415
    from content_queue.store.engine import open_ledger  # noqa: PLC0415
    from content_queue.store.writer import InlineWriter  # noqa: PLC0415

    frame.settings()
    ledger = InlineWriter(open_ledger(f"sqlite:///{frame.home / LEDGER}"))
    secrets = open_secrets(frame.home, environment(), learn=lambda _secret: None, rehearsal=False)
    try:
        done = change(frame.home, ledger, secrets, forget=forget)
    finally:
        ledger.close()
    click.echo(_("Đã khóa lại {count} khóa bằng khóa mới.").format(count=done.count))
    if done.lost:
        told = _("Không mở được khóa: {names}. Tệp {path} còn giữ cả khóa cũ.")
        raise LoaError(
            told.format(names=", ".join(done.lost), path=key_file(frame.home)),
            next_step=_("Thêm khóa cũ đúng vào tệp ấy rồi gõ lại, hoặc bỏ chúng: loa secrets rekey --forget"),
        )
    click.echo(
        _("Hãy cất một bản của {path} ở nơi khác với bản sao lưu sổ.").format(path=key_file(frame.home))
    )
