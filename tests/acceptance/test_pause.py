"""The daemon stopped everything because its clock jumped: what waits, what people see, how it goes on."""

import time
from datetime import UTC, datetime

from content_queue.states import DeliveryState
from content_queue.store.audit import DAEMON
from content_queue.store.engine import open_ledger
from content_queue.store.holds import Order, begin_hold
from content_queue.store.writer import InlineWriter
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import LEADER, Office, channels_of, row
from tests.acceptance.running import Running, until

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


def _pause(office: Running) -> None:
    """Write what the daemon writes when its clock jumped: nobody can set the clock of this machine."""
    ledger = InlineWriter(open_ledger(f"sqlite:///{office.home / 'loa.db'}"))
    order = Order({}, REASON, "", DAEMON, DAEMON)
    ledger.run_now(lambda connection: begin_hold(connection, order, datetime.now(UTC)))
    ledger.close()
