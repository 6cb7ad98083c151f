"""A platform that outlives the daemon and knows what readers see."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    Receipt,
    Staged,
    Unclear,
    UnknownOutcomeError,
)

#: Channel -> how it behaves: `blind` cannot be read back, `late` accepts an article and finishes it later,
#: `album` takes its photos one after the other, `500` and `429` err once.
CHANNELS = ("blind", "late", "album", "500", "429")


@dataclass
class Wall:
    """What stands on it, and what may no longer be put there."""

    shown: Counter[str] = field(default_factory=Counter)
    erred: set[str] = field(default_factory=set)
    #: (channel, text) that people have taken back before it began to leave.
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    #: What was shown all the same.
    defied: list[tuple[str, str]] = field(default_factory=list)

    def copy(self) -> "Wall":
        """Return one that goes on from here."""
        return Wall(self.shown.copy(), set(self.erred), set(self.forbidden), list(self.defied))

    def stage(self, channel: str, memo: Mapping[str, Any]) -> Staged | Pending:
        """Take something hidden."""
        if channel == "album" and "photo" not in memo:
            return Pending({"photo": 1}, after=timedelta())
        return Staged({**memo, "hidden": channel})

    def publish(self, channel: str, text: str, memo: Mapping[str, Any]) -> Receipt | Pending:
        """Show a post; answer as the channel does."""
        if channel == "429" and channel not in self.erred:
            self.erred.add(channel)
            raise NotSentError("chờ", retry_after=timedelta(seconds=5))
        if "token" not in memo:
            self._show(channel, text)
        if channel == "500" and channel not in self.erred:
            self.erred.add(channel)
            raise UnknownOutcomeError("500")
        if channel == "late" and "token" not in memo:
            return Pending({**memo, "token": "t"})
        return Receipt(f"id-{channel}", None)

    def _show(self, channel: str, text: str) -> None:
        self.shown[channel] += 1
        if (channel, text) in self.forbidden:
            self.defied.append((channel, text))

    def retract(self, channel: str) -> None:
        """Take a post away."""
        self.shown[channel] = 0

    def find(self, channel: str) -> Found | Absent | Unclear:
        """Say whether a post stands there, where one can see that."""
        if channel == "blind":
            return Unclear("không đọc lại được")
        return Found(Receipt(f"id-{channel}", None)) if self.shown[channel] else Absent()
