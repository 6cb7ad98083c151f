"""The alarm clock rings when it is told to, late or not, and ticks never stand on each other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from schedules.clock import LONGEST, SystemClock, Ticker

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
