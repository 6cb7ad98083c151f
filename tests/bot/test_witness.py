"""The approval bot through an emulator of Telegram that others wrote (tg-auto-test), and through ours.

Our stand-in shares our own mistakes; the emulator has other ones. What the bot asked of Telegram there is
recorded, and every run of the tests compares what it asks of our stand-in.
"""

import json
from importlib import import_module
from typing import Any

import pytest
from telegram import Bot, Update

from bot.telegram import ApprovalBot
from content_queue.states import PostState
from content_queue.store import approvals, posts
from content_queue.store.writer import ThreadWriter
from publishers.http import Shards
from publishers.telegram.request import ShardedRequest
from tests.bot.conversation import TOKEN, Office
from tests.bot.desk import APPROVER, DESK
from tests.bot.witness import HEARD, POST, Wire, converse
from tests.content_queue.world import World

NUMBER = APPROVER.telegram_id or 0


def a_bot(wire: Wire, world: World, url: str = "https://example.org/bot") -> ApprovalBot:
    """Make the approval bot on a wire."""
    bot = Bot(TOKEN, url, request=wire, get_updates_request=wire)
    ledger = ThreadWriter(world.ledger._engine)
    return ApprovalBot(bot=bot, ledger=ledger, clock=world.clock, desk=DESK)


class OurPhone:
    """A telephone at our stand-in."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def say(self, text: str) -> None:
        await self._office.say(NUMBER, text)

    async def tap(self, label: str) -> None:
        await self._office.tap(NUMBER, label)


class TheirPhone:
    """A telephone at tg-auto-test."""

    def __init__(self, conversation: Any) -> None:
        self._conversation = conversation
        self._card: Any = None

    async def say(self, text: str) -> None:
        await self._conversation.send_message(text)
        await self._see()

    async def tap(self, label: str) -> None:
        assert self._card is not None
        await self._card.click(text=label)

    async def _see(self) -> None:
        """Keep the last message that has buttons."""
        runtime = self._conversation._runtime
        while (message := runtime._pop_response_nowait()) is not None:
            self._card = message if message.buttons else self._card


class Seat:
    """What the emulator takes for an application: it hands updates to the approval bot."""

    post_init = post_shutdown = None

    def __init__(self) -> None:
        self.talks: ApprovalBot | None = None
        self.bot: Bot | None = None

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def process_update(self, update: Update) -> None:
        assert self.talks is not None
        assert await self.talks.take(update.to_dict())


async def through_theirs(world: World) -> list[dict[str, Any]]:
    """Have the conversation at the emulator."""
    seat = Seat()
    theirs = import_module("tg_auto_test.test_utils.serverless_telegram_client")
    client = theirs.ServerlessTelegramClient(lambda _builder: seat, user_id=NUMBER)
    wire = Wire(client._request)
    seat.talks = a_bot(wire, world)
    seat.bot = seat.talks._bot
    await client.connect()
    async with client.conversation("test_bot") as conversation:
        return await converse(TheirPhone(conversation), world, wire)


@pytest.mark.witness
@pytest.mark.filterwarnings("default")
async def test_the_bot_is_understood_by_an_emulator_of_others(world: World, pytestconfig: Any) -> None:
    """It asks of Telegram what was recorded, and each decision is made: no, yes, and taken back."""
    heard = await through_theirs(world)
    if pytestconfig.getoption("--record"):
        HEARD.write_text(json.dumps(heard, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert heard == json.loads(HEARD.read_text("utf-8"))
    said = [(person, verdict) for person, verdict, *_ in world.look(approvals.decisions_on, POST)]
    assert said == [(APPROVER.name, "rejected"), (APPROVER.name, "approved")]
    assert world.look(posts.find_post, POST).state == PostState.CANCELLED


async def test_our_standin_hears_what_the_emulator_of_others_heard(world: World, base_url: str) -> None:
    """Call by call: method, words, buttons, and which message is meant."""
    http = Shards(connections=8)
    wire = Wire(ShardedRequest(http))
    bot = a_bot(wire, world, f"{base_url}/bot")
    office = Office(bot, world, http, base_url, [])
    await office.do("_limits", enforced=False)
    await bot.poll(0)
    heard = await converse(OurPhone(office), world, wire)
    await http.close()
    assert heard == json.loads(HEARD.read_text("utf-8"))


def test_the_recording_holds_a_whole_approval() -> None:
    """It can be told from an empty one: a rejection with its reason, then an approval."""
    heard = json.loads(HEARD.read_text("utf-8"))
    methods = {call["method"] for step in heard for call in step["calls"]}
    assert methods == {"sendMessage", "answerCallbackQuery", "editMessageText"}
    assert all(call["status"] == 200 for step in heard for call in step["calls"])
    assert any("Sai ngày ở dòng hai" in call.get("text", "") for step in heard for call in step["calls"])
