"""Open a home's house for a command, beside its daemon: its platforms, its tokens, its list of channels."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.frame import Frame
from bot.house import House, open_house
from bot.platforms import rehearsing
from bot.secrets import open_secrets
from bot.settings import environment
from bot.standins import standins
from content_queue.ports import Clock
from schedules.clock import SystemClock


@asynccontextmanager
async def opened_house(frame: Frame) -> AsyncIterator[House]:
    """Yield the house of a home; in rehearsal its platforms are the stand-ins, started if need be."""
    opened = frame.office()
    clock: Clock = frame.clock or SystemClock()
    settings = opened.settings
    if settings.rehearsal:
        settings = rehearsing(settings, await standins(frame.home.resolve(), SystemClock()))
    secrets = open_secrets(
        frame.home, environment(), learn=lambda _secret: None, rehearsal=settings.rehearsal
    )
    house = open_house(frame.home.resolve(), settings, clock=clock, secrets=secrets)
    house.channels.update({channel.name: channel for channel in opened.office.channels})
    try:
        yield house
    finally:
        await house.close()
