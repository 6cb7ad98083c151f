"""The alarm clock rings when it is told to, late or not, and ticks never stand on each other."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import time as hour_of_day
from typing import Self

import pytest
from apscheduler.schedulers import base as apscheduler

from schedules import clock
from schedules.clock import LONGEST, Bell, SystemClock, Ticker

CLOCK = SystemClock()


@pytest.fixture
async def ticker() -> AsyncIterator[Ticker]:
    made = Ticker(CLOCK.now)
    made.start()
    yield made
    made.stop()


async def test_a_bell_rings_at_its_time_and_not_before(ticker: Ticker) -> None:
    """The due second is the due second."""
    bell = ticker.bell("due")
    at = CLOCK.now() + timedelta(milliseconds=150)
    bell.set(at)
    await asyncio.wait_for(bell.rung(), 10)

    assert CLOCK.now() >= at


async def test_a_bell_set_to_the_past_rings_at_once(ticker: Ticker) -> None:
    """What an outage left behind is looked at, not dropped as a misfire."""
    bell = ticker.bell("due")
    bell.set(CLOCK.now() - timedelta(hours=3))

    await asyncio.wait_for(bell.rung(), 10)


async def test_a_bell_that_is_moved_rings_once_at_the_new_time(ticker: Ticker) -> None:
    """An edit of the calendar moves the alarm; it does not add one."""
    bell = ticker.bell("due")
    bell.set(CLOCK.now() + timedelta(hours=1))
    bell.set(CLOCK.now() + timedelta(milliseconds=50))
    await asyncio.wait_for(bell.rung(), 10)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bell.rung(), 0.2)


async def test_a_bell_with_nothing_due_still_looks_up_now_and_then(ticker: Ticker) -> None:
    """Its timer runs on the monotonic clock: a jump of the wall clock is noticed within half a minute."""
    bell = ticker.bell("due")
    bell.set(None)
    [job] = ticker._scheduler.get_jobs()

    assert job.next_run_time - CLOCK.now() <= LONGEST
    assert job.misfire_grace_time is None


async def test_a_slow_tick_is_not_started_twice(ticker: Ticker) -> None:
    """A tick that is under way is left alone."""
    started: list[int] = []
    done = asyncio.Event()

    async def tick() -> None:
        started.append(1)
        await done.wait()

    ticker.every(0.05, "slow", tick)
    await asyncio.sleep(0.4)
    done.set()

    assert started == [1]


async def test_a_tick_that_is_cut_short_is_no_error(ticker: Ticker, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever ends the daemon while it works reads of no mistake."""
    started, ended = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    ticker.every(0.05, "busy", tick)
    await asyncio.wait_for(started.wait(), 10)
    ticker.stop()
    await asyncio.wait_for(ended.wait(), 10)
    await asyncio.sleep(0)

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# --- a wall clock that somebody sets -------------------------------------------------------------------

HOUR = timedelta(hours=1)
#: Alarms are looked at so often in these tests, instead of twice a minute.
SOON = timedelta(milliseconds=200)


class Wall(datetime):
    """The machine's wall clock, for us and for APScheduler alike, with somebody's hand at it."""

    shift = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the time that the shifted clock shows."""
        shown = datetime.now(tz) + cls.shift
        return cls.fromtimestamp(shown.timestamp(), tz)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[Wall]:
    """Put the shifted clock under the real scheduler."""
    monkeypatch.setattr(Wall, "shift", timedelta(0))
    monkeypatch.setattr(apscheduler, "datetime", Wall)
    monkeypatch.setattr(clock, "LONGEST", SOON)
    return Wall


@pytest.fixture
async def shifted(wall: type[Wall]) -> AsyncIterator[Ticker]:
    made = Ticker(lambda: wall.now(UTC))
    made.start()
    yield made
    made.stop()


async def fire_when_due(bell: Bell, at: datetime, now: Callable[[], datetime]) -> tuple[int, bool]:
    """Wait as the daemon does; return how often the bell rang, and whether it was not early at last."""
    for count in range(1, 100):
        bell.set(at)
        await bell.rung()
        if now() >= at:
            return count, True
    return count, False


@pytest.mark.parametrize("step", [-3 * HOUR, -HOUR / 2, timedelta(seconds=-5), timedelta(0)])
async def test_an_alarm_is_never_early_however_the_clock_is_set_back(
    wall: type[Wall], shifted: Ticker, step: timedelta
) -> None:
    """It rings for looks meanwhile, and at its time by the clock as it then is."""
    bell = shifted.bell("due")
    at = wall.now(UTC) + SOON / 2
    fired = asyncio.create_task(fire_when_due(bell, at, lambda: wall.now(UTC)))
    await asyncio.sleep(0)
    wall.shift = step
    await asyncio.sleep(3 * SOON.total_seconds())
    early = fired.done() and step < timedelta(0)
    wall.shift = timedelta(0)
    _count, due = await asyncio.wait_for(fired, 10)
    assert (early, due) == (False, True)


@pytest.mark.parametrize("step", [HOUR / 2, 3 * HOUR, timedelta(days=400)])
async def test_an_alarm_of_a_clock_set_ahead_rings_at_its_next_look(
    wall: type[Wall], shifted: Ticker, step: timedelta
) -> None:
    """Its timer knows nothing of the step, so it looks up now and then."""
    bell = shifted.bell("due")
    fired = asyncio.create_task(fire_when_due(bell, wall.now(UTC) + step / 2, lambda: wall.now(UTC)))
    await asyncio.sleep(0)
    wall.shift = step
    count, due = await asyncio.wait_for(fired, 10)
    assert (count <= 2, due) == (True, True)


async def test_a_clock_set_back_stops_no_tick_and_no_look(wall: type[Wall], shifted: Ticker) -> None:
    """APScheduler alone would sleep until the clock has caught up: here for three hours."""
    ticks: list[float] = []

    async def tick() -> None:
        ticks.append(time.monotonic())

    shifted.every(0.05, "tick", tick)
    bell = shifted.bell("due")
    bell.set(None)
    await asyncio.sleep(0.1)
    wall.shift = -3 * HOUR
    before = len(ticks)
    await asyncio.wait_for(bell.rung(), 10)
    bell.set(None)
    await asyncio.wait_for(bell.rung(), 10)
    for _patience in range(100):
        if len(ticks) >= before + 3:
            break
        await asyncio.sleep(0.05)
    assert len(ticks) >= before + 3


async def test_a_daily_time_is_found_anew_when_the_clock_is_set_back(
    wall: type[Wall], shifted: Ticker
) -> None:
    """Set back by days, tomorrow is another day."""

    async def tick() -> None: ...

    wall.shift = timedelta(days=10)
    shifted.daily(hour_of_day(6, 30), "daily", tick)
    await asyncio.sleep(2 * SOON.total_seconds())
    wall.shift = timedelta(0)
    await asyncio.sleep(2 * SOON.total_seconds())
    [job] = shifted._scheduler.get_jobs()
    assert job.next_run_time - wall.now(UTC) <= timedelta(days=1)


def test_the_steady_clock_counts_the_time_in_which_the_machine_was_suspended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CLOCK_MONOTONIC stops then; compared with it, every night's sleep would look like a jump."""
    shown = {time.CLOCK_BOOTTIME: 7.0, time.CLOCK_MONOTONIC: 3.0}
    monkeypatch.setattr(time, "clock_gettime", shown.__getitem__)
    assert CLOCK.monotonic() == 7.0
