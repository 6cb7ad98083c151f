"""Corrections: numbered, approved as everything is, edited in place or followed by a post."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import acts
from bot.acts import By
from bot.desk import Desk
from bot.undoing.takeback import take_back, touched_by_post
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.prepare import prepare, sweep
from content_queue.delivery.reconcile import reconcile, recover
from content_queue.delivery.retract import retract
from content_queue.models import Payload, Person
from content_queue.models.rules import NO_RULES
from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    Pending,
    PublishError,
    Receipt,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.states import PostState
from content_queue.store import LedgerError, corrections, holds
from content_queue.store.approvals import Decision, NotAllowedError, decide
from content_queue.store.audit import Act
from content_queue.store.calendar import lose_entries, withdraw_unplanned
from content_queue.store.corrections import Corrected, Correction
from content_queue.store.holds import Order
from content_queue.store.posts import deliveries_of, find_post
from content_queue.store.tables import deliveries
from tests.content_queue.world import DUE, LEADER, WINDOW, DiedError, World, a_post

POST, CORRECTION = "B0001-2026", "B0001-2026-DC1"
ASKER = Person("Trần Văn Đính", 8, frozenset({"approver"}), frozenset({"*"}))
NEW = "ĐÍNH CHÍNH lần 1: ngày 21/11"


def say_yes(world: World, by: By, *, seen: str | None = None) -> None:
    world.do(acts.approve, by.yes(CORRECTION, seen=seen), by.now, desk=Desk((), {}, (), window=WINDOW))


async def deliver(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


async def corrected(world: World, *channels: str, in_place: bool = True) -> str:
    """Let a post go out, and put a correction of it into review."""
    world.plan(a_post(channels=channels or ("k0",)))
    world.approve(POST)
    world.clock.at = DUE
    await deliver(world)
    return put_right(world, in_place=in_place)


def put_right(world: World, *, in_place: bool = True) -> str:
    now = world.clock.at + timedelta(minutes=1)
    world.clock.at = now

    def change(connection: object) -> str:
        published = corrections.published_of(connection, POST)  # type: ignore[arg-type]
        lines = [Corrected(old, replace(payload, text=NEW), in_place) for old, payload in published]
        post = find_post(connection, POST)  # type: ignore[arg-type]
        assert post is not None
        asked = Correction(post, lines, now + timedelta(hours=24), timedelta(hours=2))
        act = Act(now, ASKER.name, "cli", "correct", POST, {"reason": "sai ngày"})
        return corrections.add_correction(connection, asked, act).id  # type: ignore[arg-type]

    name: str = world.do(change)
    return name


async def approved(world: World) -> None:
    """Let a leader approve the correction, and let what is due go out."""
    say_yes(world, By(LEADER, "cli", world.clock.at))
    world.clock.at += timedelta(seconds=3)
    await prepare(world.works)
    await deliver(world)


def of_correction(world: World) -> list[tuple[str, bool, str | None]]:
    rows = world.look(deliveries_of, CORRECTION)
    return [(row.state, row.in_place, row.remote_id) for row in rows]


async def test_a_correction_is_a_numbered_post_that_is_linked_to_the_first(world: World) -> None:
    """Each has its number and takes the place of what has not gone out before; the first stays as it is."""
    assert await corrected(world) == CORRECTION
    assert put_right(world) == "B0001-2026-DC2"
    found = world.look(corrections.corrections_of, POST)
    assert [(post.id, post.corrects, post.state) for post in found] == [
        (CORRECTION, POST, "cancelled"),
        ("B0001-2026-DC2", POST, "in_review"),
    ]


async def test_an_approved_correction_is_edited_in_place_at_once(world: World) -> None:
    """One edit a channel, of the post that is out; nothing is published or staged beside it."""
    await corrected(world, "k0", "k1")
    published, staged = list(world.platform.published), list(world.platform.staged)
    await approved(world)
    assert world.platform.corrected == [("k0", NEW, {}), ("k1", NEW, {})]
    assert (world.platform.published, world.platform.staged) == (published, staged)
    assert of_correction(world) == [("published", True, "id-1"), ("published", True, "id-2")]


async def test_nothing_unapproved_is_corrected(world: World) -> None:
    """Not before it, not after it was missed, and not by the one who asked for it."""
    await corrected(world)
    await deliver(world)
    with pytest.raises(NotAllowedError, match="không tự duyệt"):
        say_yes(world, By(ASKER, "cli", world.clock.at))
    world.clock.at += timedelta(hours=25)
    await deliver(world)
    assert (world.platform.corrected, of_correction(world)[0][0]) == ([], "missed")


async def test_a_hold_stops_a_correction(world: World) -> None:
    """It is publishing, as anything else is."""
    await corrected(world)
    world.do(holds.begin_hold, Order({}, "quốc tang", "", LEADER.name, "cli"), world.clock.at)
    await approved(world)
    assert (world.platform.corrected, of_correction(world)[0][0]) == ([], "held")


async def test_what_cannot_be_edited_is_followed_by_a_post_that_says_so(world: World) -> None:
    """The text that was approved goes out as a post of its own, once."""
    await corrected(world, in_place=False)
    await approved(world)
    assert [text for _name, text, _staged in world.platform.published[1:]] == [NEW]
    assert (world.platform.corrected, of_correction(world)) == ([], [("published", False, "id-2")])


async def test_an_edit_that_is_refused_becomes_a_post(world: World) -> None:
    """The same approved text; it is staged like any post, and its attempts tell why."""
    await corrected(world)
    world.platform.corrections = [RefusedError("bài cũ quá")]
    await approved(world)
    assert of_correction(world) == [("retrying", False, None)]
    world.clock.at += timedelta(minutes=1)
    await deliver(world)
    assert [text for _name, text, _staged in world.platform.published[1:]] == [NEW]
    assert of_correction(world) == [("published", False, "id-2")]


@pytest.mark.parametrize("error", [UnknownOutcomeError("đứt"), NotSentError("bận")])
async def test_an_edit_of_unknown_outcome_is_made_again(world: World, error: PublishError) -> None:
    """The same edit twice is one; nobody is asked."""
    await corrected(world)
    world.platform.corrections = [error]
    await approved(world)
    assert of_correction(world)[0][0] == "retrying"
    world.clock.at += timedelta(minutes=1)
    await deliver(world)
    assert len(world.platform.corrected) == 2
    assert of_correction(world)[0][0] == "published"


async def test_an_edit_that_finishes_later_is_asked_for_with_its_memo(world: World) -> None:
    """As a publish is; a refusal in the end becomes a post."""
    await corrected(world)
    world.platform.corrections = [Pending({"token": "t"}), RefusedError("ảnh hỏng")]
    await approved(world)
    assert [memo for _name, _text, memo in world.platform.corrected] == [{}, {"token": "t"}]
    assert of_correction(world)[0] == ("retrying", False, None)
    await sweep(world.works)
    assert world.platform.discarded == []  # what was half edited, readers see


async def test_an_edit_that_nobody_answers_for_is_made_anew_and_nothing_is_swept(world: World) -> None:
    """What its memo stands for at the platform is the post that readers see: the sweep leaves it alone."""
    await corrected(world)
    world.platform.corrections = [Pending({"token": "t"}), *[UnknownOutcomeError("đứt")] * 5]
    await approved(world)
    assert of_correction(world) == [("unconfirmed", True, None)]
    for _look in range(2):
        world.clock.at += timedelta(minutes=10)
        await reconcile(world.works)
    await sweep(world.works)
    await deliver(world)
    assert (of_correction(world)[0], world.platform.discarded) == (("published", True, "id-1"), [])


async def test_a_closed_channel_is_told_not_worked_around(world: World) -> None:
    """A lost token is no reason for a second post."""
    await corrected(world)
    world.platform.corrections = [ChannelClosedError("khóa")]
    await approved(world)
    assert of_correction(world) == [("failed", True, None)]


async def test_a_crash_in_an_edit_is_healed_by_the_same_edit(world: World) -> None:
    """The intent stands; the edit is made again without asking anybody, and nothing is posted twice."""
    await corrected(world)
    say_yes(world, By(LEADER, "cli", world.clock.at))
    world.clock.at += timedelta(seconds=3)
    world.platform.corrections = [DiedError()]
    with pytest.raises(DiedError):
        await deliver(world)
    world.works.hands.clear()
    await recover(world.works)
    for _look in range(3):
        world.clock.at += timedelta(minutes=20)
        await reconcile(world.works)
    await deliver(world)
    assert of_correction(world) == [("published", True, "id-1")]
    assert len(world.platform.published) == 1


async def test_a_ledger_that_cannot_be_read_takes_no_room_from_later_intents(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be edited is read once the call has begun: a failure there ends as one of the call does."""
    await corrected(world)
    dispatch, read = Dispatch(world.works), corrections.corrected_receipt
    monkeypatch.setattr(corrections, "corrected_receipt", _unreadable)
    say_yes(world, By(LEADER, "cli", world.clock.at))
    world.clock.at += timedelta(seconds=3)
    await dispatch.send(await claim(world.works))
    assert of_correction(world) == [("unconfirmed", True, None)]
    monkeypatch.setattr(corrections, "corrected_receipt", read)
    for _look in range(2):
        world.clock.at += timedelta(minutes=10)
        await reconcile(world.works)
    await dispatch.send(await claim(world.works))
    assert of_correction(world) == [("published", True, "id-1")]


def _unreadable(_connection: object, **_delivery: object) -> Receipt:
    raise LedgerError("SELECT", {}, Exception("disk I/O error"))


async def test_an_edit_that_a_crash_left_is_not_made_again_over_a_newer_correction(world: World) -> None:
    """The older one was asked for with other words; nobody wants them any more."""
    await corrected(world)
    say_yes(world, By(LEADER, "cli", world.clock.at))
    world.clock.at += timedelta(seconds=3)
    world.platform.corrections = [DiedError()]
    with pytest.raises(DiedError):
        await deliver(world)
    world.works.hands.clear()
    await recover(world.works)
    made = len(world.platform.corrected)
    assert put_right(world) == "B0001-2026-DC2"
    for _look in range(3):
        world.clock.at += timedelta(minutes=20)
        await reconcile(world.works)
        await deliver(world)
    assert len(world.platform.corrected) == made
    assert [state for state, _in_place, _id in of_correction(world)] == ["cancelled"]


async def test_the_calendar_leaves_corrections_alone(world: World) -> None:
    """A row that goes, or is not planned any more, takes no correction along."""
    await corrected(world)
    now = world.clock.at
    assert world.do(lose_entries, ["B0001"], now) == []
    assert world.do(withdraw_unplanned, (), after=now, returning=["B0001"], now=now) == []
    assert world.look(find_post, CORRECTION).state == PostState.IN_REVIEW


async def test_taking_a_post_back_takes_its_corrections_along(world: World) -> None:
    """Those that followed are removed too, those that wait are dropped."""
    await corrected(world, in_place=False)
    await approved(world)
    put_right(world)
    by = By(LEADER, "cli", world.clock.at)
    touched = world.look(touched_by_post, POST, by)
    assert world.do(take_back, touched, by, reason="sai") == 2
    await retract(world.works)
    assert sorted(world.platform.retracted) == [("k0", "id-1"), ("k0", "id-2")]
    assert sorted(state for (state,) in world.rows(deliveries, "state")) == [
        "cancelled",
        "retracted",
        "retracted",
    ]


async def test_an_edit_of_the_correction_needs_a_new_approval(world: World) -> None:
    """A hash that was not seen is not approved."""
    await corrected(world)
    by = By(LEADER, "cli", world.clock.at)
    with pytest.raises(NotAllowedError, match="đã thay đổi"):
        say_yes(world, by, seen="0" * 64)
    world.do(
        decide, Decision(CORRECTION, PostState.REJECTED, LEADER, "cli", None, "chưa đúng"), by.now, NO_RULES
    )
    world.clock.at += timedelta(hours=25)
    await deliver(world)
    assert world.platform.corrected == []
    assert Payload("telegram", "vi", NEW).text == NEW
