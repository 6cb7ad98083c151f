"""One office at work: its folder, ledger, clock, platforms and channels, opened together."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.connect import connect, logins, lookers, open_lines
from bot.platforms import Tools
from bot.secrets import open_vault
from bot.settings import Settings
from content_queue.delivery.decide import Rules
from content_queue.delivery.pacer import Pacer
from content_queue.delivery.pauses import pauses, resume
from content_queue.delivery.renew import Renewals
from content_queue.delivery.tokens import Tokens
from content_queue.delivery.works import Works
from content_queue.media import MediaStore
from content_queue.models import Channel
from content_queue.ports import Clock
from content_queue.store.engine import Engine, open_ledger
from content_queue.store.writer import ThreadWriter
from publishers.http import Shards

LEDGER = "loa.db"


@dataclass(frozen=True, slots=True)
class House:
    """Everything the daemon works with. `channels` is filled by reading the list of channels."""

    home: Path
    settings: Settings
    clock: Clock
    secrets: Tokens
    engine: Engine
    ledger: ThreadWriter
    media: MediaStore
    lines: Mapping[str, Shards]
    works: Works
    renewals: Renewals
    channels: dict[str, Channel] = field(default_factory=dict)

    def warming(self) -> Iterator[Coroutine[Any, Any, None]]:
        """Give, for each platform, the work of opening its connections before they are needed."""
        for platform, shards in self.lines.items():
            if any(channel.platform == platform for channel in self.channels.values()):
                yield shards.warm(getattr(self.settings, platform).api_url)

    async def close(self) -> None:
        """Commit what waits and close all connections."""
        await asyncio.to_thread(self.ledger.close)
        await asyncio.gather(*(shards.close() for shards in self.lines.values()))
        self.engine.dispose()


def open_house(home: Path, settings: Settings, *, clock: Clock, secrets: Tokens) -> House:
    """Open the ledger, the media and the platforms of a home folder."""
    engine = open_ledger(f"sqlite:///{home / LEDGER}")
    ledger = ThreadWriter(engine)
    media = MediaStore(home / "media")
    lines = open_lines(settings)
    channels: dict[str, Channel] = {}
    pacer = Pacer(clock)
    tools = Tools(home, lines["facebook"], secrets, media, pacer, clock.now, ledger)
    publishers = connect(settings, tools, lines)
    works = Works(ledger, clock, publishers, channels, rules_of(settings), paced=pacer)
    vault = open_vault(secrets, rehearsal=settings.rehearsal)
    renewals = Renewals(
        works, vault, logins(settings, lines, secrets), secrets, lookers(settings, lines, secrets)
    )
    resume(pacer, ledger.read_now(pauses), clock.now())
    works.gate.revive = renewals.revive
    ledger.read_now(renewals.load)
    return House(home, settings, clock, secrets, engine, ledger, media, lines, works, renewals, channels)


def rules_of(settings: Settings) -> Rules:
    """Return the rules of delivery that an office has set."""
    publish, reach = settings.publish, settings.reach
    return Rules(
        prepare_ahead=timedelta(minutes=publish.prepare_minutes),
        settle=timedelta(seconds=publish.settle_seconds),
        catch_up=timedelta(seconds=publish.catch_up_seconds),
        measure_after=reach.after,
        night=(reach.night_from, reach.night_to),
        measure_spread=timedelta(minutes=reach.spread_minutes),
        lanes=publish.connections,
    )
