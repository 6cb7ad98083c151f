"""People and a running daemon: what they type to the bot, and what they do on the server beside it."""

from datetime import UTC, datetime, timedelta

from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import (
    AUTHOR,
    AUTHOR_ID,
    LEADER,
    LEADER_ID,
    STRANGER_ID,
    Office,
    channels_of,
    row,
)
from tests.acceptance.running import Running

CODES = ("MOT", "HAI", "BA", "BON", "NAM")
#: A person of one agency, who answers for no other.
PERSON = """
[[people]]
name = "Lê Văn Xã"
telegram_id = 5004
roles = ["approver"]
agencies = ["UBND xã Ia Hrung"]
"""
OTHER_ID = 5004


def _office(home_of: RunOffice, due: datetime) -> Running:
    rows = [row(code, due, f"Nội dung bài {code}", Thẻ="BãoSố1") for code in CODES]
    office = home_of(Office(channels_of("telegram", 2), rows, PERSON))
    office.start()
    return office


def test_people_decide_ask_and_stop_by_typing_and_only_those_who_may(home_of: RunOffice) -> None:
    """Listed people, by number, in a private chat, for their agency, and never the author."""
    due = (datetime.now(UTC) + timedelta(minutes=20)).replace(microsecond=0)
    office = _office(home_of, due)
    mot, hai, ba, bon, nam = (f"{code}-{due.astimezone(OFFICE_ZONE).year}" for code in CODES)
    cards = [office.card(post) for post in (mot, hai, ba, bon, nam)]

    office.tap(cards[0], by=STRANGER_ID)
    assert f"Số Telegram của anh/chị là {STRANGER_ID}" in office.ask(f"/duyet {mot}", STRANGER_ID)
    assert "không tự duyệt bài của mình" in office.ask(f"/duyet {mot}", AUTHOR_ID)
    assert "không" in office.ask(f"/duyet {mot}", OTHER_ID)
    office.say(f"/duyet {mot}", LEADER_ID, chat_id=-100, chat_type="group")
    assert office.ask("/cho_duyet").startswith("5 bài đang chờ duyệt:")
    assert set(office.post_states().values()) == {"in_review"}
    assert "Không dùng được nút này." in [toast["text"] for toast in office.toasts()]

    assert office.ask(f"/duyệt {mot}").startswith(f"Đã duyệt bài {mot}, đăng lúc ")
    assert office.ask(f"/approve {hai.lower()}").startswith(f"Đã duyệt bài {hai}, đăng lúc ")
    assert office.ask(f"/tu_choi {ba} sai ngày").startswith(f"Đã từ chối bài {ba}.")
    office.bot_said(f"Bài {ba} bị {LEADER} từ chối.")  # told when the chat takes more messages
    assert office.ask("/cho_duyet").startswith("2 bài đang chờ duyệt:")
    assert office.post_states() == {
        mot: "approved", hai: "approved", ba: "rejected", bon: "in_review", nam: "in_review"
    }  # fmt: skip

    _ask_stop_and_go_on(office, due)


def _ask_stop_and_go_on(office: Running, due: datetime) -> None:
    """See each command answered by a sentence that says what is so, and what to type next."""
    assert office.ask("/tro_giup").startswith(f"Kính chào {LEADER}. Các lệnh:\n/cho_duyet – ")
    listed = office.ask("/hom_nay")
    same_day = due.astimezone(OFFICE_ZONE).date() == datetime.now(OFFICE_ZONE).date()
    assert listed.startswith("Hôm nay có 5 bài:" if same_day else "Hôm nay không có bài nào.")
    assert "Lệnh tạm dừng số 1: thẻ BãoSố1. Lý do: bão vào bờ" in office.stop(
        "thẻ BãoSố1 vì bão vào bờ, số VB 45/UBND-NC"
    )
    status = office.ask("/trang_thai")
    assert "Bài đang chờ duyệt: 2." in status
    assert "(văn bản số 45/UBND-NC)" in status
    assert office.ask("/tiep_tuc").startswith("Đã chấm dứt lệnh tạm dừng số 1.")
    assert "Lệnh tạm dừng" not in office.ask("/status")


def test_the_server_obeys_the_same_rules_beside_the_daemon(home_of: RunOffice) -> None:
    """`loa` on the command line and the daemon share one ledger; cards show what was done."""
    due = (datetime.now(UTC) + timedelta(minutes=20)).replace(microsecond=0)
    office = _office(home_of, due)
    mot, hai, ba, bon, nam = (f"{code}-{due.astimezone(OFFICE_ZONE).year}" for code in CODES)

    office.card(mot)
    refused = office.loa("approve", mot, "--as", AUTHOR)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "không tự duyệt bài của mình" in refused.stderr
    office.approve_here(mot)
    office.told("reject", hai, "--as", LEADER, "--reason", "Chưa có nguồn")
    assert "Đã hủy bài" in office.told("cancel", ba, "--as", LEADER, "--reason", "hoãn")
    assert "số 1" in office.told("hold", "--all", "--yes", "--as", LEADER, "--reason", "quốc tang")
    assert "số 1" in office.told("release", "1", "--as", LEADER)

    states = {each["post"]: (each["post_state"], each["state"]) for each in office.json("queue")}
    assert states == {
        mot: ("approved", "scheduled"),
        hai: ("rejected", "scheduled"),
        ba: ("cancelled", "cancelled"),
        bon: ("in_review", "scheduled"),
        nam: ("in_review", "scheduled"),
    }
    assert LEADER in office.told("why", mot)
    assert office.json("reach") == []
    closed = f"Đã duyệt: {LEADER}"
    assert closed in office.bot_said(closed)
