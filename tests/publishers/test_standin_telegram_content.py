"""What the stand-in Telegram takes and refuses of content, and what happens to its channels."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MessageEntity,
    MessageOriginChannel,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError

from publishers.http import Shards
from publishers.standin.server import build
from publishers.telegram.request import ShardedRequest
from tests.canaries import CANARY_TELEGRAM
from tests.publishers.contract import PNG
from tests.publishers.serving import serving

FILM = (Path(__file__).parent.parent / "films" / "ngang.mp4").read_bytes()
CHANNEL, GROUP = "@gialai_tinh", -1001234500000
ASKED = ["message", "my_chat_member", "message_reaction_count"]


@dataclass
class Town:
    """Two bots at one stand-in, and what happens there."""

    url: str
    standin: Any
    bot: Bot
    other: Bot

    def happens(self, what: str, **facts: Any) -> dict[str, Any]:
        told = {"chat_id": CHANNEL, **facts}
        answer = httpx.post(f"{self.url}/_people/{what}", json=told, trust_env=False).raise_for_status()
        return dict(answer.json()["result"])

    def refuse(self, **order: Any) -> None:
        httpx.post(f"{self.url}/_refuse", json=order, trust_env=False).raise_for_status()

    async def updates(self, bot: Bot | None = None) -> tuple[Update, ...]:
        return await (bot or self.bot).get_updates(timeout=0, allowed_updates=ASKED)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    app = build(tmp_path, now=lambda: datetime.now(UTC), platforms=["telegram"])
    app.state.standins["telegram"].world.pace.enforced = False
    with serving(app) as url:
        yield f"{url}/telegram", app.state.standins["telegram"]


@pytest.fixture
async def town(served: tuple[str, Any]) -> AsyncIterator[Town]:
    url, standin = served
    http = Shards(connections=4)
    request = ShardedRequest(http)
    bots = [
        Bot(token, f"{url}/bot", request=request, get_updates_request=request)
        for token in (CANARY_TELEGRAM, f"{CANARY_TELEGRAM}-khac")
    ]
    yield Town(url, standin, *bots)
    await http.close()


def bold(offset: int, length: int) -> list[MessageEntity]:
    return [MessageEntity(MessageEntity.BOLD, offset, length)]


# --- content -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("offset", "length"), [(0, 4), (3, 1), (0, 0), (-1, 2)])
async def test_entities_that_point_outside_are_refused(town: Town, offset: int, length: int) -> None:
    """Units are those of UTF-16; a wrong count never passes unseen."""
    with pytest.raises(BadRequest, match=r"(?i)entity_bounds_invalid"):
        await town.bot.send_message(CHANNEL, "Tin", entities=bold(offset, length))
    assert (await town.bot.send_message(CHANNEL, "😀n", entities=bold(0, 3))).entities


async def test_more_than_a_hundred_entities_are_left_out_without_a_word(town: Town) -> None:
    """As Telegram does; so nobody may rely on it."""
    styles = [bold(2 * n, 1)[0] for n in range(101)]
    sent = await town.bot.send_message(CHANNEL, "a " * 101 + "b", entities=styles)
    assert len(sent.entities) == 100


async def test_blanks_around_a_text_go_and_its_entities_move(town: Town) -> None:
    """What a reader sees is marked, wherever it stood."""
    sent = await town.bot.send_message(CHANNEL, "  **a**  ", entities=bold(4, 1))
    assert (sent.text, [(e.offset, e.length) for e in sent.entities]) == ("**a**", [(2, 1)])


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([InputMediaPhoto(PNG), InputMediaDocument(b"%PDF-")], "can't be mixed"),
        ([InputMediaPhoto(PNG), InputMediaPhoto(b"no picture")], "failed to send message #2"),
        ([InputMediaVideo(FILM), InputMediaVideo(PNG)], "failed to send message #2"),
        ([InputMediaPhoto(PNG)] * 11, "2-10 items"),
        ([InputMediaPhoto(PNG)], "2-10 items"),
    ],
)
async def test_an_album_is_taken_whole_or_not_at_all(town: Town, items: list[Any], words: str) -> None:
    """One bad file refuses all of them, and is named."""
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await town.bot.send_media_group(CHANNEL, items)
    assert town.standin.shown() == []


async def test_files_beyond_the_limits_are_refused(town: Town) -> None:
    """10 MB of a photo, 50 MB of anything."""
    with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
        await town.bot.send_photo(CHANNEL, PNG + bytes(10 * 2**20))
    with pytest.raises(NetworkError, match=r"(?i)too large"):
        await town.bot.send_document(CHANNEL, bytes(50 * 2**20 + 1))
    with pytest.raises(BadRequest, match=r"(?i)media_invalid"):
        await town.bot.send_video(CHANNEL, PNG)


async def test_a_files_id_is_good_for_its_bot_and_its_kind(town: Town) -> None:
    """Another bot, or another method, has to bring the file itself."""
    sent = await town.bot.send_video(CHANNEL, FILM, width=320, height=180, duration=2)
    assert sent.video is not None
    again = await town.bot.send_video(CHANNEL, sent.video.file_id)
    assert again.video is not None
    for bot, method in ((town.other, "send_video"), (town.bot, "send_document")):
        with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
            await getattr(bot, method)(CHANNEL, sent.video.file_id)


async def test_words_are_edited_where_they_are(town: Town) -> None:
    """A text is no caption and a caption no text."""
    text, photo = await town.bot.send_message(CHANNEL, "Tin"), await town.bot.send_photo(CHANNEL, PNG)
    with pytest.raises(BadRequest, match=r"(?i)no caption in the message"):
        await town.bot.edit_message_caption(CHANNEL, text.message_id, caption="Khác")
    with pytest.raises(BadRequest, match=r"(?i)no text in the message"):
        await town.bot.edit_message_text("Khác", CHANNEL, photo.message_id)


# --- what happens there --------------------------------------------------------------------------------


async def test_what_a_bot_may_not_do_is_refused_each_by_its_own_right(town: Town) -> None:
    """Own posts need the right to post, those of others the right to edit or to delete."""
    own = await town.bot.send_message(CHANNEL, "Tin")
    town.happens("rights", without=["can_delete_messages"])
    with pytest.raises(BadRequest, match=r"(?i)can't be deleted"):
        await town.other.delete_message(CHANNEL, own.message_id)
    member = await town.bot.get_chat_member(CHANNEL, (await town.bot.get_me()).id)
    assert member.to_dict()["can_delete_messages"] is False
    town.happens("rights", without=["can_post_messages"])
    with pytest.raises(BadRequest, match=r"(?i)administrator rights"):
        await town.bot.send_message(CHANNEL, "Tin nữa")
    with pytest.raises(BadRequest, match=r"(?i)can't be deleted"):
        await town.bot.delete_message(CHANNEL, own.message_id)


@pytest.mark.parametrize(
    ("standing", "error"), [("kicked", Forbidden), ("not_member", Forbidden), ("gone", BadRequest)]
)
async def test_a_bot_that_was_put_out_is_told_and_refused(
    town: Town, standing: str, error: type[Exception]
) -> None:
    """By an update, and at its next call."""
    await town.bot.send_message(CHANNEL, "Tin")
    await town.updates()
    town.happens("standing", standing=standing)
    [told] = await town.updates()
    assert told.my_chat_member is not None
    assert told.my_chat_member.new_chat_member.status == "left"
    with pytest.raises(error):
        await town.bot.send_message(CHANNEL, "Tin")


async def test_a_moved_group_names_its_new_number(town: Town) -> None:
    """In the parameters of the refusal."""
    town.happens("move", chat_id="-4001", to=-1009)
    with pytest.raises(ChatMigrated) as caught:
        await town.bot.send_message("-4001", "Tin")
    assert caught.value.new_chat_id == -1009


async def test_films_of_a_busy_channel_have_no_number_until_they_are_ready(town: Town) -> None:
    """Photos pass at once; what is held survives a restart of the stand-in in its journal."""
    town.happens("busy")
    film = await town.bot.send_video(CHANNEL, FILM)
    photo = await town.bot.send_photo(CHANNEL, PNG)
    assert (film.message_id, photo.message_id, len(town.standin.shown())) == (0, 1, 1)
    assert town.happens("ready") == {"shown": 1}
    assert [post.remote_id for post in town.standin.shown()] == ["1", "2"]
    assert town.happens("ready") == {"shown": 0}


async def test_reactions_and_comments_are_told_to_the_bots_of_a_channel(town: Town) -> None:
    """Totals of reactions; comments in the thread of the post's copy; to each bot that writes there."""
    town.happens("link", group_id=GROUP)
    post = await town.bot.send_message(CHANNEL, "Tin")
    await town.other.send_message(CHANNEL, "News")
    for bot in (town.bot, town.other):
        await town.updates(bot)
    town.happens("react", message_id=post.message_id, total=3)
    town.happens("comment", message_id=post.message_id, user_id=99, text="Hay")
    for bot in (town.bot, town.other):
        told = [update for update in await town.updates(bot) if not _is_copy(update)]
        assert [update.message_reaction_count is not None for update in told] == [True, False]
        message = told[1].message
        assert message is not None
        assert message.reply_to_message is not None
        origin = message.reply_to_message.forward_origin
        assert isinstance(origin, MessageOriginChannel)
        assert (message.text, origin.message_id) == ("Hay", post.message_id)
        assert message.message_thread_id == message.reply_to_message.message_id


def _is_copy(update: Update) -> bool:
    return bool(update.message and update.message.is_automatic_forward)


@pytest.mark.parametrize("what", ["standing", "comment", "age"])
async def test_what_is_not_there_cannot_happen(town: Town, what: str) -> None:
    """An order that means nothing is refused, not passed over."""
    told = {"standing": "lost", "message_id": 7, "user_id": 9, "text": "x", "hours": 1}
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        town.happens(what, **told)


async def test_ordered_refusals_come_in_their_words_and_then_no_more(town: Town) -> None:
    """Before the deed or after it; a proxy's answer is no JSON."""
    orders: tuple[dict[str, Any], ...] = (
        {"on": "sendMessage", "code": 502, "words": "Bad Gateway"},
        {"on": "sendMessage", "code": 500, "words": "Internal Server Error", "after": True},
    )
    for order in orders:
        town.refuse(**order)
        with pytest.raises(NetworkError):
            await town.bot.send_message(CHANNEL, "Tin")
    await town.bot.send_message(CHANNEL, "Sau")
    assert [post.text for post in town.standin.shown()] == ["Tin", "Sau"]
