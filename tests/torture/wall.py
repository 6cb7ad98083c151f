"""A platform that outlives the daemon and knows what readers see."""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    Receipt,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)

#: Channel -> how it behaves: `blind` cannot be read back, `late` accepts an article and finishes it later,
#: `album` takes its photos one after the other and lets nothing be edited, `500` and `429` err once.
CHANNELS = ("blind", "late", "album", "500", "429")
#: How the words of every correction begin.
CORRECTED = "ĐÍNH CHÍNH lần "


@dataclass
class Wall:
    """What stands on it, and what may no longer be put there."""

    #: Channel -> posts that stand there, and that ever stood there.
    shown: Counter[str] = field(default_factory=Counter)
    ever: Counter[str] = field(default_factory=Counter)
    #: (Channel, words) of each post that corrects another -> how many stand there.
    following: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Channel -> the words that were written over its post, the last ones at the end.
    edits: dict[str, list[str]] = field(default_factory=dict)
    erred: set[str] = field(default_factory=set)
    #: (channel, text) that people have taken back before it began to leave.
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    #: What was shown all the same.
    defied: list[tuple[str, str]] = field(default_factory=list)

    def copy(self) -> "Wall":
        """Return one that goes on from here."""
        return deepcopy(self)

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
        return Receipt(_id(channel, text), None)

    def _show(self, channel: str, text: str) -> None:
        if text.startswith(CORRECTED):
            self.following[channel, text] += 1
        else:
            self.shown[channel] += 1
            self.ever[channel] += 1
        if (channel, text) in self.forbidden:
            self.defied.append((channel, text))

    def retract(self, channel: str, remote_id: str) -> None:
        """Take a post away; one that is gone is taken away once more."""
        if remote_id.startswith(CORRECTED):
            self.following[channel, remote_id] = 0
        else:
            self.shown[channel] = 0

    def correct(self, channel: str, text: str) -> None:
        """Write other words over a post, where one may."""
        if channel == "album" or not self.shown[channel]:
            raise RefusedError("không sửa được")
        self.edits.setdefault(channel, []).append(text)

    def find(self, channel: str, text: str) -> Found | Absent | Unclear:
        """Say whether a post stands there, where one can see that."""
        if channel == "blind":
            return Unclear("không đọc lại được")
        stands = self.following[channel, text] if text.startswith(CORRECTED) else self.shown[channel]
        return Found(Receipt(_id(channel, text), None)) if stands else Absent()


def _id(channel: str, text: str) -> str:
    return text if text.startswith(CORRECTED) else f"id-{channel}"
