"""Look at channels for `loa channels check`, and print how each stands."""

from collections.abc import Sequence

from bot.errors import CHANNELS, OK, LoaError
from bot.frame import Frame
from bot.house import House
from bot.moments import iso, show
from bot.opening import opened_house
from bot.printing import print_array, print_table
from content_queue.delivery.check import look_at
from content_queue.delivery.ends import tell_ends
from content_queue.delivery.pauses import paused_until, pauses
from content_queue.models import Channel
from content_queue.outcomes import ChannelHealth
from content_queue.texts import _


async def look_over(frame: Frame, names: Sequence[str], *, as_json: bool) -> int:
    """Ask, keep and print; return how the command ends.

    Raises:
        LoaError: a named channel is not known.
    """
    async with opened_house(frame) as house:
        unknown = set(names) - house.channels.keys()
        if unknown:
            told = _("Không có kênh nào tên: {names}.").format(names=", ".join(sorted(unknown)))
            raise LoaError(told, next_step=_("Xem tên các kênh: loa channels"))
        channels = [
            one for one in house.channels.values() if one.mode == "api" and (not names or one.name in names)
        ]
        found = await look_at(house.works, channels, house.renewals)
        await house.ledger.read(house.renewals.load)
        await house.ledger.run(lambda connection: tell_ends(connection, renewals=house.renewals))
        if as_json:
            print_array(_as_json(channel, found.get(channel.name), house) for channel in channels)
        else:
            head = [_("Kênh"), _("Tình trạng"), _("Khóa"), _("Cần biết")]
            print_table(head, [_cells(channel, found.get(channel.name), house) for channel in channels])
        well = [name for name, health in found.items() if health.ok]
        return OK if len(well) == len(channels) else CHANNELS


def _cells(channel: Channel, health: ChannelHealth | None, house: House) -> list[str]:
    if health is None:
        return [
            channel.name,
            _("chưa hỏi được"),
            _token(channel, house),
            _waits(channel, house) or _("Nền tảng chưa trả lời; loa sẽ hỏi lại."),
        ]
    state = _("đăng được") if health.ok else _("KHÔNG ĐĂNG ĐƯỢC")
    return [channel.name, state, _token(channel, house), " ".join(health.problems)]


def _waits(channel: Channel, house: House) -> str:
    """Say until when a channel's platform wants to be left alone, and that nobody has to do anything."""
    limits = house.works.publisher(channel).limits(channel)
    until = paused_until(house.ledger.read_now(pauses), limits, house.clock.now())
    told = _("Nền tảng yêu cầu chờ đến {moment}. Loa tự làm tiếp khi đó, không cần làm gì.")
    return "" if until is None else told.format(moment=show(until))


def _token(channel: Channel, house: House) -> str:
    """Say where a channel's token is, and how long it is good."""
    token = house.renewals.known.get(channel.token)
    if token is None or not token.version:
        return _("trong tệp") if channel.token else ""
    if token.lost_at is not None:
        return _("mất, cần cấp quyền lại")
    if token.renew_at is not None:
        return _("tự gia hạn")
    if token.person_by is not None:
        return _("cấp lại trước {moment}").format(moment=show(token.person_by))
    return _("không hết hạn")


def _as_json(channel: Channel, health: ChannelHealth | None, house: House) -> dict[str, object]:
    token = house.renewals.known.get(channel.token)
    return {
        "channel": channel.name,
        "platform": channel.platform,
        "ok": None if health is None else health.ok,
        "problems": [] if health is None else list(health.problems),
        "renews_at": iso(token.renew_at) if token else None,
        "ends_at": iso(token.until) if token else None,
        "person_by": iso(token.person_by) if token else None,
        "lost_at": iso(token.lost_at) if token else None,
    }
