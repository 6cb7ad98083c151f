"""Updates that wait for their bots: kept until acknowledged, one poller a bot (409 for the older one)."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from publishers.standin.telegram.wire import Refusal

Event = Mapping[str, Any]
Update = dict[str, Any]

#: Sent only to bots that ask for them by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Inbox:
    """One bot's updates. `allowed` None is the default set; `pollers` counts polls so far."""

    waiting: list[Update] = field(default_factory=list)
    last: int = 0
    allowed: list[str] | None = None
    pollers: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def takes(self, kind: str) -> bool:
        """Say whether this bot is told of such updates."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    async def poll(self, *, limit: int, seconds: float) -> list[Update]:
        """Return waiting updates, or wait for the first one.

        Raises:
            Refusal: 409, a later poll took over.
        """
        self.pollers += 1
        mine = self.pollers
        self.news.set()  # wakes an older poll, which then finds that it is not the last
        self.news = asyncio.Event()
        if not self.waiting and seconds > 0:
            await self._wait(seconds)
        if mine != self.pollers:
            raise Refusal(409, CONFLICT)
        return self.waiting[:limit]

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.news.wait()
        except TimeoutError:
            return


class Inboxes:
    """The inboxes of all bots, by bot id; rebuilt from journal events."""

    def __init__(self) -> None:
        """Start empty."""
        self._inboxes: defaultdict[int, Inbox] = defaultdict(Inbox)

    def steps(self) -> dict[str, Callable[[Event], None]]:
        """Return event name -> what it does here."""
        return {"update": self._arrived, "acknowledged": self._acknowledged, "allowed": self._allowed}

    def of(self, bot: int) -> Inbox:
        """Return a bot's inbox."""
        return self._inboxes[bot]

    def listening(self) -> list[int]:
        """Return the bots that ever asked for updates."""
        return [bot for bot, inbox in self._inboxes.items() if inbox.pollers or inbox.last]

    def _arrived(self, event: Event) -> None:
        inbox = self._inboxes[event["bot"]]
        inbox.last = event["update"]["update_id"]
        inbox.waiting.append(event["update"])
        inbox.news.set()

    def _acknowledged(self, event: Event) -> None:
        inbox = self._inboxes[event["bot"]]
        inbox.waiting = [update for update in inbox.waiting if update["update_id"] >= event["offset"]]

    def _allowed(self, event: Event) -> None:
        self._inboxes[event["bot"]].allowed = event["kinds"]
