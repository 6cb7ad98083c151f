"""What ends and what is at risk is told before it happens, once, and to whom it concerns."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from content_queue.delivery.check import check
from content_queue.delivery.ends import tell_ends
from content_queue.delivery.risk import at_risk, to_look_at, warn
from content_queue.models import Channel, Grant, Outlook
from content_queue.outcomes import ChannelClosedError, ChannelHealth, NotSentError
from content_queue.store import tokens as stored
from content_queue.store.ahead import Coming
from content_queue.store.tokens import Given
from tests.content_queue.tokens import Home, a_home
from tests.content_queue.world import NOW, a_post

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ILL: Mapping[str, Any] = {"ok": False, "problems": ["Bot bị xóa khỏi kênh."], "at": NOW.isoformat()}
WELL: Mapping[str, Any] = {"ok": True, "problems": [], "at": NOW.isoformat()}


def coming(post: str = "B1", channel: str = "k0", due: datetime = NOW + 5 * HOUR) -> Coming:
    return Coming(post, "svhttdl", "An", channel, due)


@pytest.mark.parametrize(
    ("one", "looks", "ends", "told"),
    [
        (coming(), {"k0": WELL}, {}, []),
        (coming(), {}, {}, []),  # nobody looked yet: nothing is known
        (coming(), {"k0": ILL}, {}, [("day", "Bot bị xóa khỏi kênh.")]),
        (coming(due=NOW + HOUR), {"k0": ILL}, {}, [("hour", "Bot bị xóa khỏi kênh.")]),
        (coming(), {"k0": WELL}, {"k0": NOW + 6 * HOUR}, []),
        (coming(), {"k0": WELL}, {"k0": NOW + 4 * HOUR}, [("day", "Quyền đăng hết hạn lúc 11:00 20/11.")]),
        (coming(), {"k1": ILL}, {"k1": NOW}, []),
    ],
)
def test_a_post_is_at_risk_where_its_channel_is_not_well_at_its_time(
    one: Coming, looks: Mapping[str, Any], ends: Mapping[str, datetime], told: list[tuple[str, str]]
) -> None:
    """Law: what is known to fail is said, what is not known is not."""
    risks = at_risk([one], looks, ends, now=NOW)
    assert [(risk.stage, risk.problems["k0"]) for risk in risks] == told


def test_all_channels_of_a_post_are_told_together() -> None:
    """Law: a campaign of 450 channels is one message, whatever else goes out at the same second."""
    rows = [coming("B1", "k0"), coming("B2", "k1"), coming("B1", "k2"), coming("B2", "k3")]
    risks = at_risk(rows, dict.fromkeys(("k0", "k1", "k2"), ILL), {}, now=NOW)
    assert [(risk.post.post, sorted(risk.problems)) for risk in risks] == [
        ("B1", ["k0", "k2"]),
        ("B2", ["k1"]),
    ]


@pytest.mark.parametrize(
    ("due", "age", "names"),
    [
        (HOUR, 2 * HOUR, ["k0"]),
        (HOUR, HOUR / 2, []),
        (2 * HOUR, 2 * HOUR, []),
        (HOUR + timedelta(minutes=10), 2 * HOUR, ["k0"]),
    ],
)
def test_whoever_posts_within_the_hour_is_looked_at_before(
    due: timedelta, age: timedelta, names: list[str]
) -> None:
    """Law: a channel lost at noon is known before the post of the afternoon."""
    looks = {"k0": {**WELL, "at": (NOW - age).isoformat()}}
    assert to_look_at([coming(due=NOW + due)], looks, NOW) == names
    assert to_look_at([coming(due=NOW + HOUR)], {}, NOW) == ["k0"]


class Sickbed:
    """A platform that says how its channels are."""

    def __init__(self) -> None:
        self.health: ChannelHealth | Exception = ChannelHealth(ok=True)
        self.asked = 0

    def limits(self, _channel: Channel) -> tuple[()]:
        return ()

    async def check(self, _channel: Channel) -> ChannelHealth:
        self.asked += 1
        if isinstance(self.health, Exception):
            raise self.health
        return self.health


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = a_home(tmp_path)
    made.world.works.publishers["telegram"] = Sickbed()  # type: ignore[index]
    channel = replace(made.world.works.channels["k0"], platform="telegram")
    made.world.works.channels["k0"] = channel  # type: ignore[index]
    yield made
    made.world.ledger.close()


def bed(home: Home) -> Sickbed:
    found: Any = home.world.works.publishers["telegram"]
    return found  # type: ignore[no-any-return]


async def test_a_post_whose_channel_falls_ill_is_told_a_day_and_an_hour_before(home: Home) -> None:
    """Law: twice, each once, and never after."""
    home.world.plan(a_post(channels=("k0",), due=NOW + 30 * HOUR))
    bed(home).health = ChannelClosedError("Bot bị xóa khỏi kênh.")
    works, clock = home.world.works, home.world.clock
    await check(works)
    told: dict[str, datetime] = {}
    for _five in range(12 * 31):
        clock.at += timedelta(minutes=5)
        await warn(works)
        for key, _text in home.told():
            told.setdefault(":".join(key.split(":")[:3]) if key.startswith("risk") else "channel", clock.at)
    assert told["risk:B0001-2026:day"] == NOW + 6 * HOUR
    assert told["risk:B0001-2026:hour"] == NOW + 29 * HOUR
    assert len([key for key, _text in home.told() if key.startswith("risk:")]) == 2


async def test_a_channel_that_is_well_again_raises_no_alarm(home: Home) -> None:
    """Law: before people are called an hour ahead, the channel is asked anew."""
    home.world.plan(a_post(channels=("k0",), due=NOW + 3 * HOUR))
    bed(home).health = ChannelClosedError("Bot bị xóa khỏi kênh.")
    await check(home.world.works)
    bed(home).health = ChannelHealth(ok=True)
    home.world.clock.at = NOW + 2 * HOUR
    assert await warn(home.world.works) == []
    assert bed(home).asked == 2


async def test_an_outage_is_no_verdict_about_a_channel(home: Home) -> None:
    """Law: nobody is alarmed because a platform could not be asked."""
    home.world.plan(a_post(channels=("k0",), due=NOW + HOUR))
    bed(home).health = NotSentError("không nối được")
    assert await warn(home.world.works) == []
    assert home.told() == []


class Office:
    """Says of every token what it is told to."""

    def __init__(self, outlook: Outlook) -> None:
        self.outlook = outlook
        self.asked: list[tuple[str, str]] = []

    async def look(self, access: str, account: str) -> Outlook:
        self.asked.append((access, account))
        return self.outlook


async def test_the_daily_look_asks_about_the_token_too_and_keeps_when_a_person_must_come(home: Home) -> None:
    """Law: a channel that answers may still have lost a permission."""
    office = Office(Outlook(ok=False, problems=("thiếu quyền",), person_by=NOW + 5 * DAY))
    home.renewals.lookers = {"telegram": office}
    await home.renewals.tick()
    found = await check(home.world.works, home.renewals)

    assert found["k0"] == ChannelHealth(ok=False, problems=("thiếu quyền",))
    assert office.asked == [("access-k0-1", "k0")]
    assert home.token().person_by == NOW + 5 * DAY
    assert [key for key, _text in home.told()][-1] == "ends:k0:2026-11-25:7"


def test_each_mark_before_an_end_is_told_once_with_what_to_do(home: Home) -> None:
    """Law: fourteen, seven, three days and one day ahead, and not every day."""
    grant = Grant("access", person_within=timedelta(days=20))
    home.world.do(stored.keep, home.vault, Given("k0", "facebook", "k0", grant, "An"), NOW)
    told: list[tuple[int, str]] = []
    for day in range(20):
        home.world.clock.at = NOW + day * DAY
        before = len(home.told())
        home.world.do(tell_ends, renewals=home.renewals)
        told += [(day, key.rpartition(":")[2]) for key, _text in home.told()[before:]]
    assert told == [(6, "14"), (13, "7"), (17, "3"), (19, "1")]
    assert all("loa channels connect facebook" in text for _key, text in home.told())
