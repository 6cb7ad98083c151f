"""Channels without an API: an officer is asked at the due time, and nothing else of the laws changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.acts import By, cancel
from bot.undoing.takeback import take_back, touched_by_post
from content_queue.delivery.assist import look_after
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.reconcile import recover
from content_queue.delivery.retract import retract
from content_queue.models import MediaRef, Payload
from content_queue.store import holds, notices
from content_queue.store.holds import Order
from content_queue.store.posts import deliveries_of
from content_queue.store.tables import attempts, deliveries
from tests.bot.conversation import POST, Office
from tests.bot.desk import EDITOR, LEADER
from tests.content_queue.world import DUE, World, a_post
from tests.publishers.contract import PNG, Album

LINK = "https://www.facebook.com/so-van-hoa/posts/1"


@pytest.fixture
def by_hand(office: Office) -> Office:
    """An office whose channel k0 has no API."""
    channels = office.world.works.channels
    channels["k0"] = replace(channels["k0"], mode="assisted")  # type: ignore[index]
    return office


async def ring(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


async def asked(office: Office, *, approved: bool = True) -> None:
    """Let the due time come."""
    office.world.plan(a_post(channels=("k0", "k1")))
    if approved:
        office.world.approve(POST)
    office.world.clock.at = DUE
    await ring(office.world)


def stands(office: Office) -> list[tuple[str, str | None]]:
    return [(row.state, row.link) for row in office.world.look(deliveries_of, POST)]


async def test_the_officer_gets_the_text_and_gives_the_link(by_hand: Office) -> None:
    """At the due time, with a button; the API channel beside it goes out by itself."""
    await asked(by_hand)
    assert [name for name, _text, _staged in by_hand.world.platform.published] == ["k1"]
    await by_hand.bot.tick()
    [card] = await by_hand.texts(EDITOR.telegram_id or 0)
    assert card.splitlines()[0].startswith(f"Nhờ đăng tay bài {POST} lên kênh k0 (Telegram), chậm nhất 10:00")
    assert card.endswith("\n\nChào mừng Ngày Nhà giáo Việt Nam")
    await by_hand.tap(11, "Đã đăng")
    assert stands(by_hand)[0] == ("publishing", None)
    [again] = await by_hand.say(11, "đăng rồi nhé")
    assert again.startswith("Xin dán liên kết của bài trên kênh, bắt đầu bằng https://")
    await by_hand.say(11, LINK)
    assert stands(by_hand) == [("published", LINK), ("published", "https://x/1")]
    assert (await by_hand.texts(11))[0].splitlines()[-1] == "Hồ Thị Viết 08:00: đã đăng tay."
    assert by_hand.world.rows(attempts, "delivery", "outcome")[0] == (1, "sent")


async def test_only_the_channels_own_people_are_asked_and_heard(by_hand: Office) -> None:
    """Editors of its agency; no approver is bothered, no stranger to the agency believed."""
    await asked(by_hand)
    await by_hand.bot.tick()
    assert [len(await by_hand.buttons(who)) for who in (7, 8, 9, 12)] == [0, 0, 0, 0]
    [told] = await by_hand.say(9, f"/da_len 1 {LINK}")
    assert told.endswith("không phụ trách cơ quan của bài này.")
    assert stands(by_hand)[0][0] == "publishing"


async def test_a_command_is_the_other_way(by_hand: Office) -> None:
    """Where no button is at hand."""
    await asked(by_hand)
    await by_hand.say(11, f"/da_len 1 {LINK}")
    assert stands(by_hand)[0] == ("published", LINK)
    [again] = await by_hand.say(11, f"/da_len 1 {LINK}")
    assert "không phải là" in again


async def test_nothing_unapproved_is_asked_for(by_hand: Office) -> None:
    """The last look is the same."""
    await asked(by_hand, approved=False)
    await by_hand.bot.tick()
    assert stands(by_hand)[0][0] == "missed"
    assert not any("Nhờ đăng tay" in text for text in await by_hand.texts(11))


async def test_a_hold_between_the_claim_and_the_asking_is_kept(by_hand: Office) -> None:
    """The last look is made in the transaction that asks."""
    world = by_hand.world
    world.plan(a_post(channels=("k0",)))
    world.approve(POST)
    world.clock.at = DUE
    claimed = await claim(world.works)
    world.do(holds.begin_hold, Order({}, "quốc tang", "", LEADER.name, "cli"), world.clock.at)
    await Dispatch(world.works).send(claimed)
    assert (stands(by_hand), world.rows(attempts, "delivery")) == ([("held", None)], [])


@pytest.mark.parametrize("stop", ["hold", "cancel", "edit", "window", "mode"])
async def test_what_may_no_longer_be_posted_is_taken_back(by_hand: Office, stop: str) -> None:
    """A hold, a cancelled or edited post, the end of its window, a channel that posts by itself again."""
    await asked(by_hand)
    await by_hand.bot.tick()
    world = by_hand.world
    by = By(LEADER, "cli", world.clock.at)
    if stop == "hold":
        world.do(holds.begin_hold, Order({}, "quốc tang", "", LEADER.name, "cli"), world.clock.at)
    elif stop == "cancel":
        world.do(cancel, POST, by, reason="hoãn")
    elif stop == "edit":
        world.plan(a_post(channels=("k0", "k1"), text="Chữ khác"))
    elif stop == "mode":
        world.works.channels["k0"] = replace(world.works.channels["k0"], mode="api")  # type: ignore[index]
    else:
        world.clock.at += timedelta(hours=3)
    assert await look_after(world.works) is True
    await ring(world)
    wanted = {
        "hold": "held",
        "cancel": "cancelled",
        "edit": "missed",
        "window": "missed",
        "mode": "published",
    }
    assert stands(by_hand)[0][0] == wanted.get(stop, "missed")
    await by_hand.bot.tick()
    assert (await by_hand.buttons(11))[0] == []
    assert world.rows(attempts, "delivery", "outcome")[0] == (1, "not_sent")
    assert await look_after(world.works) is False


async def test_a_restart_asks_no_second_time_and_loses_nothing(by_hand: Office) -> None:
    """What was asked is neither let go nor of unknown outcome."""
    await asked(by_hand)
    by_hand.world.works.hands.clear()
    assert await recover(by_hand.world.works) == (0, 0)
    await ring(by_hand.world)
    assert stands(by_hand)[0][0] == "publishing"
    assert by_hand.world.rows(attempts, "delivery", "number") == [(1, 1), (2, 1)]


async def test_people_are_reminded_once_at_half_of_the_window(by_hand: Office) -> None:
    """Before it is too late, and not at every look."""
    await asked(by_hand)
    world = by_hand.world
    await look_after(world.works)
    assert [n for n in world.look(notices.untold) if n.key.startswith("by hand:")] == []
    world.clock.at += timedelta(minutes=61)
    await look_after(world.works)
    await look_after(world.works)
    [told] = [n.message for n in world.look(notices.untold) if n.key.startswith("by hand:")]
    assert told.startswith(f"Nhắc: bài {POST} chưa được đăng tay lên kênh k0.")


async def test_pictures_are_handed_over_before_the_text(by_hand: Office) -> None:
    """As they are stored."""
    album = Album()
    ref = album.keep(PNG)
    by_hand.bot.lend(album)
    composed = a_post(channels=("k0",))
    payload = Payload("telegram", "vi", "Có ảnh", {}, (replace(ref, name="co.png"),))
    rows = tuple(replace(row, payload=payload) for row in composed.deliveries)
    by_hand.world.plan(replace(composed, deliveries=rows))
    by_hand.world.approve(POST)
    by_hand.world.clock.at = DUE
    await ring(by_hand.world)
    await by_hand.bot.tick()
    messages = await by_hand.messages(11)
    assert [bool(message["buttons"]) for message in messages] == [False, True]
    assert isinstance(ref, MediaRef)


async def test_a_take_back_asks_people(by_hand: Office) -> None:
    """Nobody else can remove what was posted by hand; no platform is called."""
    await asked(by_hand)
    await by_hand.say(11, f"/da_len 1 {LINK}")
    world = by_hand.world
    by = By(LEADER, "cli", world.clock.at)
    world.do(take_back, world.look(touched_by_post, POST, by), by, reason="sai")
    await retract(world.works)
    assert [name for name, _id in world.platform.retracted] == ["k1"]
    [told] = [n.message for n in world.look(notices.untold) if n.key.startswith("retracted:")]
    assert told.splitlines()[1] == f"• k0: Bài do cán bộ đăng tay; xin mở kênh và tự gỡ. {LINK}"
    assert [state for (state,) in world.rows(deliveries, "state")] == ["published", "retracted"]
