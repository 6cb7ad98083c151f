"""Connect Telegram channels: each needs a bot's token, and the bot its rights in the channel."""

import re

from bot.connecting.visit import Joined, Visit
from content_queue.models import Channel, Grant
from content_queue.texts import _

#: A token as @BotFather gives it.
TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")


async def join(visit: Visit) -> list[Joined]:
    """Ask for the tokens of bots that are not there yet; several channels may have one bot."""
    joined: dict[str, str] = {}
    for channel in visit.channels:
        if channel.token not in joined:
            joined[channel.token] = await _one(visit, channel)
    return [Joined(channel.name, joined[channel.token]) for channel in visit.channels]


async def _one(visit: Visit, channel: Channel) -> str:
    """See to the token of a channel's bot; return what is wrong, empty if it is there."""
    if not channel.token:
        return _("Chưa ghi tên khóa: điền cột token của kênh, ví dụ kenh-01.")
    there = _is_there(visit, channel)
    if there and not visit.again:
        return ""
    told = _("Dán mã của bot đăng kênh {channel} do @BotFather cấp (không hiện chữ), để trống để bỏ qua")
    token = visit.ask_hidden(told.format(channel=channel.name)).strip()
    if not token:
        return "" if there else _("Bỏ qua: chưa có mã bot.")
    visit.house.secrets.learn(token)
    if not TOKEN.fullmatch(token):
        return _("Mã bot không đúng dạng. Mã do @BotFather cấp có dạng 123456789:AbC…")
    await visit.keep(channel, Grant(token))
    return ""


def _is_there(visit: Visit, channel: Channel) -> bool:
    """Tell whether there is a token under this name, in the ledger or in a file."""
    try:
        return bool(visit.house.secrets.get(channel.token))
    except KeyError:
        return False
