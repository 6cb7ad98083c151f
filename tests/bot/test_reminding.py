"""What people hear of by themselves: tomorrow, the evening before, what nobody approved; when it rings."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.digest import reminders
from bot.remind_options import RemindOptions
from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.store import holds
from tests.bot.conversation import Office
from tests.bot.desk import APPROVER, AUTHOR, DESK, LEADER
from tests.content_queue.world import NOW, World, a_post

#: 08:00 of Saturday 21/11 and later that day; NOW is 07:00 of the day before.
TOMORROW = NOW + timedelta(hours=25)
FOUR = NOW + timedelta(hours=9)
EIGHT = FOUR + timedelta(hours=4)


async def at(office: Office, moment: datetime) -> None:
    office.world.clock.at = moment
    await office.bot.remind()


async def digests(office: Office, who: int) -> list[str]:
    return [text for text in await office.texts(who) if text.startswith(("Ngày mai, ", "Còn "))]


def plan_tomorrow(office: Office) -> None:
    """Three posts of two agencies, one of them approved, and one of today."""
    office.world.plan(
        a_post("HOM", due=NOW + timedelta(hours=14)),
        a_post("A", due=TOMORROW),
        a_post("B", due=TOMORROW + timedelta(hours=1), agency="xa-an-hoa"),
        a_post("C", due=TOMORROW + timedelta(hours=2)),
    )
    office.world.approve("C-2026")


async def test_who_approves_hears_of_tomorrow_at_four(office: Office) -> None:
    """Grouped by agency, each person once, and nobody else; a restart repeats nothing."""
    plan_tomorrow(office)
    await at(office, FOUR - timedelta(minutes=1))
    before = [await digests(office, who) for who in range(7, 13)]
    await at(office, FOUR)
    await at(office, FOUR + timedelta(minutes=1))
    assert before == [[]] * 6
    assert [len(await digests(office, who)) for who in range(7, 13)] == [1, 1, 1, 1, 0, 0]
    [leader], [approver] = await digests(office, 7), await digests(office, 8)
    assert leader.splitlines() == [
        "Ngày mai, thứ Bảy 21/11/2026: 3 bài, 2 bài chưa duyệt.",
        "",
        "Sở Văn hóa, Thể thao và Du lịch",
        "• 08:00 · A-2026 · Chào mừng Ngày Nhà giáo Việt Nam · chờ duyệt",
        "• 10:00 · C-2026 · Chào mừng Ngày Nhà giáo Việt Nam · đã duyệt",
        "",
        "UBND xã An Hòa",
        "• 09:00 · B-2026 · Chào mừng Ngày Nhà giáo Việt Nam · chờ duyệt",
    ]
    assert "B-2026" not in approver


async def test_the_evening_tells_what_one_may_still_approve(office: Office) -> None:
    """Until tomorrow's end; who wrote all of it hears nothing."""
    plan_tomorrow(office)
    await at(office, EIGHT)
    told = {
        who: [line for text in await digests(office, who) for line in text.splitlines()]
        for who in (7, 8, 9, 10)
    }
    codes = {who: [line[10:16] for line in lines if line.startswith("•")] for who, lines in told.items()}
    assert codes == {7: ["HOM-20", "A-2026", "B-2026"], 8: ["HOM-20", "A-2026"], 9: ["B-2026"], 10: []}


async def test_a_day_without_posts_is_not_told(office: Office) -> None:
    """Silence is no mistake."""
    await at(office, FOUR)
    assert await office.texts(7) == []


async def test_what_could_not_be_told_for_hours_is_told_no_more(office: Office) -> None:
    """A daemon that comes back at night does not send the afternoon's list."""
    plan_tomorrow(office)
    await at(office, FOUR + timedelta(hours=3))
    assert [text for text in await digests(office, 7) if text.startswith("Ngày mai")] == []


async def test_all_is_approved_after_it_was_listed(office: Office) -> None:
    """Two taps: the titles, then exactly those; what was never shown here is left out."""
    office.world.plan(a_post("A", due=TOMORROW))
    office.world.clock.at = FOUR
    await office.bot.tick()
    office.world.plan(a_post("A", due=TOMORROW), a_post("MOI", due=TOMORROW), a_post("HAI", due=TOMORROW))
    await office.bot.remind()
    await office.tap(8, "Duyệt hết…")
    listed = (await office.texts(8))[-1].splitlines()
    toast = await office.tap(8, "Duyệt 1 bài trên")
    assert listed == [
        "Sẽ duyệt 1 bài, đúng như trên thẻ đã gửi:",
        "• A-2026 · 08:00 thứ Bảy 21/11/2026 · Chào mừng Ngày Nhà giáo Việt Nam",
        "2 bài khác chưa có thẻ trong khung chat này; xin xem thẻ rồi duyệt từng bài: /cho_duyet",
    ]
    assert toast == "Đã duyệt 1 bài."
    assert [office.post(f"{code}-2026").state for code in ("A", "MOI")] == ["approved", "in_review"]


async def test_a_list_approves_no_content_that_changed_meanwhile(office: Office) -> None:
    """Each by the hash that was listed; the others go through, and the list is used up."""
    office.world.plan(a_post("A", due=TOMORROW), a_post("B", due=TOMORROW))
    office.world.clock.at = FOUR
    await office.bot.tick()
    await office.say(8, "/duyệt hết")
    office.world.plan(a_post("A", due=TOMORROW, text="Bản khác hẳn"), a_post("B", due=TOMORROW))
    toast = await office.tap(8, "Duyệt 2 bài trên")
    again = await office.tap(8, "Duyệt 2 bài trên")
    assert (toast, again.split(",")[0]) == ("Đã duyệt 1 bài.", "Danh sách này đã duyệt rồi")
    assert [office.post(f"{code}-2026").state for code in "AB"] == ["in_review", "approved"]


async def test_a_list_is_one_persons(office: Office) -> None:
    """What another may approve is not on it, nor does another's button approve it."""
    plan_tomorrow(office)
    office.world.clock.at = FOUR
    await office.bot.tick()
    [mine] = await office.say(9, "/duyệt hết")
    stolen: dict[str, Any] = (await office.messages(9))[-1]["buttons"][0][0]
    await office.do("_people/say", user_id=8, text="/start")
    message = (await office.messages(8))[-1]["message_id"]
    await office.do("_people/tap", user_id=8, chat_id=8, message_id=message, data=stolen["callback_data"])
    await office.bot.poll(0)
    assert [line[:8] for line in mine.splitlines()[1:]] == ["• B-2026"]
    assert office.post("B-2026").state == "in_review"


# --- before its time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        pytest.param(121, [], id="not yet"),
        pytest.param(120, ["7200"], id="two hours before"),
        pytest.param(31, ["7200"], id="still the same"),
        pytest.param(30, ["1800"], id="half an hour before"),
        pytest.param(0, [], id="over"),
    ],
)
def test_what_nobody_approved_is_told_before_its_time(world: World, minutes: int, told: list[str]) -> None:
    """Twice, each once; after its time there is a question instead."""
    world.plan(a_post("A", due=TOMORROW))
    words = world.look(reminders, RemindOptions(), TOMORROW - timedelta(minutes=minutes))
    assert [word.key.rpartition(":")[2] for word in words] == told
    assert all(word.agency == "svhttdl" and word.author == AUTHOR.name for word in words)


def test_who_just_got_the_card_is_not_reminded_of_it(world: World) -> None:
    """A post that came an hour before its time is told half an hour before, not at once."""
    world.clock.at = TOMORROW - timedelta(hours=1)
    world.plan(a_post("A", due=TOMORROW))
    at_once = world.look(reminders, RemindOptions(), world.clock.at)
    later = world.look(reminders, RemindOptions(), TOMORROW - timedelta(minutes=29))
    assert (at_once, len(later)) == ([], 1)


async def test_a_reminder_is_told_once_and_not_of_what_was_approved(office: Office) -> None:
    """To those who answer for it, and its author."""
    office.world.plan(a_post("A", due=TOMORROW), a_post("B", due=TOMORROW))
    office.world.approve("B-2026")
    for moment in (TOMORROW - timedelta(minutes=100), TOMORROW - timedelta(minutes=99)):
        await at(office, moment)
        await office.bot.tick()
    text = "Bài A-2026 đăng lúc 08:00 chưa được duyệt; đến giờ mà chưa duyệt thì không đăng.\n/duyet A-2026"
    assert [(await office.texts(who)).count(text) for who in range(7, 13)] == [1, 1, 0, 1, 0, 1]


async def test_a_planned_end_ends_nothing_but_is_told(office: Office) -> None:
    """An hour before and at it; who ordered the hold hears of it, and it stays in force."""
    order = holds.Order({"agencies": ["svhttdl"]}, "quốc tang", "", APPROVER.name, "telegram", None, EIGHT)
    office.world.do(holds.begin_hold, order, NOW)
    for moment in (EIGHT - timedelta(hours=2), EIGHT - timedelta(hours=1), EIGHT, EIGHT + timedelta(hours=1)):
        await at(office, moment)
        await office.bot.tick()
    told = [
        text for text in await office.texts(8) if text.startswith("Lệnh tạm dừng số 1 (quốc tang) dự kiến")
    ]
    assert (len(told), len(office.world.look(holds.active_holds))) == (2, 1)


async def test_more_than_one_list_takes_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left for the next time is counted: nobody takes the list for all there is."""
    monkeypatch.setattr("bot.telegram.all_at_once.MOST", 2)
    plan_tomorrow(office)
    await office.bot.tick()
    [asked] = await office.say(7, "/duyệt hết")
    begin = [" ".join(line.split()[:3]) for line in asked.splitlines()]
    assert begin == ["Sẽ duyệt 2", "• HOM-2026 ·", "• A-2026 ·", "1 bài nữa"]


# --- quiet hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "hour", "quiet"),
    [
        (22, 6, 23, True),
        (22, 6, 5, True),
        (22, 6, 6, False),
        (22, 6, 12, False),
        (1, 5, 3, True),
        (1, 5, 5, False),
        (7, 7, 7, False),
    ],
)
def test_quiet_hours_may_go_over_midnight(begins: int, ends: int, hour: int, quiet: bool) -> None:  # noqa: FBT001
    """Two equal hours are none."""
    options = RemindOptions(quiet_from=time(begins), quiet_to=time(ends))
    assert options.is_quiet(datetime(2026, 11, 20, hour, tzinfo=OFFICE_ZONE)) is quiet


async def test_at_night_only_what_is_urgent_rings(office: Office) -> None:
    """A card for tomorrow comes silently; one tagged urgent, or due within two hours, rings."""
    night = NOW + timedelta(hours=17)  # midnight
    office.world.clock.at = night
    office.world.plan(
        a_post("A", due=night + timedelta(hours=8)),
        a_post("B", due=night + timedelta(hours=8), tags=("Khẩn",)),
        a_post("C", due=night + timedelta(hours=2)),
    )
    await office.bot.tick()
    rang = {m["text"].split("\n")[0]: not m["silent"] for m in await office.messages(LEADER.telegram_id or 0)}
    assert rang == {"Bài A-2026": False, "Bài B-2026": True, "Bài C-2026": True}


async def test_a_digest_that_comes_late_does_not_ring_at_night(office: Office) -> None:
    """Telegram was away from eight until ten: what the evening tells waits on the screen."""
    plan_tomorrow(office)
    await at(office, EIGHT + timedelta(hours=2, minutes=30))
    told = [m["silent"] for m in await office.messages(7) if m["text"].startswith("Còn ")]
    assert told == [True]


async def test_by_day_everything_rings(office: Office) -> None:
    """As it always did; and an answer to a person rings at night, too."""
    office.world.plan(a_post("A", due=TOMORROW))
    await office.bot.tick()
    office.world.clock.at = NOW + timedelta(hours=17)
    await office.say(7, "/trang_thai")
    assert {message["silent"] for message in await office.messages(7)} == {False}


def test_a_desk_reminds_as_its_settings_say() -> None:
    """The times are the office's."""
    assert replace(DESK, remind=RemindOptions(digest_at=time(15))).remind.digest_at == time(15)
