"""One simulated run: an office, its platforms and people, and a daemon that dies and is started again."""

import asyncio
import gc
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.connect import connect
from bot.daemon import Daemon
from bot.house import LEDGER, House, rules_of
from bot.platforms import Tools, rehearsing
from bot.secrets import open_secrets, open_vault
from bot.serve import approval_bot
from bot.settings import load_settings
from content_queue.delivery.pacer import Pacer
from content_queue.delivery.renew import Renewals
from content_queue.delivery.works import Works
from content_queue.media import MediaStore
from content_queue.store import LedgerError
from content_queue.store.engine import Engine, open_ledger
from publishers.http import Shards
from tests.simulator.books import WatchedWriter
from tests.simulator.checker import Checker
from tests.simulator.death import Killed, Life
from tests.simulator.editors import Editors
from tests.simulator.office import lay_out, outlets
from tests.simulator.outside import Outside
from tests.simulator.people import People
from tests.simulator.platforms import Platforms, Posted
from tests.simulator.record import Record
from tests.simulator.ticks import VirtualTicker
from tests.simulator.virtual import DAY, VirtualClock, VirtualLoop, seconds_at
from tests.simulator.weather import HOUR, JUMP_EVERY, JUMPS, Disk, Weather
from tests.simulator.wire import Wire

ADDRESS = "http://platforms"
#: The size of an ordinary office; the whole province has 450 channels and 411 deliveries a day.
CHANNELS, DELIVERIES = 24, 20
#: Boundaries that a life of the daemon has at least and at most; many are short.
LIVES = (2, 40_000)
#: Share of lives that end soon, with so many boundaries at most: what a life begins with is its recovery.
AGAIN, SOON = 0.25, 60
#: Seconds after a failed commit in which whoever waits to write it again has done so.
AGAIN_AFTER = 15.0
#: A clock that jumps ahead by more seconds pauses the daemon, and this soon.
FAR, NOTICED = 3600.0, 40.0
#: Seconds that a poll is held open, more than Telegram would: years of polls of 25 s tell nothing new.
LONG_POLL = 9000
#: Seconds until it is started again, one as likely as the other.
DOWN = (3, 3, 30, 30, 600, 3 * HOUR, 8 * HOUR)
#: Mean days between deaths at any moment.
DEATH_EVERY = 8.0
#: Shares of days on which somebody takes a post back, or corrects one; and how old such a post may be.
UNDONE, CORRECTED, STILL_READ = 1 / 4, 1 / 4, timedelta(days=5)
#: Share of take-backs just when no channel can be opened.
REFUSED = 1 / 10
#: Days after which nothing more comes of a row.
LONG_OVER = 30
#: Days at the end without new work and without faults, in which everything comes to rest.
REST = 3
#: Changed table -> the reason that it gives to tick.
WHY: Mapping[str, str] = {
    "posts": "to tell",
    "notices": "to tell",
    "cards": "to tell",
    "orphans": "left over",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: which seed, for how long, how big an office."""

    seed: int
    days: int
    channels: int = CHANNELS
    deliveries_a_day: int = DELIVERIES
    keep_events: bool = False
    #: End with the first broken promise.
    until_wrong: bool = False


@dataclass
class Process:
    """One life of the daemon."""

    life: Life
    ticker: VirtualTicker
    writer: WatchedWriter
    task: "asyncio.Task[None]"


class Town:
    """Everything of one run, on one virtual loop."""

    def __init__(self, plan: Plan, home: Path) -> None:
        self._plan = plan
        self._home = home
        self.record = Record(keep=[] if plan.keep_events else None)
        self._rng = Random(plan.seed)  # noqa: S311 # a run that can be run again
        self.loop = VirtualLoop()
        self.clock, self.machine = VirtualClock(self.loop), VirtualClock(self.loop)
        channels = outlets(plan.channels)
        lay_out(home, channels)
        self.platforms = Platforms(
            home,
            self.clock.now,
            address=ADDRESS,
            posted=self._posted,
            changed=self._changed,
            event=self._happened,
        )
        self.platforms.list_late(self.clock.now, self._rng, reach=self.record.reach)
        self._disk = Disk(self._rng)
        self.weather = Weather(self._rng, ("facebook", "telegram", "zalo"))
        self.outside = Outside(home / LEDGER, self.clock.now)
        tools: dict[str, Any] = {"loop": self.loop, "rng": self._rng, "record": self.record}
        self.editors = Editors(home / "calendars", channels, **tools)
        self.editors.deliveries_a_day = plan.deliveries_a_day
        self.editors.saved = lambda: self._because("saved")
        self.people = People(self.platforms.telegram.world, channels, **tools)
        self.checker = Checker(
            channels,
            self.outside,
            editors=self.editors,
            clock=self.clock,
            machine=self.machine,
            record=self.record,
        )
        self._channels = channels
        self._settings = rehearsing(load_settings(home), ADDRESS)
        self._secrets = open_secrets(home, {}, learn=lambda _secret: None, rehearsal=True)
        self._engine: Engine = open_ledger(f"sqlite:///{home / LEDGER}")
        self._process: Process | None = None
        self._over = False
        self.loop.beside = self._beside
        self.loop.set_exception_handler(self._unhandled)

    # --- the run ---

    def run(self) -> Record:
        """Live through all days; return what happened."""
        self._plan_ahead()
        asyncio.set_event_loop(self.loop)
        try:
            self._start()
            self._live()
            if not self._over:
                self.checker.audit(self.clock.now())
        finally:
            self._bury()
            self._clear()
            self.outside.close()
            self._engine.dispose()
            self.loop.close()
            asyncio.set_event_loop(None)
        return self.record

    def _clear(self) -> None:
        """Let what is left of all lives end, so that nothing is cut off when the loop closes."""
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        self.loop.run_until_complete(asyncio.wait(left) if left else asyncio.sleep(0))

    def _live(self) -> None:
        end = (self._plan.days + REST) * DAY
        self.loop.call_at(end, self.loop.stop)
        while self.loop.time() < end and not self._over:
            try:
                self.loop.run_forever()
            except Killed as death:
                if self._process is not None and self._process.life is death.life:
                    self._died(str(death))

    def _plan_ahead(self) -> None:
        for week in range(self._plan.days // 7 + 1):
            self.loop.call_at(week * 7 * DAY, self.editors.begin_week, week)
        for day in range(self._plan.days + REST):
            self.loop.call_at(day * DAY, self._begin_day)
        self.loop.call_at(self._plan.days * DAY, self._rest)
        self._kill_somewhen()
        self._jump_somewhen()

    def _begin_day(self) -> None:
        """Draw what people and misfortune do on this day."""
        if self._plan.until_wrong and self.record.wrong:
            self._over = True
            self.loop.stop()
        rng = self._rng
        for _deed in range(rng.choice((0, 1, 1, 2))):
            self.loop.call_later(rng.uniform(7, 22) * HOUR, self.editors.work)
        self.people.call_off()
        self._forget()
        deeds = {self.people.order_a_stop: 1 / 3, self._take_back: UNDONE, self._correct: CORRECTED}
        for deed, often in deeds.items():
            if rng.random() < often:
                self.loop.call_later(rng.uniform(6, 21) * HOUR, deed)
        if rng.random() < 1 / 12:
            channel = rng.choice(self._channels)
            begins = self.loop.time() + rng.uniform(0, DAY)
            self.loop.call_at(begins, self._lose_token, channel.remote_id, rng.uniform(600, 6 * HOUR))
        self._watch_the_day()
        if self._process is not None:
            self.checker.audit()

    def _watch_the_day(self) -> None:
        """Look what is approved, and at each row when it falls due."""
        self.editors.approved = self.outside.approved()
        for row in self.editors.rows.values():
            due = seconds_at(row.due)
            if self.loop.time() <= due < self.loop.time() + DAY:
                self.loop.call_at(due, self._fall_due, row)

    def _forget(self) -> None:
        """Forget what is long over, so that a year of a province fits into memory."""
        before = self.clock.now() - timedelta(days=LONG_OVER)
        later = self.outside.due_since(before)  # people give new times, again and again
        codes = self.editors.forget(seconds_at(before), but=later)
        self.outside.forget(codes)
        self.checker.forget(codes)
        self.platforms.forget(before)

    def _fall_due(self, row: Any) -> None:
        due = seconds_at(row.due)
        if abs(due - self.loop.time()) < 1 and row.changed < due - HOUR / 4 and self.editors.standing(row):
            self.checker.fell_due(row.code, row.due)

    def _take_back(self) -> None:
        if post := self._some_post():
            self.people.take_back(post)
            if self._rng.random() < REFUSED:
                for channel in self._channels:
                    self._lose_token(channel.remote_id, 2 * HOUR)

    def _correct(self) -> None:
        """Let a post be corrected, now and then twice, one right after the other."""
        if post := self._some_post():
            self.people.correct(post)
            if self._rng.random() < 1 / 3:
                self.loop.call_later(self._rng.uniform(30, 2 * HOUR), self.people.correct, post)
            if self._rng.random() < 1 / 4:
                self.loop.call_later(self._rng.uniform(30, 9 * HOUR), self.people.take_back, post)

    def _some_post(self) -> str:
        """Choose something that is out, or may be: the last ones, mostly."""
        found = self.outside.out_since(self.clock.now() - STILL_READ) if self._process is not None else []
        return found[-1 - int(len(found) * self._rng.random() ** 2)] if found else ""

    def _lose_token(self, remote_id: str, seconds: float) -> None:
        self.weather.lost[remote_id] = self.loop.time() + seconds

    def _rest(self) -> None:
        self.editors.resting = self.people.resting = self.weather.calm = True
        self.weather.lost.clear()
        self.editors.mend_all()

    # --- life and death ---

    def _start(self) -> None:
        """Start the daemon on the files that the last one left."""
        low, high = LIVES[0], LIVES[1] * max(1, self._plan.deliveries_a_day // DELIVERIES)
        if self._rng.random() < AGAIN:
            high = SOON
        last = int(low * (high / low) ** self._rng.random())
        life = Life(last=10**9 if self.weather.calm else last)
        writer = WatchedWriter(
            self._engine,
            life,
            disk=lambda: "" if self.weather.calm else self._disk.draw(self.loop.time()),
            reach=self._commit_failed,
            committed=self._committed,
        )
        ticker = VirtualTicker(self.loop, self.machine)
        wire = Wire(
            self.platforms,
            self.weather,
            life=life,
            record=self.record,
            trouble=lambda: self._because("trouble"),
        )
        house = self._house(writer, wire)
        bot = approval_bot(house, Shards(connections=4, transport=wire))
        bot.poll_seconds = LONG_POLL
        self.record.note(self.loop.time(), "daemon starts")
        self.record.counts["starts"] += 1
        daemon = Daemon(house, bot=bot, ticker=ticker)
        task = self.loop.create_task(daemon.run())
        task.add_done_callback(self._ended)
        self._process = Process(life, ticker, writer, task)

    def _house(self, writer: WatchedWriter, wire: Wire) -> House:
        settings, home = self._settings, self._home
        width = settings.publish.connections
        lines = {name: Shards(connections=width, transport=wire) for name in ("facebook", "zalo", "telegram")}
        media = MediaStore(home / "media")
        channels: dict[str, Any] = {}
        pacer = Pacer(self.machine)
        tools = Tools(home, lines["facebook"], self._secrets, media, pacer, self.machine.now)
        works = Works(
            writer, self.machine, connect(settings, tools, lines), channels, rules_of(settings), paced=pacer
        )
        renewals = Renewals(works, open_vault(self._secrets, rehearsal=True), {}, self._secrets)
        return House(
            home,
            settings,
            self.machine,
            self._secrets,
            self._engine,
            writer,  # type: ignore[arg-type] # the daemon's own writes in a thread
            media,
            lines,
            works,
            renewals,
            channels,
        )

    def _died(self, where: str) -> None:
        """Bury the process and start another after a while."""
        self.record.reach(f"killed {where}" if f"killed {where}" in _DEATHS else "killed at any moment")
        self.record.note(self.loop.time(), f"killed {where}")
        if self._process is not None and self._process.life.crossed < SOON:
            self.record.reach("killed in recovery")
        self._bury()
        wait = self._rng.choice(DOWN)
        self.loop.call_later(wait, self._start)

    def _bury(self) -> None:
        """Let nothing of the dead process act again; what it left at the platforms goes on."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.life.dead = True
        process.ticker.stop()
        process.writer.forget()
        for task in asyncio.all_tasks(self.loop):
            if task.get_coro().__qualname__ != "Wire._carry":  # type: ignore[union-attr]
                task.cancel()
        self._engine.dispose()

    def _jump_somewhen(self) -> None:
        wait = self._rng.expovariate(1 / (JUMP_EVERY * DAY))
        self.loop.call_later(wait, self._jump)

    def _jump(self) -> None:
        """Let the wall clock jump, and some time later be set right."""
        self._jump_somewhen()
        name = self._rng.choice(list(JUMPS))
        by, right_after = self._rng.uniform(*JUMPS[name]), self._rng.uniform(60, 2 * HOUR)
        if not self.weather.calm and self.loop.time() + right_after < self._plan.days * DAY:
            self.record.reach(name)
            self._set_clock(by)
            self.loop.call_later(right_after, self._set_clock, -by)

    def _set_clock(self, by: float) -> None:
        self.record.note(self.loop.time(), f"the clock jumps by {by:.0f} s")
        self.machine.jump(by)
        if self._process is not None:
            self._process.ticker.ring_all()
            self._because("trouble")
            if by > FAR:
                failed = self.record.rare["disk full"]
                self.loop.call_later(NOTICED, self._expect_pause, self._process, failed)

    def _expect_pause(self, process: Process, failed: int) -> None:
        """Judge a daemon that lived through a jump ahead, with a disk that could be written."""
        if self.outside.pauses():
            self.record.reach("paused")
        elif process is self._process and failed == self.record.rare["disk full"]:
            self.record.fail("jump unnoticed", f"at {self.machine.now().isoformat()}")

    def _kill_somewhen(self) -> None:
        wait = self._rng.expovariate(1 / (DEATH_EVERY * DAY))
        self.loop.call_later(wait, self._kill)

    def _kill(self) -> None:
        self._kill_somewhen()
        if self._process is not None and not self.weather.calm:
            self._process.life.kill("at any moment")

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Note a daemon that ended by itself, and let the service manager start another."""
        if task.cancelled() or isinstance(task.exception(), Killed):
            return
        if self._process is not None and self._process.task is task:
            if not isinstance(task.exception(), LedgerError):
                self.record.fail("crashed", repr(task.exception()))
            self._bury()
            self.loop.call_later(5, self._start)

    # --- what is heard ---

    def _because(self, reason: str) -> None:
        if self._process is not None:
            self._process.ticker.because(reason)

    def _beside(self, where: str) -> None:
        if self._process is not None:
            self._process.life.cross(where)

    def _posted(self, post: Posted) -> None:
        self.checker.posted(post)

    def _changed(self, post: Posted) -> None:
        self.checker.changed(post)

    def _happened(self, platform: str, event: Mapping[str, Any]) -> None:
        self.record.note(self.loop.time(), f"{platform} {event}")
        if platform == "telegram":
            self.checker.told(event)
            self.people.hear(event)

    def _committed(self, touched: set[str]) -> None:
        for _actor, verb, subject in self.outside.committed(touched):
            self.record.note(self.loop.time(), f"ledger {verb} {subject}")
            if verb == "retract" and self.outside.is_unknown(subject):
                self.record.reach("taken back while unknown")
            if verb == "rejected":
                self.record.reach("rejected")
            if verb == "approved" and len(self.outside.standings[subject]) > 2:  # planned, approved, …
                self.record.reach("approved again")
        for reason in dict.fromkeys(WHY[table] for table in sorted(touched & WHY.keys())):
            self._because(reason)
        if "deliveries" in touched and self._process is not None and (at := self.outside.next_look()):
            self._process.ticker.wish("read-back", self.machine.moment(at))
        asked = touched & {"takebacks", "deliveries"}
        if asked and self._process is not None and (at := self.outside.next_takeback()):
            self._process.ticker.wish("take-back", self.machine.moment(at))

    def _commit_failed(self, how: str) -> None:
        """Note a commit that failed; a machine's ticks come again, whatever the last one met."""
        self.record.reach(how)
        self._because("trouble")
        if self._process is not None:
            self._process.ticker.wish("read-back", self.loop.time() + AGAIN_AFTER)
            self._process.ticker.ring_all()

    def _unhandled(self, _loop: Any, context: Mapping[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, Killed | asyncio.CancelledError):
            self.record.fail("crashed", f"{context['message']}: {error!r}")


_DEATHS = ("killed before a call", "killed after a call", "killed before a commit", "killed after a commit")


@contextmanager
def a_home() -> Iterator[Path]:
    """Give a folder in memory where there is one: what is simulated is not the disk."""
    memory = Path("/dev/shm")  # only where it is
    folder = str(memory) if memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="loa-simulator-", dir=folder) as home:
        yield Path(home)


def simulate(plan: Plan) -> Record:
    """Run one plan in a folder of its own; return what happened."""
    with a_home() as home:
        town = Town(plan, home)
        try:
            return town.run()
        finally:
            gc.collect()
