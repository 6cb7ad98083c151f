"""What people are asked with buttons beside approvals, and what their answers do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import acts
from bot.findings import tell_finding
from bot.telegram import seals
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.reconcile import reconcile
from content_queue.models import Channel
from content_queue.outcomes import UnknownOutcomeError
from content_queue.states import DeliveryState, PostState
from content_queue.store import notices
from content_queue.store.findings import Finding
from content_queue.store.tables import attempts, deliveries
from publishers.addresses import address_of
from tests.bot.conversation import POST, TOKEN, Office
from tests.bot.desk import ADMIN, APPROVER, DESK, LEADER, by
from tests.content_queue.world import DUE, NOW, World, a_post

LOOK = [["Đã lên", "Chưa lên, đăng lại ngay"]]
TIME = [["Giờ mới…", "Đăng ngay"], ["Bỏ"]]
#: Looks of the read-back after the settling; after the last people are asked.
LOOKS = (timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=15))


async def send(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


async def lose_an_answer(office: Office, *channels: str, heard: bool = True) -> None:
    """Publish to channels that cannot be read back, and get no answer."""
    world = office.world
    world.plan(a_post(channels=channels))
    world.approve(POST)
    world.platform.answers = [UnknownOutcomeError("mất kết nối")] * len(channels)
    world.clock.at = DUE
    await send(world)
    for wait in LOOKS:
        world.clock.at += wait
        await reconcile(world.works)
    if heard:
        await office.bot.tick()


async def miss(office: Office, *channels: str) -> None:
    """Let a post that somebody approved be late for its window."""
    world = office.world
    world.plan(a_post(channels=channels or ("k0",)))
    world.approve(POST)
    world.clock.at = DUE + timedelta(hours=3)
    await send(world)
    await office.bot.tick()


def states(office: Office) -> list[str]:
    return [state for (state,) in office.world.rows(deliveries, "state")]


async def rows(office: Office, who: int) -> list[list[list[str]]]:
    return [
        [[button["text"] for button in row] for row in message["buttons"]]
        for message in await office.messages(who)
        if message["buttons"]
    ]


async def test_who_may_decide_is_asked_to_look_and_the_others_are_told(office: Office) -> None:
    """One message with the link and two buttons; admin and author read the notice with the commands."""
    await lose_an_answer(office, "k1")
    await office.bot.tick()
    sent = {p.telegram_id: len(await office.texts(p.telegram_id or 0)) for p in DESK.people}
    assert sent == {7: 1, 8: 1, 9: 0, 10: 1, 11: 0, 12: 1}
    assert [await rows(office, who) for who in (7, 8, 10, 12)] == [[LOOK], [LOOK], [LOOK], []]
    assert "/da_len 1" in (await office.texts(12))[0]
    assert (await office.texts(8))[0] == (
        f"Chưa rõ bài {POST} đã lên kênh k1 (Telegram) hay chưa.\n"
        "Giờ đăng: 08:00 thứ Sáu 20/11/2026\n"
        "“Chào mừng Ngày Nhà giáo Việt Nam”\n"
        "Xin mở kênh xem giúp rồi bấm một nút. Chương trình không tự đăng lại.\n"
        "https://t.me/an_hoa"
    )
    assert office.world.look(notices.untold) == []


async def test_what_was_settled_before_anybody_could_be_asked_is_told_no_more(office: Office) -> None:
    """Its notice waits for no question that will never be sent."""
    await lose_an_answer(office, "k0", heard=False)
    seen = Finding(published=True)
    office.world.do(tell_finding, "1", seen, replace(by(LEADER), now=office.world.clock.at), desk=DESK)
    await office.bot.tick()

    assert office.world.look(notices.untold) == []
    assert await rows(office, 8) == []


async def test_a_tap_says_that_the_post_is_there_and_every_message_agrees(office: Office) -> None:
    """Single use: the second to tap is told that it is settled, and nothing leaves again."""
    await lose_an_answer(office, "k0")
    second = (await office.messages(7))[0]
    toast = await office.tap(8, "Đã lên")
    await office.tap_on(7, second, "Chưa lên, đăng lại ngay")
    await office.bot.poll(0)
    assert toast == "Đã ghi nhận: bài đã lên kênh k0."
    assert (await office.toasts(7))[-1].startswith("Việc này đã có người quyết định")
    assert [(await office.texts(who))[0].splitlines()[-1] for who in (7, 8)] == [
        "Lê Văn Duyệt 08:25: bài đã lên."
    ] * 2
    assert [await rows(office, who) for who in (7, 8, 10)] == [[], [], []]
    assert (states(office), len(office.world.platform.published)) == (["published"], 1)


async def test_a_tap_says_that_it_is_not_there_and_it_goes_out_once_more(office: Office) -> None:
    """At once; an old button of the first question is no answer to a later one."""
    await lose_an_answer(office, "k0")
    old = (await office.messages(7))[0]
    toast = await office.tap(8, "Chưa lên, đăng lại ngay")
    assert toast == "Đã ghi nhận: bài chưa lên kênh k0; chương trình đăng lại ngay."
    world = office.world
    world.platform.answers = [UnknownOutcomeError("lại mất kết nối")]
    await send(world)
    for wait in LOOKS:
        world.clock.at += wait
        await reconcile(world.works)
    await office.bot.tick()
    await office.tap_on(7, old, "Chưa lên, đăng lại ngay")
    await office.bot.poll(0)
    assert (states(office), len(world.platform.published)) == (["unconfirmed"], 2)
    assert (await office.toasts(7))[-1].startswith("Việc này đã có người quyết định")
    assert await rows(office, 7) == [LOOK]


async def test_each_channel_of_unknown_outcome_is_asked_about_once(office: Office) -> None:
    """A person looks at one channel at a time; the command answers the same question."""
    await lose_an_answer(office, "k0", "k1")
    await office.say(8, "/da_len 1")
    assert await rows(office, 8) == [LOOK]
    assert states(office) == ["published", "unconfirmed"]


async def test_a_missed_post_is_one_question_with_three_answers(office: Office) -> None:
    """One a post, however many channels missed it, with the text that an answer approves."""
    await miss(office, "k0", "k1", "k2")
    await office.bot.tick()
    sent = {p.telegram_id: await rows(office, p.telegram_id or 0) for p in DESK.people}
    assert sent == {7: [TIME], 8: [TIME], 9: [], 10: [TIME], 11: [], 12: [TIME]}
    text = (await office.texts(8))[0]
    assert text.startswith(
        f"Bài {POST} lỡ giờ đăng.\nĐã quá khung giờ đăng.\n3 lượt đăng chưa lên.\n"
        f"Xin chọn: giờ mới, đăng ngay, hay bỏ?\n\nBài {POST}\n"
    )
    assert text.endswith("── tiếng Việt · Telegram ──\nChào mừng Ngày Nhà giáo Việt Nam")
    assert office.world.look(notices.untold) == []


async def test_a_new_time_is_asked_for_and_approves_in_the_same_act(office: Office) -> None:
    """What is no time is asked for again; every message tells the new time then."""
    await miss(office)
    await office.tap(8, "Giờ mới…")
    asked = (await office.texts(8))[-1]
    unread = await office.say(8, "mai mốt gì đó")
    [told] = await office.say(8, "21/11 9h")
    assert asked.endswith("(trả lời tin này), ví dụ: 21/11 08:00")
    assert unread[0].startswith("Không đọc được giờ “mai mốt gì đó”.")
    assert told.endswith("Bài đã được duyệt với giờ mới.")
    assert (office.post().state, office.post().due) == (PostState.APPROVED, NOW + timedelta(hours=26))
    ending = f"{APPROVER.name} 11:00: giờ đăng mới 09:00 thứ Bảy 21/11/2026."
    assert [(await office.texts(who))[0].splitlines()[-1] for who in (7, 8, 10)] == [ending] * 3


async def test_at_once_approves_and_goes_out_within_seconds(office: Office) -> None:
    """The right to approve is what lets it; a second tap moves nothing."""
    await miss(office)
    other = (await office.messages(7))[0]
    toast = await office.tap(8, "Đăng ngay")
    await office.tap_on(7, other, "Đăng ngay")
    await office.bot.poll(0)
    office.world.clock.at += acts.AT_ONCE
    await send(office.world)
    assert toast.startswith(f"Bài {POST} có giờ đăng mới: 11:00:02 ")
    assert (states(office), office.decisions()[-1]) == (["published"], (APPROVER.name, "approved"))
    assert (await office.toasts(7))[-1].startswith("Việc này đã có người quyết định")


async def test_who_may_not_approve_gives_a_time_but_nothing_goes_out_at_once(office: Office) -> None:
    """An admin, or the author: the post waits for an approver with its new time."""
    await miss(office)
    toast = await office.tap(ADMIN.telegram_id or 0, "Đăng ngay")
    await office.tap(10, "Giờ mới…")
    told = await office.say(10, "21/11 9h")
    assert toast.startswith("Võ Văn Quản không có quyền duyệt bài. Chỉ người có quyền duyệt mới cho đăng")
    assert told[0].splitlines()[1].startswith("Bài còn chờ duyệt với giờ mới.")
    assert (states(office), office.post().state) == (["scheduled"], PostState.IN_REVIEW)
    assert await rows(office, 8) == [[["Duyệt", "Từ chối"], ["Sửa giờ…", "Xem đủ"]]]


async def test_dropping_cancels_what_has_not_gone_out(office: Office) -> None:
    """Who and when stands on every message."""
    await miss(office)
    toast = await office.tap(7, "Bỏ")
    assert toast == f"Đã hủy bài {POST}: 1 lượt đăng sẽ không đăng."
    assert (states(office), office.post().state) == (["cancelled"], PostState.CANCELLED)
    assert (await office.texts(8))[0].splitlines() == [
        f"Bài {POST}: lỡ giờ hoặc bị tạm dừng.",
        "“Chào mừng Ngày Nhà giáo Việt Nam”",
        "Nguyễn Thị Lãnh 11:00: bỏ, không đăng.",
    ]


async def test_an_edit_closes_the_question_and_its_old_buttons_do_nothing(office: Office) -> None:
    """What would be approved is what was shown."""
    await miss(office)
    old = (await office.messages(8))[0]
    office.world.plan(a_post(text="Bản khác hẳn"))
    await office.tap_on(8, old, "Đăng ngay")
    await office.bot.poll(0)
    assert (await office.toasts(8))[-1].startswith("Việc này đã có người quyết định, hoặc bài đã thay đổi.")
    assert "Bản khác hẳn" in (await office.texts(8))[-1]
    assert await rows(office, 8) == [TIME]
    assert states(office) == ["missed"]


async def test_a_held_post_is_asked_about_when_its_hold_has_ended(office: Office) -> None:
    """While it is in force no time can be given; then the same question fits."""
    world = office.world
    world.plan(a_post())
    world.approve(POST)
    world.do(acts.hold, acts.Stop({}, "bão"), by(LEADER), desk=DESK)
    world.clock.at = DUE
    await send(world)
    await office.bot.tick()
    before = await rows(office, 8)
    world.do(acts.release, None, by(LEADER), desk=DESK)
    await office.bot.tick()
    assert (before, await rows(office, 8), states(office)) == ([], [TIME], ["held"])
    assert (await office.texts(8))[-1].startswith(f"Bài {POST} bị tạm dừng; nay đã hết lệnh tạm dừng.")


async def test_what_fell_due_in_a_hold_while_the_daemon_was_away_is_caught_before_the_hold_ends(
    office: Office,
) -> None:
    """Back again, it hears first that the hold is over: its end releases nothing all the same."""
    world = office.world
    world.plan(a_post())
    world.approve(POST)
    world.do(acts.hold, acts.Stop({}, "bão"), by(LEADER), desk=DESK)
    world.clock.at = DUE + timedelta(minutes=10)
    world.do(acts.release, None, replace(by(LEADER), now=world.clock.at), desk=DESK)
    await send(world)
    await office.bot.tick()

    assert (states(office), world.platform.published) == (["held"], [])
    assert await rows(office, 8) == [TIME]


async def test_a_missed_post_that_a_hold_now_covers_is_told_at_once_and_asked_about_when_the_hold_has_ended(
    office: Office,
) -> None:
    """A hold may go on for days: nobody may hear only then that something did not go out."""
    world = office.world
    world.plan(a_post())
    world.approve(POST)
    world.clock.at = DUE + timedelta(hours=3)
    await send(world)
    world.do(acts.hold, acts.Stop({}, "bão"), by(LEADER), desk=DESK)
    await office.bot.tick()
    told, asked = await office.texts(8), await rows(office, 8)
    world.do(acts.release, None, by(LEADER), desk=DESK)
    await office.bot.tick()
    assert (len(told), asked, await rows(office, 8), states(office)) == (1, [], [TIME], ["missed"])
    assert told[0].startswith(f"Bài {POST} – lỡ giờ:")


async def test_a_question_that_did_not_arrive_before_a_hold_is_told_in_words(office: Office) -> None:
    """Nobody has heard of it yet, and nobody may be asked now."""
    world = office.world
    for who in (7, 8, 10, 11, 12):
        await office.do("_people/standing", chat_id=who, standing="blocked")
    await miss(office)
    for who in (7, 8, 10, 11, 12):
        await office.do("_people/standing", chat_id=who, standing="member")
    world.do(acts.hold, acts.Stop({}, "bão"), by(LEADER), desk=DESK)
    world.clock.at += timedelta(hours=1)
    await office.bot.tick()

    assert [text.startswith(f"Bài {POST} – lỡ giờ:") for text in await office.texts(8)] == [True]
    assert await rows(office, 8) == []


async def test_a_stolen_or_forged_button_decides_nothing(office: Office) -> None:
    """Sealed for one person; somebody else's, or a made-up one, is no answer."""
    await lose_an_answer(office, "k0")
    theirs = (await office.messages(8))[0]
    stolen = theirs["buttons"][0][1]["callback_data"]
    await office.say(9, "/start")
    mine = (await office.messages(9))[-1]["message_id"]
    for data in (stolen, "c:1:1:AAAAAAAAAAA"):
        await office.do("_people/tap", user_id=9, chat_id=9, message_id=mine, data=data, bot=TOKEN)
        await office.bot.poll(0)
    await office.tap_on(8, theirs, "Chưa lên, đăng lại ngay", user_id=99)
    await office.bot.poll(0)
    assert (states(office), len(office.world.rows(attempts, "number"))) == (["unconfirmed"], 1)


async def test_who_lost_the_right_since_is_refused_although_the_button_is_his(office: Office) -> None:
    """The seal is no right by itself."""
    await lose_an_answer(office, "k0")
    data = seals.seal(seals.NOT_THERE, "1", "1", seals.Sealing(9, office.bot._key, office.world.clock.at))
    await office.say(9, "/start")
    mine = (await office.messages(9))[-1]["message_id"]
    await office.do("_people/tap", user_id=9, chat_id=9, message_id=mine, data=data, bot=TOKEN)
    await office.bot.poll(0)
    assert (await office.toasts(9))[-1] == "Phạm Văn Khác không phụ trách cơ quan svhttdl."
    assert states(office) == [DeliveryState.UNCONFIRMED]


async def test_every_button_fits_however_long_the_code_is(office: Office) -> None:
    """Telegram takes 64 bytes."""
    world, long = office.world, "K" * 34
    world.plan(a_post(long))
    world.approve(f"{long}-2026")
    world.clock.at = DUE + timedelta(hours=3)
    await send(world)
    await office.bot.tick()
    data = [button["callback_data"] for row in (await office.messages(8))[0]["buttons"] for button in row]
    toast = await office.tap(8, "Đăng ngay")
    assert max(len(each.encode()) for each in data) <= seals.DATA
    assert (len(data), toast.startswith(f"Bài {long}-2026 có giờ đăng mới")) == (3, True)


async def test_after_a_week_nobody_is_asked_any_more(office: Office) -> None:
    """The commands still take a new time."""
    await miss(office)
    office.world.clock.at += timedelta(days=8)
    await office.bot.tick()
    assert await rows(office, 8) == []
    assert (await office.texts(8))[0].splitlines()[-1] == "Không cần trả lời nữa."
    assert (await office.say(8, f"/gio_moi {POST} ngay"))[0].endswith("Bài đã được duyệt với giờ mới.")


@pytest.mark.parametrize(
    ("platform", "remote_id", "address"),
    [
        ("facebook", "1001", "https://www.facebook.com/1001"),
        ("telegram", "@gialai", "https://t.me/gialai"),
        ("telegram", "-1001", ""),
        ("zalo", "77", "https://zalo.me/77"),
        ("site", "x", ""),
    ],
)
def test_a_channel_is_found_where_readers_find_it(platform: str, remote_id: str, address: str) -> None:
    """A private Telegram channel has no address for everybody."""
    assert address_of(Channel("k", "svhttdl", platform, remote_id)) == address
