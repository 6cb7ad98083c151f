"""Random histories of edits, yeses, delegations, holds and ticks, judged by books of their own."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import permutations, product
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot import acts
from bot.acts import By, Stop
from bot.desk import Desk
from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.lapse import lapse
from content_queue.delivery.prepare import prepare
from content_queue.delivery.works import Works
from content_queue.models import Agency, Channel, Payload, Person
from content_queue.models.rules import Delegation, Rule
from content_queue.outcomes import Pending, Receipt, Staged
from content_queue.store import approvals, calendar, reviews
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.engine import Engine, open_ledger
from content_queue.store.tables import posts
from content_queue.store.writer import InlineWriter
from tests.content_queue.world import WINDOW, HandClock, Platform, World, a_post, read_and_plan

POST = "B0001-2026"
NAMES = {
    "An": {"approver"},
    "Bình": {"approver"},
    "Lan": {"leader"},
    "Mai": {"leader"},
    "Phát": {"spokesperson"},
    "Viết": {"editor"},
}
PEOPLE = {name: Person(name, None, frozenset(roles), frozenset({"*"})) for name, roles in NAMES.items()}
#: Tag -> whose yes, and how long each holds; as an office would say it to the judge.
ASKED: Mapping[str, tuple[tuple[str, ...], timedelta | None]] = {
    "phát ngôn": (("approver", "spokesperson"), None),
    "hai cấp": (("approver", "leader"), timedelta(hours=3)),
    "": (("approver",), None),
}
#: Role -> the roles of those who may say yes for it.
FITS = {"approver": {"approver", "leader"}, "leader": {"leader"}, "spokesperson": {"spokesperson"}}
RULES = tuple(
    Rule(needs, tags=frozenset({tag}), expires=expires) for tag, (needs, expires) in ASKED.items() if tag
)
DESK = Desk(
    tuple(PEOPLE.values()),
    {"svhttdl": Agency("svhttdl", {"vi": "Sở"})},
    tuple(Channel(name, "svhttdl", "telegram", f"-100{name}") for name in ("k0", "k1")),
    window=WINDOW,
    rules=RULES,
)


@dataclass(frozen=True)
class Said:
    """A yes that was taken: by whom, in whose possible rights, to what, and when."""

    person: str
    rights: frozenset[str]
    covers: frozenset[tuple[str, str]]
    at: datetime
    urgent: bool


@dataclass
class Books:
    """What the judge knows: what is planned, what was said to it, who stands in, what is stopped."""

    text: str = "một"
    author: str = "An"
    tags: tuple[str, ...] = ()
    said: list[Said] = field(default_factory=list)
    away: list[Delegation] = field(default_factory=list)
    stops: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def may_leave(self, channel: str, text: str, now: datetime) -> str:
        """Say why something may not leave now, empty where it may."""
        if any(not tags or set(tags) & set(self.tags) for tags in self.stops.values()):
            return "inside a hold"
        needs, expires = ASKED[next((tag for tag in ASKED if tag in self.tags), "")]
        yes = [s for s in self.said if (channel, text) in s.covers]
        standing = [s for s in yes if expires is None or now < s.at + expires]
        if any(s.urgent for s in standing) or _can_be_seated(needs, standing):
            return ""
        return f"needs {needs}, has {[s.person for s in standing]}"


def _can_be_seated(needs: tuple[str, ...], said: list[Said]) -> bool:
    """Tell whether different people said every yes that is needed, each by a right that is enough."""
    for chosen in permutations(said, len(needs)):
        for rights in product(*(s.rights for s in chosen)):
            people = [{s.person, right} for s, right in zip(chosen, rights, strict=True)]
            apart = all(not a & b for n, a in enumerate(people) for b in people[n + 1 :])
            fits = all(NAMES[right] & FITS[need] for right, need in zip(rights, needs, strict=True))
            if apart and fits:
                return True
    return False


class Judged(Platform):
    """A platform that asks the judge before it takes anything."""

    def __init__(self, history: "History") -> None:
        super().__init__()
        self.history = history

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        self.history.judge(channel.name, payload.text, "staged")
        return await super().stage(channel, payload, memo)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        self.history.judge(channel.name, payload.text, "published")
        return await super().publish(channel, payload, staged)


@cache
def _engine() -> Engine:
    return open_ledger("sqlite://")


@cache
def _empty() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    _driver().backup(made)
    return made


def _driver() -> sqlite3.Connection:
    with _engine().connect() as connection:
        return cast("sqlite3.Connection", connection.connection.driver_connection)


class History:
    """An office to which one thing after another happens."""

    def __init__(self) -> None:
        _empty().backup(_driver())
        self.books = Books()
        self.wrong: list[str] = []
        self.clock = HandClock()
        ledger, platform = InlineWriter(_engine()), Judged(self)
        channels = {channel.name: channel for channel in DESK.channels}
        works = Works(ledger, self.clock, {"telegram": platform}, channels, Rules())
        self.world = World(works, ledger, self.clock, platform)
        self.edit("một", "An", ())

    def judge(self, channel: str, text: str, how: str) -> None:
        why = self.books.may_leave(channel, text, self.clock.now())
        if why and not (how == "staged" and why == "inside a hold"):  # what is staged is hidden
            self.wrong.append(f"{how} {text!r} on {channel}: {why}")

    # -- what happens

    def edit(self, text: str, author: str, tags: tuple[str, ...]) -> None:
        """A row is saved; a yes falls with text or author."""
        books = self.books
        item = a_post(channels=("k0", "k1"), text=text, author=author, tags=tags)

        def change(connection: Any) -> None:
            before = reviews.rules_of(connection, [POST], DESK.book)
            read_and_plan(connection, [item], now=self.clock.now())
            reviews.follow_rules(connection, before, DESK.book, self.clock.now())

        self.world.do(change)
        if (text, author) != (books.text, books.author):
            books.said.clear()
        books.text, books.author, books.tags = text, author, tags

    def yes(self, name: str, *, urgently: str = "") -> None:
        now = self.clock.now()
        covers = frozenset((channel, self.books.text) for channel in ("k0", "k1"))
        by = By(PEOPLE[name], "cli", now)
        with suppress(NotAllowedError):
            self.world.do(acts.approve, by.yes(POST, urgently=urgently), now, desk=DESK)
            givers = {d.giver for d in self.books.away if d.taker == name and d.since <= now < d.until}
            rights = frozenset({name, *givers} - {self.books.author})
            may_hurry = bool(urgently) and "khẩn" in self.books.tags
            leads = any("leader" in NAMES[right] for right in rights)
            if name != self.books.author:
                self.books.said.append(Said(name, rights, covers, now, may_hurry and leads))

    def no(self, name: str) -> None:
        with suppress(NotAllowedError):
            by = By(PEOPLE[name], "cli", self.clock.now())
            self.world.do(acts.reject, by.no(POST, "x"), by.now, desk=DESK)
            self.books.said.clear()

    def new_time(self, name: str, minutes: int) -> None:
        """A new time voids every yes, and is one of whoever may say it."""
        by, before = By(PEOPLE[name], "cli", self.clock.now()), len(self._decisions())
        with suppress(NotAllowedError):
            at = by.now + timedelta(minutes=minutes)
            self.world.do(acts.give_new_time, POST, by, at=at, desk=DESK)
            self.books.said.clear()
            if len(self._decisions()) > before:
                covers = frozenset((channel, self.books.text) for channel in ("k0", "k1"))
                givers = {d.giver for d in self.books.away if d.taker == name and d.since <= by.now < d.until}
                rights = frozenset({name, *givers} - {self.books.author})
                self.books.said.append(Said(name, rights, covers, by.now, urgent=False))

    def _decisions(self) -> list[Any]:
        found: list[Any] = self.world.look(approvals.decisions_on, POST)
        return found

    def away(self, giver: str, taker: str, hours: int) -> None:
        now = self.clock.now()
        given = Delegation(0, giver, taker, now, now + timedelta(hours=hours))
        self.world.do(reviews.delegate, given, Act(now, giver, "cli", "delegate", "", {}))
        self.books.away.append(given)

    def hold(self, tags: tuple[str, ...]) -> None:
        by = By(PEOPLE["Lan"], "cli", self.clock.now())
        scope = {"tags": list(tags)} if tags else {}
        held = self.world.do(acts.hold, Stop(scope, "bão"), by, desk=DESK)
        self.books.stops[held.hold.id] = tags

    def release(self) -> None:
        for number in list(self.books.stops):
            by = By(PEOPLE["Lan"], "cli", self.clock.now())
            self.world.do(acts.release, number, by, desk=DESK)
            del self.books.stops[number]

    def lose_row(self) -> None:
        """The row goes; it comes back with the next edit."""
        self.world.do(calendar.lose_entries, ["B0001"], self.clock.now())
        self.books.said.clear()
        self.books.text = ""

    def tick(self, minutes: int) -> None:
        """Time passes, and the daemon does all its works."""
        self.clock.at += timedelta(minutes=minutes)
        asyncio.run(self._work())

    async def _work(self) -> None:
        works = self.world.works
        await lapse(works)
        await prepare(works)
        await Dispatch(works).send(await claim(works))

    @property
    def out(self) -> int:
        return len(self.world.platform.published)


names, texts = st.sampled_from(sorted(NAMES)), st.sampled_from(["một", "hai"])
tags = st.sampled_from(
    [(), ("khẩn",), ("phát ngôn",), ("hai cấp",), ("hai cấp",), ("hai cấp",), ("hai cấp", "khẩn")]
)
STEPS: Mapping[str, st.SearchStrategy[tuple[Any, ...]]] = {
    "edit": st.tuples(texts, st.sampled_from(["An", "Lan"]), tags),
    "yes": st.tuples(names),
    "hurry": st.tuples(names),
    "no": st.tuples(names),
    "new_time": st.tuples(names, st.sampled_from([1, 30, 200])),
    "away": st.tuples(names, names, st.sampled_from([1, 5])).filter(lambda drawn: drawn[0] != drawn[1]),
    "hold": st.tuples(st.sampled_from([(), ("khẩn",)])),
    "release": st.tuples(),
    "lose_row": st.tuples(),
    "tick": st.tuples(st.sampled_from([1, 20, 61, 200])),
}
#: Yeses and ticks stand here more often: without them nothing ever leaves.
often = st.sampled_from([*STEPS, *["yes"] * 8, *["edit"] * 3, "hurry", "tick", "away"])
steps = st.lists(often.flatmap(lambda what: st.tuples(st.just(what), STEPS[what])), max_size=14)


def live(found: list[tuple[str, tuple[Any, ...]]]) -> History:
    """Let a history happen, and its end: time goes on until nothing is left to do."""
    history = History()
    for what, asked in found:
        if what == "hurry":
            history.yes(*asked, urgently="bão")
        else:
            getattr(history, what)(*asked)
    for minutes in (30, 60, 200):
        history.tick(minutes)
    return history


@given(steps)
@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_nothing_leaves_that_the_rule_does_not_let(found: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Law: no byte reaches a platform but by the yeses that its rule names, and none inside a hold."""
    assert live(found).wrong == []


#: Histories that must end with something out: a judge that lets nothing leave proves nothing.
OUT: Mapping[str, list[tuple[str, tuple[Any, ...]]]] = {
    "one yes": [("yes", ("Bình",))],
    "two yeses": [("edit", ("hai", "An", ("hai cấp",))), ("yes", ("Bình",)), ("yes", ("Lan",))],
    "a leader alone": [("edit", ("hai", "An", ("hai cấp", "khẩn"))), ("hurry", ("Lan",))],
    "in another's name": [
        ("edit", ("hai", "An", ("hai cấp",))),
        ("yes", ("Bình",)),
        ("away", ("Lan", "Viết", 5)),
        ("yes", ("Viết",)),
    ],
}


@pytest.mark.parametrize("what", OUT)
def test_what_the_rule_lets_leaves(what: str) -> None:
    """Both channels."""
    history = live(OUT[what])
    assert (history.out, history.wrong) == (2, [])


TWO, AGAIN = ("edit", ("hai", "An", ("hai cấp",))), ("edit", ("một", "An", ("hai cấp",)))


@pytest.mark.parametrize(
    "found",
    [
        [("edit", ("hai", "An", ("hai cấp",))), ("yes", ("Bình",))],
        [("edit", ("hai", "An", ("phát ngôn",))), ("yes", ("Bình",)), ("yes", ("Lan",))],
        [("yes", ("Bình",)), ("edit", ("một", "An", ("phát ngôn",)))],
        [("yes", ("Bình",)), ("edit", ("một", "Bình", ()))],
        [("yes", ("An",))],
        [("yes", ("Bình",)), ("hold", ((),))],
        [TWO, ("yes", ("Bình",)), AGAIN, TWO, ("yes", ("Lan",))],
        [TWO, ("new_time", ("Bình", 200)), ("yes", ("Lan",))],
        [TWO, ("yes", ("Lan",)), ("yes", ("Lan",))],
        [TWO, ("away", ("Lan", "Bình", 5)), ("yes", ("Bình",)), ("yes", ("Bình",))],
        [TWO, ("away", ("Lan", "Bình", 5)), ("yes", ("Lan",)), ("yes", ("Bình",))],
        [TWO, ("yes", ("Bình",)), ("edit", ("hai", "Lan", ("hai cấp",))), ("yes", ("Lan",))],
        [TWO, ("away", ("An", "Viết", 5)), ("yes", ("Viết",)), ("yes", ("Lan",))],
        [TWO, ("yes", ("Bình",)), ("no", ("Lan",)), ("yes", ("Mai",))],
        [TWO, ("yes", ("Bình",)), ("lose_row", ()), TWO, ("yes", ("Lan",))],
    ],
    ids=str,
)
def test_what_the_rule_does_not_let_stays(found: list[tuple[str, tuple[Any, ...]]]) -> None:
    """One of two, the wrong role, another rule since, the author, a hold, what is over, one person twice."""
    history = live(found)
    assert (history.out, history.wrong) == (0, [])


def test_the_judge_finds_what_leaves_unallowed() -> None:
    """A judge that cannot say no proves nothing: here somebody wrote into the ledger by hand."""
    history = History()
    history.edit("hai", "An", ("hai cấp",))
    history.yes("Bình")
    history.world.do(lambda c: c.execute(update(posts).values(state="approved")))
    history.tick(61)
    assert {each.partition(":")[0] for each in history.wrong} == {
        f"{how} 'hai' on {channel}" for how in ("staged", "published") for channel in ("k0", "k1")
    }
