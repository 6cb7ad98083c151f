"""One office: its calendar, its people, and the daemon's real works in one life after another."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from bot import acts, daemon
from bot.acts import By, Stop
from bot.desk import Desk
from bot.findings import tell_finding
from bot.planning import calendars
from bot.planning.reading import Known, Reading
from bot.settings import CalendarSettings, Settings
from bot.undoing.takeback import take_back, touched_by_post
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.measure import measure
from content_queue.delivery.plan import plan_seconds
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile
from content_queue.delivery.works import Works
from content_queue.models import Agency, Channel, ComposedPost, Person, digest
from content_queue.states import DeliveryState
from content_queue.store import Connection, LedgerError, deliveries, notices, posts, takebacks
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.calendar import known_entries, known_post_ids, sources_since
from content_queue.store.corrections import Corrected, Correction, add_correction, next_number, published_of
from content_queue.store.engine import Engine, open_ledger
from content_queue.store.findings import Finding
from content_queue.store.notices import Notice
from content_queue.store.posts import Queued
from content_queue.store.writer import InlineWriter
from schedules.calendar import Calendar
from schedules.identity import Matching
from schedules.planner import Plan
from tests.content_queue.world import LEADER, WINDOW, a_post
from tests.machine.model import Covers, Model, Row, Scope, code_of
from tests.machine.points import Points, Trouble, TroubledLedger, TroubledWall
from tests.machine.wall import SteppedClock, Wall
from tests.simulator import town
from tests.torture.life import until_death
from tests.torture.mortal import Killed

CHANNELS = ("k0", "k1")
AUTHOR = Person("Trần Văn Soạn", 8, frozenset({"leader"}), frozenset({"*"}))
PEOPLE = {person.name: person for person in (LEADER, AUTHOR)}
#: Real seconds in which a step of the daemon ends, or something in it waits for ever.
PATIENCE = 60
#: How long the office is left alone in the end: every retry, window and read-back falls into it.
REST = tuple(timedelta(seconds=s) for s in (10, 10, 10, 360, 360, 960, 1800, 7200, 9000, 9000, 600, 1200))
#: More notices than one example can bring.
MANY = 10_000


@cache
def _engine() -> Engine:
    """Open one ledger in memory for all offices, since its prepared statements are worth keeping."""
    return open_ledger("sqlite://")


@cache
def _empty() -> sqlite3.Connection:
    """Keep the ledger as it is before anything happens."""
    made = sqlite3.connect(":memory:")
    _driver().backup(made)
    return made


def _driver() -> sqlite3.Connection:
    with _engine().connect() as connection:
        return cast("sqlite3.Connection", connection.connection.driver_connection)


class Office:
    """People and a daemon around one ledger and one wall."""

    def __init__(self) -> None:
        """Open an office of two channels and no calendar."""
        _empty().backup(_driver())
        self.ledger = InlineWriter(_engine())
        self.clock = SteppedClock()
        self.model = Model()
        self.wall = Wall(self.clock, self.model.leaves, self.model.stages, self.model.removed)
        self.calendar: dict[str, Row] = {}
        #: Code -> (hash, what the card showed) when it was last looked at.
        self.cards: dict[str, tuple[str, Covers]] = {}
        self.channels = {name: Channel(name, "svhttdl", "telegram", f"-100{name}") for name in CHANNELS}
        agency = Agency("svhttdl", {"vi": "Sở Văn hóa, Thể thao và Du lịch"})
        office = SimpleNamespace(agencies={agency.code: agency}, channels=(), occasions={})
        told = {"people": tuple(PEOPLE.values()), "office": office, "approval_rules": ()}
        opened = SimpleNamespace(settings=Settings(), **told)
        self._opened = cast("Any", opened)
        self.desk = Desk(tuple(PEOPLE.values()), {agency.code: agency}, tuple(self.channels.values()))
        #: The entry that deeds in the midst of something are about.
        self.latest = ""
        self.died = 0
        self._read: Mapping[str, Row] | None = None
        self._begin_life()

    def close(self) -> None:
        """End the last life."""
        self._runner.close()

    # -- lives

    def _begin_life(self) -> None:
        rules = replace(bound(town, "rules_of")(Settings()), batch=2)
        self.points = Points(self.deed, self.committed)
        ledger = TroubledLedger(self.ledger, self.points)
        wall = TroubledWall(self.wall, self.points)
        self.works = Works(ledger, self.clock, {"telegram": cast("Any", wall)}, self.channels, rules)
        self._dispatch = Dispatch(self.works)
        self._claimed: list[Any] = []
        self._runner = asyncio.Runner()
        self._up = self._unread = False

    def run(self, what: str, trouble: Trouble | None = None) -> None:
        """Let the daemon do one of its works, in which something may happen; start it first if need be."""
        work = getattr(self, f"_{what}") if self._up else self._start
        self.points.arm(trouble)
        try:
            self._runner.run(self._within_patience(work()))
        except Killed:
            self._runner.close()
            self.died += 1
            self._begin_life()
        except LedgerError:  # as the daemon: it is in the log, and the next tick comes
            pass
        self.points.arm(None)
        if work != self._start and not self._up and trouble is None:
            self.run(what)

    async def _within_patience(self, work: Coroutine[Any, Any, object]) -> None:
        async with asyncio.timeout(PATIENCE):
            await until_death(work, self.points.died)

    async def _start(self) -> None:
        await bound(daemon, "recover")(self.works)
        await self._read_calendar()
        self._up = True

    async def _read_calendar(self) -> None:
        self._unread = True
        await self.works.ledger.run(self._apply)
        await plan_seconds(self.works)
        self._unread = False

    async def _claim(self) -> None:
        self._claimed.append(await claim(self.works))

    async def _send(self) -> None:
        claims, self._claimed = self._claimed, []
        await _all(*(self._dispatch.send(claimed) for claimed in claims))

    async def _deliver(self) -> None:
        await self._claim()
        await self._send()

    async def _prepare(self) -> None:
        await prepare(self.works)

    async def _look_back(self) -> None:
        await bound(daemon, "recover")(self.works)
        await reconcile(self.works)

    async def _sweep(self) -> None:
        await sweep(self.works)

    async def _retract(self) -> None:
        await bound(daemon, "retract")(self.works)

    async def _measure(self) -> None:
        await measure(self.works)

    async def _everything(self) -> None:
        """Do all at once, as the ticks of a daemon may fall."""
        await _all(
            self._prepare(),
            self._deliver(),
            self._look_back(),
            self._retract(),
            self._sweep(),
            self._measure(),
        )

    # -- the calendar

    def _apply(self, connection: Connection) -> None:
        now = self.clock.now()
        entries = {row.code: row for row in known_entries(connection)}
        sources = sources_since(connection, now - calendars.LOOK_BACK)
        known = Known(entries, known_post_ids(connection), {}, sources)
        house = cast("Any", SimpleNamespace(settings=Settings(calendar=CalendarSettings(ask_before=False))))
        calendars.apply(connection, self._reading(known, now), known, house=house, now=now)
        self._read = dict(self.calendar)

    def _reading(self, known: Known, now: datetime) -> Reading:
        """Return what the readers and the planner make of the calendar as it stands."""
        good = {code: row for code, row in self.calendar.items() if row.wrong != "row"}
        rows = {name_of(code): a_row(code, row) for code, row in good.items()}
        seen = {k: c for k, c in rows.items() if k in known.posts or now < c.post.due + WINDOW}
        sources = {name_of(code): digest(repr(row)) for code, row in good.items()}
        fresh = [c for k, c in seen.items() if known.sources.get(k) != sources[k]]
        here = {row.code for row in known.entries.values() if row.present}
        entries = tuple(c.post.entry for c in rows.values())
        gone = tuple(sorted(here - self.calendar.keys()))
        wrong = tuple(sorted(here & self.calendar.keys() - good.keys()))
        return Reading(
            opened=self._opened,
            calendar=Calendar("lich.xlsx", entries, (), (), frozenset({"lich.xlsx"})),
            matching=Matching(entries, (), (), (), gone=gone, wrong=wrong, replaced=()),
            plan=Plan(
                cast("Any", None),
                tuple(c.post for c in seen.values()),
                past=tuple(c.post for k, c in rows.items() if k not in seen),
            ),
            planned=frozenset(seen),
            composed=fresh,
            sources={c.post.id: sources[c.post.id] for c in fresh if not c.problems},
            problems=(),
        )

    # -- people

    def deed(self, what: str) -> None:
        """Let people do something to the latest post, perhaps in the midst of the daemon's work."""
        DEEDS[what](self, self.latest)

    def read_now(self) -> None:
        """Let a saved calendar be read in one moment."""
        self.do(self._apply)

    def look(self, code: str) -> None:
        """Show the card of a post as it now stands."""
        post = self.see(posts.find_post, name_of(code))
        if post is not None:
            self.cards[code] = (post.content_hash, self._shown(code))

    def say_yes(self, code: str, person: Person = LEADER) -> None:
        """Approve what the card showed."""
        if code in self.cards:
            seen, covers = self.cards[code]
            with suppress(NotAllowedError):
                by = self._by(person)
                self.do(acts.approve, by.yes(name_of(code), seen=seen), by.now, desk=self.desk)
                self.model.said_yes(code, covers, person.name)

    def say_no(self, code: str) -> None:
        """Reject a post."""
        by = self._by(LEADER)
        with suppress(NotAllowedError):
            self.do(acts.reject, by.no(name_of(code), "x"), by.now, desk=self.desk)
            self.model.yes_falls(code)

    def cancel(self, code: str) -> None:
        """Take a post out of the plan."""
        with suppress(NotAllowedError):
            self.do(acts.cancel, name_of(code), self._by(LEADER), reason="x")
            self.model.yes_falls(code)

    def give_time(self, code: str, after: timedelta, person: Person = LEADER) -> None:
        """Give a post a new time, which is a yes of whoever may say it."""
        at = self.clock.now() + after
        with suppress(NotAllowedError):
            moved = self.do(acts.give_new_time, name_of(code), self._by(person), at=at, desk=self.desk)
            self.model.yes_falls(code)
            if moved.waits is None:
                self.model.said_yes(code, self._shown(code), person.name)

    def take_back(self, code: str) -> None:
        """Want a post gone from every channel, with its corrections."""
        by = self._by(LEADER)
        with suppress(NotAllowedError):
            touched = self.see(touched_by_post, name_of(code), by)
            for post in {row.post for row in (*touched.out, *touched.coming)}:
                self.model.taken_back(code_of(self.see(posts.find_post, post)))
            self.do(take_back, touched, by, reason="x")

    def correct(self, code: str) -> None:
        """Correct what is out of a post, by its author's word and another's yes."""
        post, out = self.see(posts.find_post, name_of(code)), self.see(published_of, name_of(code))
        if post is None or not out:
            return
        count = self.see(next_number, post.id)
        name, earlier = f"{code}-DC{count}", [f"{code}-DC{n}" for n in range(1, count)]
        lines = [
            Corrected(row, replace(payload, text=f"{name}: Đính chính"), in_place=bool(row.remote_id))
            for row, payload in out
        ]
        due = (self.clock.now() + timedelta(hours=24)).replace(microsecond=0)
        act = Act(self.clock.now(), AUTHOR.name, "cli", "correct", post.id, {"reason": "x"})
        row = Row("", due, CHANNELS, AUTHOR.name, tuple(post.tags))
        self.model.corrects(name, row, earlier)
        self.do(add_correction, Correction(post, lines, due, WINDOW), act)
        by = self._by(LEADER)
        self.do(acts.approve, by.yes(name_of(name)), by.now, desk=self.desk)
        self.model.said_yes(name, self._shown(name), LEADER.name)

    def hold(self, scope: Scope) -> None:
        """Stop what a scope covers."""
        held = self.do(acts.hold, Stop(scope, "quốc tang"), self._by(LEADER), desk=self.desk)
        self.model.holds[held.hold.id] = scope

    def release(self) -> None:
        """End all holds."""
        for number in sorted(self.model.holds):
            self.do(acts.release, number, self._by(LEADER), desk=self.desk)
            del self.model.holds[number]

    def answer(self) -> None:
        """Look at the channels of which nobody knows, and say what is there."""
        for queued in self.see(posts.queue, states=(DeliveryState.UNCONFIRMED,)):
            key = code_of(queued.post), queued.delivery.channel
            finding, now = Finding(self.wall.is_there(key)), self.clock.now()
            if not finding.published:
                self.model.said_absent(key, len(self.notices()), until=now + WINDOW)
            self.do(tell_finding, str(queued.delivery.id), finding, self._by(LEADER), desk=self.desk)

    def _by(self, person: Person) -> By:
        return By(person, "cli", self.clock.now())

    def _shown(self, code: str) -> Covers:
        rows = self.see(posts.payloads_of, name_of(code))
        return {d.channel: (p.text, d.due) for d, p in rows if p is not None and d.state != "cancelled"}

    # -- the ledger

    def do(self, change: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Change the ledger in one moment."""
        done = self.ledger.run_now(lambda connection: change(connection, *arguments, **named))
        self.committed()
        return done

    def see(self, query: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Ask the ledger."""
        return self.ledger.read_now(lambda connection: query(connection, *arguments, **named))

    def committed(self) -> None:
        """Let the model take in a commit."""
        if self._read is not None:
            self.model.calendar_is(self._read)
            self._read = None
        self.model.committed(
            self.see(posts.queue), len(self.notices()), now=self.clock.now(), latest=self.clock.latest
        )

    def notices(self) -> Sequence[notices.Notice]:
        """Return all that people were told."""
        found: Sequence[notices.Notice] = self.see(notices.untold, limit=MANY)
        return found

    # -- time

    def until_something_is_due(self) -> None:
        """Let time pass until the daemon's alarm rings."""
        at = self.see(deliveries.next_ready)
        if at is not None:
            self.clock.at = max(self.clock.at, at - self.clock.step)

    def rest(self) -> None:
        """Leave the office alone until nothing moves any more; all is well meanwhile."""
        self.wall.moods.clear()
        self.run("read_calendar")
        for step in REST:
            self.clock.at += step
            self.run("everything")

    def wrong(self) -> list[str]:
        """Return what was wrong so far."""
        return self.model.problems + self.wall.problems

    def wrong_in_the_end(self) -> list[str]:
        """Return what is wrong now that all has come to rest."""
        self.wall.arrive()
        queue, notices = self.see(posts.queue), self.notices()
        wrong = self.wrong() + self.model.end(queue, notices, self.wall.shown)
        return wrong + self._wrong_words(queue) + self._wrong_takebacks(queue, notices)

    def _wrong_words(self, queue: Sequence[Queued]) -> list[str]:
        """Say where an older correction stands than the last one that is said to be over."""
        over = [q for q in queue if q.delivery.in_place and q.delivery.state == "published"]
        said = {q.delivery.remote_id: q for q in sorted(over, key=_number)}
        stands = {name: words[-1] for name, words in self.wall.edits.items()}
        return [
            f"{q.post.id}: {q.text!r} is over, and {stands.get(str(name))!r} is there"
            for name, q in said.items()
            if name in self.wall.shown.values() and stands.get(str(name)) != q.text
        ]

    def _wrong_takebacks(self, queue: Sequence[Queued], notices: Sequence[Notice]) -> list[str]:
        """Say what people wanted gone and is there, without that they were told so."""
        wrong = []
        for code in sorted(self.model.unwanted):
            head = f"Gỡ bài {name_of(code)}:"
            told = any(notice.message.startswith(head) for notice in notices)
            for asked, row in self.see(takebacks.of_post, name_of(code)):
                there = row.remote_id in self.wall.shown.values() and row.remote_id is not None
                if asked.ended_at is None and row.state != "unconfirmed":
                    wrong.append(f"{row.post} on {row.channel}: nobody took it back, {row.state}")
                elif asked.removed and there:
                    wrong.append(f"{row.post} on {row.channel}: said to be gone, and is there")
                elif asked.told and not asked.removed and asked.ended_at is not None and not told:
                    wrong.append(f"{row.post} on {row.channel}: stays, and nobody was told")
        return wrong


async def _all(*works: Coroutine[Any, Any, None]) -> None:
    """Do several works at once; one that fails stops no other, as in the daemon."""
    for error in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(error, BaseException):
            raise error


def bound(room: ModuleType, name: str) -> Any:
    """Return what a room calls by a name: a sabotage may stand there."""
    return vars(room)[name]


def _number(queued: Queued) -> int:
    """Return the number of a correction."""
    return int(queued.post.id.partition("-DC")[2])


def name_of(code: str) -> str:
    """Return the code of an entry's one post, or of a correction of it."""
    entry, dash, number = code.partition("-")
    return f"{entry}-2026{dash}{number}"


def a_row(code: str, row: Row) -> ComposedPost:
    """Return what is made of a row."""
    problems = ("dài quá",) if row.wrong == "text" else ()
    text = row.text and f"{code}: {row.text}"
    return a_post(
        code,
        text=text,
        due=row.due,
        channels=row.channels,
        problems=problems,
        author=row.author,
        tags=row.tags,
    )


def _edit(office: Office, code: str) -> None:
    if code in office.calendar:
        office.calendar[code] = replace(office.calendar[code], text="Sửa")
        office.read_now()


def _drop(office: Office, code: str) -> None:
    office.calendar.pop(code, None)
    office.read_now()


def _spoil(office: Office, code: str) -> None:
    if code in office.calendar:
        office.calendar[code] = replace(office.calendar[code], wrong="row")
        office.read_now()


def _edit_and_agree(office: Office, code: str) -> None:
    _edit(office, code)
    office.look(code)
    office.say_yes(code)


#: What people may do at any moment, also in the midst of the daemon's work.
DEEDS: Mapping[str, Callable[[Office, str], None]] = {
    "edit": _edit,
    "edit+yes": _edit_and_agree,
    "drop": _drop,
    "spoil": _spoil,
    "no": Office.say_no,
    "cancel": Office.cancel,
    "time": lambda office, code: office.give_time(code, timedelta(seconds=1)),
    "hold": lambda office, _code: office.hold({}),
    "take back": Office.take_back,
    "correct": Office.correct,
}
