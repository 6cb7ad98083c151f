"""What happens to channels and posts at the stand-in Telegram, by people or by the platform itself.

`POST standing {"chat_id", "standing"}` with a word of `STANDINGS`; its bots are told of it
`POST rights {"chat_id", "without": ["can_delete_messages"]}` takes rights of the bots away
`POST link {"chat_id", "group_id"}` gives a channel a discussion group, of which its bots are administrators
`POST move {"chat_id", "to"}` makes a group a supergroup with another id
`POST busy {"chat_id"}` makes a channel so large that films get no number until `POST ready {"chat_id"}`
`POST react {"chat_id", "message_id", "total"}` sets how many reactions a post has
`POST comment {"chat_id", "message_id", "user_id", "text"}` writes under a post, in the discussion group
`POST age {"chat_id", "message_id", "hours"}` lets a post have been there for so long
"""

from datetime import timedelta
from typing import Any

from publishers.standin.telegram.wire import bad_request, bot_user, chat_of, person
from publishers.standin.telegram.world import World

#: What may become of a bot in a chat -> the refusal that it then meets, if any.
STANDINGS: dict[str, tuple[int, str] | None] = {
    "member": None,
    "gone": (400, "Bad Request: chat not found"),
    "no_rights": (400, "Bad Request: need administrator rights in the channel chat"),
    "kicked": (403, "Forbidden: bot was kicked from the channel chat"),
    "not_member": (403, "Forbidden: bot is not a member of the channel chat"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "not_started": (403, "Forbidden: bot can't initiate conversation with a user"),
    "deactivated": (403, "Forbidden: user is deactivated"),
}


def stand(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Change what the bots are in a chat, and tell those that ask for it.

    Raises:
        Refusal: there is no such standing.
    """
    standing = asked["standing"]
    if standing not in STANDINGS:
        raise bad_request(f"standing is one of {', '.join(STANDINGS)}")
    chat = chat_of(asked["chat_id"])
    world.commit("standing", chat=chat["id"], standing=standing)
    status = "administrator" if standing == "member" else "left"
    for bot in world.bots_in(chat["id"]):
        member = {"user": bot_user(bot), "status": status}
        world.tell(bot, "my_chat_member", {"chat": chat, "new_chat_member": member})
    return {}


def take_rights(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Take rights of bots away; none gives all back."""
    world.commit("rights", chat=chat_of(asked["chat_id"])["id"], without=asked["without"])
    return {}


def link(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Give a channel a discussion group."""
    world.commit("linked", chat=chat_of(asked["chat_id"])["id"], group=int(asked["group_id"]))
    return {}


def move(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Make a group a supergroup."""
    world.commit("moved", chat=chat_of(asked["chat_id"])["id"], to=int(asked["to"]))
    return {}


def busy(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Make a channel large."""
    world.commit("busy", chat=chat_of(asked["chat_id"])["id"])
    return {}


def ready(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Show the films that were being made ready."""
    return {"shown": world.show_held(chat_of(asked["chat_id"])["id"])}


def react(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Set the reactions of a post, and tell its bots the new total."""
    chat = chat_of(asked["chat_id"])
    total = {"type": {"type": "emoji", "emoji": "👍"}, "total_count": int(asked["total"])}
    told = {
        "chat": chat,
        "message_id": int(asked["message_id"]),
        "date": int(world.now().timestamp()),
        "reactions": [total] if total["total_count"] else [],
    }
    for bot in world.bots_in(chat["id"]):
        world.tell(bot, "message_reaction_count", told)
    return {}


def comment(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Write under a post: a message of the group in the thread of the post's copy there.

    Raises:
        Refusal: the channel has no group, or the post no copy.
    """
    channel = chat_of(asked["chat_id"])["id"]
    group, number = world.chats.linked.get(channel, 0), int(asked["message_id"])
    copies = (sent.message for sent in world.chats.of(group))
    copy = next((one for one in copies if one.get("forward_origin", {}).get("message_id") == number), None)
    if copy is None:
        raise bad_request("message not found")
    message = {
        "message_id": world.chats.next_id(group),
        "date": int(world.now().timestamp()),
        "chat": chat_of(group),
        "from": person(int(asked["user_id"])),
        "text": asked["text"],
        "message_thread_id": copy["message_id"],
        "reply_to_message": copy,
    }
    bots = world.bots_in(channel)
    world.add(bots[0], [message], [""])
    for bot in bots:
        world.tell(bot, "message", message)
    return {"message_id": message["message_id"]}


def age(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Let a post have been there for some hours."""
    sent = world.chats.find(
        chat_of(asked["chat_id"])["id"], int(asked["message_id"]), otherwise="message not found"
    )
    sent.at -= timedelta(hours=int(asked["hours"]))
    return {}


#: Path -> what happens.
HAPPENINGS = {
    "standing": stand,
    "rights": take_rights,
    "link": link,
    "move": move,
    "busy": busy,
    "ready": ready,
    "react": react,
    "comment": comment,
    "age": age,
}
