"""Tokens are renewed in time, by one, and what cannot be kept is told at once."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.lifetimes import days_to_tell, due
from content_queue.models import Channel, Payload, Token
from content_queue.outcomes import DeadTokenError, NotSentError, Receipt, Staged, UnknownOutcomeError
from content_queue.store import tokens as stored
from content_queue.store.tables import deliveries
from content_queue.store.tokens import Given
from tests.content_queue.tokens import LASTS, Home, a_home, a_vault, renewals_of, settle
from tests.content_queue.world import DUE, NOW, a_post

HOUR = timedelta(hours=1)
OPEN = UnknownOutcomeError("đứt giữa chừng")
AWAY = NotSentError("không nối được")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = a_home(tmp_path, accounts=3)
    yield made
    made.world.ledger.close()


def a_token(name: str = "k0", **changes: object) -> Token:
    fields: dict[str, object] = {
        "name": name,
        "platform": "zalo",
        "account": name,
        "version": 1,
        "until": NOW + 12 * HOUR,
        "person_by": NOW + timedelta(days=90),
        "renew_at": NOW,
        "intent_at": None,
        "doubts": 0,
        "lost_at": None,
        "reason": None,
    }
    return Token(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tokens", "busy", "names"),
    [
        pytest.param([a_token()], (), ["k0"], id="its time has come"),
        pytest.param([a_token(renew_at=NOW + HOUR)], (), [], id="not yet"),
        pytest.param([a_token(renew_at=None)], (), [], id="nothing to renew, or lost"),
        pytest.param([a_token()], ("k0",), [], id="a post wants it any moment"),
        pytest.param([a_token(until=NOW + 2 * HOUR)], ("k0",), ["k0"], id="so urgent that posts wait"),
        pytest.param(
            [a_token("k0", until=NOW + 9 * HOUR), a_token("k1", until=NOW + 8 * HOUR)],
            (),
            ["k1", "k0"],
            id="the most pressing first",
        ),
        pytest.param(
            [a_token("k0", intent_at=NOW, doubts=1), a_token("k1")], (), ["k0"], id="one doubt at a time"
        ),
        pytest.param(
            [a_token("k0", intent_at=NOW, renew_at=NOW + HOUR), a_token("k1")],
            (),
            [],
            id="also while it waits",
        ),
        pytest.param(
            [a_token("k0", intent_at=NOW), a_token("f0", platform="other")],
            (),
            ["f0", "k0"],
            id="of one platform",
        ),
        pytest.param(
            [a_token("k0", intent_at=NOW), a_token("k1", until=NOW + HOUR)],
            (),
            ["k1", "k0"],
            id="unless it is urgent",
        ),
    ],
)
def test_what_is_renewed_now(tokens: list[Token], busy: tuple[str, ...], names: list[str]) -> None:
    """Law: nobody is risked while it can wait, and nothing waits until it is too late."""
    assert [token.name for token in due(tokens, NOW, busy=busy)] == names


@pytest.mark.parametrize(
    ("left", "mark"),
    [(15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-5, 1)],
)
def test_people_are_told_two_weeks_a_week_three_days_and_a_day_ahead(left: int, mark: int | None) -> None:
    """Law: before the end, not after it."""
    assert days_to_tell(a_token(person_by=NOW + timedelta(days=left)), NOW) == mark


async def test_a_token_is_renewed_half_a_day_before_its_end_and_used_at_once(home: Home) -> None:
    """Law: nothing is renewed early, nothing late; the old one is never used again."""
    home.world.clock.at = NOW + LASTS - 12 * HOUR - timedelta(seconds=1)
    await home.turn()
    assert home.door.tried == {}

    home.world.clock.at += timedelta(seconds=1)
    await home.turn()

    assert (sum(home.door.tried.values()), home.token().version) == (3, 2)
    assert [home.agrees(name) for name in ("k0", "k1", "k2")] == [True, True, True]
    assert home.token().until == home.world.clock.at + LASTS


async def test_what_has_no_answer_is_tried_once_more_at_once(home: Home) -> None:
    """Law: a try that nothing came of is made again with the same token; that is safe."""
    home.world.clock.at = NOW + 20 * HOUR
    home.door.answers = [OPEN]
    await home.turn()

    assert sorted(home.door.tried.values()) == [1, 1, 2]
    assert home.token().lost_at is None


async def test_one_left_open_holds_back_the_others_until_it_is_known(home: Home) -> None:
    """Law: whatever swallows answers swallows one pair, not a hundred and fifty."""
    home.world.clock.at = NOW + 14 * HOUR
    home.door.answers = [OPEN, OPEN]
    await home.turn()
    assert (len(home.door.tried), home.token().doubts) == (1, 1)

    await home.turn()
    assert (len(home.door.tried), home.token("k1").version) == (1, 1)

    home.world.clock.at += timedelta(minutes=2)
    await home.turn()
    await home.turn()
    assert [home.token(name).version for name in ("k0", "k1", "k2")] == [2, 2, 2]


async def test_what_the_platform_used_up_without_an_answer_is_told_at_once_with_the_link(home: Home) -> None:
    """Law: the one case that cannot be healed alerts at once, with the next step."""
    home.world.clock.at = NOW + 14 * HOUR
    home.door.give("k0")  # the answer to it was lost
    await home.turn()

    ((key, text),) = home.told()
    assert key == "lost:k0:1"
    (question,) = home.world.look(stored.questions, home.vault).values()
    assert home.door.link(question) in text
    assert (home.token().lost_at, home.token().renew_at) == (home.world.clock.at, None)


async def test_what_a_person_authorised_meanwhile_is_never_written_over(home: Home) -> None:
    """Law: of two that keep a pair, the newer one stands."""
    home.world.clock.at = NOW + 14 * HOUR
    token = home.token()
    again = Given("k0", "zalo", "k0", home.door.give("k0"), "Bình")
    home.world.do(stored.keep, home.vault, again, home.world.clock.at)
    late = home.door.current["k1"]

    assert home.world.do(stored.renewed, home.vault, token, grant=late, now=NOW) is False
    assert home.world.do(stored.lose, home.vault, token, reason="…", now=NOW) is False
    await home.turn()
    assert home.agrees()
    assert home.told() == []


async def test_nobody_uses_a_token_while_it_is_renewed(home: Home) -> None:
    """Law: the old token dies in the renewal; a call waits for it and goes with the new one."""
    await home.turn()
    gate, seen = home.world.works.gate, list[str]()

    async def call(until: asyncio.Event) -> None:
        async with gate.using("k0"):
            seen.append(home.renewals.tokens.get("k0"))
            await until.wait()

    first, second = asyncio.Event(), asyncio.Event()
    second.set()
    early = asyncio.create_task(call(first))
    await settle()
    home.world.clock.at = NOW + 14 * HOUR
    await home.renewals.tick()
    await settle()
    assert home.door.tried == {}  # it waits for the call under way

    late = asyncio.create_task(call(second))
    await settle()
    first.set()
    await asyncio.gather(early, late)
    assert seen == ["access-k0-1", "access-k0-4"]
    await home.renewals.finish()


async def test_a_post_that_is_due_any_moment_is_not_kept_waiting(home: Home) -> None:
    """Law: renewing has half a day; a post has its second."""
    home.world.plan(a_post(channels=("k0",), due=NOW + 14 * HOUR))
    home.world.clock.at = NOW + 14 * HOUR - timedelta(minutes=1)
    await home.turn()
    assert [home.token(name).version for name in ("k0", "k1", "k2")] == [1, 2, 2]


async def test_a_platform_that_cannot_be_reached_is_asked_again_later_and_told_in_time(home: Home) -> None:
    """Law: an outage of a day is noticed before access ends; nothing is lost by it."""
    for hour in range(13, 25):
        home.world.clock.at = NOW + hour * HOUR
        home.door.answers = [AWAY] * 3
        await home.turn()
    assert {key for key, _text in home.told()} == {"stuck:k0:1", "stuck:k1:1", "stuck:k2:1"}

    home.door.answers = []
    for _turn in range(3):
        home.world.clock.at += timedelta(minutes=16)
        await home.turn()
    assert [home.token(name).version for name in ("k0", "k1", "k2")] == [2, 2, 2]


async def test_without_the_key_people_are_told_and_nothing_is_used_up(home: Home) -> None:
    """Law: a lost key costs an authorisation, never in silence."""
    home.world.clock.at = NOW + 14 * HOUR
    home.renewals.vault = a_vault("another key of at least 32 letters".replace(" ", "-"))
    await home.turn()

    assert home.door.tried == {}
    assert [key for key, _text in home.told()] == ["sealed:k0:2026-11-20"]
    with pytest.raises(KeyError):
        home.renewals.tokens.get("k0")


async def test_a_rehearsal_never_touches_what_platforms_gave(home: Home) -> None:
    """Law: a stand-in gets nothing real, and gives nothing that a platform would be asked with."""
    home.world.clock.at = NOW + 14 * HOUR
    rehearsal = renewals_of(home.world, home.door, a_vault(rehearsal=True))
    await rehearsal.tick()

    assert home.door.tried == {}
    with pytest.raises(KeyError):
        rehearsal.tokens.get("k0")


async def test_a_renewal_under_way_is_finished_before_the_daemon_ends(home: Home) -> None:
    """Law: a stop in the middle would throw a pair away."""
    home.world.clock.at = NOW + 14 * HOUR
    await home.renewals.tick()
    await home.renewals.finish()
    await home.turn()

    assert sum(home.door.tried.values()) <= 3
    assert home.agrees()


class Guarded:
    """A platform that takes the one token that is good, and says so when another comes."""

    def __init__(self, home: Home) -> None:
        self.home, self.came = home, list[str]()

    def limits(self, _channel: Channel) -> tuple[()]:
        return ()

    async def stage(self, _channel: Channel, _payload: Payload, _memo: object) -> Staged:
        return Staged()

    async def publish(self, channel: Channel, _payload: Payload, _staged: Staged) -> Receipt:
        access = self.home.renewals.tokens.get(channel.token)
        self.came.append(access)
        if access != self.home.door.current[channel.token].access:
            raise DeadTokenError("Zalo báo khóa không còn dùng được.")
        return Receipt("1")


async def test_a_post_refused_for_its_token_goes_out_with_the_next_one(home: Home) -> None:
    """Law: a token that died early is renewed at once, and the post waits for that, not for a person."""
    works, clock = home.world.works, home.world.clock
    platform = Guarded(home)
    works.publishers["telegram"] = platform  # type: ignore[index]
    works.lanes["telegram"] = asyncio.Semaphore(2)  # type: ignore[index]
    works.gate.revive = home.renewals.revive
    home.world.plan(a_post(channels=("k0",)))
    home.world.approve("B0001-2026")
    channel = works.channels["k0"]
    works.channels["k0"] = replace(channel, platform="telegram")  # type: ignore[index]
    await home.turn()
    old = home.door.current["k0"]
    home.door.current["k0"] = replace(old, access="dead at the platform, though its refresh token is good")

    for at in (DUE, DUE + timedelta(seconds=15)):
        clock.at = at
        await Dispatch(works).send(await claim(works))
        await home.turn()
    assert platform.came == ["access-k0-1", "access-k0-4"]
    assert home.world.rows(deliveries, "state") == [("published",)]
    assert home.agrees()


async def test_a_token_that_is_refused_again_and_again_is_not_renewed_for_ever(home: Home) -> None:
    """Law: once an hour; then people are told, as of any channel that is closed."""
    await home.turn()
    answers = []
    for _time in range(4):
        answers.append(await home.renewals.revive("k0"))
        await home.turn()
        home.world.clock.at += timedelta(minutes=10)
    assert answers == [True, False, False, False]
    assert sum(home.door.tried.values()) == 1
    home.world.clock.at += timedelta(hours=1)
    assert await home.renewals.revive("k0") is True
    assert await home.renewals.revive("nobody's") is False
