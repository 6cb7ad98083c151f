"""What people may do, the same whichever way they do it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import acts
from bot.acts import Stop
from bot.story import story
from content_queue.models import Person
from content_queue.states import DeliveryState, PostState
from content_queue.store import attempts, deliveries, posts
from content_queue.store.approvals import NotAllowedError, decisions_on
from content_queue.store.notices import untold
from tests.bot.desk import ADMIN, APPROVER, AUTHOR, DESK, EDITOR, LEADER, OTHER, by
from tests.content_queue.world import DUE, NOW, World, a_post, a_world

POST = "B0001-2026"
LATER = NOW + timedelta(hours=5)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path)
    made.plan(a_post(channels=("k0", "k1")))
    yield made
    made.ledger.close()


def new_time(world: World, person: Person) -> acts.Moved:
    moved = world.do(acts.give_new_time, POST, by(person), at=LATER, desk=DESK)
    assert isinstance(moved, acts.Moved)
    return moved


@pytest.mark.parametrize(
    ("person", "state"),
    [
        (APPROVER, PostState.APPROVED),
        (LEADER, PostState.APPROVED),
        (AUTHOR, PostState.IN_REVIEW),
        (ADMIN, PostState.IN_REVIEW),
    ],
)
def test_a_new_time_is_approved_by_who_may_approve(world: World, person: Person, state: PostState) -> None:
    """Others may move a post; its approval falls and somebody else gives it again."""
    world.approve(POST)
    moved = new_time(world, person)
    assert (moved.post.state, moved.post.due, moved.deliveries, moved.waits is None) == (
        state,
        LATER,
        2,
        state == PostState.APPROVED,
    )


def test_what_was_held_goes_out_at_its_new_time(world: World) -> None:
    """Held and missed deliveries wait again, approved in the same act."""
    world.approve(POST)
    world.do(
        deliveries.move,
        [deliveries.Move(1, DeliveryState.HELD, "bão"), deliveries.Move(2, DeliveryState.MISSED, "muộn")],
    )
    new_time(world, LEADER)
    rows = world.look(posts.deliveries_of, POST)
    assert [(row.state, row.due, row.reason) for row in rows] == [(DeliveryState.SCHEDULED, LATER, None)] * 2


REFUSED: list[tuple[str, Callable[[World], Any], str]] = [
    (
        "unknown post",
        lambda w: w.do(acts.approve, by(LEADER).yes("X-1"), NOW, desk=DESK),
        "Không có bài mang mã X-1. Mã bài đăng gồm Mã bài và năm, ví dụ GV-2026.",
    ),
    (
        "reject without reason",
        lambda w: w.do(acts.reject, by(LEADER).no(POST, " "), NOW, desk=DESK),
        "Chưa có lý do. Xin ghi lý do để người liên quan biết cách xử lý.",
    ),
    (
        "cancel another agency's",
        lambda w: w.do(acts.cancel, POST, by(OTHER), reason="x"),
        "Phạm Văn Khác không phụ trách cơ quan của bài này.",
    ),
    (
        "cancel as an editor who did not write it",
        lambda w: w.do(acts.cancel, POST, by(EDITOR), reason="x"),
        "Hồ Thị Viết không phụ trách cơ quan của bài này.",
    ),
    (
        "a time that passed",
        lambda w: w.do(acts.give_new_time, POST, by(LEADER), at=NOW, desk=DESK),
        "07:00 thứ Sáu 20/11/2026 đã qua. Xin cho một giờ trong tương lai.",
    ),
    (
        "a new time by another agency",
        lambda w: w.do(acts.give_new_time, POST, by(OTHER), at=LATER, desk=DESK),
        "Phạm Văn Khác không phụ trách cơ quan của bài này.",
    ),
    (
        "hold without reason",
        lambda w: w.do(acts.hold, Stop({}, ""), by(LEADER), desk=DESK),
        "Chưa có lý do. Xin ghi lý do để người liên quan biết cách xử lý.",
    ),
    (
        "end a hold where there is none",
        lambda w: w.do(acts.release, None, by(LEADER), desk=DESK),
        "Hiện không có lệnh tạm dừng nào.",
    ),
]


@pytest.mark.parametrize(("act", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused_says_why(world: World, act: Callable[[World], Any], told: str) -> None:
    """One sentence, and nothing is written."""
    with pytest.raises(NotAllowedError) as refusal:
        act(world)
    after = world.look(posts.find_post, POST)
    assert (str(refusal.value), after.state, world.look(decisions_on, POST)) == (
        told,
        PostState.IN_REVIEW,
        [],
    )


def test_a_post_is_found_by_what_stands_in_the_calendar(world: World) -> None:
    """Its author knows only the code of the row; letter case does not matter."""
    found = world.look(acts.post_called, "b0001")
    assert found.id == POST


def test_an_entry_of_several_posts_is_asked_about(world: World) -> None:
    """Each year is its own post with its own approval; none is taken for another."""
    again = a_post(channels=("k0",), due=DUE.replace(year=2027))
    world.plan(a_post(channels=("k0", "k1")), again)
    with pytest.raises(NotAllowedError) as refusal:
        world.do(acts.approve, by(LEADER).yes("B0001"), NOW, desk=DESK)
    assert str(refusal.value) == (
        "Mục B0001 có nhiều bài. Xin ghi rõ một bài: "
        "B0001-2026 (08:00 thứ Sáu 20/11/2026), B0001-2027 (08:00 thứ Bảy 20/11/2027)."
    )


def test_a_rejection_is_told_to_the_author(world: World) -> None:
    """With who said no, why, and what to do now."""
    world.do(acts.reject, by(APPROVER).no(POST, "sai ngày"), NOW, desk=DESK)
    [notice] = world.look(untold)
    told = [
        "Bài B0001-2026 bị Lê Văn Duyệt từ chối. Lý do: sai ngày",
        "Xin sửa dòng của bài trong lịch để trình lại.",
    ]
    assert (notice.author, notice.message.splitlines()) == (AUTHOR.name, told)


def test_a_rejected_post_gets_no_new_time(world: World) -> None:
    """Another's no is not undone by moving the post; it is mended in the calendar."""
    world.do(acts.reject, by(APPROVER).no(POST, "sai"), NOW, desk=DESK)
    with pytest.raises(NotAllowedError, match="bị từ chối"):
        new_time(world, LEADER)


def test_a_wider_hold_is_not_ended_by_one_agency(world: World) -> None:
    """Who could not have ordered it cannot end it; the own one is found among several by its number."""
    wide = world.do(acts.hold, Stop({}, "bão"), by(LEADER), desk=DESK)
    own = world.do(acts.hold, Stop({}, "rà soát"), by(APPROVER), desk=DESK)
    with pytest.raises(NotAllowedError, match="rộng hơn phạm vi Lê Văn Duyệt phụ trách"):
        world.do(acts.release, wide.hold.id, by(APPROVER), desk=DESK)
    with pytest.raises(NotAllowedError, match="Đang có lệnh số: 1, 2"):
        world.do(acts.release, None, by(APPROVER), desk=DESK)
    ended = world.do(acts.release, own.hold.id, by(APPROVER), desk=DESK)
    assert (ended.hold.scope, len(own.covered), len(wide.covered)) == ({"agencies": ["svhttdl"]}, 2, 2)


def test_an_author_may_take_back_the_own_post(world: World) -> None:
    """And twice is told."""
    count = world.do(acts.cancel, POST, by(AUTHOR), reason="hoãn lễ")
    with pytest.raises(NotAllowedError, match="đã được hủy trước đó"):
        world.do(acts.cancel, POST, by(AUTHOR), reason="hoãn lễ")
    assert count == 2


def test_the_story_of_a_delivery_is_told_in_sentences(world: World) -> None:
    """Plan, decisions, attempts and where it stands, each with its time."""
    world.approve(POST)
    world.do(deliveries.move, [deliveries.Move(1, DeliveryState.PUBLISHING)])
    [standing] = world.look(deliveries.standing_of, [1])
    world.do(attempts.intend, [standing], NOW)
    ended = attempts.Ended(
        1, 1, "not_sent", NOW, DeliveryState.FAILED, NOW, reason="Bot không có quyền đăng."
    )
    world.do(attempts.record, [replace(ended)])
    actual = world.look(story, "1")
    assert actual == [
        "Bài B0001-2026, giờ đăng 08:00 thứ Sáu 20/11/2026: đã duyệt.",
        "07:00 thứ Sáu 20/11/2026: Được đưa vào kế hoạch theo lịch nội dung.",
        "07:00 thứ Sáu 20/11/2026: Nguyễn Thị Lãnh duyệt.",
        "Lượt đăng số 1, kênh k0 (Telegram, vi): bị nền tảng từ chối. Lý do: Bot không có quyền đăng.",
        "  Lần thử 1, 07:00 thứ Sáu 20/11/2026: chưa gửi đi được (Bot không có quyền đăng.)",
    ]
