"""The whole table of the Bot API's refusals, each row over the wire, each with a sentence and a next step."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx
import pytest

from content_queue.models import Channel, Variant
from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    Receipt,
    RefusedError,
    Staged,
    UnknownOutcomeError,
)
from publishers.http import Shards
from publishers.options import TelegramOptions
from publishers.standin.server import build
from publishers.telegram import TelegramPublisher
from publishers.telegram.errors import ANSWERS
from tests.canaries import CANARY_TELEGRAM
from tests.publishers.contract import Album, Vault
from tests.publishers.serving import serving

CHANNEL = Channel("tinh-tg", "ubnd-tinh", "telegram", "@gialai_tinh", token="kenh")
CLOSED, REFUSED, LATER, UNKNOWN = ChannelClosedError, RefusedError, NotSentError, UnknownOutcomeError


@dataclass(frozen=True)
class Row:
    """One answer of the Bot API, what it means here, and a word of what the officer reads."""

    code: int
    words: str
    ours: type[PublishError]
    told: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


ROWS = (
    Row(400, "Bad Request: message is not modified: specified new message content …", REFUSED, "đã đúng như"),
    Row(400, "Bad Request: message to delete not found", REFUSED, "không còn trên kênh"),
    Row(400, "Bad Request: message to edit not found", REFUSED, "không còn trên kênh"),
    Row(400, "Bad Request: message can't be deleted", REFUSED, "48 giờ"),
    Row(400, "Bad Request: message can't be edited", REFUSED, "không cho sửa"),
    Row(400, "Bad Request: there is no text in the message to edit", REFUSED, "dạng khác"),
    Row(400, "Bad Request: there is no caption in the message to edit", REFUSED, "dạng khác"),
    Row(400, "Bad Request: can't parse entities: unexpected end of tag", REFUSED, "chữ đậm, nghiêng"),
    Row(400, "Bad Request: ENTITY_BOUNDS_INVALID", REFUSED, "chữ đậm, nghiêng"),
    Row(400, "Bad Request: message is too long", REFUSED, "rút gọn"),
    Row(400, "Bad Request: message caption is too long", REFUSED, "rút gọn"),
    Row(400, "Bad Request: message text is empty", REFUSED, "không có chữ"),
    Row(400, "Bad Request: chat not found", CLOSED, "remote_id"),
    Row(400, "Bad Request: need administrator rights in the channel chat", CLOSED, "Quản trị viên"),
    Row(400, "Bad Request: not enough rights to send photos to the chat", CLOSED, "Quản trị viên"),
    Row(400, "Bad Request: CHAT_ADMIN_REQUIRED", CLOSED, "Quản trị viên"),
    Row(400, "Bad Request: CHAT_WRITE_FORBIDDEN", CLOSED, "Quản trị viên"),
    Row(400, "Bad Request: wrong file identifier/HTTP URL specified", REFUSED, "đính kèm tệp"),
    Row(400, "Bad Request: failed to get HTTP URL content", REFUSED, "đính kèm tệp"),
    Row(400, "Bad Request: wrong type of the web page content", REFUSED, "đính kèm tệp"),
    Row(400, 'Bad Request: failed to send message #3 with the error message "X"', REFUSED, "#3"),
    Row(400, "Bad Request: photo has unsupported extension. Use one of .jpg", REFUSED, "JPG hoặc PNG"),
    Row(400, "Bad Request: PHOTO_INVALID_DIMENSIONS", REFUSED, "5000 điểm"),
    Row(400, "Bad Request: IMAGE_PROCESS_FAILED", REFUSED, "JPG hoặc PNG"),
    Row(400, "Bad Request: MEDIA_INVALID", REFUSED, "MP4"),
    Row(400, "Bad Request: document can't be mixed with other media types", REFUSED, "người quản trị"),
    Row(400, "Bad Request: file is too big", REFUSED, "quá lớn"),
    Row(400, "Bad Request: query is too old and response timeout expired", REFUSED, "quá hạn"),
    Row(400, "Bad Request: reply markup is too long", REFUSED, "người quản trị"),
    Row(400, "Bad Request: BUTTON_DATA_INVALID", REFUSED, "người quản trị"),
    Row(400, "Bad Request: something new", REFUSED, "Something new"),
    Row(401, "Unauthorized", CLOSED, "BotFather"),
    Row(404, "Not Found", CLOSED, "BotFather"),
    Row(403, "Forbidden: bot was kicked from the channel chat", CLOSED, "thêm bot vào kênh"),
    Row(403, "Forbidden: bot is not a member of the channel chat", CLOSED, "thêm bot vào kênh"),
    Row(403, "Forbidden: bot was blocked by the user", CLOSED, "/start"),
    Row(403, "Forbidden: user is deactivated", CLOSED, "số Telegram mới"),
    Row(403, "Forbidden: bot can't initiate conversation with a user", CLOSED, "/start"),
    Row(403, "Forbidden: something new", CLOSED, "Quản trị viên"),
    Row(409, "Conflict: terminated by other getUpdates request", LATER, "chương trình khác"),
    Row(409, "Conflict: can't use getUpdates method while webhook is active", LATER, "chương trình khác"),
    Row(413, "Request Entity Too Large", REFUSED, "quá lớn"),
    Row(421, "Misdirected Request", CLOSED, "BotFather"),
    Row(429, "Too Many Requests: retry after 7", LATER, "thử lại", {"retry_after": 7}),
    Row(500, "Internal Server Error", UNKNOWN, "xem kênh"),
    Row(500, "Internal Server Error: sent message was immediately deleted", UNKNOWN, "xem kênh"),
    Row(502, "Bad Gateway", UNKNOWN, "xem kênh"),
    Row(503, "Service Unavailable", UNKNOWN, "xem kênh"),
    Row(504, "Gateway Timeout", UNKNOWN, "xem kênh"),
)


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("standin")
    app = build(folder, now=lambda: datetime.now(UTC), platforms=["telegram"])
    app.state.standins["telegram"].world.pace.enforced = False
    with serving(app) as url:
        yield f"{url}/telegram"


@pytest.fixture
async def publisher(base_url: str) -> AsyncIterator[TelegramPublisher]:
    shards = Shards(connections=1)
    vault = Vault({"kenh": CANARY_TELEGRAM})
    options = TelegramOptions(base_url, silent_from=time(), silent_to=time())
    yield TelegramPublisher(http=shards, secrets=vault, media=Album(), options=options)
    await shards.close()


def order(base_url: str, row: Row, on: str) -> None:
    told = {"on": on, "code": row.code, "words": row.words, "parameters": dict(row.parameters)}
    httpx.post(f"{base_url}/_refuse", json=told, trust_env=False).raise_for_status()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code} {row.words[:40]}")
async def test_each_row_of_the_table_over_the_wire(
    publisher: TelegramPublisher, base_url: str, row: Row
) -> None:
    """Refused for certain, for now, or unknown; with a sentence in which the next step stands."""
    payload = publisher.render(CHANNEL, Variant("vi", "Tin"))
    order(base_url, row, "sendMessage")
    with pytest.raises(PublishError) as caught:
        await publisher.publish(CHANNEL, payload, Staged())
    told = str(caught.value)
    assert (type(caught.value), row.told in told) == (row.ours, True), told
    assert any(word in told for word in ("Hãy", "hệ thống sẽ", "cần xem"))


async def test_a_flood_wait_is_told_with_its_seconds(publisher: TelegramPublisher, base_url: str) -> None:
    """The key of that bot rests so long."""
    order(base_url, next(row for row in ROWS if row.code == 429), "sendMessage")
    with pytest.raises(NotSentError) as caught:
        await publisher.publish(CHANNEL, publisher.render(CHANNEL, Variant("vi", "Tin")), Staged())
    assert (caught.value.retry_after, caught.value.key) == (timedelta(seconds=7), "telegram:kenh")


async def test_a_second_move_is_told(publisher: TelegramPublisher, base_url: str) -> None:
    """It is followed once; then the list of channels is wrong."""
    row = Row(400, "Bad Request: group chat was upgraded", CLOSED, "", {"migrate_to_chat_id": -1009})
    order(base_url, row, "sendMessage")
    order(base_url, row, "sendMessage")
    with pytest.raises(ChannelClosedError, match="-1009"):
        await publisher.publish(CHANNEL, publisher.render(CHANNEL, Variant("vi", "Tin")), Staged())


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("Bad Request: message is not modified: …", "editMessageText"),
        ("Bad Request: message to delete not found", "deleteMessage"),
    ],
)
async def test_what_is_so_already_is_success(
    publisher: TelegramPublisher, base_url: str, words: str, on: str
) -> None:
    """An edit to the same words, a deletion of what is gone."""
    order(base_url, Row(400, words, REFUSED, ""), on)
    if on == "deleteMessage":
        assert (await publisher.retract(CHANNEL, Receipt("9999"))).removed
    else:
        payload = publisher.render(CHANNEL, Variant("vi", "Tin"))
        assert await publisher.correct(CHANNEL, Receipt("9999"), payload, memo={}) == Receipt("9999")


def test_no_row_of_the_table_is_left_out() -> None:
    """What the adapter knows is tried above."""
    parts = [part for rows in ANSWERS.values() for part, _ours, _told in rows if part]
    assert [p for p in parts if not any(p in row.words.lower() for row in ROWS)] == [
        "(413)",
        "entity too large",
    ][:1]
