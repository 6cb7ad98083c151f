"""What a saved calendar does to what stands in the ledger, at whatever moment it is saved."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.reconcile import reconcile
from content_queue.models import ComposedPost
from content_queue.outcomes import Absent, Found, NotSentError, Receipt, RefusedError, UnknownOutcomeError
from content_queue.store import calendar, holds, notices, posts
from content_queue.store.audit import Act
from content_queue.store.findings import Finding, decide_unconfirmed
from content_queue.store.holds import Order
from content_queue.store.tables import attempts, deliveries
from content_queue.store.tables import posts as post_rows
from tests.content_queue.world import DUE, NOW, WINDOW, World, a_post

OLD, NEW = "Chào mừng Ngày Nhà giáo Việt Nam", "Khác"


async def deliver(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


def stands(world: World) -> tuple[list[Any], list[Any]]:
    """Return the states of posts and of deliveries."""
    return (
        [state for (state,) in world.rows(post_rows, "state")],
        [state for (state,) in world.rows(deliveries, "state")],
    )


def give_time(world: World, at: Any) -> None:
    post = world.look(posts.find_post, "B0001-2026")
    act = Act(world.clock.at, "Lãnh", "cli", "new_time", post.id, {})
    world.do(posts.give_time, post, at, window=WINDOW, act=act)


async def hold_all(world: World) -> None:
    """Let what is due be caught by a hold, and end it."""
    number = world.do(holds.begin_hold, Order({}, "quốc tang", "", "Lãnh", "cli"), world.clock.at)
    await deliver(world)
    world.do(holds.end_hold, number, person="Lãnh", way="cli", now=world.clock.at)


def test_a_row_that_comes_back_as_it_was_is_asked_about_again(world: World) -> None:
    """Its post returns to review together with its deliveries, whoever had approved it before."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.do(calendar.lose_entries, ["B0001"], NOW)
    gone = stands(world)
    world.plan(a_post())

    assert (gone, stands(world)) == ((["cancelled"], ["cancelled"]), (["in_review"], ["scheduled"]))


async def test_a_row_that_comes_back_too_late_stays_cancelled(world: World) -> None:
    """Its window is over: nobody could approve it any more."""
    world.plan(a_post())
    world.do(calendar.lose_entries, ["B0001"], NOW)
    world.clock.at = DUE + WINDOW
    world.plan(a_post())

    assert stands(world) == (["cancelled"], ["cancelled"])


async def test_what_was_claimed_and_edited_does_not_go_out(world: World) -> None:
    """A claim is harmless: until the first byte an edit takes the approval away."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    claimed = await claim(world.works)
    world.plan(a_post(text=NEW))
    await Dispatch(world.works).send(claimed)

    assert world.platform.published == []
    assert stands(world) == (["in_review"], ["scheduled"])


@pytest.mark.parametrize("taken_out", ["row gone", "cancelled"])
async def test_what_was_claimed_and_taken_out_does_not_go_out(world: World, taken_out: str) -> None:
    """By the calendar or by a person, at the last moment."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    claimed = await claim(world.works)
    if taken_out == "row gone":
        world.do(calendar.lose_entries, ["B0001"], DUE)
    else:
        post = world.look(posts.find_post, "B0001-2026")
        world.do(posts.cancel, post, act=Act(DUE, "Lãnh", "cli", "cancel", post.id, {"reason": "x"}))
    await Dispatch(world.works).send(claimed)

    assert world.platform.published == []
    assert stands(world) == (["cancelled"], ["cancelled"])


async def test_a_new_time_takes_back_a_claim(world: World) -> None:
    """It was late already; now it goes at the new time, once."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    claimed = await claim(world.works)
    later = DUE + timedelta(hours=1)
    give_time(world, later)
    world.approve("B0001-2026")
    await Dispatch(world.works).send(claimed)
    sent_early = len(world.platform.published)
    world.clock.at = later
    await deliver(world)

    assert (sent_early, len(world.platform.published)) == (0, 1)


async def test_two_claims_of_one_delivery_send_it_once(world: World) -> None:
    """Taken back by an edit, approved again and claimed again while the first send still waited its turn."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    first = await claim(world.works)
    give_time(world, DUE + timedelta(seconds=1))
    world.approve("B0001-2026")
    world.clock.at = DUE + timedelta(seconds=1)
    second = await claim(world.works)
    dispatch = Dispatch(world.works)
    await asyncio.gather(dispatch.send(first), dispatch.send(second))

    assert len(world.platform.published) == 1
    assert world.rows(attempts, "number", "outcome") == [(1, "sent")]


async def test_an_edit_while_the_outcome_is_unknown_is_not_overtaken_by_the_old_text(world: World) -> None:
    """It proves absent: what goes out next is what the calendar says now, if somebody approves it."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.platform.answers, world.platform.found = [UnknownOutcomeError("x")], [Absent(), Absent()]
    world.clock.at = DUE
    await deliver(world)
    world.plan(a_post(text=NEW))
    for _look in range(3):
        world.clock.at += timedelta(minutes=6)
        await reconcile(world.works)
        await deliver(world)

    assert stands(world) == (["in_review"], ["missed"])
    assert [text for _channel, text, _staged in world.platform.published] == [OLD]


async def test_what_turns_out_to_be_published_is_known_as_what_left(world: World) -> None:
    """However the calendar was edited meanwhile."""
    world.plan(a_post())
    world.approve("B0001-2026")
    before = world.rows(deliveries, "variant")
    world.platform.answers, world.platform.found = [UnknownOutcomeError("x")], [Found(Receipt("7"))]
    world.clock.at = DUE
    await deliver(world)
    world.plan(a_post(text=NEW))
    world.clock.at += timedelta(minutes=6)
    await reconcile(world.works)
    world.plan(a_post(text=NEW))

    assert world.rows(deliveries, "state", "variant") == [("published", *before[0])]


async def test_an_edit_while_a_request_is_under_way_stops_the_next_try(world: World) -> None:
    """The first was not sent; the second would be another text than the calendar's."""
    world.plan(a_post())
    world.approve("B0001-2026")

    def edit_and_fail() -> Receipt:
        world.plan(a_post(text=NEW))
        raise NotSentError("x")

    world.platform.answers = [edit_and_fail]
    world.clock.at = DUE
    await deliver(world)
    world.clock.at += timedelta(minutes=1)
    await deliver(world)

    assert len(world.platform.published) == 1
    assert stands(world) == (["in_review"], ["missed"])


async def test_what_was_edited_while_it_was_published_stays_published(world: World) -> None:
    """The receipt comes after the edit: it is written down with what left."""
    world.plan(a_post())
    world.approve("B0001-2026")
    before = world.rows(deliveries, "variant")

    def edit_and_publish() -> Receipt:
        world.plan(a_post(text=NEW))
        return Receipt("1")

    world.platform.answers = [edit_and_publish]
    world.clock.at = DUE
    await deliver(world)
    world.plan(a_post(text=NEW))
    world.clock.at += timedelta(minutes=1)
    await deliver(world)

    assert world.rows(deliveries, "state", "variant") == [("published", *before[0])]
    assert len(world.platform.published) == 1


async def test_an_edit_reaches_what_waits_for_a_new_time(world: World) -> None:
    """Long after the calendar's own time was over."""
    world.plan(a_post())
    world.approve("B0001-2026")
    give_time(world, DUE + timedelta(hours=8))
    world.approve("B0001-2026")
    world.clock.at = DUE + timedelta(hours=5)
    world.plan(a_post(text=NEW))
    world.clock.at = DUE + timedelta(hours=8)
    await deliver(world)

    assert world.platform.published == []
    assert stands(world) == (["in_review"], ["missed"])


async def test_a_row_moved_to_a_time_that_is_over_does_not_go_out_at_the_old_one(world: World) -> None:
    """The approval was for the old time."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE - timedelta(minutes=1)
    world.plan(a_post(due=DUE - timedelta(hours=5)))
    for minutes in (1, 2):
        world.clock.at = DUE + timedelta(minutes=minutes)
        await deliver(world)

    assert world.platform.published == []
    assert stands(world) == (["in_review"], ["missed"])


async def test_what_failed_can_be_mended_in_the_calendar_after_its_window(world: World) -> None:
    """The text changes at once; when it goes out, a person says."""
    world.plan(a_post())
    world.clock.at = DUE
    await deliver(world)
    world.clock.at = DUE + timedelta(hours=5)
    world.plan(a_post(text=NEW))
    mended = stands(world)
    give_time(world, DUE + timedelta(hours=6))
    world.approve("B0001-2026")
    world.clock.at = DUE + timedelta(hours=6)
    await deliver(world)

    assert mended == (["in_review"], ["missed"])
    assert [text for _channel, text, _staged in world.platform.published] == [NEW]


async def test_what_a_hold_caught_stays_held_when_its_text_changes(world: World) -> None:
    """Only a new time releases it."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.clock.at = DUE
    await hold_all(world)
    world.plan(a_post(text=NEW))
    edited = stands(world)
    world.plan(a_post(text=NEW, due=DUE + timedelta(hours=3)))

    assert (edited, stands(world)) == ((["in_review"], ["held"]), (["in_review"], ["scheduled"]))


def test_an_edit_of_tags_is_known_to_holds(world: World) -> None:
    """They are no part of what was approved, but of what a hold covers."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.plan(a_post(tags=("lễ hội",), campaign="Mùa xuân"))
    post = world.look(posts.find_post, "B0001-2026")

    assert (post.state, post.tags, post.campaign) == ("approved", ("lễ hội",), "Mùa xuân")


@pytest.mark.parametrize("change", [{"author": "Nguyễn Thị Lãnh"}, {"agency": "snv"}], ids=str)
def test_whoever_approved_must_have_had_the_right(world: World, change: dict[str, Any]) -> None:
    """Another author or agency is another right to approve."""
    world.plan(a_post())
    world.approve("B0001-2026")
    world.plan(a_post(**change))

    assert stands(world)[0] == ["in_review"]


def test_an_import_of_the_same_changes_nothing(world: World) -> None:
    """However often, and whatever was decided."""
    world.plan(a_post(), a_post("B0002"))
    world.approve("B0001-2026")
    before = world.rows(post_rows, "state", "content_hash", "revision", "updated_at")

    assert world.plan(a_post(), a_post("B0002")) == []
    assert world.rows(post_rows, "state", "content_hash", "revision", "updated_at") == before


async def test_what_a_person_cancelled_stays_so_though_a_part_of_it_is_out_at_another_time(
    world: World,
) -> None:
    """The part that went out kept its old time when the rest was given a new one."""
    world.plan(a_post(channels=("k0", "k1")))
    world.approve("B0001-2026")
    world.platform.answers = [Receipt("1"), RefusedError("x")]
    world.clock.at = DUE
    await deliver(world)
    give_time(world, DUE + timedelta(hours=1))
    post = world.look(posts.find_post, "B0001-2026")
    world.do(posts.cancel, post, act=Act(DUE, "Lãnh", "cli", "cancel", post.id, {"reason": "x"}))
    world.plan(a_post(channels=("k0", "k1")))

    assert stands(world) == (["cancelled"], ["published", "cancelled"])


async def test_what_a_person_cancelled_stays_so_though_a_part_of_it_turns_out_to_be_out_as_it_was(
    world: World,
) -> None:
    """It left with the old text, while the calendar already had a new one."""
    world.plan(a_post(channels=("k0", "k1")))
    world.approve("B0001-2026")
    world.platform.answers = [RefusedError("x"), UnknownOutcomeError("x")]
    world.platform.found = [Found(Receipt("7"))]
    world.clock.at = DUE
    await deliver(world)
    world.plan(a_post(channels=("k0", "k1"), text=NEW))
    post = world.look(posts.find_post, "B0001-2026")
    world.do(posts.cancel, post, act=Act(DUE, "Lãnh", "cli", "cancel", post.id, {"reason": "x"}))
    world.clock.at += timedelta(minutes=6)
    await reconcile(world.works)
    world.plan(a_post(channels=("k0", "k1"), text=NEW))

    assert stands(world) == (["cancelled"], ["cancelled", "published"])


async def test_a_row_that_came_back_and_missed_its_time_again_is_told_again(world: World) -> None:
    """What was told before it went was about what nobody wanted any more."""
    world.plan(a_post())
    world.clock.at = DUE
    await deliver(world)
    world.do(calendar.lose_entries, ["B0001"], DUE)
    told = len(world.look(notices.untold))
    world.plan(a_post())
    await deliver(world)

    assert stands(world) == (["in_review"], ["missed"])
    assert (told, len(world.look(notices.untold))) == (1, 2)


async def test_what_is_unknown_a_second_time_is_told_a_second_time(world: World) -> None:
    """A person said that it is not there, and it went out again."""
    world.plan(a_post())
    world.approve("B0001-2026")
    told = []
    for _time in range(2):
        world.platform.answers = [UnknownOutcomeError("x")]
        world.clock.at = max(DUE, world.clock.at)
        await deliver(world)
        for _look in range(3):
            world.clock.at += timedelta(minutes=16)
            await reconcile(world.works)
        told.append(len(world.look(notices.untold)))
        [delivery] = world.look(posts.deliveries_of, "B0001-2026")
        absent = {"finding": Finding(published=False), "window_end": world.clock.at + WINDOW}
        world.do(decide_unconfirmed, delivery, **absent, now=world.clock.at)

    assert told == [1, 2]


async def test_what_a_person_let_go_again_and_may_not_is_told_though_another_was_told_before(
    world: World,
) -> None:
    """One channel missed the time for the same reason while nobody knew of the other."""
    world.plan(a_post(channels=("k0", "k1")))
    world.approve("B0001-2026")
    world.platform.answers = [UnknownOutcomeError("x"), NotSentError("x")]
    world.clock.at = DUE
    await deliver(world)
    world.do(calendar.spoil_entries, ["B0001"], world.clock.at)
    world.clock.at += timedelta(minutes=6)
    await deliver(world)
    told = len(world.look(notices.untold))
    unknown = world.look(posts.deliveries_of, "B0001-2026")[0]
    absent = {"finding": Finding(published=False), "window_end": world.clock.at + WINDOW}
    world.do(decide_unconfirmed, unknown, **absent, now=world.clock.at)
    await deliver(world)

    assert stands(world) == (["draft"], ["missed", "missed"])
    assert (told, len(world.look(notices.untold))) == (1, 2)


def taking_turns(**more: Any) -> ComposedPost:
    item = a_post(channels=("k0", "k1"), **more)
    after = (timedelta(0), timedelta(minutes=30))
    turns = [replace(each, after=late) for each, late in zip(item.deliveries, after, strict=True)]
    return replace(item, deliveries=tuple(turns))


def dues(world: World) -> list[timedelta]:
    return sorted(due - DUE for (due,) in world.rows(deliveries, "due"))


def test_channels_that_take_turns_keep_their_distance(world: World) -> None:
    """Planned again nothing changes and the approval stands; an edit and a new time leave it as it is."""
    first, later = timedelta(0), timedelta(minutes=30)
    world.plan(taking_turns())
    world.approve("B0001-2026")
    world.plan(taking_turns())
    assert (stands(world)[0], dues(world)) == (["approved"], [first, later])

    world.plan(taking_turns(text=NEW))
    assert (stands(world)[0], dues(world)) == (["in_review"], [first, later])

    give_time(world, DUE + timedelta(hours=8))
    moved = [timedelta(hours=8), timedelta(hours=8, minutes=30)]
    world.approve("B0001-2026")
    world.plan(taking_turns(text=NEW))
    assert (stands(world)[0], dues(world)) == (["approved"], moved)
