"""Reach of 450 channels over seven simulated days, with everything that Facebook may keep from one."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import httpx
import pytest

from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.delivery.figures import read_figures
from content_queue.delivery.measure import measure
from content_queue.delivery.works import Works
from content_queue.models import Channel
from content_queue.store import deliveries, figures, reach
from content_queue.store.tables import deliveries as table
from publishers.facebook import FacebookPublisher
from publishers.http import open_shards
from publishers.options import FacebookOptions
from publishers.standin.server import build
from tests.content_queue.world import DUE, World, a_post, a_world
from tests.publishers.contract import Album, Vault
from tests.publishers.serving import serving

CHANNELS = 450
POST = "B0001-2026"


@pytest.fixture
async def week(tmp_path: Path) -> AsyncIterator[tuple[World, str]]:
    """An office of 450 Pages whose post went out to all of them."""
    world = a_world(tmp_path)
    with serving(build(tmp_path / "standin", now=world.clock.now, platforms=["facebook"])) as base_url:
        url, http = f"{base_url}/facebook", open_shards("httpx", connections=8)
        options = FacebookOptions(api_url=url)
        publisher = FacebookPublisher(http=http, secrets=Vault({"k": "word"}), media=Album(), options=options)
        pages = {
            f"f{n}": Channel(f"f{n}", "svhttdl", "facebook", f"{n + 1}", token="k") for n in range(CHANNELS)
        }
        works = Works(world.ledger, world.clock, {"facebook": publisher}, pages, world.works.rules)
        yield replace(world, works=works), url
        await http.close()
    world.ledger.close()


def publish(world: World, url: str) -> None:
    """Let the post be out on all of them, as a burst leaves it."""
    composed = a_post(channels=list(world.works.channels))
    rows = tuple(replace(row, platform="facebook") for row in composed.deliveries)
    world.plan(replace(composed, deliveries=rows))
    world.approve(POST)
    world.clock.at = DUE
    with httpx.Client(trust_env=False) as client:
        for number in range(CHANNELS):
            form = {"message": "Chào mừng", "access_token": "word"}
            made = client.post(f"{url}/v26.0/{number + 1}/feed", data=form).json()["id"]
            told = {"state": "published", "remote_id": made, "published_at": DUE}
            told["measure_at"] = DUE + timedelta(hours=1)
            row = table.update().where(table.c.channel == f"f{number}").values(**told)
            world.do(lambda c, row=row: c.execute(row))


def order(url: str, **asked: object) -> None:
    """Change what a Page gives."""
    httpx.post(f"{url}/_metrics", json=asked, trust_env=False).raise_for_status()


def calls_of(url: str) -> int:
    """Return how many requests came to the Pages."""
    told = httpx.get(f"{url.rpartition('/')[0]}/_limits.json", trust_env=False).json()["facebook"]
    return int(told["app:"]["calls"]) if told else 0


async def test_a_week_ends_as_snapshots_with_sources_and_reasons(week: tuple[World, str]) -> None:
    """A retired metric, a gated field and an empty answer cost their own number and nothing else."""
    world, url = week
    publish(world, url)
    order(url, page="1", retired=["post_clicks"])
    order(url, page="2", gated=["post_media_view"])
    order(url, page="3", empty=["post_total_media_view_unique"])
    before, read_at = calls_of(url), list[timedelta]()
    while (following := world.look(deliveries.next_measure)) and following <= DUE + timedelta(days=8):
        world.clock.at = max(following, world.clock.at)
        read_at += [world.clock.at - DUE] * await measure(world.works)

    found = world.look(reach.snapshots)
    assert all(one.source == "graph v26.0 insights" for one in found)
    assert {(one.channel, one.metric) for one in found if one.value is None} == {
        ("f0", "clicks"),
        ("f1", "views"),
        ("f2", "reach"),
    }
    assert all(one.value is not None or one.reason for one in found)
    whole = Counter(one.channel for one in found if one.metric == "shares")
    assert whole == dict.fromkeys(world.works.channels, 3)
    nights = [(DUE + one).astimezone(OFFICE_ZONE).hour for one in read_at if one > timedelta(hours=12)]
    assert (min(nights), max(nights), len(nights)) == (1, 4, 2 * CHANNELS)
    # one request a reading; once for each of two Pages, each of six names had to be asked for alone
    assert calls_of(url) - before == 3 * CHANNELS + 2 * 6


async def test_the_figures_of_150_pages_are_spread_over_the_night(week: tuple[World, str]) -> None:
    """Every Page is asked once a night with two requests, and never many Pages at once."""
    world, url = week
    pages = dict(islice(world.works.channels.items(), 150))
    world = replace(world, works=replace(world.works, channels=pages, paced=None))
    order(url, page="1", retired=["page_views_total"])
    await read_figures(world.works)
    most = 0
    for _look in range(24 * 6):
        asked = calls_of(url)
        world.clock.at += timedelta(minutes=10)
        await read_figures(world.works)
        most = max(most, calls_of(url) - asked)
    found = world.look(figures.newest_figures)
    assert Counter(one.channel for one in found) == dict.fromkeys(world.works.channels, 7)
    assert all(one.value is not None or one.reason for one in found)
    [missing] = [one for one in found if one.value is None]
    assert (missing.channel, missing.metric, bool(missing.reason)) == ("f0", "page_visits", True)
    assert (calls_of(url), most) == (2 * 150 + 6, 32)
