"""The stand-in Telegram, spoken to by python-telegram-bot over the house's wire."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from publishers.http import Shards
from publishers.standin.server import build
from publishers.telegram.request import ShardedRequest
from tests.canaries import CANARY_TELEGRAM_APPROVAL
from tests.publishers.contract import PNG
from tests.publishers.serving import serving

TOKEN = CANARY_TELEGRAM_APPROVAL
ASKED = ["message", "edited_message", "callback_query"]
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Duyệt", callback_data="1:d:7")]])


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def base_url(tmp_path: Path, watch: Watch) -> Iterator[str]:
    with serving(build(tmp_path, now=watch, platforms=["telegram"])) as url:
        yield f"{url}/telegram"


@pytest.fixture
async def http() -> AsyncIterator[Shards]:
    shards = Shards(connections=8)
    yield shards
    await shards.close()


def make_bot(base_url: str, http: Shards, token: str = TOKEN) -> Bot:
    request = ShardedRequest(http)
    return Bot(token, f"{base_url}/bot", request=request, get_updates_request=request)


@pytest.fixture
def bot(base_url: str, http: Shards) -> Bot:
    return make_bot(base_url, http)


class People:
    """The people's side over HTTP."""

    def __init__(self, base_url: str, http: Shards) -> None:
        self._url, self._http = f"{base_url}/_people", http

    async def do(self, deed: str, **asked: Any) -> dict[str, Any]:
        answer = (await self._http.request("POST", f"{self._url}/{deed}", json=asked)).raise_for_status()
        result: dict[str, Any] = answer.json()["result"]
        return result

    async def see(self, chat: int) -> dict[str, Any]:
        seen: dict[str, Any] = (await self._http.request("GET", f"{self._url}/chats/{chat}")).json()
        return seen


@pytest.fixture
def people(base_url: str, http: Shards) -> People:
    return People(base_url, http)


async def updates(bot: Bot, offset: int = 0, timeout: int = 0) -> tuple[Update, ...]:  # noqa: ASYNC109 - Telegram's own word
    return await bot.get_updates(offset=offset, timeout=timeout, allowed_updates=ASKED)


async def test_a_card_is_sent_tapped_answered_and_edited(bot: Bot, people: People) -> None:
    """The whole talk of an approval, and the person sees each step."""
    card = await bot.send_message(70001, "Bài BD-1", reply_markup=KEYBOARD)
    await people.do("tap", chat_id=70001, message_id=card.message_id, data="1:d:7")
    [update] = await updates(bot)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("1:d:7", 70001)
    assert isinstance(query.message, Message)
    assert query.message.message_id == card.message_id
    assert await bot.answer_callback_query(query.id, "Đã duyệt")
    await bot.edit_message_text("Bài BD-1: đã duyệt", chat_id=70001, message_id=card.message_id)
    seen = await people.see(70001)
    assert [(m["text"], m["buttons"]) for m in seen["messages"]] == [("Bài BD-1: đã duyệt", [])]
    assert seen["toasts"] == [{"text": "Đã duyệt", "alert": False}]


async def test_a_tap_is_answered_once(bot: Bot, people: People) -> None:
    """A late second answer meets the platform's refusal."""
    card = await bot.send_message(70001, "Bài", reply_markup=KEYBOARD)
    tapped = await people.do("tap", chat_id=70001, message_id=card.message_id, data="x")
    await bot.answer_callback_query(tapped["callback_query_id"])
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(tapped["callback_query_id"])


async def test_updates_are_kept_until_acknowledged(bot: Bot, people: People) -> None:
    """At least once: the next offset, nothing else, lets an update go."""
    for text in ("một", "hai"):
        await people.do("say", user_id=70001, text=text, bot=TOKEN)
    first, second = await updates(bot)
    assert [update.update_id for update in await updates(bot)] == [first.update_id, second.update_id]
    assert [update.update_id for update in await updates(bot, first.update_id + 1)] == [second.update_id]
    assert await updates(bot, second.update_id + 1) == ()


async def test_updates_survive_a_restart(tmp_path: Path, watch: Watch, http: Shards) -> None:
    """Chats and unacknowledged updates come back from the journal."""
    with serving(build(tmp_path, now=watch, platforms=["telegram"])) as url:
        people = People(f"{url}/telegram", http)
        await make_bot(f"{url}/telegram", http).send_message(70001, "Bài")
        await people.do("say", user_id=70001, text="/hom_nay")
    assert TOKEN not in (tmp_path / "telegram.jsonl").read_text(encoding="utf-8")
    with serving(build(tmp_path, now=watch, platforms=["telegram"])) as url:
        [update] = await updates(make_bot(f"{url}/telegram", http))
        seen = await People(f"{url}/telegram", http).see(70001)
    assert update.message is not None
    assert update.message.text == "/hom_nay"
    assert [message["text"] for message in seen["messages"]] == ["Bài", "/hom_nay"]


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, people: People) -> None:
    """The bot waits at the platform, not by asking again and again."""
    poll = asyncio.create_task(updates(bot, timeout=30))
    while not poll.done():
        await people.do("say", user_id=70001, text="chào", bot=TOKEN)
    assert poll.result()
    assert all(update.message is not None for update in poll.result())


async def test_of_two_pollers_the_older_is_ended(bot: Bot, people: People) -> None:
    """A second poller shows as a conflict, as two daemons on one token would."""
    polls = [asyncio.create_task(updates(bot, timeout=30)) for _poller in range(2)]
    done, _running = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
    assert [type(poll.exception()) for poll in done] == [Conflict]
    await people.do("say", user_id=70001, text="chào", bot=TOKEN)
    results = await asyncio.gather(*polls, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "tuple"]


async def test_equal_edits_are_told(bot: Bot) -> None:
    """`message is not modified`, for text and keyboard alike."""
    card = await bot.send_message(70001, "Bài", reply_markup=KEYBOARD)
    for edit in (
        bot.edit_message_text("Bài", 70001, card.message_id, reply_markup=KEYBOARD),
        bot.edit_message_reply_markup(70001, card.message_id, reply_markup=KEYBOARD),
    ):
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await edit
    await bot.edit_message_reply_markup(70001, card.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(70001, card.message_id)


async def test_what_does_not_exist_is_refused(bot: Bot) -> None:
    """In the platform's own words."""
    for attempt, words in (
        (bot.send_message("không-phải-kênh", "x"), "chat not found"),
        (bot.send_message(70001, " "), "message text is empty"),
        (bot.send_message(70001, "ữ" * 4097), "message is too long"),
        (bot.send_photo(70001, PNG, caption="ữ" * 1025), "message caption is too long"),
        (bot.send_photo(70001, b"not a picture"), "image_process_failed"),
        (bot.delete_message(70001, 99), "message to delete not found"),
        (bot.edit_message_text("x", 70001, 99), "message to edit not found"),
        (bot.forward_message(70001, 70002, 99), "message to forward not found"),
        (bot.set_my_commands([BotCommand("duyệt", "Duyệt bài")]), "bot_command_invalid"),
    ):
        with pytest.raises(BadRequest, match=rf"(?i){words}"):
            await attempt


async def test_callback_data_is_at_most_64_bytes(bot: Bot) -> None:
    """Bytes, not letters."""
    long = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="ữ" * 22)]])
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(70001, "Bài", reply_markup=long)


async def test_a_photo_goes_again_by_its_id(bot: Bot) -> None:
    """What was uploaded once can be named."""
    sent = await bot.send_photo("@gialai_tinh", PNG, caption="Ảnh")
    again = await bot.send_photo("@pleiku", sent.photo[0].file_id)
    assert again.photo[0].file_unique_id == sent.photo[0].file_unique_id


async def test_another_bots_message_is_edited_only_in_a_channel_and_with_the_right(
    base_url: str, http: Shards, bot: Bot, people: People
) -> None:
    """Two tokens are two bots, though invented tokens may share their number."""
    card = await bot.send_message(70001, "Thẻ")
    post = await bot.send_message("@gialai_tinh", "Tin")
    other = make_bot(base_url, http, f"{TOKEN}-khac")
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await other.edit_message_text("Khác", 70001, card.message_id)
    await other.edit_message_text("Khác", "@gialai_tinh", post.message_id)
    await people.do("rights", chat_id="@gialai_tinh", without=["can_edit_messages"])
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await other.edit_message_text("Lại khác", "@gialai_tinh", post.message_id)


async def test_a_wrong_token_is_nobody(base_url: str, http: Shards) -> None:
    """A token of the wrong form is refused; any other is a bot."""
    with pytest.raises(InvalidToken):
        await make_bot(base_url, http, "987654:sai").get_me()


async def test_a_post_of_two_days_cannot_be_deleted(bot: Bot, watch: Watch) -> None:
    """48 hours, then only an edit is left."""
    young, old = [await bot.send_message("@gialai_tinh", text) for text in ("mới", "cũ")]
    watch.time += timedelta(hours=47)
    assert await bot.delete_message("@gialai_tinh", young.message_id)
    watch.time += timedelta(hours=2)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message("@gialai_tinh", old.message_id)


async def test_a_chat_takes_short_bursts_only(bot: Bot, watch: Watch) -> None:
    """About one message a second in a chat; the refusal says how long to wait, and the wait suffices."""
    for number in range(4):
        await bot.send_message("@gialai_tinh", f"tin {number}")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message("@gialai_tinh", "nữa")
    wait = caught.value.retry_after
    watch.time += wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
    await bot.send_message("@gialai_tinh", "nữa")


async def test_a_bot_sends_about_thirty_a_second(base_url: str, http: Shards, bot: Bot) -> None:
    """Over all its chats; and a load test may turn that off."""
    sent = [bot.send_message(f"@kenh_{number}", "tin") for number in range(40)]
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(isinstance(answer, RetryAfter) for answer in answers) == 7
    await http.request("POST", f"{base_url}/_limits", json={"enforced": False})
    await asyncio.gather(*(bot.send_message(f"@kenh_{number}", "tin") for number in range(40)))


@pytest.mark.parametrize(
    ("standing", "error"),
    [("blocked", Forbidden), ("not_started", Forbidden), ("kicked", Forbidden), ("gone", BadRequest)],
)
async def test_people_can_shut_a_bot_out(
    bot: Bot, people: People, standing: str, error: type[Exception]
) -> None:
    """Blocked, never started, kicked, gone."""
    await people.do("standing", chat_id=70001, standing=standing)
    with pytest.raises(error):
        await bot.send_message(70001, "Bài")


async def test_pressing_start_opens_the_chat(bot: Bot, people: People) -> None:
    """As a new approver does it."""
    await people.do("standing", chat_id=70001, standing="not_started")
    await people.do("say", user_id=70001, text="/start", bot=TOKEN)
    assert (await bot.send_message(70001, "Chào")).chat.id == 70001


async def test_what_people_say_arrives_as_they_say_it(bot: Bot, people: People) -> None:
    """Forwarded, in a group, in another's name, edited: the bot is told, so that it can refuse."""
    chat = {"id": -1005, "type": "channel", "title": "K"}
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Ai đó"}
    await people.do("say", user_id=70001, text="/duyet BD-1", bot=TOKEN, forward_origin=origin)
    await people.do("say", user_id=70001, text="x", bot=TOKEN, chat_id=-77, chat_type="supergroup")
    await people.do("say", user_id=70001, text="x", bot=TOKEN, sender_chat=chat)
    await people.do("say", user_id=70001, text="y", bot=TOKEN, message_id=1, edited=True)
    first, second, third, fourth = [update.effective_message for update in await updates(bot)]
    assert first is not None
    assert (first.text, first.entities[0].type, first.forward_origin is None) == (
        "/duyet BD-1",
        "bot_command",
        False,
    )
    assert second is not None
    assert second.chat.type == "supergroup"
    assert third is not None
    assert third.sender_chat is not None
    assert fourth is not None
    assert (fourth.text, fourth.message_id) == ("y", 1)


async def test_updates_come_only_as_asked(bot: Bot, people: People) -> None:
    """What a bot did not ask for is not kept for it; an omitted wish keeps the last one."""
    await bot.get_updates(allowed_updates=["callback_query"], timeout=0)
    await people.do("say", user_id=70001, text="chào", bot=TOKEN)
    assert await bot.get_updates(timeout=0) == ()


async def test_a_bot_is_administrator_with_rights(bot: Bot, people: People) -> None:
    """Until they are taken from it."""
    me = await bot.get_me()
    member = await bot.get_chat_member("@gialai_tinh", me.id)
    assert (member.status, getattr(member, "can_post_messages", None)) == ("administrator", True)
    await people.do("standing", chat_id="@gialai_tinh", standing="no_rights")
    member = await bot.get_chat_member("@gialai_tinh", me.id)
    assert getattr(member, "can_post_messages", None) is False
    assert await bot.get_chat_member_count("@pleiku") == await bot.get_chat_member_count("@pleiku")
