"""Connect OAs: for each, a person opens a link, says yes, and brings back the address that follows."""

import os
from functools import partial

from bot.connecting.visit import Joined, Visit
from bot.errors import SettingsError
from content_queue.models import Channel, Question, new_question
from content_queue.outcomes import PublishError, RefusedError
from content_queue.store import Connection, tokens
from content_queue.texts import _
from publishers.zalo.login import ZaloLogin, missing_options, read_answer


async def join(visit: Visit) -> list[Joined]:
    """Lead through all OAs, one after the other; an empty answer passes one over.

    Raises:
        SettingsError: the office's app is not set.
    """
    login = login_of(visit)
    joined = [await _one(visit, login, channel) for channel in visit.named()]
    return [*visit.nameless(), *joined]


def login_of(visit: Visit) -> ZaloLogin:
    """Return the office's app at Zalo.

    Raises:
        SettingsError: it is not set.
    """
    house = visit.house
    options = house.settings.zalo
    missing = missing_options(options)
    if missing:
        told = _("Chưa đặt {names} ở mục [zalo] của settings.toml.").format(names=", ".join(missing))
        raise SettingsError([told], next_step=_("Làm theo docs/howto/zalo.md"))
    return ZaloLogin(http=house.lines["zalo"], secrets=house.secrets, options=options)


async def _one(visit: Visit, login: ZaloLogin, channel: Channel) -> Joined:
    """Send a person off for one OA, as often as it takes."""
    question = await visit.house.ledger.run(partial(_question, visit=visit, channel=channel))
    visit.say("")
    visit.say(_("Kênh {channel} (OA {oa})").format(channel=channel.name, oa=channel.remote_id))
    visit.say(_("1. Quản trị viên của OA mở liên kết này và bấm đồng ý:"))
    visit.say(login.link(question))
    visit.say(
        _("2. Chép địa chỉ của trang hiện ra sau đó, kể cả khi trang báo lỗi. Mã trong đó sống 10 phút.")
    )
    while True:
        address = visit.ask(_("Dán địa chỉ ấy, hoặc để trống để bỏ qua kênh này")).strip()
        if not address:
            return Joined(channel.name, _("Bỏ qua. Liên kết trên vẫn dùng được lần sau."))
        try:
            await _answered(visit, login, channel, question=question, address=address)
        except PublishError as error:
            visit.say(str(error))
        else:
            return Joined(channel.name)


def _question(connection: Connection, *, visit: Visit, channel: Channel) -> Question:
    """Return the question of a channel: the one of a link that was sent before, so that it still works."""
    vault = visit.house.renewals.vault
    asked = tokens.questions(connection, vault).get(channel.token)
    if asked is None:
        asked = new_question(os.urandom)
        tokens.ask(connection, vault, (channel.token, channel.platform, channel.remote_id), asked)
    return asked


async def _answered(
    visit: Visit, login: ZaloLogin, channel: Channel, *, question: Question, address: str
) -> None:
    """Keep what an answer brings.

    Raises:
        PublishError: it is none to this question, of another OA, or Zalo gives nothing for it.
    """
    told = read_answer(address)
    if told["state"] != question.state:
        raise RefusedError(
            _("Địa chỉ này không phải của liên kết trên. Hãy mở đúng liên kết trên rồi làm lại.")
        )
    if told["oa_id"] != channel.remote_id:
        raise RefusedError(_wrong_oa(visit, channel, told["oa_id"]))
    visit.house.secrets.learn(told["code"])
    await visit.keep(channel, await login.exchange(told["code"], question))


def _wrong_oa(visit: Visit, channel: Channel, chosen: str) -> str:
    """Say which OA was chosen instead."""
    same = (one.name for one in visit.house.channels.values() if one.remote_id == chosen)
    name = next(same, _("không có trong danh sách kênh"))
    told = _("Người đồng ý đã chọn OA {chosen} ({name}), không phải {oa} của kênh {channel}. Hãy chọn lại.")
    return told.format(chosen=chosen, name=name, oa=channel.remote_id, channel=channel.name)
