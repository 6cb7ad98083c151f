"""Everything is stopped, by the daemon because its clock jumped, or by a person in the midst of a burst."""

import time
from collections import Counter
from datetime import UTC, datetime

from content_queue.states import DeliveryState
from content_queue.store.audit import DAEMON
from content_queue.store.engine import open_ledger
from content_queue.store.holds import Order, begin_hold
from content_queue.store.writer import InlineWriter
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import LEADER, LEADER_ID, Office, channels_of, row
from tests.acceptance.running import Running, until

MOVING = {DeliveryState.SCHEDULED, DeliveryState.PUBLISHING, DeliveryState.RETRYING}
REASON = "đồng hồ máy chủ vừa nhảy tới trước 5 giờ 0 phút"


def test_in_a_pause_nothing_is_claimed_and_a_person_lets_it_go_on(home_of: RunOffice) -> None:
    """What falls due stays scheduled, neither sent nor held nor missed; after the release it leaves once."""
    office = home_of(Office(channels_of("telegram", 2)))
    office.start()
    due = office.soon(steps=3)
    post = f"LU-{due.astimezone(OFFICE_ZONE).year}"
    office.save(row("LU", due, "Cảnh báo lũ"))
    office.approve_all_here(post)
    _pause(office)
    office.before(due)
    time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + 5)

    assert set(office.states().values()) == {DeliveryState.SCHEDULED}
    assert office.shown() == []
    stop = f"Lệnh tạm dừng số 1: tất cả các kênh. Lý do: {REASON}. Người ra lệnh: loa."
    assert office.told("queue").splitlines()[-1] == stop
    assert stop in office.ask("/trang_thai")
    assert f"Đang có lệnh tạm dừng số 1: {REASON}." in office.told("why", post)

    assert "số 1" in office.told("release", "1", "--as", LEADER)
    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the posts to go out")
    assert len(office.shown()) == 2


def test_a_tap_in_a_burst_of_450_stops_all_that_was_not_intended_before_it(home_of: RunOffice) -> None:
    """Once the bot has said that the hold is in force no intent is added; its end publishes nothing."""
    slow = "[telegram]\nper_bot_per_second = 2\n"
    office = home_of(Office(channels_of("telegram", 450), more_settings=slow))
    office.start()
    due = office.soon(steps=8)
    post = f"LU-{due.astimezone(OFFICE_ZONE).year}"
    office.save(row("LU", due, "Lễ hội đường phố"))
    office.approve_all_here(post)
    office.say("/tam_dung vì sự cố", LEADER_ID)
    listed = office.button_of("Tạm dừng ngay")
    assert "Sẽ giữ lại 1 bài, 450 lượt đăng:" in listed["text"]
    office.before(due)
    until(lambda: len(office.shown()) >= 40, "the burst to have begun")
    office.tap(listed)
    office.bot_said("Chấm dứt: /tiep_tuc 1")
    intended = sum(each.delivery.attempts for each in office.queue())

    until(lambda: not MOVING & set(office.states().values()), "silence")
    out = len(office.shown())
    assert (out, sum(each.delivery.attempts for each in office.queue())) == (intended, intended)
    assert Counter(office.states().values()) == {DeliveryState.PUBLISHED: out, DeliveryState.HELD: 450 - out}
    assert 40 <= out < 450

    assert "số 1" in office.told("release", "1", "--as", LEADER)
    time.sleep(5)
    assert len(office.shown()) == out


def _pause(office: Running) -> None:
    """Write what the daemon writes when its clock jumped: nobody can set the clock of this machine."""
    ledger = InlineWriter(open_ledger(f"sqlite:///{office.home / 'loa.db'}"))
    order = Order({}, REASON, "", DAEMON, DAEMON)
    ledger.run_now(lambda connection: begin_hold(connection, order, datetime.now(UTC)))
    ledger.close()
