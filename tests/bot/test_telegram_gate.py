"""Who is let in."""

from typing import Any

import pytest
from telegram import Update

from bot.telegram.gate import Barred, Commented, Copied, Reacted, Said, Seen, Stranger, Tapped, admit
from tests.bot.desk import LEADER, PEOPLE

USER = {"id": 7, "is_bot": False, "first_name": "Lãnh"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Lãnh"}
GROUP = {"id": -5, "type": "group", "title": "Tổ duyệt"}
SUPERGROUP = {"id": -1005, "type": "supergroup", "title": "Tổ duyệt"}
CHANNEL = {"id": -1009, "type": "channel", "title": "Tin tỉnh"}
HIDDEN = {"type": "hidden_user", "date": 1, "sender_user_name": "Ai đó"}


def message(**changes: Any) -> dict[str, Any]:
    said = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": USER, "text": "/duyet A-2026", **changes}
    return {key: value for key, value in said.items() if value is not None}


def tap(**changes: Any) -> dict[str, Any]:
    query = {
        "id": "q",
        "from": USER,
        "chat_instance": "1",
        "data": "d:A:1:2",
        "message": message(**{"from": None}),
    }
    return {key: value for key, value in {**query, **changes}.items() if value is not None}


def user(number: int, *, is_bot: bool = False) -> dict[str, Any]:
    return {"id": number, "is_bot": is_bot, "first_name": "X"}


def chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "X"}


LET_IN: list[tuple[str, dict[str, Any], Seen]] = [
    ("a listed person", {"message": message()}, Said(LEADER, 7, "/duyet A-2026")),
    ("a listed person with a picture", {"message": message(text=None)}, Said(LEADER, 7, "")),
    ("a listed person who taps", {"callback_query": tap()}, Tapped(LEADER, 7, "q", "d:A:1:2")),
    ("a stranger", {"message": message(**{"from": user(99)}, chat=chat(99))}, Stranger(99)),
]
HOSTILE: list[tuple[str, dict[str, Any], Seen]] = [
    ("group", {"message": message(chat=GROUP)}, Barred("not_private")),
    ("supergroup", {"message": message(chat=SUPERGROUP)}, Barred("not_private")),
    ("channel as message", {"message": message(chat=CHANNEL)}, Barred("not_private")),
    ("channel post", {"channel_post": message(chat=CHANNEL, **{"from": None})}, Barred("kind")),
    ("edited channel post", {"edited_channel_post": message(chat=CHANNEL)}, Barred("kind")),
    ("edited message", {"edited_message": message(edit_date=2)}, Barred("kind")),
    ("edited, sent as new", {"message": message(edit_date=2)}, Barred("edited")),
    ("on behalf of a channel", {"message": message(sender_chat=CHANNEL)}, Barred("for_a_channel")),
    (
        "anonymous group admin",
        {
            "message": message(
                chat=SUPERGROUP, sender_chat=SUPERGROUP, **{"from": user(1087968824, is_bot=True)}
            )
        },
        Barred("not_private"),
    ),
    (
        "its number in private",
        {"message": message(chat=chat(1087968824), **{"from": user(1087968824)})},
        Barred("nobody"),
    ),
    ("Telegram itself", {"message": message(chat=chat(777000), **{"from": user(777000)})}, Barred("nobody")),
    (
        "the channels' bot",
        {"message": message(chat=chat(136817688), **{"from": user(136817688)})},
        Barred("nobody"),
    ),
    ("another bot", {"message": message(chat=chat(55), **{"from": user(55, is_bot=True)})}, Barred("nobody")),
    ("nobody at all", {"message": message(**{"from": None})}, Barred("nobody")),
    ("in another's chat", {"message": message(chat=chat(8))}, Barred("not_own_chat")),
    ("forwarded", {"message": message(forward_origin=HIDDEN)}, Barred("forwarded")),
    ("forwarded by itself", {"message": message(is_automatic_forward=True)}, Barred("automatic_forward")),
    ("by way of a bot", {"message": message(via_bot=user(5, is_bot=True))}, Barred("via_bot")),
    ("for a business", {"message": message(business_connection_id="b")}, Barred("for_a_business")),
    ("a business message", {"business_message": message()}, Barred("kind")),
    ("tap without a message", {"callback_query": tap(message=None)}, Barred("no_card", "q")),
    (
        "tap on an inline message",
        {"callback_query": tap(message=None, inline_message_id="i")},
        Barred("no_card", "q"),
    ),
    ("tap on a game", {"callback_query": tap(data=None, game_short_name="g")}, Barred("no_card", "q")),
    ("tap in a group", {"callback_query": tap(message=message(chat=GROUP))}, Barred("not_private", "q")),
    (
        "tap on another's card",
        {"callback_query": tap(message=message(chat=chat(8)))},
        Barred("not_private", "q"),
    ),
    (
        "tap of a stranger",
        {"callback_query": tap(message=message(chat=chat(99)), **{"from": user(99)})},
        Barred("unknown_person", "q"),
    ),
    ("an update of tomorrow", {"hologram": {"id": 1}}, Barred("kind")),
    ("inline query", {"inline_query": {"id": "1", "from": USER, "query": "", "offset": ""}}, Barred("kind")),
]


@pytest.mark.parametrize(("content", "seen"), [row[1:] for row in LET_IN], ids=[row[0] for row in LET_IN])
def test_listed_people_are_let_in(content: dict[str, Any], seen: Seen) -> None:
    """A listed number, in its own private chat, with words or taps of its own."""
    actual = admit(Update.de_json({"update_id": 1, **content}, None), PEOPLE)
    assert actual == seen


@pytest.mark.parametrize(("content", "seen"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_nothing_else_is(content: dict[str, Any], seen: Seen) -> None:
    """Groups, channels, forwards, edits, bots, other people's chats and unknown kinds stay outside."""
    actual = admit(Update.de_json({"update_id": 1, **content}, None), PEOPLE)
    assert actual == seen


def test_reactions_are_counted() -> None:
    """Totals of all kinds of reaction, of the channel's message."""
    count = {
        "chat": {**CHANNEL, "username": "gialai"},
        "message_id": 12,
        "date": 1,
        "reactions": [
            {"type": {"type": "emoji", "emoji": "👍"}, "total_count": 5},
            {"type": {"type": "emoji", "emoji": "🎉"}, "total_count": 2},
        ],
    }
    actual = admit(Update.de_json({"update_id": 1, "message_reaction_count": count}, None), PEOPLE)
    assert actual == Reacted(-1009, "gialai", 12, 7)


COPY = {"type": "channel", "date": 1, "chat": {**CHANNEL, "username": "gialai"}, "message_id": 12}


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        ({"is_automatic_forward": True, "forward_origin": COPY}, Copied(-1008, 5, -1009, "gialai", 12)),
        ({"message_thread_id": 5}, Commented(-1008, 5)),
        ({"message_thread_id": 5, "edit_date": 2}, Barred("not_private")),
        ({"forward_origin": COPY}, Barred("not_private")),
    ],
)
def test_a_discussion_group_tells_of_comments_only(more: dict[str, Any], seen: Seen) -> None:
    """What people write there is never an order, whoever they are."""
    group = {"id": -1008, "type": "supergroup", "title": "Thảo luận"}
    content = {"message": message(chat=group, message_id=5, **more)}
    assert admit(Update.de_json({"update_id": 1, **content}, None), PEOPLE) == seen
