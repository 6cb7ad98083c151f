"""Words of the Bot API's wire: answers, refusals, and the JSON of bots, people, chats and pictures.

Shapes from core.telegram.org/bots/api; refusals as tdlib/telegram-bot-api (Client.cpp) words them.
"""

import hashlib
import re
import zlib
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

#: A token as @BotFather gives it: number, colon, a long secret.
TOKEN = re.compile(r"\d{3,}:[\w-]{12,}", re.ASCII)
_USERNAME = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)
_CHANNEL = "-100"

#: What an administrator bot may do in a channel; the three that matter first.
RIGHTS = {
    **dict.fromkeys(("can_post_messages", "can_edit_messages", "can_delete_messages"), True),
    **dict.fromkeys(("can_be_edited", "is_anonymous", "can_restrict_members", "can_promote_members"), False),
    **dict.fromkeys(("can_change_info", "can_post_stories", "can_edit_stories", "can_delete_stories"), False),
    **dict.fromkeys(("can_manage_chat", "can_manage_video_chats", "can_invite_users"), True),
}


class Refusal(Exception):  # noqa: N818 - it is an answer, not our mistake
    """What the platform does not do: HTTP status, description, and what the client may need next."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters

    def response(self) -> Response:
        """Return it as the Bot API sends it."""
        body = {"ok": False, "error_code": self.code, "description": str(self)}
        wait = self.parameters.get("retry_after")
        headers = {"Retry-After": str(wait)} if wait else None
        told = {"parameters": self.parameters} if self.parameters else {}
        return JSONResponse({**body, **told}, self.code, headers)


def bad_request(words: str) -> Refusal:
    """Return a 400 in these words."""
    return Refusal(400, f"Bad Request: {words}")


def flood(seconds: int) -> Refusal:
    """Return a 429 that asks to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def bot_of(token: str) -> int:
    """Return the id of a token's bot: any token of the right form is a bot of its own.

    The id comes from the whole token, because invented tokens may share their number.

    Raises:
        Refusal: 401, the form is wrong.
    """
    if not TOKEN.fullmatch(token):
        raise Refusal(401, "Unauthorized")
    return int(hashlib.sha256(token.encode()).hexdigest()[:10], 16)


def bot_user(bot: int) -> dict[str, Any]:
    """Return a bot as a User."""
    return {"id": bot, "is_bot": True, "first_name": "Loa", "username": f"loa_{bot}_bot"}


def person(user: int, name: str = "") -> dict[str, Any]:
    """Return a person as a User."""
    return {"id": user, "is_bot": False, "first_name": name or f"Người {user}", "language_code": "vi"}


def chat_of(reference: object) -> dict[str, Any]:
    """Return the Chat that `chat_id` names; channels and people exist without any set-up.

    Raises:
        Refusal: 400, it is neither an id nor an @name.
    """
    text = str(reference)
    if _USERNAME.fullmatch(text):
        number = int(f"{_CHANNEL}{zlib.crc32(text.lower().encode()):010}")
        return {"id": number, "type": "channel", "title": text[1:], "username": text[1:]}
    if not re.fullmatch(r"-?[1-9]\d*", text):
        raise bad_request("chat not found")
    number = int(text)
    if number > 0:
        return {"id": number, "type": "private", "first_name": f"Người {number}"}
    kind = "channel" if text.startswith(_CHANNEL) else "group"
    return {"id": number, "type": kind, "title": f"Kênh {text.removeprefix(_CHANNEL)}"}


def address(chat: Mapping[str, Any]) -> str:
    """Return a chat the way bots address it: @name, or the id."""
    return f"@{chat['username']}" if "username" in chat else str(chat["id"])


def photo_sizes(file_id: str, size: int) -> list[dict[str, Any]]:
    """Return a photo as PhotoSizes; a stand-in does not measure pictures."""
    unique = hashlib.sha256(file_id.encode()).hexdigest()[:16]
    return [{"file_id": file_id, "file_unique_id": unique, "width": 1280, "height": 720, "file_size": size}]


def file_of(kind: str, file_id: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a film as Video or a file as Document, with what its sender told of it."""
    unique = hashlib.sha256(file_id.encode()).hexdigest()[:16]
    seen = {key: int(told.get(key, 0)) for key in ("width", "height", "duration")} if kind == "video" else {}
    named = {key: told[key] for key in ("file_name", "mime_type", "file_size") if key in told}
    return {"file_id": file_id, "file_unique_id": unique, **seen, **named}
