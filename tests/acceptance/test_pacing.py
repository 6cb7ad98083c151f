"""Hundreds of deliveries over real sockets with limits on: what came is counted where it arrived."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.house import House, open_house
from bot.platforms import rehearsing
from bot.settings import Settings
from bot.standins import found
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.plan import plan_seconds
from content_queue.delivery.prepare import prepare
from content_queue.delivery.tokens import Tokens
from content_queue.models import Channel, ComposedDelivery, ComposedPost, Facts, PlannedPost, Variant
from content_queue.models.rules import NO_RULES
from content_queue.states import PostState
from content_queue.store import Connection, approvals, calendar, deliveries, plan
from content_queue.store.approvals import Decision
from content_queue.store.tables import deliveries as rows
from schedules.clock import SystemClock
from tests.acceptance.running import until
from tests.content_queue.world import LEADER, WINDOW, an_entry
from tests.publishers.contract import Vault

BOTS, CHATS, POSTS, ACCOUNTS, PAGES = 3, 50, 2, 15, 4


def some_channels(rng: Random) -> list[Channel]:
    """Return Telegram channels of several bots, OAs and Pages, in an order of priority."""
    made = [
        Channel(f"t{n}", "sở", "telegram", f"@kenh_so_{n}", token=f"bot{n % BOTS}")
        for n in range(BOTS * CHATS)
    ]
    made += [Channel(f"z{n}", "sở", "zalo", str(5000 + n), token=f"oa{n}") for n in range(ACCOUNTS)]
    made += [Channel(f"f{n}", "sở", "facebook", str(9000 + n), token="page") for n in range(PAGES)]
    rng.shuffle(made)
    return made


def secrets() -> Vault:
    """Return a token for each."""
    words = {f"bot{n}": f"{700_000_000 + n}:AA-secret-of-a-bot-{n}" for n in range(BOTS)}
    words |= {f"oa{n}": f"{5000 + n}:khoa" for n in range(ACCOUNTS)}
    return Vault({**words, "page": "EAAB"})


@contextmanager
def standins(folder: Path) -> Iterator[str]:
    """Start the stand-ins as a process of their own."""
    folder.mkdir(parents=True)
    child = subprocess.Popen([sys.executable, "-m", "publishers.standin", "--home", str(folder)])
    try:
        yield until(lambda: found(folder) or "", "the stand-ins")
    finally:
        child.terminate()
        child.wait()


@dataclass
class Day:
    """One post or more for every channel, all due at one second."""

    house: House
    channels: Sequence[Channel]

    async def write(self, due: datetime) -> None:
        """Plan and approve."""
        posts = [self._post(number, due) for number in range(POSTS)]
        now = self.house.clock.now()

        def change(connection: Connection) -> None:
            calendar.save_entries(connection, [(post.post.entry, False) for post in posts], {}, now=now)
            plan.apply_plan(connection, posts, window=WINDOW, now=now)
            for post in posts:
                decision = Decision(post.post.id, PostState.APPROVED, LEADER, "cli")
                approvals.decide(connection, decision, now, NO_RULES)

        await self.house.works.ledger.run(change)
        await plan_seconds(self.house.works)

    def _post(self, number: int, due: datetime) -> ComposedPost:
        entry = an_entry(f"B{number:04}", author="Trần Văn Soạn")
        planned = PlannedPost(f"{entry.code}-{due.year}", entry, due.year, due, Facts(due.date(), entry.at))
        going = self.channels if number == 0 else [c for c in self.channels if c.platform == "telegram"]
        return ComposedPost(planned, tuple(self._delivery(channel, number) for channel in going))

    def _delivery(self, channel: Channel, number: int) -> ComposedDelivery:
        publisher = self.house.works.publisher(channel)
        payload = publisher.render(channel, Variant("vi", f"Tin số {number}\nNội dung của tin.", title="Tin"))
        return ComposedDelivery(channel.name, channel.platform, "vi", payload)

    async def get_ready(self) -> None:
        """Do what the daemon does before the due second."""
        await prepare(self.house.works)
        await asyncio.gather(*self.house.warming())

    async def go(self) -> None:
        """Do what the daemon does then: claim and send whatever is due, until all has ended."""
        works, clock = self.house.works, self.house.clock
        dispatch, sending = Dispatch(works), set[asyncio.Task[None]]()
        while (at := await works.ledger.read(deliveries.next_ready)) is not None or sending:
            if at is not None:
                await clock.sleep(max(0.0, (at - clock.now()).total_seconds()))
                sending.add(asyncio.create_task(dispatch.send(await claim(works))))
            else:
                done, sending = await asyncio.wait(sending)
                for task in done:
                    task.result()

    async def standing(self) -> Sequence[Any]:
        """Return (channel, state, planned) of every delivery."""
        asked = select(rows.c.channel, rows.c.state, rows.c.planned).order_by(rows.c.id)
        return await self.house.works.ledger.read(lambda connection: connection.execute(asked).all())


@dataclass(frozen=True)
class Came:
    """What a day came to: in the ledger, and where its calls arrived."""

    standing: Sequence[Any]
    counted: Mapping[str, Mapping[str, Any]]
    shown: Sequence[Any]


async def live(channels: Sequence[Channel], home: Path, *, lead: int) -> Came | None:
    """Live through a day whose second is `lead` seconds ahead; None if it came before all was ready."""
    with standins(home / "standin") as address:
        settings = rehearsing(replace(Settings(), rehearsal=True), address)
        house = open_house(home, settings, clock=SystemClock(), secrets=Tokens(secrets()))
        house.channels.update({channel.name: channel for channel in channels})
        day, due = Day(house, channels), house.clock.now() + timedelta(seconds=lead)
        await day.write(due)
        await day.get_ready()
        if house.clock.now() >= due:
            await house.close()
            return None
        await day.go()
        standing = await day.standing()
        await house.close()
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            counted = (await client.get("/_limits.json")).json()
            return Came(standing, counted, (await client.get("/_shown.json")).json())


async def test_no_window_is_ever_above_its_limit_and_the_first_of_the_list_go_first(tmp_path: Path) -> None:
    """Law: limits are kept before a platform has to say so, counted where calls arrive; and in order."""
    channels = some_channels(Random(3))  # noqa: S311 - an order of priority, not a secret
    for lead in (30, 90, 180):
        if came := await live(channels, tmp_path / f"{lead}", lead=lead):
            break
    else:
        pytest.fail("this machine is too busy for a test of seconds")
    standing, counted, shown = came.standing, came.counted, came.shown

    assert {state for _channel, state, _planned in standing} == {"published"}
    assert len([post for post in shown if post["visible"]]) == len(standing)
    assert over(counted) == {}
    assert sorted(counted) == ["facebook", "telegram", "zalo"]
    assert_order(channels, standing, shown)


def over(counted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what held more in some window than its limit says."""
    keys = {f"{platform} {key}": told for platform, found in counted.items() for key, told in found.items()}
    return {key: told for key, told in keys.items() if told["most"] and told["highest"] > told["most"]}


def assert_order(channels: Sequence[Channel], standing: Sequence[Any], shown: Sequence[Any]) -> None:
    """Each bot's first post goes to its channels in their order, from one planned second to the next."""
    rank = {channel.name: place for place, channel in enumerate(channels)}
    names = {channel.remote_id: channel for channel in channels}
    planned: dict[str, datetime] = {}
    for channel, _state, at in standing:
        planned[channel] = min(at, planned.get(channel, at))
    for bot in {channel.token for channel in channels if channel.platform == "telegram"}:
        mine = sorted((c.name for c in channels if c.token == bot), key=lambda name: rank[name])
        assert all(planned[first] <= planned[then] for first, then in pairwise(mine))
        came = [
            names[post["channel"]].name
            for post in sorted(shown, key=lambda post: post["at"])
            if post["platform"] == "telegram" and names[post["channel"]].token == bot
        ]
        firsts = list(dict.fromkeys(came))
        assert [planned[name] for name in firsts] == sorted(planned[name] for name in firsts)
