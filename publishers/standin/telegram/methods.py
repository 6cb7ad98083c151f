"""The bots' side of the stand-in Telegram: a table of Bot API methods.

Each method is `(world, bot, form) -> result` and raises `Refusal` in the words of the real server.
"""

import re
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from publishers.standin.pictures import PREFIX, ending
from publishers.standin.telegram.call import Call
from publishers.standin.telegram.wire import (
    RIGHTS,
    bad_request,
    bot_user,
    chat_of,
    photo_sizes,
)

TEXT, CAPTION, TOAST, DATA = 4096, 1024, 200, 64
#: A bot cannot delete a channel's post that is older.
DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_OLD = "query is too old and response timeout expired or query ID is invalid"
#: What a forwarded copy keeps.
KEPT = frozenset({"text", "caption", "photo"})
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_me(call: Call) -> dict[str, Any]:
    """Introduce the bot."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
    return {**bot_user(call.bot), **abilities, "supports_inline_queries": False}


def send_message(call: Call) -> dict[str, Any]:
    """Put a text into a chat."""
    text = _worded(call)
    options = call.given("link_preview_options")
    return _send(call, [{"text": text, **({"link_preview_options": options} if options else {})}], [""])[0]


def send_photo(call: Call) -> dict[str, Any]:
    """Put one photo into a chat."""
    photo = _photo(call, str(call.form.fields.get("photo", "attach://photo")))
    caption = _caption(call.text("caption"))
    return _send(call, [{**photo[0], **caption}], [photo[1]])[0]


def send_media_group(call: Call) -> list[dict[str, Any]]:
    """Put an album into a chat, whole or not at all."""
    media = call.given("media", [])
    if not 2 <= len(media) <= 10:  # noqa: PLR2004 - the Bot API's own numbers
        raise bad_request("group of media must have 2-10 items")
    photos = [_photo(call, item["media"]) for item in media]
    album = str(call.world.chats.next_id(call.chat()["id"]))
    contents = [
        {**photo, "media_group_id": album, **_caption(str(item.get("caption", "")).strip())}
        for (photo, _path), item in zip(photos, media, strict=True)
    ]
    return _send(call, contents, [path for _photo, path in photos])


def forward_message(call: Call) -> dict[str, Any]:
    """Put a copy of a message into another chat."""
    number = int(call.form.fields.get("message_id", 0))
    source = call.chat("from_chat_id")
    sent = call.world.chats.find(source["id"], number, otherwise="message to forward not found")
    date = sent.message["date"]
    origin = {"type": "channel", "date": date, "chat": source, "message_id": number}
    kept = {key: value for key, value in sent.message.items() if key in KEPT}
    return _send(call, [{**kept, "forward_origin": origin}], [sent.picture])[0]


def edit_text(call: Call) -> dict[str, Any]:
    """Change a message's text; an omitted keyboard is removed."""
    text = _worded(call)
    if "text" not in call.message("message to edit not found").message:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, {"text": text})


def edit_caption(call: Call) -> dict[str, Any]:
    """Change a caption; an omitted keyboard is removed."""
    return _edit(call, _caption(call.text("caption")))


def edit_markup(call: Call) -> dict[str, Any]:
    """Change or remove the keyboard."""
    return _edit(call, {})


def delete_message(call: Call) -> bool:
    """Remove a message, while it is young enough."""
    sent = call.message("message to delete not found")
    if call.world.now() - sent.at > DELETABLE:
        raise bad_request("message can't be deleted")
    call.world.commit("deleted", chat=sent.message["chat"]["id"], message=sent.message["message_id"])
    return True


def answer_tap(call: Call) -> bool:
    """Answer a tap, once, with a toast or silently."""
    chat = call.world.taps.pop(str(call.form.fields.get("callback_query_id")), None)
    if chat is None:
        raise bad_request(QUERY_OLD)
    text = _checked(call.text("text"), TOAST, "MESSAGE_TOO_LONG")
    if text:
        alert = str(call.form.fields.get("show_alert", "")).lower() == "true"
        call.world.commit("toast", chat=chat, text=text, alert=alert)
    return True


def set_commands(call: Call) -> bool:
    """Register the bot's commands."""
    commands = call.given("commands", [])
    if not all(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) for command in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    call.world.commands[call.bot] = commands
    return True


def delete_commands(call: Call) -> bool:
    """Forget the bot's commands."""
    call.world.commands.pop(call.bot, None)
    return True


def get_commands(call: Call) -> Any:
    """Return the bot's commands."""
    return call.world.commands.get(call.bot, [])


def get_chat(call: Call) -> dict[str, Any]:
    """Describe a chat."""
    gifts, chat = dict.fromkeys(_GIFTS, False), call.chat()
    known = {**chat, **call.world.chats.group_of(chat["id"])}
    return {**known, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_member(call: Call) -> dict[str, Any]:
    """Describe a member; bots are administrators, unless they lost their rights."""
    chat, user = chat_of(call.form.fields.get("chat_id", "")), int(call.form.fields.get("user_id", 0))
    if call.world.chats.standing.get(chat["id"]) != "no_rights":
        call.chat()
    if user != call.bot:
        return {"status": "member", "user": {"id": user, "is_bot": False, "first_name": f"Người {user}"}}
    may = call.world.chats.standing.get(chat["id"]) != "no_rights"
    return {
        "status": "administrator",
        "user": bot_user(user),
        **{right: given and may for right, given in RIGHTS.items()},
    }


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
    "sendphoto": send_photo,
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


def _send(call: Call, contents: list[dict[str, Any]], pictures: list[str]) -> list[dict[str, Any]]:
    """Put messages into the chat, if the pace allows."""
    chat = call.chat()
    markup = _markup(call)
    call.world.pace.admit(call.bot, chat["id"], count=len(contents))
    first = call.world.chats.next_id(chat["id"])
    sender = {"sender_chat": chat} if chat["type"] == "channel" else {"from": bot_user(call.bot)}
    date = int(call.world.now().timestamp())
    messages = [
        {"message_id": first + place, "date": date, "chat": chat, **sender, **content, **markup}
        for place, content in enumerate(contents)
    ]
    call.world.add(call.bot, messages, pictures)
    return messages


def _edit(call: Call, content: dict[str, Any]) -> dict[str, Any]:
    sent = call.message("message to edit not found")
    if sent.bot != call.bot or "forward_origin" in sent.message:
        raise bad_request("message can't be edited")
    markup = _markup(call)
    old = {key: sent.message.get(key) for key in (*content, "reply_markup")}
    if old == {"reply_markup": None, **content, **markup}:
        raise bad_request(NOT_MODIFIED)
    edited = {**content, **markup, "edit_date": int(call.world.now().timestamp())}
    chat, number = sent.message["chat"]["id"], sent.message["message_id"]
    call.world.commit("edited", chat=chat, message=number, without=["reply_markup"], **{"with": edited})
    return sent.message


def _markup(call: Call) -> dict[str, Any]:
    """Return the keyboard, checked; an empty one is none."""
    markup = call.given("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA:
                raise bad_request("BUTTON_DATA_INVALID")
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}


def _photo(call: Call, reference: str) -> tuple[dict[str, Any], str]:
    """Return a photo's content and path; it comes as a part, by https address or by an earlier id."""
    if reference.startswith("attach://"):
        upload = call.form.files.get(reference.removeprefix("attach://"))
        if upload is None or ending(upload.content) == "bin":
            raise bad_request("IMAGE_PROCESS_FAILED")
        path = call.world.pictures.keep(upload.content)
        return {"photo": photo_sizes(path.removeprefix(f"{PREFIX}/"), len(upload.content))}, path
    if reference.startswith(("http://", "https://")):
        return {"photo": photo_sizes(reference, 0)}, reference
    if not re.fullmatch(r"[0-9a-f]{64}\.\w+", reference):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return {"photo": photo_sizes(reference, 0)}, f"{PREFIX}/{reference}"


def _worded(call: Call) -> str:
    text = _checked(call.text("text"), TEXT, "message is too long")
    if not text:
        raise bad_request("message text is empty")
    return text


def _caption(text: str) -> dict[str, str]:
    return {"caption": _checked(text, CAPTION, "message caption is too long")} if text else {}


def _checked(text: str, limit: int, refusal: str) -> str:
    if len(text) > limit:
        raise bad_request(refusal)
    return text
