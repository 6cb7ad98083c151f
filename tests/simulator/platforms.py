"""The platforms of a simulation: the stand-ins in this process, which keep what was posted in memory."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from publishers.standin.facebook import FacebookStandin
from publishers.standin.journal import Journal
from publishers.standin.telegram import TelegramStandin
from publishers.standin.zalo import ZaloStandin
from tests.simulator.doors import Doors

#: Seconds within which a Page's list usually shows a new post; in one of ten cases it takes up to so long.
LIST_LAG, LIST_LATE = 240.0, 5400.0
#: Shares of posts that a list shows in time, and at last.
IN_TIME, AT_LAST = 0.9, 0.98

#: Messages of each chat that are never forgotten: read-backs look at the last ones.
KEPT = 30

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """Something that readers of a channel can see from now on; `channel` is the platform's own id.

    Of what is seen already it is the new text, None once it is gone.
    """

    platform: str
    channel: str
    remote_id: str
    text: str | None


def _lag(rng: Random) -> float:
    drawn = rng.random()
    if drawn < IN_TIME:
        return min(LIST_LAG, rng.expovariate(1 / 30))
    return rng.uniform(LIST_LAG, LIST_LATE) if drawn < AT_LAST else math.inf


class Memory(Journal):
    """A journal without a file: platforms do not die here. Each event is told as it is written."""

    def __init__(self, folder: Path, told: Callable[[Event], None]) -> None:
        self.folder = folder
        self._told = told

    def append(self, event: Event) -> None:
        """Tell an event."""
        self._told(event)

    def replay(self) -> Iterator[dict[str, Any]]:
        """Know nothing yet."""
        return iter(())

    def close(self) -> None:
        """Have nothing to close."""


class Platforms:
    """All stand-ins at one address; `event` is called with everything.

    `posted` is called with what readers see from now on, `changed` with what they no longer see as it was.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime],
        *,
        address: str,
        posted: Callable[[Posted], None],
        changed: Callable[[Posted], None],
        event: Callable[[str, Event], None],
    ) -> None:
        self._posted = posted
        self._changed = changed
        self._event = event
        self._shown: set[str] = set()
        self._lags: dict[str, float] = {}
        self.facebook = FacebookStandin(Memory(folder, self._on_facebook), now)
        self.telegram = TelegramStandin(Memory(folder, self._on_telegram), now)
        self.zalo = ZaloStandin(Memory(folder, self._on_zalo), now)
        self.standins: Mapping[str, Any] = {
            "facebook": self.facebook,
            "telegram": self.telegram,
            "zalo": self.zalo,
        }
        self.doors = Doors(self.standins, address)

    def list_late(self, now: Callable[[], datetime], rng: Random, *, reach: Callable[[str], None]) -> None:
        """Let the lists of Pages show each post only some minutes after it was made, and a few never."""
        wall, lags = self.facebook.wall, self._lags
        published = wall.published

        def late(page: str) -> Any:
            posts = published(page)
            for post in posts:
                if post.id not in lags:
                    lags[post.id] = _lag(rng)
                    if lags[post.id] > LIST_LAG:
                        reach("list late" if lags[post.id] < math.inf else "list lied")
            return [post for post in posts if (now() - post.at).total_seconds() >= lags[post.id]]

        wall.published = late  # type: ignore[method-assign]

    def forget(self, before: datetime) -> None:
        """Forget what is so old that nobody asks for it any more: platforms have more memory than we."""
        self.facebook.wall.forget(before)
        for post in self._lags.keys() - self.facebook.wall.posts.keys():
            del self._lags[post]
        self.telegram.world.chats.forget(before, kept=KEPT)
        self.zalo._articles.forget(before)

    def _on_facebook(self, event: Event) -> None:
        self._event("facebook", event)
        if event["event"] == "post" and event.get("published", True):
            self._posted(Posted("facebook", event["page"], event["id"], event["message"]))
        elif event["event"] in ("edit", "delete"):
            page = event["id"].partition("_")[0]
            self._changed(Posted("facebook", page, event["id"], event.get("message")))

    def _on_telegram(self, event: Event) -> None:
        self._event("telegram", event)
        if event["event"] == "sent" and event["messages"][0]["chat"]["id"] < 0:
            first = event["messages"][0]
            text = first.get("text", first.get("caption", ""))
            chat, number = str(first["chat"]["id"]), str(first["message_id"])
            self._posted(Posted("telegram", chat, number, text))
        elif event["event"] in ("edited", "deleted") and event["chat"] < 0:
            text = event.get("with", {}).get("text")
            self._changed(Posted("telegram", str(event["chat"]), str(event["message"]), text))

    def _on_zalo(self, event: Event) -> None:
        self._event("zalo", event)
        if event["event"] == "removed":
            self._changed(Posted("zalo", self.zalo._articles.owner(event["article"]), event["article"], None))
        if event["event"] != "handed" or event["fields"]["status"] != "show" or event["pictures"] is None:
            return
        blocks = [block["content"] for block in event["fields"]["body"] if block["type"] == "text"]
        text = "\n\n".join([event["fields"]["title"], *blocks])
        tell = self._changed if event["article"] in self._shown else self._posted
        self._shown.add(event["article"])
        tell(Posted("zalo", event["oa"], event["article"], text))
