"""The bots' side of the stand-in Telegram: a table of Bot API methods.

Each method is `(world, bot, form) -> result` and raises `Refusal` in the words of the real server.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from publishers.standin.telegram import content
from publishers.standin.telegram.call import Call
from publishers.standin.telegram.content import Parcel, Piece
from publishers.standin.telegram.happenings import STANDINGS
from publishers.standin.telegram.wire import RIGHTS, Refusal, bad_request, bot_user, chat_of

TOAST, DATA = 200, 64
#: A bot cannot delete a channel's post that is older.
DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_OLD = "query is too old and response timeout expired or query ID is invalid"
#: What a forwarded copy keeps.
KEPT = frozenset({"text", "entities", "caption", "caption_entities", "photo", "video", "document"})
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_me(call: Call) -> dict[str, Any]:
    """Introduce the bot."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
    return {**bot_user(call.bot), **abilities, "supports_inline_queries": False}


def send_message(call: Call) -> dict[str, Any]:
    """Put a text into a chat."""
    options = call.given("link_preview_options")
    preview = {"link_preview_options": options} if options else {}
    return _send(call, [Piece({**content.text(call.form), **preview})])[0]


def send_file(kind: str, call: Call) -> dict[str, Any]:
    """Put one photo, film or file into a chat."""
    return _send(call, [content.alone(Parcel(call.world, call.bot, call.form), kind)])[0]


def send_media_group(call: Call) -> list[dict[str, Any]]:
    """Put an album into a chat, whole or not at all."""
    pieces = content.album(Parcel(call.world, call.bot, call.form))
    album = {"media_group_id": str(call.world.chats.next_id(call.chat()["id"]))}
    return _send(call, [Piece({**piece.content, **album}, piece.path) for piece in pieces])


def forward_message(call: Call) -> dict[str, Any]:
    """Put a copy of a message into another chat."""
    number = int(call.form.fields.get("message_id", 0))
    source = call.chat("from_chat_id")
    sent = call.world.chats.find(source["id"], number, otherwise="message to forward not found")
    date = sent.message["date"]
    origin = {"type": "channel", "date": date, "chat": source, "message_id": number}
    kept = {key: value for key, value in sent.message.items() if key in KEPT}
    return _send(call, [Piece({**kept, "forward_origin": origin}, sent.picture)])[0]


def edit_text(call: Call) -> dict[str, Any]:
    """Change a message's text; an omitted keyboard is removed."""
    text = content.text(call.form)
    if "text" not in call.message("message to edit not found").message:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, {"entities": None, **text})


def edit_caption(call: Call) -> dict[str, Any]:
    """Change a caption; an omitted keyboard is removed."""
    caption = content.caption(call.form)
    if "text" in call.message("message to edit not found").message:
        raise bad_request("there is no caption in the message to edit")
    return _edit(call, {"caption": None, "caption_entities": None, **caption})


def edit_markup(call: Call) -> dict[str, Any]:
    """Change or remove the keyboard."""
    return _edit(call, {})


def delete_message(call: Call) -> bool:
    """Remove a message, while it is young enough; the age counts before the rights."""
    sent = call.message("message to delete not found")
    right = "can_post_messages" if sent.bot == call.bot else "can_delete_messages"
    if call.world.now() - sent.at > DELETABLE or not call.may(right):
        raise bad_request("message can't be deleted")
    call.world.commit("deleted", chat=sent.message["chat"]["id"], message=sent.message["message_id"])
    return True


def answer_tap(call: Call) -> bool:
    """Answer a tap, once, with a toast or silently."""
    chat = call.world.taps.pop(str(call.form.fields.get("callback_query_id")), None)
    if chat is None:
        raise bad_request(QUERY_OLD)
    text, _entities = content.text_of(call.form, "text")
    if len(text) > TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    if text:
        alert = str(call.form.fields.get("show_alert", "")).lower() == "true"
        call.world.commit("toast", chat=chat, text=text, alert=alert)
    return True


def _chat_of_menu(call: Call) -> int:
    """Return the chat whose own menu is meant, 0 for everybody's."""
    scope = call.given("scope", {})
    return int(scope["chat_id"]) if scope.get("type") == "chat" else 0


def set_commands(call: Call) -> bool:
    """Register the bot's commands."""
    commands = call.given("commands", [])
    if not all(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) for command in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    call.world.commands[call.bot, _chat_of_menu(call)] = commands
    return True


def delete_commands(call: Call) -> bool:
    """Forget the bot's commands."""
    call.world.commands.pop((call.bot, _chat_of_menu(call)), None)
    return True


def get_commands(call: Call) -> Any:
    """Return the bot's commands."""
    return call.world.commands.get((call.bot, _chat_of_menu(call)), [])


def get_chat(call: Call) -> dict[str, Any]:
    """Describe a chat."""
    gifts, chat = dict.fromkeys(_GIFTS, False), call.chat()
    known = {**chat, **call.world.chats.group_of(chat["id"])}
    return {**known, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_member(call: Call) -> dict[str, Any]:
    """Describe a member; bots are administrators, unless they lost their rights."""
    chat, user = chat_of(call.form.fields.get("chat_id", "")), int(call.form.fields.get("user_id", 0))
    may = call.world.chats.standing.get(chat["id"]) != "no_rights"
    if may:
        call.chat()
    if user != call.bot:
        return {"status": "member", "user": {"id": user, "is_bot": False, "first_name": f"Người {user}"}}
    lost = call.world.chats.without.get(chat["id"], ())
    rights = {right: has and may and right not in lost for right, has in RIGHTS.items()}
    return {"status": "administrator", "user": bot_user(user), **rights}


def count_members(call: Call) -> int:
    """Count subscribers: a number of its own for every channel, always the same."""
    return 200 + zlib.crc32(str(call.chat()["id"]).encode()) % 5000


def do_nothing(call: Call) -> bool:
    """Agree: bots may show that they are typing, and drop web hooks that were never set."""
    call.form.fields.clear()
    return True


#: Lower-case method -> its function; the Bot API does not mind the case.
METHODS: dict[str, Callable[[Call], Any]] = {
    "getme": get_me,
    "sendmessage": send_message,
    "sendphoto": partial(send_file, "photo"),
    "sendvideo": partial(send_file, "video"),
    "senddocument": partial(send_file, "document"),
    "sendmediagroup": send_media_group,
    "forwardmessage": forward_message,
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_tap,
    "setmycommands": set_commands,
    "deletemycommands": delete_commands,
    "getmycommands": get_commands,
    "getchat": get_chat,
    "getchatmember": get_member,
    "getchatmembercount": count_members,
    "sendchataction": do_nothing,
    "deletewebhook": do_nothing,
}


def _send(call: Call, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Put messages into the chat, if the pace allows; a busy channel shows films later."""
    chat, markup = call.chat(), _markup(call)
    if chat["type"] == "channel" and not call.may("can_post_messages"):
        raise Refusal(*STANDINGS["no_rights"] or ())
    call.world.pace.admit(call.bot, chat["id"], count=len(pieces))
    sender = {"sender_chat": chat} if chat["type"] == "channel" else {"from": bot_user(call.bot)}
    date = int(call.world.now().timestamp())
    messages = [{"date": date, "chat": chat, **sender, **piece.content, **markup} for piece in pieces]
    silent = str(call.form.fields.get("disable_notification", "")).lower() == "true"
    return call.world.post(call.bot, messages, [piece.path for piece in pieces], silent=silent)


def _edit(call: Call, changed: dict[str, Any]) -> dict[str, Any]:
    sent = call.message("message to edit not found")
    own, in_channel = sent.bot == call.bot, sent.message["chat"]["type"] == "channel"
    right = "can_post_messages" if own else "can_edit_messages"
    if not (own or in_channel) or not call.may(right) or "forward_origin" in sent.message:
        raise bad_request("message can't be edited")
    markup = _markup(call)
    old = {key: sent.message.get(key) for key in (*changed, "reply_markup")}
    if old == {"reply_markup": None, **changed, **markup}:
        raise bad_request(NOT_MODIFIED)
    given = {key: value for key, value in changed.items() if value is not None}
    edited = {**given, **markup, "edit_date": int(call.world.now().timestamp())}
    chat, number = sent.message["chat"]["id"], sent.message["message_id"]
    without = ["reply_markup", *(key for key in changed if key not in given)]
    call.world.commit("edited", chat=chat, message=number, without=without, **{"with": edited})
    return sent.message


def _markup(call: Call) -> dict[str, Any]:
    """Return the keyboard, checked; an empty one is none."""
    markup = call.given("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA:
                raise bad_request("BUTTON_DATA_INVALID")
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}
