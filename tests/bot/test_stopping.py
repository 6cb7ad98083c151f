"""Stop and go on from a phone: what a hold does is listed before its yes, and so is what follows its end."""

from datetime import timedelta

import pytest

from content_queue.models import Hold
from content_queue.states import DeliveryState
from content_queue.store import deliveries, holds, posts
from tests.bot.conversation import Office
from tests.bot.desk import LEADER
from tests.content_queue.world import DUE, NOW, a_post

DAY = timedelta(days=1)
CODES = ("A", "B", "C")


def in_force(office: Office) -> list[Hold]:
    found: list[Hold] = office.world.look(holds.active_holds)
    return found


async def test_a_hold_is_listed_confirmed_and_ended(office: Office) -> None:
    """Nothing is stopped before the tap; ended, it lists what it caught, and that waits for a new time."""
    office.world.plan(a_post("A"))
    asked = await office.say(7, "/tạm_dừng nền tảng Telegram vì có bão, số VB 123/UBND-VX")
    before = in_force(office)
    toast = await office.tap(7, "Tạm dừng ngay")
    [begun] = [text for text in await office.texts(7) if text.startswith("Lệnh tạm dừng số 1")]
    order = "nền tảng Telegram. Lý do: có bão (văn bản số 123/UBND-VX). Người ra lệnh: Nguyễn Thị Lãnh."
    assert asked[0].splitlines() == [
        f"Lệnh tạm dừng: {order}",
        "Sẽ giữ lại 1 bài, 1 lượt đăng:",
        "• A-2026 · 08:00 thứ Sáu 20/11/2026 · Chào mừng Ngày Nhà giáo Việt Nam",
    ]
    assert (before, toast) == ([], "Lệnh tạm dừng có hiệu lực.")
    assert begun.splitlines() == [
        f"Lệnh tạm dừng số 1: {order}",
        "1 lượt đăng đang chờ thuộc phạm vi này. Chấm dứt: /tiep_tuc 1",
    ]
    held = deliveries.Move(1, DeliveryState.HELD, "bão")
    office.world.do(deliveries.move, [held])
    ended = await office.say(7, "/tiep_tuc")
    assert ended[0].splitlines() == [
        "Đã chấm dứt lệnh tạm dừng số 1.",
        "Những bài sau vẫn bị giữ lại cho đến khi có giờ mới:",
        "• A-2026: 1 lượt đăng. Cho giờ mới, ví dụ: /gio_moi A-2026 21/11 08:00",
    ]


async def test_a_confirmation_stops_once(office: Office) -> None:
    """A second tap, and one on an older list, do nothing."""
    await office.say(7, "/tam_dung zalo vì lỗi")
    await office.say(7, "/tam_dung vì bão")
    old = await office.tap(7, "Tạm dừng ngay", card=-2)
    first = await office.tap(7, "Tạm dừng ngay")
    again = await office.tap(7, "Tạm dừng ngay")
    over = "Việc này đã làm rồi, hoặc đã có thay đổi. Xin gõ lại lệnh để xem tình hình hiện nay."
    assert (old, first, again) == (over, "Lệnh tạm dừng có hiệu lực.", over)
    assert [(stop.scope, stop.reason) for stop in in_force(office)] == [({}, "bão")]


async def test_who_may_not_stop_is_told_before_anything_is_listed(office: Office) -> None:
    """An editor learns nothing of what waits."""
    office.world.plan(a_post("A"))
    assert await office.say(11, "/tam_dung vì bão") == ["Hồ Thị Viết không có quyền tạm dừng đăng bài."]


@pytest.mark.parametrize(
    ("label", "scope", "spares"),
    [
        ("Quốc tang", {}, ["chia buồn", "cảnh báo", "khẩn"]),
        ("Thiên tai", {"tags": ["giải trí", "lễ hội", "quảng bá"]}, ["cảnh báo", "khẩn"]),
        ("Sự cố", {}, []),
    ],
)
async def test_ready_holds_are_chosen_by_buttons(
    office: Office, label: str, scope: dict[str, list[str]], spares: list[str]
) -> None:
    """Two taps: which one, and yes to what it lists."""
    await office.say(7, "/tam_dung")
    await office.tap(7, label)
    await office.tap(7, "Tạm dừng ngay")
    assert [(stop.scope, stop.spares) for stop in in_force(office)] == [(scope, spares)]


@pytest.mark.parametrize(
    ("label", "scope"), [("Tất cả các kênh…", {}), ("Chỉ Zalo…", {"platforms": ["zalo"]})]
)
async def test_a_scope_that_was_chosen_asks_for_its_reason(
    office: Office, label: str, scope: dict[str, list[str]]
) -> None:
    """The next words are the reason, with a document and times if there are any."""
    await office.say(7, "/tam_dung")
    await office.tap(7, label)
    await office.say(7, "bão vào bờ từ 21/11 18h, số VB 45/UBND")
    await office.tap(7, "Đặt lệnh tạm dừng")
    [stop] = in_force(office)
    assert (stop.scope, stop.reason, stop.document) == (scope, "bão vào bờ", "45/UBND")
    assert stop.starts_at == NOW + timedelta(days=1, hours=11)


@pytest.mark.parametrize("reason", ["kênh bị chiếm quyền", "Facebook bị tấn công", "tất cả bài bị sai"])
async def test_names_in_the_reason_of_a_chosen_scope_are_only_words(office: Office, reason: str) -> None:
    """The scope is known by then: nothing of the reason is taken for another, nor refused as one."""
    await office.say(7, "/tam_dung")
    await office.tap(7, "Tất cả các kênh…")
    await office.say(7, f"{reason}, số VB 45/UBND")
    await office.tap(7, "Tạm dừng ngay")
    [stop] = in_force(office)
    assert (stop.scope, stop.reason, stop.document) == ({}, reason, "45/UBND")


async def held(office: Office) -> None:
    """Let a hold catch three posts, and end it."""
    office.world.plan(*(a_post(code, due=DUE + timedelta(hours=n)) for n, code in enumerate(CODES)))
    for code in CODES:
        office.world.approve(f"{code}-2026")
    office.world.do(deliveries.move, [deliveries.Move(n, DeliveryState.HELD, "bão") for n in (1, 2, 3)])
    number = office.world.do(holds.begin_hold, holds.Order({}, "bão", "", LEADER.name, "cli"), NOW)
    await office.say(7, f"/tiep_tuc {number}")


def dues(office: Office) -> list[str]:
    return [f"{office.post(f'{code}-2026').due:%d %H:%M}" for code in CODES]


async def test_posts_are_not_spread_by_nothing(office: Office) -> None:
    """All at one moment would be a burst: how far apart is asked again, and nothing moves."""
    await held(office)
    await office.tap(7, "Rải đều…")
    [told] = await office.say(7, "21/11 08:00 cách 0 phút")
    assert told == "Xin ghi số lệnh cần chấm dứt, hoặc: dời 7 ngày; rải từ 26/5 8:00 cách 30 phút; bỏ."
    assert dues(office) == ["20 01:00", "20 02:00", "20 03:00"]


@pytest.mark.parametrize(
    ("label", "words", "expected"),
    [
        ("Dời cùng số ngày…", "7", ["27 01:00", "27 02:00", "27 03:00"]),
        ("Rải đều…", "21/11 08:00 cách 30 phút", ["21 01:00", "21 01:30", "21 02:00"]),
        ("Rải đều…", "21/11 8h cách nhau 2 giờ", ["21 01:00", "21 03:00", "21 05:00"]),
    ],
)
async def test_what_was_held_is_given_new_times_together(
    office: Office, label: str, words: str, expected: list[str]
) -> None:
    """A number, a list, a yes: three steps however many posts there are."""
    await held(office)
    await office.tap(7, label)
    await office.say(7, words)
    before = dues(office)
    await office.tap(7, "Làm như trên")
    assert (before, dues(office)) == (["20 01:00", "20 02:00", "20 03:00"], expected)
    assert "Đã cho 3 bài giờ đăng mới." in await office.texts(7)


async def test_what_is_no_number_is_asked_again(office: Office) -> None:
    """And nothing is moved meanwhile."""
    await held(office)
    await office.tap(7, "Dời cùng số ngày…")
    again = await office.say(7, "vài ngày")
    listed = await office.say(7, "3")
    assert again[0].startswith("Xin ghi số lệnh cần chấm dứt, hoặc: dời 7 ngày")
    assert listed[0].startswith("3 bài đang bị giữ lại:")


async def test_what_was_held_is_dropped_together(office: Office) -> None:
    """After it was listed; by words as by the button."""
    await held(office)
    listed = await office.say(7, "/tiep_tuc bỏ")
    await office.tap(7, "Làm như trên")
    states = {each.delivery.state for each in office.world.look(posts.queue)}
    assert listed[0].splitlines()[1].endswith(" · bỏ, không đăng")
    assert states == {DeliveryState.CANCELLED}


async def test_a_list_that_is_no_longer_true_moves_nothing(office: Office) -> None:
    """Somebody gave one of the posts a time meanwhile."""
    await held(office)
    await office.say(7, "/tiep_tuc dời 7 ngày")
    await office.say(8, "/gio_moi A-2026 25/11 8h")
    toast = await office.tap(7, "Làm như trên")
    assert toast.startswith("Việc này đã làm rồi, hoặc đã có thay đổi.")
    assert dues(office) == ["25 01:00", "20 02:00", "20 03:00"]


async def test_held_posts_can_be_dealt_with_later(office: Office) -> None:
    """Without a number and without a hold in force, the command asks again."""
    await held(office)
    [said] = await office.say(7, "/tiep_tuc")
    assert said == "3 bài đang bị giữ lại. Có thể cho giờ mới từng bài, hoặc cùng lúc:"
