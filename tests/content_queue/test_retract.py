"""Taking posts back: through the ledger, with intents, safe to repeat, told per channel."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.acts import By
from bot.undoing.takeback import take_back, touched_by_campaign, touched_by_post
from content_queue.delivery.claim import claim
from content_queue.delivery.decide import Rules
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.retract import TRIES, Fate, after_retract, retract
from content_queue.models import Person
from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    Retraction,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from content_queue.store import notices, takebacks
from content_queue.store.approvals import NotAllowedError
from content_queue.store.records import audit
from content_queue.store.story import find_delivery
from content_queue.store.tables import deliveries
from content_queue.store.tables import takebacks as table
from tests.content_queue.world import DUE, LEADER, NOW, DiedError, World, a_post, a_world

POST = "B0001-2026"
RULES = Rules(settle=timedelta(minutes=5), retry_waits=(timedelta(seconds=5), timedelta(seconds=60)))


async def publish(world: World, *channels: str, **changes: Any) -> None:
    """Let a post go out to channels."""
    world.plan(a_post(channels=channels, **changes))
    world.approve(POST)
    world.clock.at = DUE
    await Dispatch(world.works).send(await claim(world.works))


def ask(world: World, person: Person = LEADER) -> int:
    by = By(person, "cli", world.clock.at)
    count: int = world.do(lambda c: take_back(c, touched_by_post(c, POST, by), by, reason="sai số liệu"))
    return count


def states(world: World) -> list[str]:
    return [state for (state,) in world.rows(deliveries, "state")]


@pytest.mark.parametrize(
    ("outcome", "tries", "fate"),
    [
        (Retraction(removed=True), 1, Fate(removed=True, told="")),
        (Retraction(removed=False, told="ảnh còn"), 1, Fate(removed=False, told="ảnh còn")),
        (RefusedError("không được"), 1, Fate(None, "không được")),
        (ChannelClosedError("khóa"), 1, Fate(None, "khóa")),
        (UnknownOutcomeError("đứt"), 1, Fate(None, "đứt", NOW + timedelta(minutes=5))),
        (NotSentError("bận"), 1, Fate(None, "bận", NOW + timedelta(seconds=5))),
        (NotSentError("bận"), 9, Fate(None, "bận", NOW + timedelta(seconds=60))),
        (
            NotSentError("bận", retry_after=timedelta(hours=1)),
            1,
            Fate(None, "bận", NOW + timedelta(hours=1)),
        ),
        (NotSentError("bận"), TRIES, Fate(None, "bận")),
        (UnknownOutcomeError("đứt"), TRIES, Fate(None, "đứt")),
    ],
)
def test_each_outcome_has_its_fate(outcome: Retraction | PublishError, tries: int, fate: Fate) -> None:
    """Over, or again, and when; nothing is asked for ever."""
    assert after_retract(outcome, tries, now=NOW, rules=RULES) == fate


async def test_a_post_is_taken_back_from_every_channel_once(world: World) -> None:
    """However often it is asked for and however often the daemon looks; the evidence stays."""
    await publish(world, "k0", "k1")
    assert (ask(world), ask(world)) == (2, 0)
    assert await retract(world.works) is False
    assert (await retract(world.works), ask(world)) == (False, 0)
    assert world.platform.retracted == [("k0", "id-1"), ("k1", "id-2")]
    assert states(world) == ["retracted", "retracted"]
    kept = world.look(takebacks.evidence_of, 1)
    assert (kept["text"], kept["remote_id"], kept["link"]) == (
        "Chào mừng Ngày Nhà giáo Việt Nam",
        "id-1",
        "https://x/1",
    )
    assert kept["published_at"] == DUE.isoformat()
    assert [verb for (verb,) in world.rows(audit, "verb")].count("retract") == 1


async def test_what_has_not_gone_out_is_dropped(world: World) -> None:
    """A take-back before the time leaves nothing to be published later."""
    world.plan(a_post(channels=("k0", "k1")))
    world.approve(POST)
    assert ask(world) == 0
    world.clock.at = DUE
    await Dispatch(world.works).send(await claim(world.works))
    assert (world.platform.published, states(world)) == ([], ["cancelled", "cancelled"])


async def test_what_could_not_be_undone_is_told_per_channel(world: World) -> None:
    """People read, once, what is gone, what has a notice in its place, and what they must do themselves."""
    await publish(world, "k0", "k1", "k2")
    world.platform.retractions = [
        Retraction(removed=True),
        Retraction(removed=False, told="Ảnh còn."),
        RefusedError("Xin tự gỡ."),
    ]
    ask(world)
    await retract(world.works)
    await retract(world.works)
    [told] = [n.message for n in world.look(notices.untold) if n.key.startswith("retracted:")]
    assert told.splitlines() == [
        "Gỡ bài B0001-2026: 1 kênh đã gỡ hết, 1 kênh chỉ thay được bằng lời báo gỡ, 1 kênh chưa gỡ được.",
        "• k1: Ảnh còn.",
        "• k2: Xin tự gỡ.",
    ]
    assert states(world) == ["retracted", "retracted", "published"]


async def test_a_refused_take_back_may_be_asked_for_again(world: World) -> None:
    """After somebody has mended what was wrong with the channel."""
    await publish(world, "k0")
    world.platform.retractions = [ChannelClosedError("khóa hết hạn")]
    ask(world)
    await retract(world.works)
    assert states(world) == ["published"]
    world.clock.at += timedelta(hours=1)
    assert ask(world) == 1
    await retract(world.works)
    assert states(world) == ["retracted"]


@pytest.mark.parametrize("error", [NotSentError("bận"), UnknownOutcomeError("đứt")])
async def test_what_nobody_knows_is_done_again(world: World, error: PublishError) -> None:
    """To remove what is gone is success, so that an unknown outcome is no question for people."""
    await publish(world, "k0")
    world.platform.retractions = [error]
    ask(world)
    assert await retract(world.works) is True
    assert await retract(world.works) is True  # not before its time
    assert len(world.platform.retracted) == 1
    world.clock.at += timedelta(minutes=10)
    assert await retract(world.works) is False
    assert (len(world.platform.retracted), states(world)) == (2, ["retracted"])


async def test_the_intent_is_durable_before_the_call(world: World) -> None:
    """A process that dies in the call leaves a take-back that the next one does."""
    await publish(world, "k0")
    ask(world)
    world.platform.retractions = [DiedError()]
    with pytest.raises(DiedError):
        await retract(world.works)
    assert world.rows(table, "tries", "ended_at") == [(1, None)]
    assert world.rows(table, "begun_at") == [(DUE,)]
    await retract(world.works)
    assert states(world) == ["retracted"]


async def test_what_is_of_unknown_outcome_is_taken_back_once_it_is_found(world: World) -> None:
    """It may be out; when it proves to be, it goes; when not, nothing is done."""
    world.platform.answers = [UnknownOutcomeError("đứt"), UnknownOutcomeError("đứt")]
    await publish(world, "k0", "k1")
    assert ask(world) == 2
    assert (await retract(world.works), world.platform.retracted) == (True, [])
    world.do(lambda c: c.execute(deliveries.update().where(deliveries.c.id == 1).values(state="published")))
    world.do(lambda c: c.execute(deliveries.update().where(deliveries.c.id == 2).values(state="cancelled")))
    assert await retract(world.works) is False
    assert (len(world.platform.retracted), states(world)) == (1, ["retracted", "cancelled"])


async def test_a_campaign_is_taken_back_whole(world: World) -> None:
    """Letter case does not matter; what is no campaign is said."""
    await publish(world, "k0", "k1", campaign="Tri ân")
    by = By(LEADER, "cli", world.clock.at)
    touched = world.look(touched_by_campaign, "tri ÂN", by)
    assert world.do(take_back, touched, by, reason="dừng đợt") == 2
    await retract(world.works)
    assert states(world) == ["retracted", "retracted"]
    with pytest.raises(NotAllowedError, match="Không có bài nào"):
        world.look(touched_by_campaign, "khác", by)


@pytest.mark.parametrize(
    ("roles", "agencies"), [({"editor"}, {"*"}), ({"admin"}, {"*"}), ({"approver"}, {"so-y-te"})]
)
async def test_only_who_may_approve_takes_back(world: World, roles: set[str], agencies: set[str]) -> None:
    """Editors, technicians and approvers of other agencies do not."""
    await publish(world, "k0")
    with pytest.raises(NotAllowedError):
        ask(world, Person("Người Khác", 9, frozenset(roles), frozenset(agencies)))
    assert await retract(world.works) is False
    assert states(world) == ["published"]


async def test_numbers_are_no_longer_read(world: World) -> None:
    """There is nothing to read any more."""
    await publish(world, "k0")
    ask(world)
    await retract(world.works)
    assert world.rows(deliveries, "measure_at") == [(None,)]
    assert world.look(find_delivery, 1).state == "retracted"


async def test_450_take_backs_keep_the_limits_of_their_bot(tmp_path: Path) -> None:
    """Of a campaign: thirty a second are asked for, each channel once, all told; twice changes nothing."""
    world = a_world(tmp_path, channels=450)
    world.platform.windows = [Limit("telegram:bot", 30)]
    await publish(world, *world.works.channels, campaign="Tri ân")
    begun = world.clock.at
    by = By(LEADER, "cli", begun)
    assert world.do(take_back, world.look(touched_by_campaign, "Tri ân", by), by, reason="dừng đợt") == 450
    assert await retract(world.works) is False
    assert world.clock.at - begun >= timedelta(seconds=14)
    assert Counter(name for name, _id in world.platform.retracted) == dict.fromkeys(world.works.channels, 1)
    assert Counter(states(world)) == {"retracted": 450}
    told = [n.message for n in world.look(notices.untold) if n.key.startswith("retracted:")]
    assert told == [
        f"Gỡ bài {POST}: 450 kênh đã gỡ hết, 0 kênh chỉ thay được bằng lời báo gỡ, 0 kênh chưa gỡ được."
    ]
    again = world.do(take_back, world.look(touched_by_campaign, "Tri ân", by), by, reason="dừng đợt")
    assert (again, await retract(world.works), len(world.platform.retracted)) == (0, False, 450)
    world.ledger.close()
