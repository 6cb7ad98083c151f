"""Open the house, lead the officer to a platform, look at what was connected, and say how it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import click

from bot.connecting import way_to
from bot.connecting.visit import Joined, Visit
from bot.errors import CHANNELS, OK, LoaError
from bot.frame import Frame
from bot.house import House
from bot.opening import opened_house
from bot.people import person_named
from bot.printing import print_table
from bot.token_key import ensure_key, key_file
from content_queue.delivery.check import look_at
from content_queue.models import Channel
from content_queue.outcomes import ChannelHealth, PublishError
from content_queue.texts import _


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants: which channels of a platform (all, if none is named), and who asks."""

    platform: str
    names: Sequence[str]
    person: str
    again: bool = False


async def lead(
    frame: Frame, wish: Wish, *, ask: Callable[[str], str], ask_hidden: Callable[[str], str]
) -> int:
    """Connect what is wished; return how the command ends.

    Raises:
        LoaError: the person or a channel is not known, or the platform opens nothing.
    """
    person = known_person(frame, wish.person)
    async with opened_house(frame) as house:
        if not house.settings.rehearsal and ensure_key(
            frame.home, house.secrets, house.renewals.known.values()
        ):
            told = _("Đã tạo {path}. Hãy cất một bản của tệp ấy ở nơi khác với bản sao lưu sổ.")
            click.echo(told.format(path=key_file(frame.home)))
        chosen = chosen_channels(house, wish)
        if not chosen:
            click.echo(_("Không có kênh nào cần kết nối. Muốn làm lại cả kênh đang tốt, thêm --again."))
            return OK
        visit = Visit(
            house, chosen, person, ask, ask_hidden, click.echo, again=wish.again or bool(wish.names)
        )
        try:
            joined = await way_to(wish.platform)(visit)
        except PublishError as error:
            raise LoaError(str(error)) from error
        good = [channel for channel in chosen if Joined(channel.name) in joined]
        return show(joined, await look_at(house.works, good, house.renewals))


def known_person(frame: Frame, name: str) -> str:
    """Return the name of somebody who stands in the settings.

    Raises:
        LoaError: nobody does under this name.
    """
    person = person_named(frame.office().people, name)
    if person is None:
        told = _("Không có ai tên “{name}” trong settings.toml.").format(name=name)
        raise LoaError(told, next_step=_("Thêm mục [[people]] hoặc ghi đúng họ tên đã có"))
    return person.name


def chosen_channels(house: House, wish: Wish) -> list[Channel]:
    """Return the channels that are to be connected: those named, or all that are not connected yet.

    Raises:
        LoaError: a named one is none of this platform.
    """
    ours = [one for one in house.channels.values() if one.platform == wish.platform and one.mode == "api"]
    unknown = set(wish.names) - {channel.name for channel in ours}
    if unknown:
        told = _("Không có kênh {platform} đang dùng nào tên: {names}.")
        raise LoaError(
            told.format(platform=wish.platform, names=", ".join(sorted(unknown))),
            next_step=_("Xem tên các kênh: loa channels"),
        )
    if wish.names:
        return [channel for channel in ours if channel.name in wish.names]
    return [channel for channel in ours if wish.again or not is_open(house, channel)]


def is_open(house: House, channel: Channel) -> bool:
    """Tell whether a channel has a token that this house keeps and has not lost."""
    token = house.renewals.known.get(channel.token)
    return token is not None and token.version > 0 and token.lost_at is None


def show(joined: Sequence[Joined], found: Mapping[str, ChannelHealth]) -> int:
    """Print what came of each channel; return how the command ends."""
    rows = []
    for one in joined:
        health = found.get(one.channel)
        problems = [one.problem] if one.problem else list(health.problems) if health else []
        well = not one.problem and health is not None and health.ok
        rows.append([one.channel, _("đã kết nối") if well else _("CHƯA"), " ".join(problems)])
    click.echo("")
    print_table([_("Kênh"), _("Kết quả"), _("Cần biết")], rows)
    good = sum(row[1] == _("đã kết nối") for row in rows)
    click.echo(_("{good} trên {all} kênh đăng được.").format(good=good, all=len(rows)))
    return OK if good == len(rows) else CHANNELS
