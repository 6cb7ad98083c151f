"""People with telephones, and the approval bot that they talk to through a stand-in Telegram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot

from bot.telegram import ApprovalBot
from content_queue.models import Post
from content_queue.store import approvals, posts
from content_queue.store.writer import ThreadWriter
from publishers.http import Shards
from publishers.telegram.request import ShardedRequest
from tests.bot.desk import DESK
from tests.content_queue.world import World

TOKEN = "987654:bot-phe-duyet-cua-tinh"
POST = "B0001-2026"


@asynccontextmanager
async def an_office(world: World, url: str) -> AsyncIterator["Office"]:
    """Open an office whose bot speaks with the stand-in at `url`."""
    http = Shards(connections=8)
    request = ShardedRequest(http)
    changes: list[str] = []
    ledger = ThreadWriter(world.ledger._engine)
    bot = ApprovalBot(
        bot=Bot(TOKEN, f"{url}/bot", request=request, get_updates_request=request),
        ledger=ledger,
        clock=world.clock,
        desk=DESK,
        changed=lambda: changes.append("changed"),
    )
    made = Office(bot, world, http, url, changes)
    await made.do("_limits", enforced=False)
    await bot.poll(0)
    yield made
    await http.close()
    await asyncio.to_thread(ledger.close)


@dataclass
class Office:
    """The bot, the ledger, and the people with their telephones."""

    bot: ApprovalBot
    world: World
    http: Shards
    url: str
    changes: list[str]

    async def do(self, deed: str, **asked: Any) -> None:
        answer = await self.http.request("POST", f"{self.url}/{deed}", json=asked)
        assert answer.json()["ok"], answer.text

    async def say(self, who: int, text: str, **more: Any) -> list[str]:
        """Let a person write, the bot listen; return what it said to them then."""
        before = len(await self.texts(who))
        await self.do("_people/say", user_id=who, text=text, bot=TOKEN, **more)
        await self.bot.poll(0)
        return (await self.texts(who))[before + 1 :]

    async def tap(self, who: int, label: str, *, card: int = -1, **forged: Any) -> str:
        """Let a person tap a card, the bot listen; return the short word it answered with."""
        shown = [
            m for m in await self.messages(who) if label in [b["text"] for row in m["buttons"] for b in row]
        ]
        await self.tap_on(who, shown[card], label, **forged)
        await self.bot.poll(0)
        return (await self.toasts(who))[-1]

    async def tap_on(self, who: int, message: dict[str, Any], label: str, **forged: Any) -> None:
        buttons = {b["text"]: b["callback_data"] for row in message["buttons"] for b in row}
        asked = {"user_id": who, "chat_id": who, "data": buttons[label], **forged}
        await self.do("_people/tap", message_id=message["message_id"], **asked)

    async def see(self, who: int) -> dict[str, Any]:
        answer = await self.http.request("GET", f"{self.url}/_people/chats/{who}")
        found: dict[str, Any] = answer.json()
        return found

    async def messages(self, who: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.see(who))["messages"]
        return found

    async def texts(self, who: int) -> list[str]:
        return [message["text"] for message in await self.messages(who)]

    async def buttons(self, who: int) -> list[list[str]]:
        return [
            [button["text"] for row in message["buttons"] for button in row]
            for message in await self.messages(who)
        ]

    async def toasts(self, who: int) -> list[str]:
        return [
            toast["text"] if isinstance(toast, dict) else toast for toast in (await self.see(who))["toasts"]
        ]

    def post(self, code: str = POST) -> Post:
        found = self.world.look(posts.find_post, code)
        assert isinstance(found, Post)
        return found

    def decisions(self, code: str = POST) -> list[tuple[str, str]]:
        return [(person, verdict) for person, verdict, *_ in self.world.look(approvals.decisions_on, code)]
