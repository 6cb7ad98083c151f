"""Chats of the stand-in Telegram: what was sent, edited, deleted; rebuilt from journal events."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from publishers.standin.shown import Shown, Style
from publishers.standin.telegram.wire import address, bad_request

Event = Mapping[str, Any]


@dataclass(slots=True)
class Sent:
    """One message: the wire's JSON, whose bot it concerns, when it arrived, and its file's path."""

    message: dict[str, Any]
    bot: int
    at: datetime
    picture: str = ""
    #: Nobody's phone rang.
    silent: bool = False

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
        #: Chat id -> rights that the bots there do not have.
        self.without: dict[int, list[str]] = {}
        #: Chat id -> the id that it has moved to.
        self.moved: dict[int, int] = {}
        #: Channels so large that films are made ready first; and what waits there, by channel.
        self.busy: set[int] = set()
        self.held: defaultdict[int, list[Event]] = defaultdict(list)
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
            "rights": self._righted,
            "moved": self._moved_to,
            "busy": self._became_busy,
            "held": self._was_held,
            "ready": self._became_ready,
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
        silent = event.get("silent", False)
        for message, picture in zip(event["messages"], event["pictures"], strict=True):
            chat, number = message["chat"]["id"], message["message_id"]
            self._messages[chat][number] = Sent(message, event["bot"], at, picture, silent)
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

    def _righted(self, event: Event) -> None:
        self.without[event["chat"]] = event["without"]

    def _moved_to(self, event: Event) -> None:
        self.moved[event["chat"]] = event["to"]

    def _became_busy(self, event: Event) -> None:
        self.busy.add(event["chat"])

    def _was_held(self, event: Event) -> None:
        self.held[event["chat"]].append(event)

    def _became_ready(self, event: Event) -> None:
        self.held.pop(event["chat"], None)

    def _toasted(self, event: Event) -> None:
        self.toasts[event["chat"]].append({"text": event["text"], "alert": event["alert"]})


def _album_of(sent: Sent) -> object:
    return sent.message.get("media_group_id") or (sent.message["message_id"],)


def _shown(group: list[Sent]) -> Shown:
    first = group[0]
    preview = first.message.get("link_preview_options", {})
    return Shown(
        platform="telegram",
        channel=address(first.message["chat"]),
        remote_id=",".join(str(sent.message["message_id"]) for sent in group),
        at=first.at,
        text=first.text,
        link="" if preview.get("is_disabled") else str(preview.get("url", "")),
        pictures=tuple(sent.picture for sent in group if sent.picture and "document" not in sent.message),
        documents=tuple(
            (str(sent.message["document"].get("file_name", "")), sent.picture)
            for sent in group
            if "document" in sent.message
        ),
        styles=tuple(_styles(first.message)),
    )


def _styles(message: Mapping[str, Any]) -> Iterator[Style]:
    """Yield where the text is bold, slanted or linked, counted in letters."""
    text = str(message.get("text", message.get("caption", ""))).encode("utf-16-le")
    for entity in message.get("entities", message.get("caption_entities", ())):
        start, end = (2 * at for at in (entity["offset"], entity["offset"] + entity["length"]))
        first, last = (len(text[:at].decode("utf-16-le")) for at in (start, end))
        yield Style(entity["type"], first, last, entity.get("url", ""))
