"""One call of a method of the Bot API: where, by which bot, with what."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from publishers.standin.forms import Form
from publishers.standin.telegram.chats import Sent
from publishers.standin.telegram.people import STANDINGS
from publishers.standin.telegram.wire import Refusal, chat_of
from publishers.standin.telegram.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method: where, by which bot, with what."""

    world: World
    bot: int
    form: Form

    def given(self, name: str, otherwise: Any = None) -> Any:
        """Return a field; JSON in text is read."""
        value = self.form.fields.get(name, otherwise)
        return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value

    def text(self, name: str) -> str:
        """Return a text as Telegram keeps it: without markup, without white space around it."""
        raw = str(self.form.fields.get(name, ""))
        if str(self.form.fields.get("parse_mode", "")).upper() == "HTML":
            raw = html.unescape(re.sub(r"<[^>]+>", "", raw))
        return raw.strip()

    def chat(self, name: str = "chat_id") -> dict[str, Any]:
        """Return the chat that is meant, if the bot may act there."""
        chat = chat_of(self.form.fields.get(name, ""))
        refused = STANDINGS[self.world.chats.standing.get(chat["id"], "member")]
        if refused is not None:
            raise Refusal(*refused)
        return chat

    def message(self, otherwise: str) -> Sent:
        """Return the message that is meant."""
        number = int(self.form.fields.get("message_id", 0))
        return self.world.chats.find(self.chat()["id"], number, otherwise=otherwise)
