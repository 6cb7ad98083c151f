"""What the bot shows of days, channels and numbers, and the menu of each person."""

from datetime import timedelta

import pytest

from bot.telegram.commands import MENU, ROLES, menu_of
from bot.telegram.talk import ANSWERS
from content_queue.delivery.check import HEALTH
from content_queue.outcomes import Reading
from content_queue.store import marks, reach
from tests.bot.conversation import POST, TOKEN, Office
from tests.bot.desk import DESK
from tests.content_queue.world import DUE, NOW, a_post

DAY = timedelta(days=1)
SUMMARY = "Chào mừng Ngày Nhà giáo Việt Nam"


async def test_the_posts_to_come_are_listed_by_day(office: Office) -> None:
    """A week of the person's own agencies; or the day that is named."""
    office.world.plan(
        a_post("A"),
        a_post("B", due=DUE + DAY),
        a_post("C", due=DUE + DAY, agency="xa-an-hoa"),
        a_post("XA", due=DUE + 8 * DAY),
    )
    [week] = await office.say(8, "/lich")
    [day] = await office.say(7, "/lịch 28/11")
    [none] = await office.say(7, "/schedule 24/12")
    assert week.splitlines() == [
        "thứ Sáu 20/11/2026",
        f"• A-2026 · 08:00 · {SUMMARY} · chờ duyệt",
        "",
        "thứ Bảy 21/11/2026",
        f"• B-2026 · 08:00 · {SUMMARY} · chờ duyệt",
    ]
    assert day.splitlines() == ["thứ Bảy 28/11/2026", f"• XA-2026 · 08:00 · {SUMMARY} · chờ duyệt"]
    assert none == "Không có bài nào trong những ngày này."


async def test_channels_are_counted_and_the_ill_ones_named(office: Office) -> None:
    """Of the person's own agencies, as the last look found them."""
    kept = {"k1": {"ok": False, "problems": ["Bot không còn là quản trị viên."], "at": NOW.isoformat()}}
    office.world.do(marks.keep_mark, HEALTH, kept)
    [all_of_them] = await office.say(7, "/kênh")
    [own] = await office.say(8, "/channels")
    [named] = await office.say(7, "/kenh an hoa")
    [none] = await office.say(8, "/kenh an hoa")
    assert all_of_them.splitlines() == [
        "Telegram: 2 kênh",
        "Zalo: 1 kênh",
        "1 kênh không đăng được:",
        "• k1 (Telegram): Bot không còn là quản trị viên.",
    ]
    assert own.splitlines() == ["Telegram: 1 kênh", "Không kênh nào báo lỗi."]
    assert named == "• Zalo An Hòa (Zalo): chưa xem"
    assert none == "Không có kênh nào mang tên như vậy trong phạm vi anh/chị phụ trách."


async def test_numbers_are_the_newest_of_each_channel_added_up(office: Office) -> None:
    """What is not known is no zero; without a code the posts of the last days are told."""
    office.world.plan(a_post(channels=("k0", "k1")))
    for delivery, values in ((1, (3, 10)), (2, (5,))):
        for value in values:
            office.world.do(reach.keep_readings, delivery, [Reading("views", value, "x")], NOW)
    office.world.do(reach.keep_readings, 2, [Reading("reach", None, "x", "không có")], NOW)
    office.world.clock.at = DUE + DAY
    [one] = await office.say(7, f"/so_lieu {POST}")
    [lately] = await office.say(7, "/reach")
    office.world.clock.at = DUE + 9 * DAY
    [none] = await office.say(7, "/số liệu")
    assert one.splitlines() == [f"Số liệu của bài {POST}, đọc lúc gần nhất:", "Telegram: 15 lượt xem"]
    assert lately.splitlines()[1] == "  Telegram: 15 lượt xem"
    assert none == "Chưa có số liệu của bài nào trong 7 ngày qua. Một bài: /so_lieu MÃ"


# --- menus --------------------------------------------------------------------------------------------


def test_every_command_is_answered_and_every_menu_entry_is_a_command() -> None:
    """Whatever stands in a menu does something."""
    assert set(MENU) == set(ANSWERS)
    assert set(ROLES) <= set(MENU)
    assert list(menu_of({"leader", "editor", "admin"})) == list(MENU)


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        ("editor", {"hom_nay", "gio_moi", "nhan_lich", "so_lieu"}, {"duyet", "tam_dung", "go_bai"}),
        ("approver", {"duyet", "tam_dung", "go_bai", "dinh_chinh"}, set()),
        ("spokesperson", {"cho_duyet", "duyet", "tu_choi", "vi_sao"}, {"tam_dung", "go_bai", "gio_moi"}),
        ("admin", {"tam_dung", "tiep_tuc", "kenh"}, {"duyet", "go_bai"}),
    ],
)
def test_a_menu_has_what_a_role_may_do(role: str, has: set[str], lacks: set[str]) -> None:
    """Nobody is offered what would be refused."""
    menu = set(menu_of({role}))
    assert (has - menu, lacks & menu) == (set(), set())


async def test_each_person_sees_the_menu_of_the_own_roles(office: Office) -> None:
    """Set in each one's chat, by the roles of the settings."""
    await office.bot.remind()
    answers = []
    for chat in (7, 11):
        scope = {"type": "chat", "chat_id": chat}
        asked = f"{office.url}/bot{TOKEN}/getMyCommands"
        answer = await office.http.request("POST", asked, json={"scope": scope})
        answers.append([command["command"] for command in answer.json()["result"]])
    roles = {person.telegram_id: person.roles for person in DESK.people}
    assert answers == [list(menu_of(roles[7])), list(menu_of(roles[11]))]
