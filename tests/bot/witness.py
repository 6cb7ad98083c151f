"""One conversation of an approval, to be had through any Telegram: ours, and one that others wrote."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from telegram.request import BaseRequest, RequestData

from tests.content_queue.world import NOW, World, a_post

#: What was heard through the emulator of others; `make witness ARGS=--record` writes it anew.
HEARD = Path(__file__).parent / "witness.json"
POST = "B0001-2026"
LATER = NOW + timedelta(days=5)
#: Polling is each side's own matter.
_UNHEARD = frozenset({"getUpdates", "getMe", "setMyCommands"})


class Phone(Protocol):
    """The telephone of one person who may decide."""

    async def say(self, text: str) -> None:
        """Write to the bot, and let it answer."""
        ...

    async def tap(self, label: str) -> None:
        """Tap a button of the last card, and let the bot answer."""
        ...


@dataclass
class Wire(BaseRequest):
    """Write down what the bot asks of Telegram, as it leaves, and pass it on."""

    inner: BaseRequest
    calls: list[dict[str, Any]] = field(default_factory=list)
    _numbers: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def read_timeout(self) -> float | None:
        return self.inner.read_timeout

    async def initialize(self) -> None:
        await self.inner.initialize()

    async def shutdown(self) -> None:
        await self.inner.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        times = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        status, body = await self.inner.do_request(url, method, request_data, *times)
        name = url.rpartition("/")[2]
        if name not in _UNHEARD:
            asked = dict(request_data.json_parameters) if request_data else {}
            self.calls.append({"method": name, "status": status, **self._told(asked, json.loads(body))})
        return status, body

    def _told(self, asked: dict[str, str], answer: dict[str, Any]) -> dict[str, Any]:
        """Return a call without what every Telegram numbers in its own way, and without sealed buttons."""
        told: dict[str, Any] = {key: value for key, value in asked.items() if key != "callback_query_id"}
        if "reply_markup" in told:
            told["reply_markup"] = _labels(json.loads(told["reply_markup"]))
        result = answer.get("result")
        sent = str(result["message_id"]) if isinstance(result, dict) and "message_id" in result else ""
        number = told.pop("message_id", sent)
        if number:  # the first, second, … message that the bot sent into this chat
            chat = self._numbers.setdefault(told["chat_id"], {})
            told["message"] = chat.setdefault(number, len(chat) + 1)
        return told


def _labels(markup: dict[str, Any]) -> Any:
    rows = markup.get("inline_keyboard")
    return markup if rows is None else [[button["text"] for button in row] for row in rows]


async def converse(phone: Phone, world: World, wire: Wire) -> list[dict[str, Any]]:
    """Have the conversation; return for each step what the bot asked of Telegram."""
    heard: list[dict[str, Any]] = []

    async def step(does: str, deed: Callable[[], Any]) -> None:
        before = len(wire.calls)
        await deed()
        # people are told at the same time: in which order does not matter, but for each of them it does
        calls = sorted(wire.calls[before:], key=lambda call: str(call.get("chat_id", "")))
        heard.append({"does": does, "calls": calls})

    await step("asks for today", lambda: phone.say("/hom_nay"))
    world.plan(a_post(due=LATER))
    await step("approves unseen", lambda: phone.say(f"/duyet {POST}"))
    await step("rejects", lambda: phone.tap("Từ chối"))
    await step("gives a reason", lambda: phone.say("Sai ngày ở dòng hai"))
    world.plan(a_post(text="Bản đã sửa", due=LATER))
    await step("asks what waits", lambda: phone.say("/cho_duyet"))
    await step("approves the mended one unseen", lambda: phone.say(f"/duyet {POST}"))
    await step("reads all of it by a button", lambda: phone.tap("Xem đủ"))
    await step("asks to move it", lambda: phone.tap("Sửa giờ…"))
    await step("gives no time", lambda: phone.say("lúc nào cũng được"))
    await step("approves", lambda: phone.tap("Duyệt"))
    await step("reads the whole post", lambda: phone.say(f"/bai {POST}"))
    await step("asks for all that waits", lambda: phone.say("/duyệt hết"))
    await step("looks at the days to come", lambda: phone.say("/lich 25/11"))
    await step("would stop everything", lambda: phone.say("/tam_dung vì có bão, số VB 9/CĐ"))
    await step("stops it", lambda: phone.tap("Tạm dừng ngay"))
    await step("asks how things stand", lambda: phone.say("/trang_thai"))
    await step("lets it go on", lambda: phone.say("/tiep_tuc 1"))
    await step("would take it back", lambda: phone.say(f"/go_bai {POST} sai số liệu"))
    await step("takes it back", lambda: phone.tap("Gỡ khỏi mọi kênh"))
    await step("says what nobody understands", lambda: phone.say("xin cảm ơn"))
    return heard
