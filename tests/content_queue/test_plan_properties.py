"""Whatever people, calendars and platforms do, in any order: nothing unapproved, nothing twice, nothing lost.

The checker keeps its own record of what was said yes to and by which holds, and looks only at what the
platform was given and at the ledger's rows.
"""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from content_queue.delivery.claim import claim
from content_queue.delivery.decide import caught_by
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.plan import plan_seconds
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile
from content_queue.models import Attempt, Channel, Delivery, Payload
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Receipt,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.states import DeliveryState, PostState
from content_queue.store import approvals, calendar, holds, notices, posts
from content_queue.store import deliveries as ledger
from content_queue.store.approvals import Decision, NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.holds import Order
from content_queue.store.tables import approvals as approval_rows
from content_queue.store.tables import deliveries
from content_queue.store.tables import posts as post_rows
from tests.content_queue.world import LEADER, WINDOW, World, a_post, a_world

CHANNELS = ("k0", "k1")
#: Where a delivery ends; of some ends people must have been told.
TOLD = {"missed", "held", "failed", "unconfirmed"}
ENDS = {"published", "cancelled", *TOLD}
#: What a platform may be like -> how it fails without publishing.
ERRORS = {"away": NotSentError, "refuses": RefusedError, "silent": UnknownOutcomeError}

#: What happens between a claim and its sending.
BETWEEN = ("", "", "edit", "edit, approved", "new time, approved", "hold", "row goes", "cancel")

codes = st.sampled_from(["B0001", "B0002"])
mistakes = st.sampled_from([(), (), (), ("x",)])
texts = st.sampled_from(["Một", "Hai", None])
audiences = st.sampled_from([("k0",), CHANNELS])
steps = st.sampled_from([timedelta(minutes=m) for m in (1, 6, 20, 180)])
#: How long from now a row is due; None leaves it where it was.
times = st.none() | steps | st.just(timedelta(minutes=-6))


@dataclass
class Wall:
    """A platform that tells the truth when it is asked, and a checker that looks over its shoulder."""

    world: World
    mood: str = "well"
    #: Delivery -> its number on the wall.
    out: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt:
        if self.mood in ERRORS:
            raise ERRORS[self.mood]("x")
        sent = [d for d in self._under_way() if (d.channel, d.variant) == (channel.name, payload.sha256())]
        self.problems += [] if sent else ["published what the ledger does not send"]
        for delivery in sent[:1]:
            self.problems += self._wrong(delivery)
            self.out[delivery.id] = f"id-{len(self.out)}"
        if self.mood == "lies":
            raise UnknownOutcomeError("x")
        return Receipt(f"id-{len(self.out) - 1}")

    async def stage(self, channel: Channel, payload: Payload, memo: Any) -> Staged:
        if self.mood in ("away", "refuses"):
            raise ERRORS[self.mood]("x")
        return Staged({"of": payload.text})

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        if self.mood == "away":
            return Unclear("x")
        return Found(Receipt(self.out[attempt.delivery])) if attempt.delivery in self.out else Absent()

    def _under_way(self) -> list[Delivery]:
        """Return the deliveries of which a request is under way and not yet at the wall."""
        codes = [code for (code,) in self.world.rows(post_rows, "id")]
        every = [d for code in codes for d in self.world.look(posts.deliveries_of, code)]
        return [d for d in every if d.state == DeliveryState.PUBLISHING and d.attempts]

    def _wrong(self, delivery: Delivery) -> Iterator[str]:
        post, now = self.world.look(posts.find_post, delivery.post), self.world.clock.at
        rows = self.world.rows(approval_rows, "post", "content_hash", "decision")
        if (post.id, self.world.look(posts.rehash, post.id), "approved") not in rows:
            yield f"{post.id}: this content was never approved"
        if post.state != PostState.APPROVED:
            yield f"{post.id}: not approved at this moment"
        if any(caught_by(hold, delivery, post) for hold in self.world.look(holds.active_holds)):
            yield f"{post.id}: inside a hold"
        if not delivery.due <= now <= delivery.due + WINDOW:
            yield f"{post.id}: outside its window"
        if delivery.id in self.out:
            yield f"{post.id}: twice on {delivery.channel}"


@cache
def an_empty_ledger() -> Path:
    """Make a ledger once; each office begins with a copy."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    a_world(folder).ledger.close()
    return folder / "loa.db"


def _without_waiting_for_the_disk(driver: Any, *_record: object) -> None:
    driver.execute("PRAGMA synchronous=OFF")


class Office:
    """People, calendars, platforms and time, in any order."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        shutil.copy(an_empty_ledger(), Path(self.folder.name) / "loa.db")
        self.world = a_world(Path(self.folder.name), channels=len(CHANNELS))
        event.listen(self.world.ledger._engine, "checkout", _without_waiting_for_the_disk)
        self.loop = asyncio.new_event_loop()
        self.wall = Wall(self.world)
        for name in ("publish", "stage", "find"):
            setattr(self.world.platform, name, getattr(self.wall, name))
        self.dispatch = Dispatch(self.world.works)
        self.claimed: list[Any] = []
        self.dues: dict[str, datetime] = {}
        self.published: dict[int, tuple[Any, ...]] = {}
        self.save_and_approve("B0001")

    def close(self) -> None:
        """After a day in which nobody does anything more, everything has ended or people were told."""
        self._let_a_day_pass()
        rows = self.world.rows(deliveries, "post", "state")
        told = " ".join(notice.message for notice in self.world.look(notices.untold, limit=1000))
        assert [row for row in rows if row[1] not in ENDS] == []
        assert [row for row in rows if row[1] in TOLD and row[0] not in told] == []

    def let_go(self) -> None:
        self.loop.close()
        self.world.ledger.close()
        self.folder.cleanup()

    def _let_a_day_pass(self) -> None:
        for _half_hour in range(16):
            self.world.clock.at += timedelta(minutes=30)
            self._claim()
            self._send()
            self.it_is_read_back()

    def _run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    # -- the calendar

    def save_a_row(
        self,
        code: str,
        text: str | None,
        after: timedelta | None,
        channels: tuple[str, ...],
        wrong: tuple[str, ...],
    ) -> None:
        if after is not None or code not in self.dues:
            self.dues[code] = self.world.clock.at + (after or timedelta(minutes=1))
        self.world.plan(
            a_post(
                code, text=text and f"{code}: {text}", due=self.dues[code], channels=channels, problems=wrong
            )
        )
        self._run(plan_seconds(self.world.works))

    def save_and_approve(self, code: str) -> None:
        self.save_a_row(code, "Một", timedelta(minutes=1), CHANNELS, ())
        self.decide(code, PostState.APPROVED)

    def a_row_goes(self, code: str) -> None:
        self.world.do(calendar.lose_entries, [code], self.world.clock.at)

    def a_row_becomes_wrong(self, code: str) -> None:
        self.world.do(calendar.spoil_entries, [code], self.world.clock.at)

    # -- people

    def decide(self, code: str, verdict: PostState) -> None:
        with suppress(NotAllowedError):
            decision = Decision(f"{code}-2026", verdict, LEADER, "cli", reason="x")
            self.world.do(approvals.decide, decision, self.world.clock.at)

    def cancel(self, code: str) -> None:
        self._with_post(code, posts.cancel, reason="x")

    def give_time(self, code: str, after: timedelta) -> None:
        at = self.world.clock.at + after
        self._with_post(code, posts.give_time, at, window=WINDOW)

    def _with_post(self, code: str, change: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        post = self.world.look(posts.find_post, f"{code}-2026")
        if post is not None and (change is posts.cancel or post.state in ("in_review", "approved")):
            detail = {"reason": named.pop("reason", "")}
            act = Act(self.world.clock.at, "Lãnh", "cli", "x", post.id, detail)
            self.world.do(change, post, *arguments, act=act, **named)

    def begin_a_hold(self, scope: dict[str, list[str]]) -> None:
        self.world.do(holds.begin_hold, Order(scope, "x", "", "Lãnh", "cli"), self.world.clock.at)

    def end_the_holds(self) -> None:
        for hold in self.world.look(holds.active_holds):
            self.world.do(holds.end_hold, hold.id, person="Lãnh", way="cli", now=self.world.clock.at)

    # -- time and platforms

    def the_platform(self, mood: str) -> None:
        self.wall.mood = mood

    def time_passes(self, step: timedelta) -> None:
        self.world.clock.at += step

    def the_next_time_comes(self, between: str) -> None:
        """Something is claimed, something happens to it, and what was claimed is sent."""
        at = self.world.look(ledger.next_ready)
        self.world.clock.at = max(self.world.clock.at, at or self.world.clock.at)
        self._claim()
        code = self.claimed[-1][0].post.entry if self.claimed[-1] else "B0001"
        match between:
            case "edit":
                self.save_a_row(code, "Hai", None, CHANNELS, ())
            case "edit, approved":
                self.save_and_approve(code)
                self.world.clock.at = self.dues[code]
                self._claim()
            case "new time, approved":
                self.give_time(code, timedelta(minutes=1))
                self.decide(code, PostState.APPROVED)
                self.world.clock.at += timedelta(minutes=1)
                self._claim()
            case "hold":
                self.begin_a_hold({})
            case "row goes":
                self.a_row_goes(code)
            case "cancel":
                self.cancel(code)
        self._send()

    def _claim(self) -> None:
        self.claimed.append(self._run(claim(self.world.works)))

    def _send(self) -> None:
        claims, self.claimed = self.claimed, []

        async def send() -> None:
            await asyncio.gather(*(self.dispatch.send(claimed) for claimed in claims))

        self._run(send())

    def it_is_prepared(self) -> None:
        self._run(prepare(self.world.works))
        self._run(sweep(self.world.works))

    def it_is_read_back(self) -> None:
        self._run(reconcile(self.world.works))

    # -- the laws

    def nothing_leaves_that_may_not(self) -> None:
        assert self.wall.problems == []

    def what_is_out_does_not_change(self) -> None:
        names = ("id", "variant", "remote_id", "published_at", "state")
        published = {row[0]: row for row in self.world.rows(deliveries, *names) if row[-1] == "published"}
        assert {key: published.get(key) for key in self.published} == self.published
        self.published = published

    def what_is_published_is_on_the_wall(self) -> None:
        """And has its number."""
        rows = self.world.rows(deliveries, "id", "remote_id", "state")
        known = {key: remote_id for key, remote_id, state in rows if state == "published"}
        assert known == {key: number for key, number in self.wall.out.items() if key in known}

    def an_approval_is_of_what_stands(self) -> None:
        for code, hashed, state in self.world.rows(post_rows, "id", "content_hash", "state"):
            assert state == "cancelled" or hashed == self.world.look(posts.rehash, code)

    def check(self) -> None:
        """Hold what happened so far against the laws."""
        self.nothing_leaves_that_may_not()
        self.what_is_out_does_not_change()
        self.what_is_published_is_on_the_wall()
        self.an_approval_is_of_what_stands()


#: What may happen, with what; what makes posts go out stands here more often.
STEPS = st.one_of(
    st.tuples(st.just("save_and_approve"), codes),
    st.tuples(st.just("save_and_approve"), codes),
    st.tuples(st.just("the_next_time_comes"), st.sampled_from(BETWEEN)),
    st.tuples(st.just("the_next_time_comes"), st.sampled_from(BETWEEN)),
    st.tuples(st.just("save_a_row"), codes, texts, times, audiences, mistakes),
    st.tuples(st.just("decide"), codes, st.sampled_from([PostState.APPROVED, PostState.REJECTED])),
    st.tuples(st.just("give_time"), codes, steps),
    st.tuples(st.sampled_from(["a_row_goes", "a_row_becomes_wrong", "cancel"]), codes),
    st.tuples(st.just("begin_a_hold"), st.sampled_from([{}, {"channels": ["k0"]}])),
    st.tuples(st.just("the_platform"), st.sampled_from(["well", "well", "lies", "lies", *ERRORS])),
    st.tuples(st.just("time_passes"), steps),
    st.tuples(st.sampled_from(["end_the_holds", "it_is_prepared", "it_is_read_back"])),
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(happenings=st.lists(STEPS, min_size=12, max_size=24))
def test_whatever_happens_the_laws_hold(happenings: list[tuple[Any, ...]]) -> None:
    """Nothing unapproved, edited or held leaves, nothing twice, and in the end people know of everything."""
    office = Office()
    try:
        for name, *arguments in happenings:
            getattr(office, name)(*arguments)
            office.check()
        office.close()
        office.check()
    finally:
        office.let_go()
