"""A small world for the delivery: a real ledger in a file, a clock moved by hand, a platform that obeys."""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from content_queue.delivery.decide import Rules
from content_queue.delivery.works import Works
from content_queue.models import (
    Attempt,
    Channel,
    ComposedDelivery,
    ComposedPost,
    Entry,
    Facts,
    Payload,
    Person,
    Place,
    PlannedPost,
    Variant,
)
from content_queue.models.rules import NO_RULES
from content_queue.outcomes import (
    Absent,
    ChannelHealth,
    Found,
    Pending,
    Reading,
    Receipt,
    Retraction,
    Staged,
    Unclear,
)
from content_queue.ports import Limit
from content_queue.states import PostState
from content_queue.store import approvals, calendar, plan
from content_queue.store.approvals import Decision
from content_queue.store.engine import open_ledger
from content_queue.store.writer import InlineWriter

NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=1)
WINDOW = timedelta(hours=2)
LEADER = Person("Nguyễn Thị Lãnh", 7, frozenset({"leader"}), frozenset({"*"}))


class HandClock:
    """Stands still until somebody sleeps; then it is that late."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self._sleepers: list[tuple[datetime, int, asyncio.Event]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - NOW).total_seconds()

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self.at + timedelta(seconds=seconds), next(self._order), event))
        asyncio.get_running_loop().call_soon(self._advance, 20)
        await event.wait()

    def _advance(self, patience: int) -> None:
        """Move on once everybody who can work has done so."""
        if patience:
            asyncio.get_running_loop().call_soon(self._advance, patience - 1)
        elif self._sleepers:
            until, _order, event = heapq.heappop(self._sleepers)
            self.at = max(self.at, until)
            event.set()
            if self._sleepers:
                asyncio.get_running_loop().call_soon(self._advance, 20)


class DiedError(BaseException):
    """The process is no more."""


Answer = Receipt | Pending | Exception | Callable[[], Receipt | Pending]


@dataclass
class Platform:
    """A publisher that keeps what it was given and answers as it is told (a receipt, if not told)."""

    answers: list[Answer] = field(default_factory=list)
    stagings: list[Staged | Pending | Exception] = field(default_factory=list)
    found: list[Found | Absent | Unclear] = field(default_factory=list)
    published: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)
    discarded: list[Mapping[str, Any]] = field(default_factory=list)
    figured: list[Sequence[Reading] | Exception] = field(default_factory=list)
    retractions: list[Retraction | BaseException] = field(default_factory=list)
    retracted: list[tuple[str, str]] = field(default_factory=list)
    corrections: list[Receipt | Pending | BaseException] = field(default_factory=list)
    corrected: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    editable: bool = True
    windows: Sequence[Limit] = ()
    #: Windows of single channels, by name.
    windows_of: dict[str, Sequence[Limit]] = field(default_factory=dict)

    def render(self, channel: Channel, variant: Variant) -> Payload:
        return Payload(channel.platform, variant.locale, variant.text)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        return self.windows_of.get(channel.name, self.windows)

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        self.staged.append(channel.name)
        answer = self.stagings.pop(0) if self.stagings else Staged({"on": channel.name})
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        self.published.append((channel.name, payload.text, staged.data))
        answer = self.answers.pop(0) if self.answers else Receipt(f"id-{len(self.published)}", "https://x/1")
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    async def discard(self, channel: Channel, staged: Staged) -> None:
        self.discarded.append(staged.data)

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        return self.found.pop(0) if self.found else Unclear("không rõ")

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        return [Reading("views", 12, "test")]

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        answer = self.figured.pop(0) if self.figured else [Reading("followers", 7, "test")]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        self.retracted.append((channel.name, receipt.remote_id))
        answer = self.retractions.pop(0) if self.retractions else Retraction(removed=True)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def uneditable(self, old: Payload, new: Payload) -> str:
        return "" if self.editable else "không sửa được"

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt | Pending:
        self.corrected.append((channel.name, payload.text, memo))
        answer = self.corrections.pop(0) if self.corrections else receipt
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def check(self, channel: Channel) -> ChannelHealth:
        return ChannelHealth(ok=True)


@dataclass
class World:
    """The works of a delivery and the hands that people have in it."""

    works: Works
    ledger: InlineWriter
    clock: HandClock
    platform: Platform

    def do(self, change: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return self.ledger.run_now(lambda connection: change(connection, *arguments, **named))

    def look(self, query: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return self.ledger.read_now(lambda connection: query(connection, *arguments, **named))

    def plan(self, *posts: ComposedPost) -> list[calendar.Change]:
        changes: list[calendar.Change] = self.do(read_and_plan, posts, now=self.clock.at)
        return changes

    def approve(self, post: str, *, by: Person = LEADER) -> None:
        self.do(approvals.decide, Decision(post, PostState.APPROVED, by, "cli"), self.clock.at, NO_RULES)

    def rows(self, table: Any, *names: str) -> Any:
        columns = [table.c[name] for name in names]
        return self.look(
            lambda c: [tuple(row) for row in c.execute(select(*columns).order_by(*table.primary_key))]
        )


def read_and_plan(
    connection: Connection, composed: Sequence[ComposedPost], *, now: datetime
) -> list[calendar.Change]:
    """Bring the ledger to what a calendar with these rows says."""
    rows = [(post.post.entry, False) for post in composed]
    known = {row.code: row for row in calendar.known_entries(connection)}
    calendar.save_entries(connection, rows, known, now=now)
    return plan.apply_plan(connection, composed, window=WINDOW, now=now)


def a_world(folder: Path, *, channels: int = 3, rules: Rules | None = None) -> World:
    """Make a world with telegram channels k0, k1 and so on."""
    ledger = InlineWriter(open_ledger(f"sqlite:///{folder / 'loa.db'}"))
    clock, platform = HandClock(), Platform()
    by_name = {f"k{n}": Channel(f"k{n}", "svhttdl", "telegram", f"-100{n}") for n in range(channels)}
    works = Works(ledger, clock, {"telegram": platform}, by_name, rules or Rules())
    return World(works, ledger, clock, platform)


def an_entry(code: str = "B0001", **changes: Any) -> Entry:
    """Make a row of a calendar."""
    fields: dict[str, Any] = {
        "code": code,
        "place": Place("lich.xlsx", "Lịch", 2),
        "date_words": "20/11",
        "offset": 0,
        "at": time(8),
        "agency": "svhttdl",
        "author": "Trần Văn Soạn",
        "campaign": "",
        "channels": ("tất cả",),
        "languages": (),
        "texts": {"vi": "Chào mừng Ngày Nhà giáo Việt Nam"},
    }
    return Entry(**{**fields, **changes})


def a_post(
    code: str = "B0001",
    *,
    channels: Sequence[str] = ("k0",),
    due: datetime = DUE,
    text: str | None = "Chào mừng Ngày Nhà giáo Việt Nam",
    problems: tuple[str, ...] = (),
    **changes: Any,
) -> ComposedPost:
    """Make a planned post whose deliveries go to telegram channels, `text` None while one is awaited."""
    entry = an_entry(code, **changes)
    planned = PlannedPost(f"{code}-{due.year}", entry, due.year, due, Facts(due.date(), entry.at))
    payload = None if text is None else Payload("telegram", "vi", text)
    found = tuple(ComposedDelivery(name, "telegram", "vi", payload) for name in channels)
    return ComposedPost(planned, found, problems)
