"""The approval bot in conversation: real HTTP, a stand-in Telegram, a real ledger."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.telegram import ApprovalBot
from bot.telegram.bot import MARK, TRIES
from content_queue.models import ComposedPost, Payload
from content_queue.states import DeliveryState, PostState
from content_queue.store import approvals, attempts, cards, deliveries, marks, notices, reach
from content_queue.store.notices import Word
from publishers.http import Shards
from publishers.telegram.request import ShardedRequest
from tests.bot.conversation import POST, TOKEN, Office
from tests.bot.desk import APPROVER, DESK, EDITOR, LEADER, OTHER
from tests.content_queue.world import DUE, NOW, World, a_post
from tests.publishers.contract import PNG, Album


async def test_who_may_decide_gets_one_card(office: Office) -> None:
    """Leaders of the province and approvers of the agency; not the author, not editors, not others."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.bot.tick()
    sent = {person.telegram_id: len(await office.texts(person.telegram_id or 0)) for person in DESK.people}
    assert sent == {7: 1, 8: 1, 9: 0, 10: 0, 11: 0, 12: 0}


async def test_a_card_waits_until_the_post_is_near(office: Office) -> None:
    """48 hours ahead, as set; a post beyond gets its card later."""
    due = NOW + timedelta(hours=49)
    office.world.plan(a_post(due=due))
    await office.bot.tick()
    early = await office.texts(7)
    office.world.clock.at += timedelta(hours=2)
    await office.bot.tick()
    assert (early, len(await office.texts(7))) == ([], 1)


async def test_a_tap_approves_and_every_card_agrees(office: Office) -> None:
    """One decision; buttons go from all cards, which tell who decided and when."""
    office.world.plan(a_post())
    await office.bot.tick()
    toast = await office.tap(8, "Duyệt")
    ends = [(await office.texts(who))[0].splitlines()[-1] for who in (7, 8)]
    assert toast == f"Đã duyệt bài {POST}, đăng lúc 08:00 thứ Sáu 20/11/2026."
    assert ends == ["Đã duyệt: Lê Văn Duyệt 07:00"] * 2
    assert [await office.buttons(who) for who in (7, 8)] == [[[]], [[]]]
    assert (office.post().state, office.changes) == (PostState.APPROVED, ["changed"])


async def test_two_who_tap_at_once_make_one_decision(office: Office) -> None:
    """The second is told that it is done."""
    office.world.plan(a_post())
    await office.bot.tick()
    for who in (7, 8):
        await office.tap_on(who, (await office.messages(who))[0], "Duyệt")
    await office.bot.poll(0)
    assert office.decisions() == [(LEADER.name, "approved")]
    assert (await office.toasts(8))[-1] == f"Bài {POST} đã được duyệt rồi."


async def test_a_rejection_asks_for_its_reason(office: Office) -> None:
    """The next words in that chat are the reason; the author finds it at the post."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(8, "Từ chối")
    assert office.post().state == PostState.IN_REVIEW
    [answer, told] = await office.say(8, "Sai ngày tháng ở dòng hai")
    assert answer == f"Đã từ chối bài {POST}. Người soạn sẽ thấy lý do."
    assert told.startswith(f"Bài {POST} bị Lê Văn Duyệt từ chối. Lý do: Sai ngày tháng ở dòng hai")
    assert (office.post().state, office.post().reason) == (PostState.REJECTED, "Sai ngày tháng ở dòng hai")
    ending = (await office.texts(7))[0].splitlines()[-1]
    assert ending == "Đã từ chối: Lê Văn Duyệt 07:00. Lý do: Sai ngày tháng ở dòng hai"


async def test_words_without_a_question_are_no_reason(office: Office) -> None:
    """Nor are words of somebody else, nor words that come after the question is forgotten."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(8, "Từ chối")
    await office.say(7, "cảm ơn")
    office.world.clock.at += timedelta(minutes=31)
    answer = await office.say(8, "cảm ơn")
    assert (answer, office.post().state) == (
        ["Tôi chỉ hiểu các lệnh. Xem các lệnh: /tro_giup"],
        PostState.IN_REVIEW,
    )


async def test_an_old_card_cannot_approve_changed_content(office: Office) -> None:
    """The old card is closed, a new one comes, and a tap that was under way decides nothing."""
    office.world.plan(a_post())
    await office.bot.tick()
    old = (await office.messages(8))[0]
    office.world.plan(a_post(text="Bản khác hẳn"))
    await office.tap_on(8, old, "Duyệt")
    await office.bot.poll(0)
    texts = await office.texts(8)
    assert (office.post().state, office.decisions()) == (PostState.IN_REVIEW, [])
    changes = "• Chữ (tiếng Việt):\n− Chào mừng Ngày Nhà giáo Việt Nam\n+ Bản khác hẳn"
    assert texts[0] == f"Bài {POST}\nBài đã thay đổi, xem thẻ mới.\n{changes}"
    assert f"\n\nThay đổi so với bản trước:\n{changes}\n\n" in texts[1]
    assert await office.buttons(8) == [[], ["Duyệt", "Từ chối", "Sửa giờ…", "Xem đủ"]]


async def test_an_author_cannot_approve(office: Office) -> None:
    """Neither by command nor by a button made for somebody else."""
    office.world.plan(a_post())
    await office.bot.tick()
    answer = await office.say(10, f"/duyet {POST}")
    card = (await office.messages(8))[0]
    await office.do("_people/say", user_id=10, text="/start", bot=TOKEN)
    mine = (await office.messages(10))[-1]["message_id"]
    stolen = card["buttons"][0][0]["callback_data"]
    await office.do("_people/tap", user_id=10, chat_id=10, message_id=mine, data=stolen, bot=TOKEN)
    await office.bot.poll(0)
    assert answer == ["Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt."]
    assert (office.post().state, office.decisions()) == (PostState.IN_REVIEW, [])


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (EDITOR, "Hồ Thị Viết không có quyền duyệt bài."),
        (OTHER, "Phạm Văn Khác không phụ trách cơ quan svhttdl."),
    ],
)
async def test_who_has_no_right_is_told_so(office: Office, who: Any, refusal: str) -> None:
    """A role and an agency, or the province."""
    office.world.plan(a_post())
    answer = await office.say(who.telegram_id, f"/duyệt {POST}")
    assert (answer, office.decisions()) == ([refusal], [])


async def test_what_was_not_seen_is_shown_first(office: Office) -> None:
    """`/duyet` of a post without a card brings its card; typed again it approves."""
    office.world.plan(a_post(due=NOW + timedelta(days=5)))
    first = await office.say(8, f"/duyet {POST}")
    state = office.post().state
    await office.say(8, f"/duyet {POST}")
    assert (state, office.post().state) == (PostState.IN_REVIEW, PostState.APPROVED)
    assert first[0].startswith("Anh/chị chưa xem bản hiện tại")


async def test_the_same_update_again_changes_nothing(office: Office) -> None:
    """A crash after the commit and before the acknowledgement brings the update again."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap_on(8, (await office.messages(8))[0], "Duyệt")
    raw = (await office.bot._fetch(0))[0]
    await office.bot.take(raw)
    after = (office.decisions(), await office.texts(8))
    await office.bot.take(raw)
    assert (office.decisions(), await office.texts(8)) == after
    assert office.decisions() == [(APPROVER.name, "approved")]


async def test_a_crash_before_the_commit_loses_no_tap(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The effect and its mark are one transaction: undone together, the update comes again."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap_on(8, (await office.messages(8))[0], "Duyệt")

    def crash(*_: Any) -> None:
        raise OSError("disk")

    with monkeypatch.context() as broken:
        broken.setattr(approvals, "record", crash)
        await office.bot.poll(0)
    undone = office.post().state
    await office.bot.poll(0)
    assert (undone, office.post().state) == (PostState.IN_REVIEW, PostState.APPROVED)


async def test_a_poisonous_update_is_skipped_at_last(office: Office) -> None:
    """What cannot be read is tried three times and then left, so that the others are heard."""
    poison = {"update_id": 5, "message": {"message_id": "x"}}
    taken = [await office.bot.take(poison) for _try in range(TRIES)]
    assert taken == [False, False, True]
    assert office.world.look(marks.read_mark, MARK)["next"] == 6


async def test_a_stranger_learns_the_own_number_once(office: Office) -> None:
    """And nothing about the office."""
    first = await office.say(99, "/cho_duyet")
    again = await office.say(99, "/cho_duyet")
    assert ("99" in first[0], len(first), again) == (True, 1, [])


@pytest.mark.parametrize(
    "hostile",
    [
        {"chat_id": -5, "chat_type": "group"},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
        {"sender_chat": {"id": -1009, "type": "channel", "title": "x"}},
        {"via_bot": {"id": 5, "is_bot": True, "first_name": "x"}},
        {"edited": True},
    ],
)
async def test_no_way_round_the_gate(office: Office, hostile: dict[str, Any]) -> None:
    """A listed person's number in a group, a forward, a channel's name or an edit decides nothing."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.do("_people/say", user_id=8, text=f"/duyet {POST}", bot=TOKEN, **hostile)
    await office.bot.poll(0)
    assert (office.decisions(), len(await office.messages(8))) == ([], 1 + ("chat_id" not in hostile))


async def test_one_who_cannot_be_reached_stops_nobody(office: Office) -> None:
    """A blocked bot is left alone for a while; the others get their cards."""
    office.world.plan(a_post())
    await office.do("_people/standing", chat_id=7, standing="blocked")
    await office.bot.tick()
    await office.bot.tick()
    await office.do("_people/standing", chat_id=7, standing="member")
    office.world.clock.at += timedelta(minutes=11)
    await office.bot.tick()
    assert (len(await office.texts(8)), len(await office.texts(7))) == (1, 1)


@pytest.mark.parametrize("word", ["throttle", "500_before"])
async def test_a_picture_that_did_not_arrive_comes_before_its_card(office: Office, word: str) -> None:
    """Nobody is asked about a post of which they saw a part only, and the others get theirs meanwhile."""
    post, album = with_a_picture()
    office.bot.lend(album)
    office.world.plan(post)
    await office.do("_fault", next=word, on="sendPhoto")
    await office.bot.tick()
    first = sorted([len(await office.messages(who)) for who in (7, 8)])
    office.world.clock.at += timedelta(minutes=1)
    await office.bot.tick()
    kinds = [[bool(m["buttons"]) for m in await office.messages(who)] for who in (7, 8)]
    assert (first, kinds) == ([0, 2], [[False, True]] * 2)


async def test_a_picture_that_never_arrives_keeps_back_no_card(office: Office) -> None:
    """After some tries the card comes alone: it names its pictures, and time runs."""
    post, album = with_a_picture()
    office.bot.lend(album)
    office.world.plan(post)
    await office.do("_fault", next="500_before", on="sendPhoto", count=1000)
    came = []
    for _round in range(4):
        await office.bot.tick()
        came.append(len(await office.messages(8)))
    assert came == [0, 0, 1, 1]


def with_a_picture() -> tuple[ComposedPost, Album]:
    album = Album()
    picture = replace(album.keep(PNG), name="co.png")
    planned = a_post(channels=("k0",))
    payload = Payload("telegram", "vi", "Có ảnh", {}, (picture,))
    rows = tuple(replace(row, payload=payload) for row in planned.deliveries)
    return replace(planned, deliveries=rows), album


async def test_a_card_past_its_time_says_so(office: Office) -> None:
    """Nobody decided: the buttons go, the way on is told."""
    office.world.plan(a_post())
    await office.bot.tick()
    office.world.clock.at = DUE
    await office.bot.tick()
    assert (await office.texts(8))[0].splitlines()[-1] == (
        f"Đã quá giờ đăng mà chưa ai duyệt. Cho giờ mới: /gio_moi {POST} 20/11 15:00"
    )
    assert await office.buttons(8) == [[]]


async def test_a_new_time_by_who_may_approve_is_approved(office: Office) -> None:
    """One act: the new time, and the approval of exactly that."""
    office.world.plan(a_post())
    office.world.clock.at = DUE
    answer = await office.say(8, f"/giờ mới {POST} 20/11 15h")
    assert answer == [
        f"Bài {POST} có giờ đăng mới: 15:00 thứ Sáu 20/11/2026 (1 lượt đăng).\nBài đã được duyệt với giờ mới."
    ]
    assert (office.post().state, office.post().due) == (PostState.APPROVED, DUE + timedelta(hours=7))


async def test_what_was_missed_today_is_not_said_to_wait(office: Office) -> None:
    """Its hour is over: what became of its deliveries is what counts."""
    office.world.plan(a_post())
    office.world.do(deliveries.move, [deliveries.Move(1, DeliveryState.MISSED, "chưa duyệt")])
    office.world.clock.at = DUE
    [said] = await office.say(8, "/hom_nay")
    assert said.splitlines()[-1].endswith("· 1 lỡ giờ")


async def test_questions_are_answered(office: Office) -> None:
    """Each command that only shows has something to say."""
    office.world.plan(a_post())
    asked = [
        "/cho_duyet",
        "/hôm nay",
        f"/bai {POST}",
        f"/vi_sao {POST}",
        "/vi_sao 1",
        "/trạng thái",
        "/tro_giup",
        "/gì thế",
    ]
    answers = [(await office.say(8, text))[0].splitlines()[0] for text in asked]
    assert answers == [
        "1 bài đang chờ duyệt:",
        "Hôm nay có 1 bài:",
        f"Bài {POST}",
        f"Bài {POST}, giờ đăng 08:00 thứ Sáu 20/11/2026: chờ duyệt.",
        f"Bài {POST}, giờ đăng 08:00 thứ Sáu 20/11/2026: chờ duyệt.",
        "Lượt đăng: 1 chờ đến giờ.",
        "Kính chào Lê Văn Duyệt. Các lệnh:",
        "Không có lệnh “/gì thế”. Xem các lệnh: /tro_giup",
    ]


async def test_notices_reach_who_is_concerned_once(office: Office) -> None:
    """Who watches the province, who answers for the agency, the author; one message, however many notices."""
    for number in range(3):
        word = Word(f"k{number}", "svhttdl", EDITOR.name, f"Tin {number}")
        office.world.do(notices.tell, word, NOW)
    await office.bot.tick()
    await office.bot.tick()
    told = {person.telegram_id: await office.texts(person.telegram_id or 0) for person in DESK.people}
    everything = ["Tin 0\n\nTin 1\n\nTin 2"]
    assert told == {7: everything, 8: everything, 9: [], 10: everything, 11: everything, 12: everything}
    assert office.world.look(notices.untold) == []


async def test_who_could_not_be_told_is_told_later_and_the_others_not_again(office: Office) -> None:
    """A leader whose chat failed for an hour hears of a pause all the same."""
    word = Word("k", "svhttdl", EDITOR.name, "Tin")
    office.world.do(notices.tell, word, NOW)
    await office.do("_people/standing", chat_id=7, standing="blocked")
    await office.bot.tick()
    first = [len(await office.texts(who)) for who in (7, 8, 10, 11, 12)]
    await office.do("_people/standing", chat_id=7, standing="member")
    office.world.clock.at += timedelta(hours=2)
    await office.bot.tick()
    await office.bot.tick()

    assert first == [0, 1, 1, 1, 1]
    assert [len(await office.texts(who)) for who in (7, 8, 10, 11, 12)] == [1] * 5
    assert office.world.look(notices.untold) == []


async def test_a_chat_that_fails_for_days_holds_up_no_notice(office: Office) -> None:
    """After a day it is enough that somebody heard."""
    office.world.do(notices.tell, Word("k", "svhttdl", EDITOR.name, "Tin"), NOW)
    await office.do("_people/standing", chat_id=7, standing="blocked")
    await office.bot.tick()
    before = len(office.world.look(notices.untold))
    office.world.clock.at += timedelta(days=1)
    await office.bot.tick()

    assert (before, office.world.look(notices.untold)) == (1, [])


async def test_telegram_away_is_a_state_and_no_error(world: World, tmp_path: Path) -> None:
    """Nothing is raised; what was to be told is told when Telegram is back."""
    http = Shards(connections=4)
    request = ShardedRequest(http)
    away = Bot(TOKEN, "http://127.0.0.1:9/bot", request=request, get_updates_request=request)
    bot = ApprovalBot(bot=away, ledger=world.ledger, clock=world.clock, desk=DESK)
    world.plan(a_post())
    await bot.tick()
    await bot.poll(0)
    await http.close()
    assert (bot.reachable, world.look(cards.open_cards, POST)) == (False, [])


async def test_the_loop_goes_on_until_cancelled(office: Office) -> None:
    """A tap is heard by the running loop, and cancelling ends it at once."""
    office.world.plan(a_post())
    await office.bot.tick()
    heard = asyncio.Event()
    office.bot.changed = heard.set
    running = asyncio.create_task(office.bot.run())
    await office.tap_on(8, (await office.messages(8))[0], "Duyệt")
    await heard.wait()
    running.cancel()
    ended = await asyncio.gather(running, return_exceptions=True)
    assert (isinstance(ended[0], asyncio.CancelledError), office.post().state) == (True, PostState.APPROVED)


def published(office: Office) -> None:
    """Let the first delivery be out as the messages 12 and 13 of its channel."""
    office.world.plan(a_post())
    office.world.approve(POST)
    ended = attempts.Ended(1, 1, "sent", NOW, "published", NOW, remote_id="12,13")  # type: ignore[arg-type]
    office.world.do(deliveries.move, [deliveries.Move(1, "publishing")])  # type: ignore[arg-type]
    office.world.do(attempts.intend, office.world.look(deliveries.standing_of, [1]), NOW)
    office.world.do(attempts.record, [ended])


async def test_reactions_are_kept_as_reach(office: Office) -> None:
    """Totals of the channel's message, at its delivery, with their source."""
    published(office)
    reaction = {"type": {"type": "emoji", "emoji": "👍"}, "total_count": 5}
    channel = {"id": -1000, "type": "channel", "title": "k0"}
    count = {"chat": channel, "message_id": 12, "date": 1, "reactions": [reaction]}
    await office.bot.take({"update_id": 900, "message_reaction_count": count})
    kept = [(s.delivery, s.metric, s.value, s.source) for s in office.world.look(reach.snapshots)]
    assert kept == [(1, "reactions", 5, "bot_api")]


def in_group(number: int, **more: Any) -> dict[str, Any]:
    group = {"id": -1007, "type": "supergroup", "title": "Thảo luận"}
    reader = {"id": 99, "is_bot": False, "first_name": "X"}
    return {"message_id": number, "date": 1, "chat": group, "from": reader, "text": "Hay", **more}


async def test_comments_under_a_post_are_counted_once_each(office: Office) -> None:
    """Replies to comments too; neither other talk of the group nor what stands under other posts."""
    channel = {"id": -1000, "type": "channel", "title": "k0"}
    origin = {"type": "channel", "date": 1, "chat": channel, "message_id": 12}
    copy = in_group(50, is_automatic_forward=True, forward_origin=origin, sender_chat=channel)
    other = {**origin, "chat": {**channel, "id": -1999}}
    await office.bot.take({"update_id": 900, "message": copy})  # before the receipt is in the ledger
    published(office)
    told = [
        in_group(51, message_thread_id=50),
        in_group(52, message_thread_id=50),
        in_group(53),
        in_group(54, is_automatic_forward=True, forward_origin=other, sender_chat=channel),
        in_group(55, message_thread_id=54),
    ]
    for number, message in enumerate([*told, told[-1]], start=901):
        await office.bot.take({"update_id": min(number, 905), "message": message})
    kept = [(s.delivery, s.metric, s.value, s.source) for s in office.world.look(reach.snapshots)]
    assert kept == [(1, "comments", 1, "bot_api"), (1, "comments", 2, "bot_api")]
