"""Cards by turns: whose yes is asked, who said it before, and what a leader does alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from content_queue.models import Person
from content_queue.models.rules import Rule
from content_queue.states import PostState
from tests.bot.conversation import POST, Office
from tests.bot.desk import APPROVER, DESK, LEADER, PEOPLE
from tests.content_queue.world import NOW, a_post

DEPUTY = Person("Đỗ Văn Phó", 13, frozenset({"leader"}), frozenset({"*"}))
TWO = replace(DESK, people=(*PEOPLE, DEPUTY), rules=(Rule(("approver", "leader")),))


@pytest.fixture
def office(office: Office) -> Office:
    office.bot.desk = TWO
    return office


async def cards(office: Office) -> dict[int, int]:
    """Return how many cards with buttons lie in each chat."""
    lying = {who: sum(map(bool, await office.buttons(who))) for who in (7, 8, 9, 10, 13)}
    return {who: count for who, count in lying.items() if count}


async def test_the_second_is_asked_once_the_first_has_said_yes(office: Office) -> None:
    """The first card closes and says so; the next says who said yes before, and its yes approves."""
    office.world.plan(a_post())
    await office.bot.tick()
    asked = await cards(office)
    toast = await office.tap(8, "Duyệt")
    first = (await office.texts(8))[0].splitlines()[-2:]
    then = await cards(office)
    second = (await office.texts(7))[-1].splitlines()
    assert office.post().state == PostState.IN_REVIEW
    assert toast == f"Đã ghi ý kiến duyệt bài {POST}; bài còn chờ lãnh đạo duyệt."
    assert (asked, then) == ({7: 1, 8: 1, 13: 1}, {7: 1, 13: 1})
    assert first == [
        "Đã duyệt: Lê Văn Duyệt, người duyệt, 07:00 thứ Sáu 20/11/2026",
        "Đang chờ: lãnh đạo duyệt",
    ]
    assert second[4:6] == first
    assert await office.tap(7, "Duyệt") == f"Đã duyệt bài {POST}, đăng lúc 08:00 thứ Sáu 20/11/2026."
    assert (await cards(office), office.decisions()) == (
        {},
        [(APPROVER.name, "approved"), (LEADER.name, "approved")],
    )


async def test_one_leader_of_two_steps_is_not_asked_twice(office: Office) -> None:
    """A leader may be the approver too, but only once."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(7, "Duyệt")
    assert await cards(office) == {13: 1}
    assert (await office.say(7, f"/duyet {POST}"))[0].startswith("Anh/chị đã duyệt bài")


async def test_a_no_of_the_second_ends_it(office: Office) -> None:
    """All cards close; the author is told."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(8, "Duyệt")
    await office.tap(7, "Từ chối")
    await office.say(7, "chưa đủ số liệu")
    assert (office.post().state, await cards(office)) == (PostState.REJECTED, {})


async def test_two_leaders_who_tap_at_once_make_one_decision(office: Office) -> None:
    """The second is told that it is done."""
    office.world.plan(a_post())
    await office.bot.tick()
    await office.tap(8, "Duyệt")
    for who in (7, 13):
        await office.tap_on(who, (await office.messages(who))[-1], "Duyệt")
    await office.bot.poll(0)
    assert office.decisions() == [(APPROVER.name, "approved"), (LEADER.name, "approved")]
    assert (await office.toasts(13))[-1] == f"Bài {POST} đã được duyệt rồi."


async def test_a_leader_alone_hurries_and_a_second_person_looks(office: Office) -> None:
    """With a reason; whoever did not say yes is asked, and a yes closes the question."""
    office.world.plan(a_post(tags=("khẩn",)))
    await office.bot.tick()
    assert (await office.buttons(7))[0] == ["Duyệt", "Từ chối", "Duyệt khẩn…", "Sửa giờ…", "Xem đủ"]
    assert (await office.buttons(8))[0] == ["Duyệt", "Từ chối", "Sửa giờ…", "Xem đủ"]
    await office.tap(7, "Duyệt khẩn…")
    assert office.post().state == PostState.IN_REVIEW
    [told, *_] = await office.say(7, "bão vào trong hai giờ tới")
    assert told.endswith("Một người khác sẽ được nhờ xem lại bài này.")
    assert (office.post().state, await cards(office)) == (PostState.APPROVED, {8: 1, 13: 1})
    question = (await office.texts(8))[-1]
    assert question.splitlines()[0] == (
        f"Bài khẩn {POST} do Nguyễn Thị Lãnh duyệt một mình lúc 07:00 thứ Sáu 20/11/2026. "
        "Lý do: bão vào trong hai giờ tới"
    )
    assert await office.tap(8, "Đã xem, đồng ý") == f"Đã ghi: anh/chị đồng ý với bài {POST}."
    assert (await cards(office), (await office.texts(13))[-1].splitlines()[-1]) == (
        {},
        "Lê Văn Duyệt 07:00: đã xem, đồng ý.",
    )


async def test_a_second_person_who_does_not_agree_is_offered_the_take_back(office: Office) -> None:
    """Recorded, told to all concerned, and one button from being undone."""
    office.world.plan(a_post(tags=("khẩn",)))
    await office.bot.tick()
    await office.say(7, f"/duyet_khan {POST} bão")
    await office.tap(8, "Không đồng ý…")
    said = await office.say(8, "sai tên xã")
    assert said[0].startswith("Đã ghi ý kiến của anh/chị")
    assert (await office.buttons(8))[-2] == ["Gỡ khỏi mọi kênh"]
    assert any("không đồng ý: sai tên xã" in text for text in await office.texts(7))
    await office.tap(8, "Gỡ khỏi mọi kênh")
    assert (office.post().state, office.decisions()) == (
        PostState.CANCELLED,
        [(LEADER.name, "approved"), (APPROVER.name, "objected")],
    )


async def test_who_hurried_is_not_the_second_eye(office: Office) -> None:
    """Nor is the author, whatever roles they have."""
    office.world.plan(a_post(tags=("khẩn",)))
    await office.bot.tick()
    await office.say(7, f"/duyet_khan {POST} bão")
    asked = {
        who: [text for text in await office.texts(who) if text.startswith("Bài khẩn")] for who in (7, 10)
    }
    assert asked == {7: [], 10: []}


async def test_a_button_lives_for_72_hours_and_its_card_comes_anew(office: Office) -> None:
    """The old card says so and carries none; the old button, replayed, decides nothing."""
    office.bot.desk = replace(TWO, card_ahead=timedelta(days=10))
    office.world.plan(a_post(due=NOW + timedelta(days=9)))
    await office.bot.tick()
    old = (await office.messages(8))[0]
    office.world.clock.at += timedelta(hours=72)
    await office.tap_on(8, old, "Duyệt")
    await office.bot.poll(0)
    toast = (await office.toasts(8))[-1]
    await office.bot.tick()
    await office.bot.tick()
    assert toast == "Nút này đã hết hạn sau 72 giờ. Xin thẻ mới: /duyet MÃ"
    assert "hết hạn sau 72 giờ" in (await office.texts(8))[0]
    assert await office.buttons(8) == [[], ["Duyệt", "Từ chối", "Sửa giờ…", "Xem đủ"]]
    assert office.decisions() == []
    await office.tap(8, "Duyệt")
    assert office.decisions() == [(APPROVER.name, "approved")]


async def test_who_is_away_lets_another_decide_and_both_are_told(office: Office) -> None:
    """Cards go to whoever stands in, too; its end takes them back."""
    office.world.plan(a_post())
    [told, *_more] = await office.say(7, "/uy_quyen Hồ Thị Viết đến 20/11 17:00")
    assert told.startswith("Nguyễn Thị Lãnh ủy quyền cho Hồ Thị Viết duyệt bài thay mình từ 07:00")
    assert any(text.startswith("Nguyễn Thị Lãnh ủy quyền cho Hồ Thị Viết") for text in await office.texts(11))
    await office.tap(8, "Duyệt")
    await office.tap(11, "Duyệt")
    assert office.decisions() == [
        (APPROVER.name, "approved"),
        ("Hồ Thị Viết (thay Nguyễn Thị Lãnh)", "approved"),
    ]
    assert (await office.texts(13))[-1].splitlines()[-1] == (
        "Đã duyệt: Hồ Thị Viết (thay Nguyễn Thị Lãnh) 07:00"
    )


async def test_a_delegation_ends_by_word(office: Office) -> None:
    """What lies in the other's chat is closed."""
    office.world.plan(a_post())
    await office.say(7, "/uy_quyen Hồ Thị Viết từ 20/11 7:30 đến 20/11 17:00")
    office.world.clock.at += timedelta(minutes=31)
    await office.bot.tick()
    lying = sum(map(bool, await office.buttons(11)))
    answer = await office.say(7, "/uy_quyen thôi")
    assert (lying, answer[0], sum(map(bool, await office.buttons(11)))) == (1, "Đã thôi ủy quyền.", 0)
    assert await office.say(7, "/uy_quyen") == ["Không có ủy quyền nào."]


@pytest.mark.parametrize(
    ("who", "words", "told"),
    [
        (7, "Lê Văn Duyệt", "Xin ghi người nhận và giờ kết thúc"),
        (7, "Ai Đó đến 20/11 17:00", "Không có ai tên “Ai Đó”"),
        (7, "Nguyễn Thị Lãnh đến 20/11 17:00", "Xin ủy quyền cho một người khác."),
        (7, "Lê Văn Duyệt từ 21/11 8:00 đến 20/11 17:00", "Giờ kết thúc ủy quyền phải sau"),
        (11, "Lê Văn Duyệt đến 20/11 17:00", "Hồ Thị Viết không có quyền duyệt"),
        (7, "thôi", "Anh/chị không có ủy quyền nào"),
    ],
)
async def test_a_delegation_that_cannot_be_is_refused(
    office: Office, who: int, words: str, told: str
) -> None:
    """With how to write it right."""
    [answer] = await office.say(who, f"/uy_quyen {words}")
    assert answer.startswith(told)
