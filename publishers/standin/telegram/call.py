"""One call of a method of the Bot API: where, by which bot, with what."""

from dataclasses import dataclass
from typing import Any

from publishers.standin.forms import Form
from publishers.standin.telegram.chats import Sent
from publishers.standin.telegram.content import given
from publishers.standin.telegram.happenings import STANDINGS
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
        value = given(self.form, name)
        return otherwise if value is None else value

    def chat(self, name: str = "chat_id") -> dict[str, Any]:
        """Return the chat that is meant, if the bot may act there."""
        chat = chat_of(self.form.fields.get(name, ""))
        if moved := self.world.chats.moved.get(chat["id"]):
            told = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, told, migrate_to_chat_id=moved)
        refused = STANDINGS[self.world.chats.standing.get(chat["id"], "member")]
        if refused is not None:
            raise Refusal(*refused)
        return chat

    def message(self, otherwise: str) -> Sent:
        """Return the message that is meant."""
        number = int(self.form.fields.get("message_id", 0))
        return self.world.chats.find(self.chat()["id"], number, otherwise=otherwise)

    def may(self, right: str) -> bool:
        """Tell whether the bot has a right in the chat that is meant."""
        return right not in self.world.chats.without.get(self.chat()["id"], ())
