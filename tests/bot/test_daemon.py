"""The daemon rings in time for what a second needs before it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.daemon import WARM, Daemon
from bot.house import House, open_house
from bot.planning.calendars import Calendars
from bot.platforms import rehearsing
from bot.secrets import rehearsal_token
from bot.settings import load_settings
from bot.telegram import ApprovalBot
from content_queue.delivery.tokens import Tokens
from schedules.clock import Bell, Ticker
from tests.bot.homes import home_with
from tests.content_queue.world import HandClock
from tests.publishers.serving import closed_port

#: 07:00 of the day on which the row is due at 07:30, local time.
MORNING = datetime(2026, 11, 20, 0, tzinfo=UTC)
DUE = MORNING + timedelta(minutes=30)


class Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


class Notes(Bell):
    """A bell that only notes what it was set to."""

    def __init__(self) -> None:
        self.at: list[datetime | None] = []

    def set(self, at: datetime | None) -> None:
        self.at.append(at)


class Bells(Ticker):
    """A ticker that never ticks."""

    def __init__(self) -> None:
        self.bells: dict[str, Notes] = {}

    def bell(self, name: str) -> Notes:
        return self.bells.setdefault(name, Notes())


class Deaf:
    """Nobody to talk with."""

    changed = None


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    home = home_with(tmp_path, {"code": "GV", "channels": "telegram"})
    settings = rehearsing(load_settings(home), f"http://127.0.0.1:{closed_port()}")
    opened = open_house(home, settings, clock=HandClock(MORNING), secrets=Tokens(Secrets()))
    yield opened
    await opened.close()


async def test_the_alarm_rings_first_when_connections_are_to_be_opened(house: House) -> None:
    """Law: at the second nothing is left to do but to send; nothing else need happen before it."""
    bells, clock = Bells(), cast("HandClock", house.clock)
    daemon = Daemon(house, bot=cast("ApprovalBot", Deaf()), ticker=bells)

    async def nothing() -> None: ...

    await Calendars(house).plan_again(nothing)
    await daemon._arm()
    clock.at = DUE - WARM
    await daemon._arm()
    await asyncio.gather(*daemon._sending)

    assert bells.bells["dispatch"].at[:2] == [DUE - WARM, DUE]
