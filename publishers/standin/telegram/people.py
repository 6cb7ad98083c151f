"""The people's side of the stand-in Telegram: they tap, write, leave; tests and the demo play them.

`POST tap   {"chat_id", "message_id", "data", "user_id"?, "bot"?}`
`POST say   {"user_id", "text", "chat_id"?, "bot"?, "chat_type"?, "edited"?, "reply_to_message_id"?, …}`,
            and any field of `CARRIED`
`POST standing`, `link`, `react`, …: see `happenings`
`GET  chats/<chat_id>` the messages, newest last, with their buttons, and the toasts

`bot` is a token, an id or a username; without it, the bot that last wrote there, or the last that listened.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from publishers.standin.forms import read_form
from publishers.standin.telegram.chats import Sent
from publishers.standin.telegram.happenings import HAPPENINGS
from publishers.standin.telegram.wire import Refusal, bad_request, bot_of, chat_of, person
from publishers.standin.telegram.world import World

#: Fields of `say` that go into the message as they are.
CARRIED = ("forward_origin", "sender_chat", "via_bot", "entities", "photo", "caption", "author_signature")


def routes(world: World) -> list[Route]:
    """Return the routes of the people's side."""

    async def answer(request: Request) -> Response:
        asked = (await read_form(request)).fields
        try:
            result = DEEDS[request.path_params["deed"]](world, asked)
        except Refusal as refusal:
            return refusal.response()
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/?nguoi=1", status_code=303)
        return JSONResponse({"ok": True, "result": result})

    async def look(request: Request) -> Response:
        return JSONResponse(chat_view(world, request.path_params["chat"]))

    return [
        Route("/_people/chats/{chat:str}", look),
        Route("/_people/{deed:str}", answer, methods=["POST"]),
    ]


def chat_view(world: World, reference: object) -> dict[str, Any]:
    """Return what a person sees of a chat: messages with rows of buttons, newest last, and toasts."""
    chat = chat_of(reference)["id"]
    messages = [_seen(sent) for sent in world.chats.of(chat)]
    return {"chat_id": chat, "messages": messages, "toasts": world.chats.toasts[chat]}


def tap(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Tap a button, or send callback data that no button has, as a forged client may.

    Raises:
        Refusal: there is no such message.
    """
    chat = chat_of(asked["chat_id"])["id"]
    sent = world.chats.find(chat, int(asked["message_id"]), otherwise="message not found")
    bot = _bot(world, chat, asked) if asked.get("bot") else sent.bot
    user = int(asked.get("user_id", chat))
    query = str(world.inboxes.of(bot).last + 1) + str(abs(chat))
    world.taps[query] = chat
    content = {
        "id": query,
        "from": person(user, asked.get("name", "")),
        "message": sent.message,
        "chat_instance": str(chat),
        "data": asked["data"],
    }
    world.tell(bot, "callback_query", content)
    return {"callback_query_id": query}


def say(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Write a message to a bot, or (`edited`) change what was written."""
    user = int(asked["user_id"])
    chat = chat_of(asked.get("chat_id", user))
    bot = _bot(world, chat["id"], asked)
    chat["type"] = asked.get("chat_type", chat["type"])
    if world.chats.standing.get(chat["id"]) == "not_started" and asked["text"].startswith("/start"):
        world.commit("standing", chat=chat["id"], standing="member")
    message = {
        "message_id": int(asked.get("message_id", world.chats.next_id(chat["id"]))),
        "date": int(world.now().timestamp()),
        "chat": chat,
        "from": person(user, asked.get("name", "")),
        "text": asked["text"],
        **_command(asked["text"]),
        **{key: asked[key] for key in CARRIED if key in asked},
        **_reply(world, chat["id"], asked),
    }
    world.add(bot, [message], [""])
    world.tell(bot, "edited_message" if asked.get("edited") else "message", message)
    return {"message_id": message["message_id"]}


#: Path -> what a person does.
DEEDS = {"tap": tap, "say": say, **HAPPENINGS}


def _bot(world: World, chat: int, asked: dict[str, Any]) -> int:
    named = str(asked.get("bot", ""))
    if ":" in named:
        return bot_of(named)
    if named:
        return int(named.removeprefix("loa_").removesuffix("_bot"))
    there = [sent.bot for sent in world.chats.of(chat)]
    known = there or world.inboxes.listening()
    if not known:
        raise bad_request("no bot listens; name one")
    return known[-1]


def _command(text: str) -> dict[str, Any]:
    word = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(word)}]} if word else {}


def _reply(world: World, chat: int, asked: dict[str, Any]) -> dict[str, Any]:
    if "reply_to_message_id" not in asked:
        return {}
    number = int(asked["reply_to_message_id"])
    return {"reply_to_message": world.chats.find(chat, number, otherwise="message not found").message}


def _seen(sent: Sent) -> dict[str, Any]:
    markup = sent.message.get("reply_markup", {})
    return {
        "message_id": sent.message["message_id"],
        "bot": sent.bot,
        "from_bot": sent.message.get("from", {}).get("is_bot", False),
        "at": sent.at.isoformat(),
        "text": sent.text,
        "picture": sent.picture,
        "buttons": markup.get("inline_keyboard", []),
        "silent": sent.silent,
    }
