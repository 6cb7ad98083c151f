"""A delivery's story, told as a person would tell it."""

from datetime import timedelta

import pytest

from bot import acts
from bot.acts import By
from bot.findings import tell_finding
from bot.story import story
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.reconcile import reconcile
from content_queue.outcomes import Absent, Found, Receipt, UnknownOutcomeError
from content_queue.store.findings import Finding
from tests.bot.conversation import POST
from tests.bot.desk import DESK, LEADER, by
from tests.content_queue.world import DUE, World, a_post

#: Looks of the read-back after the settling.
LOOKS = (timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=15))
TRIED = "  Lần thử 1, 08:00 thứ Sáu 20/11/2026: đã gửi, chưa rõ kết quả (máy chủ trả lời 500)"


async def send(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


async def lose_an_answer(world: World) -> None:
    world.plan(a_post())
    world.approve(POST)
    world.platform.answers = [UnknownOutcomeError("máy chủ trả lời 500")]
    world.clock.at = DUE
    await send(world)


async def look(world: World) -> None:
    for wait in LOOKS:
        world.clock.at += wait
        await reconcile(world.works)


def after(world: World) -> list[str]:
    """Return the story from its first attempt on."""
    lines: list[str] = world.look(story, POST)
    return lines[lines.index(TRIED) + 1 :]


async def test_what_was_found_on_its_channel_says_so(world: World) -> None:
    """A 500 is no end of a story."""
    await lose_an_answer(world)
    world.platform.found = [Found(Receipt("id-1", "https://x/1"))]
    await look(world)
    assert after(world) == ["  Đọc lại kênh thì thấy bài đã lên, nên không gửi lại."]


async def test_what_was_proven_absent_says_why_it_was_sent_again(world: World) -> None:
    """Twice not there, then once more."""
    await lose_an_answer(world)
    world.platform.found = [Absent(), Absent()]
    await look(world)
    await send(world)
    assert after(world) == [
        "  Đọc lại kênh hai lần đều không thấy bài, nên gửi lại.",
        "  Lần thử 2, 08:25 thứ Sáu 20/11/2026: đã đăng",
    ]


async def test_what_nobody_knows_says_who_must_look(world: World) -> None:
    """And that nothing is sent meanwhile."""
    await lose_an_answer(world)
    await look(world)
    assert after(world) == ["  Chưa gửi lại. loa đọc lại kênh; đọc vẫn không rõ thì hỏi người."]


@pytest.mark.parametrize(
    ("published", "told"),
    [(True, "mở kênh xem: bài đã lên."), (False, "mở kênh xem: bài chưa lên, cho đăng lại.")],
)
async def test_what_a_person_saw_stands_among_the_acts_and_is_told_once(
    world: World, *, published: bool, told: str
) -> None:
    """Who looked, and what was there; the machine claims no look of its own."""
    await lose_an_answer(world)
    await look(world)
    who = By(LEADER, "telegram", world.clock.at)
    world.do(tell_finding, "1", Finding(published), who, desk=DESK)
    await send(world)
    lines = world.look(story, POST)
    again = ["  Lần thử 2, 08:25 thứ Sáu 20/11/2026: đã đăng"]
    assert f"08:25 thứ Sáu 20/11/2026: {LEADER.name} {told}" in lines
    assert after(world) == ([] if published else again)


def test_what_waits_under_a_hold_says_so(world: World) -> None:
    """Also under the daemon's own; what is over is not told."""
    world.plan(a_post())
    world.do(acts.hold, acts.Stop({}, "có bão."), by(LEADER), desk=DESK)
    stopped = world.look(story, "1")
    world.do(acts.release, None, by(LEADER), desk=DESK)
    told = "Đang có lệnh tạm dừng số 1: có bão."
    assert (told in stopped, told in world.look(story, "1")) == (True, False)
