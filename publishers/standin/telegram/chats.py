"""Chats of the stand-in Telegram: what was sent, edited, deleted; rebuilt from journal events."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from publishers.standin.shown import Shown
from publishers.standin.telegram.wire import address, bad_request

Event = Mapping[str, Any]


@dataclass(slots=True)
class Sent:
    """One message: the wire's JSON, whose bot it concerns, when it arrived, and its picture's path."""

    message: dict[str, Any]
    bot: int
    at: datetime
    picture: str = ""

    @property
    def text(self) -> str:
        """Return its text or caption."""
        return str(self.message.get("text", self.message.get("caption", "")))


class Chats:
    """Every message of every chat, by chat id and message id, oldest first."""

    def __init__(self) -> None:
        """Start empty."""
        self._messages: defaultdict[int, dict[int, Sent]] = defaultdict(dict)
        self._last: defaultdict[int, int] = defaultdict(int)
        #: Chat id -> what became of the bot there; see `STANDINGS` of the people's side.
        self.standing: dict[int, str] = {}
        #: Channel id -> the group that its posts are forwarded to.
        self.linked: dict[int, int] = {}
        #: Chat id -> short answers to taps, as they popped up.
        self.toasts: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)

    def steps(self) -> dict[str, Callable[[Event], None]]:
        """Return event name -> what it does here."""
        return {
            "sent": self._sent,
            "edited": self._edited,
            "deleted": self._deleted,
            "standing": self._stood,
            "toast": self._toasted,
            "linked": self._linked,
        }

    def next_id(self, chat: int) -> int:
        """Return the id of the next message in a chat."""
        return self._last[chat] + 1

    def find(self, chat: int, message: int, *, otherwise: str) -> Sent:
        """Return one message.

        Raises:
            Refusal: 400 in the words of `otherwise`.
        """
        found = self._messages[chat].get(message)
        if found is None:
            raise bad_request(otherwise)
        return found

    def group_of(self, channel: int) -> dict[str, int]:
        """Return what a channel tells of its discussion group, nothing where it has none."""
        return {"linked_chat_id": self.linked[channel]} if channel in self.linked else {}

    def of(self, chat: int) -> list[Sent]:
        """Return the messages of a chat, oldest first."""
        return list(self._messages[chat].values())

    def forget(self, before: datetime, *, kept: int) -> None:
        """Forget older messages, but the last `kept` of each chat."""
        for chat, messages in self._messages.items():
            last = list(messages)[-kept:]
            young = [number for number, one in messages.items() if one.at >= before]
            self._messages[chat] = {number: messages[number] for number in sorted({*last, *young})}
            del self.toasts[chat][:-kept]

    def private(self) -> list[int]:
        """Return the people that have a chat with a bot."""
        return sorted(chat for chat, messages in self._messages.items() if chat > 0 and messages)

    def shown(self) -> Iterator[Shown]:
        """Yield what readers of channels see; an album is one post."""
        for chat, messages in list(self._messages.items()):
            if chat < 0 and chat not in self.linked.values():  # a group shows the channel's own posts
                for _album, group in groupby(list(messages.values()), _album_of):
                    yield _shown(list(group))

    def _sent(self, event: Event) -> None:
        at = datetime.fromisoformat(event["at"])
        for message, picture in zip(event["messages"], event["pictures"], strict=True):
            chat, number = message["chat"]["id"], message["message_id"]
            self._messages[chat][number] = Sent(message, event["bot"], at, picture)
            self._last[chat] = max(self._last[chat], number)

    def _edited(self, event: Event) -> None:
        sent = self._messages[event["chat"]].get(event["message"])
        if sent is not None:
            kept = {key: value for key, value in sent.message.items() if key not in event["without"]}
            sent.message = {**kept, **event["with"]}

    def _deleted(self, event: Event) -> None:
        self._messages[event["chat"]].pop(event["message"], None)

    def _stood(self, event: Event) -> None:
        self.standing[event["chat"]] = event["standing"]

    def _linked(self, event: Event) -> None:
        self.linked[event["chat"]] = event["group"]

    def _toasted(self, event: Event) -> None:
        self.toasts[event["chat"]].append({"text": event["text"], "alert": event["alert"]})


def _album_of(sent: Sent) -> object:
    return sent.message.get("media_group_id") or (sent.message["message_id"],)


def _shown(group: list[Sent]) -> Shown:
    first = group[0]
    return Shown(
        platform="telegram",
        channel=address(first.message["chat"]),
        remote_id=",".join(str(sent.message["message_id"]) for sent in group),
        at=first.at,
        text=first.text,
        link=str(first.message.get("link_preview_options", {}).get("url", "")),
        pictures=tuple(sent.picture for sent in group if sent.picture),
    )
