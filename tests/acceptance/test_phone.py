"""One day of an approver with nothing but a phone: from planned to published, moved, and taken back."""

from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import LEADER, LEADER_ID, Office, channels_of, row
from tests.acceptance.running import Running, until

PLATFORMS = ("facebook", "telegram", "zalo")


def _answer(office: Running, label: str) -> None:
    """Tap the newest message whose first button says this."""
    office.tap(office.button_of(label))


def test_an_approver_needs_nothing_but_a_phone(home_of: RunOffice) -> None:
    """Cards, menus, lists and reports say what to do next; nothing is typed on the server."""
    office = home_of(Office([channel for name in PLATFORMS for channel in channels_of(name, 1)]))
    office.start()
    office.order("zalo", "_work", replies=0)
    due = office.soon(steps=6)
    post = f"LE-{due.astimezone(OFFICE_ZONE).year}"
    office.save(row("LE", due, "Lễ hội cồng chiêng tối nay"))

    card = office.card(post)
    assert [button["text"] for row_of in card["buttons"] for button in row_of] == [
        "Duyệt", "Từ chối", "Sửa giờ…", "Xem đủ",
    ]  # fmt: skip
    assert post in office.ask("/cho_duyet")
    office.tap(card)
    office.bot_said(f"Đã duyệt: {LEADER}")
    assert "đã duyệt" in office.ask("/lich")
    office.before(due)
    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the post to be out")
    assert sorted(each["platform"] for each in office.shown()) == sorted(PLATFORMS)

    assert f"{LEADER} duyệt." in office.ask(f"/vi_sao {post}")
    office.say(f"/go_bai {post} hoãn lễ hội, số VB 45/QĐ-BCĐ của Ban Chỉ đạo", LEADER_ID)
    _answer(office, "Gỡ khỏi mọi kênh")
    until(lambda: set(office.states().values()) == {DeliveryState.RETRACTED}, "all to be taken back")
    assert office.shown() == []
    report = office.bot_said(f"Gỡ bài {post}: ")
    assert report.startswith(f"Gỡ bài {post}: ")
    [demand] = office.json("audit", "demands")
    assert (demand["number"], demand["posts"]) == ("45/QĐ-BCĐ", [post])
