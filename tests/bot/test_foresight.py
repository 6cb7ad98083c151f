"""Before a hold is confirmed, what it catches is listed; after its end, that is dealt with together."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import acts
from bot.acts import Stop
from bot.holding import together
from bot.holding.foresight import Foreseen, foresee, show_foreseen
from content_queue.states import DeliveryState, PostState
from content_queue.store import deliveries, posts
from content_queue.store.approvals import NotAllowedError
from content_queue.store.holds import active_holds
from tests.bot.desk import APPROVER, AUTHOR, DESK, EDITOR, LEADER, by
from tests.content_queue.world import DUE, NOW, World, a_post, a_world

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path)
    made.plan(
        a_post("LE", channels=("k0", "k1"), tags=("lễ hội",)),
        a_post("LU", channels=("k0",), due=DUE + DAY, tags=("#CảnhBáo",)),
        a_post("SAU", channels=("k0",), due=DUE + 3 * DAY),
    )
    yield made
    made.ledger.close()


def codes(found: Foreseen) -> list[list[str]]:
    return [[each.post.id for each in group] for group in (found.caught, found.after, found.spared)]


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        pytest.param(
            Stop({}, "x"), [["LE-2026", "LE-2026", "LU-2026", "SAU-2026"], [], []], id="all, at once"
        ),
        pytest.param(
            Stop({}, "x", until=DUE + 2 * DAY, spares=("cảnh báo",)),
            [["LE-2026", "LE-2026"], ["SAU-2026"], ["LU-2026"]],
            id="with a planned end, warnings let through",
        ),
        pytest.param(
            Stop({}, "x", starts_at=DUE + DAY), [["LU-2026", "SAU-2026"], [], []], id="from a time to come"
        ),
        pytest.param(Stop({"tags": ["Lễ hội"]}, "x"), [["LE-2026", "LE-2026"], [], []], id="of a tag"),
    ],
)
def test_a_hold_says_what_it_would_catch(world: World, stop: Stop, expected: list[list[str]]) -> None:
    """Nothing is stopped by looking."""
    found = world.look(foresee, stop, by(LEADER), desk=DESK)
    assert (codes(found), world.look(active_holds)) == (expected, [])


def test_what_is_foreseen_is_told_in_lines(world: World) -> None:
    """The order with its times, what it keeps, what is let through, and that its end is a person's."""
    stop = Stop({}, "quốc tang", "12/CĐ", DUE, DUE + 2 * DAY, ("cảnh báo",))
    lines = show_foreseen(world.look(foresee, stop, by(LEADER), desk=DESK), DESK)
    assert lines == [
        (
            "Lệnh tạm dừng: tất cả các kênh, trừ thẻ cảnh báo, từ 08:00 thứ Sáu 20/11/2026, dự kiến đến "
            "08:00 Chủ nhật 22/11/2026. Lý do: quốc tang (văn bản số 12/CĐ). Người ra lệnh: Nguyễn Thị Lãnh."
        ),
        "Sẽ giữ lại 1 bài, 2 lượt đăng:",
        "• LE-2026 · 08:00 thứ Sáu 20/11/2026 · Chào mừng Ngày Nhà giáo Việt Nam",
        "Không giữ, vì được miễn: 1 bài, 1 lượt đăng:",
        "• LU-2026 · 08:00 thứ Bảy 21/11/2026 · Chào mừng Ngày Nhà giáo Việt Nam",
        "1 lượt đăng có giờ sau đó cũng bị giữ, nếu đến lúc ấy chưa ai chấm dứt lệnh này.",
    ]


@pytest.mark.parametrize(
    ("stop", "told"),
    [
        (Stop({}, " "), "Chưa có lý do"),
        (Stop({}, "x", until=NOW), "phải sau giờ bắt đầu"),
        (Stop({}, "x", starts_at=DUE, until=DUE), "phải sau giờ bắt đầu"),
    ],
)
def test_half_a_hold_is_refused(world: World, stop: Stop, told: str) -> None:
    """A reason, and an end after the beginning."""
    with pytest.raises(NotAllowedError, match=told):
        world.look(foresee, stop, by(LEADER), desk=DESK)


def hold_and_catch(world: World) -> int:
    for code in ("LE-2026", "LU-2026", "SAU-2026"):
        world.approve(code)
    held = world.do(acts.hold, Stop({}, "bão"), by(LEADER), desk=DESK)
    rows = [
        row for code in ("LE-2026", "LU-2026", "SAU-2026") for row in world.look(posts.deliveries_of, code)
    ]
    world.do(deliveries.move, [deliveries.Move(row.id, DeliveryState.HELD, "bão") for row in rows])
    return int(held.hold.id)


def test_what_a_hold_in_force_keeps_is_nobodys_to_move_together(world: World) -> None:
    """Only after its end, and only by who answers for it."""
    number = hold_and_catch(world)
    before = world.look(together.held_posts, by(LEADER))
    world.do(acts.release, number, by(LEADER), desk=DESK)
    after = [
        len(world.look(together.held_posts, by(person))) for person in (LEADER, APPROVER, AUTHOR, EDITOR)
    ]
    assert (before, after) == ([], [3, 3, 3, 0])


def test_held_posts_are_moved_by_days_and_approved_in_the_same_act(world: World) -> None:
    """Each keeps its hour; one whose new time would be over stays held, and says so."""
    world.do(acts.release, hold_and_catch(world), by(LEADER), desk=DESK)
    later = replace(by(LEADER), now=DUE + 7 * DAY)
    fates = together.shifted(world.look(together.held_posts, later), 7)
    lines = together.show_fates(fates, later.now)
    done = world.do(together.carry_out, fates, later, desk=DESK)
    states = [(world.look(posts.find_post, each.post.id).state, str(each.at)[:10]) for each in fates]
    assert lines[1].endswith("(giờ này đã qua, bài vẫn bị giữ)")
    assert [len(done.moved), done.dropped, len(done.refused)] == [2, 0, 1]
    assert states == [
        (PostState.APPROVED, "2026-11-27"),
        (PostState.APPROVED, "2026-11-28"),
        (PostState.APPROVED, "2026-11-30"),
    ]
    held = [row.state for row in world.look(posts.deliveries_of, "LE-2026")]
    assert held == [DeliveryState.HELD, DeliveryState.HELD]


def test_held_posts_are_spread_from_a_time_on(world: World) -> None:
    """In the order of their old times; an author's move still waits for somebody's approval."""
    world.do(acts.release, hold_and_catch(world), by(LEADER), desk=DESK)
    first, every = DUE + DAY, timedelta(minutes=30)
    fates = together.spread(world.look(together.held_posts, by(AUTHOR)), first, every)
    done = world.do(together.carry_out, fates, by(AUTHOR), desk=DESK)
    assert [(each.post.id, each.post.due) for each in done.moved] == [
        ("LE-2026", first),
        ("LU-2026", first + every),
        ("SAU-2026", first + 2 * every),
    ]
    assert together.show_done(done) == [
        "Đã cho 3 bài giờ đăng mới.",
        "Còn chờ duyệt với giờ mới: LE-2026, LU-2026, SAU-2026.",
    ]


def test_held_posts_are_dropped_together(world: World) -> None:
    """Nothing of them waits any more."""
    world.do(acts.release, hold_and_catch(world), by(LEADER), desk=DESK)
    done = world.do(
        together.carry_out,
        together.dropped(world.look(together.held_posts, by(LEADER))),
        by(LEADER),
        desk=DESK,
    )
    states = {row.delivery.state for row in world.look(posts.queue)}
    assert (done.dropped, states) == (3, {DeliveryState.CANCELLED})
