"""Everything that the stand-in Telegram knows, changed by journal events only."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from publishers.standin.journal import Journal
from publishers.standin.pictures import Pictures
from publishers.standin.telegram.chats import Chats
from publishers.standin.telegram.inbox import Inboxes
from publishers.standin.telegram.pace import Pace
from publishers.standin.telegram.wire import chat_of


class World:
    """Chats, inboxes and windows; what `commit` is told is in the journal first."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Rebuild everything from the journal."""
        self.now = now
        self.chats = Chats()
        self.inboxes = Inboxes()
        self.pace = Pace(now)
        self.pictures = Pictures(journal.folder)
        #: Bot id and chat (0 for everybody) -> the commands that the bot registered there.
        self.commands: dict[tuple[int, int], Any] = {}
        #: Taps that no bot has answered yet: callback query id -> chat id.
        self.taps: dict[str, int] = {}
        self._journal = journal
        self._steps = {**self.chats.steps(), **self.inboxes.steps()}
        for event in journal.replay():
            self._steps[event["event"]](event)

    def commit(self, name: str, **facts: Any) -> None:
        """Write an event down and let it happen."""
        event = {"event": name, **facts}
        self._journal.append(event)
        self._steps[name](event)

    def post(
        self, bot: int, messages: list[dict[str, Any]], paths: list[str], *, silent: bool
    ) -> list[dict[str, Any]]:
        """Put new messages into their chat and return them; films of a busy channel have no number yet."""
        chat = messages[0]["chat"]["id"]
        if chat in self.chats.busy and any("video" in message for message in messages):
            self.commit("held", chat=chat, bot=bot, messages=messages, pictures=paths)
            return [{"message_id": 0, **message} for message in messages]
        first = self.chats.next_id(chat)
        numbered = [{"message_id": first + place, **message} for place, message in enumerate(messages)]
        self.add(bot, numbered, paths, silent=silent)
        return numbered

    def show_held(self, chat: int) -> int:
        """Show what was held in a busy channel, now that it is ready; return how many posts."""
        held = list(self.chats.held[chat])
        self.commit("ready", chat=chat)
        for event in held:
            first = self.chats.next_id(chat)
            numbered = [{"message_id": first + n, **message} for n, message in enumerate(event["messages"])]
            self.add(event["bot"], numbered, event["pictures"])
        return len(held)

    def add(
        self, bot: int, messages: list[dict[str, Any]], pictures: list[str], *, silent: bool = False
    ) -> None:
        """Put messages into their chat, and those of a channel into its discussion group too."""
        at = self.now().isoformat()
        quiet = {"silent": True} if silent else {}
        self.commit("sent", at=at, bot=bot, messages=messages, pictures=pictures, **quiet)
        self._forward(bot, messages, pictures)

    def _forward(self, bot: int, messages: list[dict[str, Any]], pictures: list[str]) -> None:
        """Put a channel's posts into its discussion group, where it has one, and tell the bot of each."""
        chat = messages[0]["chat"]
        group = self.chats.linked.get(chat["id"])
        if group is None:
            return
        first = self.chats.next_id(group)
        copies = [
            {
                **message,
                "message_id": first + place,
                "chat": chat_of(group),
                "sender_chat": chat,
                "is_automatic_forward": True,
                "forward_origin": {
                    "type": "channel",
                    "date": message["date"],
                    "chat": chat,
                    "message_id": message["message_id"],
                },
            }
            for place, message in enumerate(messages)
        ]
        self.add(bot, copies, pictures)
        for other in self.bots_in(chat["id"]):
            for copy in copies:
                self.tell(other, "message", copy)

    def bots_in(self, chat: int) -> list[int]:
        """Return the bots that have written in a chat, each once."""
        return list(dict.fromkeys(sent.bot for sent in self.chats.of(chat)))

    def tell(self, bot: int, kind: str, content: dict[str, Any]) -> None:
        """Queue an update for a bot, if it takes such."""
        inbox = self.inboxes.of(bot)
        if inbox.takes(kind):
            self.commit("update", bot=bot, update={"update_id": inbox.last + 1, kind: content})
