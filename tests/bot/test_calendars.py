"""Saved files reach the ledger, whatever else fails and however late they are."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.calendars import Calendars
from bot.house import House, open_house
from bot.secrets import rehearsal_token
from bot.settings import load_settings
from content_queue.delivery.claim import claim
from content_queue.store import posts
from content_queue.store.audit import Act
from content_queue.store.tables import deliveries, entries
from content_queue.store.tables import posts as post_rows
from tests.bot.homes import home_with
from tests.content_queue.world import HandClock

#: 07:00 of the day on which the row is due at 07:30, local time.
MORNING = datetime(2026, 11, 20, 0, tzinfo=UTC)
ROW = {"code": "GV", "channels": "tất cả"}


class Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


async def nothing() -> None:
    """Nobody waits for the plan."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    home = home_with(tmp_path, ROW)
    opened = open_house(home, load_settings(home), clock=HandClock(MORNING), secrets=Secrets())
    yield opened
    await opened.close()


async def column(house: House, cell: Any) -> list[Any]:
    rows = await house.ledger.read(lambda c: c.execute(cell.table.select().with_only_columns(cell)).all())
    return [row[0] for row in rows]


async def test_what_could_not_be_kept_is_read_again_at_the_next_look(house: House) -> None:
    """An edit takes an approval away: an hour of not knowing of it is an hour too long."""
    run, full = house.ledger.run, [True]

    async def failing(change: Callable[..., Any]) -> Any:
        if full:
            full.clear()
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))
        return await run(change)

    watched = replace(house)
    calendars = Calendars(watched)
    house.ledger.run = failing  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        await calendars.read_if_changed(nothing)
    await calendars.read_if_changed(nothing)

    assert await column(house, entries.c.code) == ["GV"]


async def test_an_edit_reaches_a_post_of_yesterday_that_got_a_new_time(house: House, tmp_path: Path) -> None:
    """What was approved was the old text; it must not go out today."""
    calendars, clock = Calendars(house), house.clock
    assert isinstance(clock, HandClock)
    await calendars.plan_again(nothing)
    clock.at = MORNING + timedelta(minutes=30)
    await claim(house.works)
    later = MORNING + timedelta(days=1, hours=9)
    [code] = await column(house, post_rows.c.id)
    post = await house.ledger.read(lambda c: posts.find_post(c, code))
    assert post is not None
    act = Act(clock.at, "Lãnh", "cli", "new_time", code, {})
    window = timedelta(hours=2)
    await house.ledger.run(lambda c: posts.give_time(c, post, later, window=window, act=act))
    before = await column(house, post_rows.c.content_hash)
    clock.at = MORNING + timedelta(days=1)
    for old in (tmp_path / "calendars").iterdir():
        old.unlink()
    (tmp_path / "again").mkdir()
    home_with(tmp_path / "again", {**ROW, "text.vi": "Lời khác"})
    for new in (tmp_path / "again" / "calendars").iterdir():
        new.rename(tmp_path / "calendars" / new.name)
    await calendars.plan_again(nothing)

    assert await column(house, post_rows.c.content_hash) != before
    assert set(await column(house, deliveries.c.due)) == {later}
