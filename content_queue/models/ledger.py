"""What stands in the ledger: posts, deliveries, attempts, holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from content_queue.models.content import Payload
from content_queue.states import DeliveryState, PostState


@dataclass(frozen=True, slots=True)
class Post:
    """One post as stored. `content_hash` covers every delivery's channel, locale, due minute and payload."""

    id: str
    entry: str
    year: int
    due: datetime
    agency: str
    author: str
    campaign: str
    occasion: str
    tags: tuple[str, ...]
    summary: str
    state: PostState
    content_hash: str
    revision: int
    reason: str | None
    #: The post that this one corrects.
    corrects: str | None = None
    #: When its approval ends, None where it does not.
    valid_until: datetime | None = None
    #: Where somebody edited it in a chat: the calendar's row that this edit stands against.
    edited_from: str | None = None
    #: Who edited it so, a line each.
    edited_by: str = ""

    @property
    def writers(self) -> tuple[str, ...]:
        """Everybody whose words it has; none of them may approve it."""
        return self.author, *filter(None, self.edited_by.split("\n"))


@dataclass(frozen=True, slots=True)
class Hold:
    """A stop over a scope. Keys of `scope`: channels, platforms, agencies, campaigns, tags, languages.

    A delivery is caught when every key names something of it; an empty scope catches all. Posts with a tag
    of `spares` are let through. In force from `starts_at` (None: at once) until a person ends it; `until` is
    only when that is meant to be.
    """

    id: int
    scope: Mapping[str, Sequence[str]]
    reason: str
    document: str
    person: str
    started_at: datetime
    ended_at: datetime | None = None
    starts_at: datetime | None = None
    until: datetime | None = None
    spares: Sequence[str] = ()


class Destined(Protocol):
    """Where something goes: all that a hold asks of a delivery."""

    @property
    def channel(self) -> str: ...  # noqa: D102 -- as of a delivery
    @property
    def platform(self) -> str: ...  # noqa: D102
    @property
    def locale(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as stored; times are UTC, `lateness_ms` is first byte minus planned second."""

    id: int
    post: str
    channel: str
    platform: str
    locale: str
    state: DeliveryState
    due: datetime
    planned: datetime
    window_end: datetime
    variant: str | None
    attempts: int
    staged: Mapping[str, Any] | None
    remote_id: str | None
    link: str | None
    published_at: datetime | None
    lateness_ms: int | None
    reason: str | None
    measure_step: int = 0
    looks: int = 0
    absences: int = 0
    #: The delivery that this one corrects, and whether that is to be edited rather than followed by a post.
    corrects: int | None = None
    in_place: bool = False
    #: When an officer was asked to post it by hand, as long as nobody has answered.
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery, as committed before its first byte left.

    `owned` are the platform's ids of what this channel is known to have published last, newest first:
    a read-back neither takes one of these for the lost one, nor looks further back.
    """

    delivery: int
    number: int
    payload: Payload
    staged: Mapping[str, Any]
    started_at: datetime
    owned: tuple[str, ...] = ()
