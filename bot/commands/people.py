"""`loa people`: the PINs by which people decide on the approval page."""

import click

from bot.counter import WAY, open_counter
from bot.errors import LoaError
from bot.frame import Frame
from bot.pins import kept_as, new_pin, refusal_of, secret_of
from bot.secrets import FOLDER
from bot.token_key import write_keys
from content_queue.store.audit import Act, note
from content_queue.texts import N_, _


@click.group(help=N_("Mã PIN của những người duyệt bài qua trang web."))
def command() -> None:
    """Stand before the commands about people."""


@command.command(help=N_("Đặt mã PIN cho một người; mã cũ và mọi liên kết đã gửi hết hiệu lực."))
@click.argument("name", metavar=N_("HỌ_TÊN"))
@click.option("--generate", is_flag=True, help=N_("Tạo một mã ngẫu nhiên và in ra một lần."))
@click.option(
    "--remove", is_flag=True, help=N_("Bỏ mã PIN: người này không quyết định qua trang web được nữa.")
)
@click.pass_obj
def pin(frame: Frame, name: str, *, generate: bool, remove: bool) -> None:
    """Set or remove the PIN of a person; the daemon takes it at once."""
    with open_counter(frame) as counter:
        person = counter.by(name).person
        path = frame.home / FOLDER / secret_of(person.name)
        chosen = "" if remove else new_pin() if generate else _asked()
        if remove:
            path.unlink(missing_ok=True)
        else:
            write_keys(path, kept_as(chosen))
        verb = "pin_removed" if remove else "pin_set"
        counter.ledger.run_now(lambda c: note(c, Act(counter.now, person.name, WAY, verb, "page", {})))
    if remove:
        click.echo(_("Đã bỏ mã PIN của {name}.").format(name=person.name))
        return
    click.echo(
        _("Đã đặt mã PIN cho {name}. Các liên kết đã gửi trước đây hết hiệu lực.").format(name=person.name)
    )
    if generate:
        click.echo(_("Mã PIN: {pin} (chỉ hiện lần này; xin trao tận tay)").format(pin=chosen))


def _asked() -> str:
    """Ask for a PIN twice, unseen."""
    chosen = str(click.prompt(_("Mã PIN (6 đến 12 chữ số)"), hide_input=True, confirmation_prompt=True))
    if refusal := refusal_of(chosen):
        raise LoaError(refusal, next_step=_("Gõ lại lệnh, hoặc để máy chọn: thêm --generate"))
    return chosen
