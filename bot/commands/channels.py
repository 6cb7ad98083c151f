"""`loa channels`: the list of channels as it was read."""

import click

from bot.commands import channels_check, channels_connect
from bot.frame import Frame
from bot.planning.remembered import Look, open_remembered
from bot.printing import print_array, print_table
from content_queue.models import Channel
from content_queue.texts import N_, _
from content_queue.words import platform_name
from schedules.office import Office

HEAD = (
    N_("Kênh"),
    N_("Nền tảng"),
    N_("Cơ quan"),
    N_("Ngôn ngữ"),
    N_("Nhóm"),
    N_("Chế độ"),
    N_("Tình trạng"),
)
#: Mode of a channel -> how it reads.
MODES = {"api": N_("đang dùng"), "assisted": N_("đăng tay"), "off": N_("tắt")}


@click.group(
    invoke_without_command=True,
    help=N_("Xem danh sách kênh; connect để kết nối, check để hỏi từng nền tảng."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("In JSON cho chương trình khác đọc."))
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Print every channel that stands, unless more is asked; wrong rows are told by `loa check`."""
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, as_json=as_json)


command.add_command(channels_connect.command)
command.add_command(channels_check.command)


def _list(frame: Frame, *, as_json: bool) -> None:
    opened = frame.office()
    channels = opened.office.channels
    with open_remembered(frame.home) as remembered:
        looks = remembered.health()
    if as_json:
        print_array(_as_json(channel, opened.office, looks.get(channel.name)) for channel in channels)
    else:
        head = [
            _("Kênh"),
            _("Nền tảng"),
            _("Cơ quan"),
            _("Ngôn ngữ"),
            _("Nhóm"),
            _("Chế độ"),
            _("Tình trạng"),
        ]
        print_table(head, [_cells(channel, opened.office, looks.get(channel.name)) for channel in channels])
        click.echo(_("{number} kênh.").format(number=len(channels)))
    errors = sum(problem.severity == "error" for problem in opened.problems)
    if errors:
        told = _("Có {number} lỗi trong danh sách kênh. Xem từng chỗ: loa check")
        click.echo(told.format(number=errors), err=True)


def _cells(channel: Channel, office: Office, look: Look | None) -> list[str]:
    return [
        channel.name,
        platform_name(channel.platform),
        office.agencies[channel.agency].names["vi"],
        ", ".join(channel.languages),
        ", ".join(channel.groups),
        _(MODES[channel.mode]),
        _health(look),
    ]


def _health(look: Look | None) -> str:
    """Say what the daily look at a channel found."""
    if look is None:
        return _("chưa xem")
    return _("tốt") if look["ok"] else " ".join(look["problems"])


def _as_json(channel: Channel, office: Office, look: Look | None) -> dict[str, object]:
    return {
        "channel": channel.name,
        "agency": office.agencies[channel.agency].names["vi"],
        "platform": channel.platform,
        "remote_id": channel.remote_id,
        "languages": channel.languages,
        "groups": channel.groups,
        "mode": channel.mode,
        "hashtags": channel.hashtags or office.agencies[channel.agency].hashtags,
        "health": look,
    }
