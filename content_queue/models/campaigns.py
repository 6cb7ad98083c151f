"""Campaigns: named runs of entries, as people plan them; and moves of their events."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Campaign:
    """A named run of entries between two days with a goal.

    `event` are the words of the day that `D-7` is counted from, empty where there is none. What a row
    leaves open it takes from here: `channels` (selector words), `languages`; `hashtags` come on top.
    """

    name: str
    goal: str = ""
    first: date | None = None
    last: date | None = None
    event: str = ""
    hashtags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    owner: str = ""

    def lasts_on(self, day: date) -> bool:
        """Tell whether a day lies between its first and its last one; an open end is far."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def as_json(self) -> dict[str, Any]:
        """Return it as stored."""
        days = {name: day and day.isoformat() for name, day in (("first", self.first), ("last", self.last))}
        return {**asdict(self), **days}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Campaign":
        """Rebuild a campaign from what `as_json` gave; what other versions kept besides is passed over."""
        told: dict[str, Any] = {each.name: stored[each.name] for each in fields(cls) if each.name in stored}
        told |= {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
        told |= {name: date.fromisoformat(told[name]) for name in ("first", "last") if told.get(name)}
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Move:
    """What a person said of a campaign's event: not on the day `was` that the calendar says, but on `to`.

    It is in force as long as the calendar says `was`. `posts` is code of a post -> its new time (ISO):
    whoever moved the event has said yes to that.
    """

    name: str
    was: str
    to: str
    person: str
    posts: Mapping[str, str]
