"""How a daemon ends, well or badly, and what its next one makes of that."""

import os
import signal
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from content_queue.states import DeliveryState
from schedules.clock import OFFICE_ZONE
from tests.acceptance.conftest import RunOffice, in_time
from tests.acceptance.offices import Office, channels_of, row
from tests.acceptance.running import PATIENCE, Running, until

SETTINGS = "\n[zalo]\nper_app_per_second = 1000\n\n[publish]\nsettle_seconds = 1\n"
PLATFORMS = ("facebook", "zalo", "telegram")
#: Calls to one platform that are under way at once.
LANES = 32
#: Pages whose first post arrives and is not answered.
PAGES = tuple(f"Facebook {number:03}" for number in range(5))
ENDED = {DeliveryState.PUBLISHED, DeliveryState.UNCONFIRMED}


@in_time
def test_sigterm_ends_the_daemon_cleanly_in_the_middle_of_a_burst(home_of: RunOffice) -> None:
    """Only one daemon serves a home; when told to end it finishes what has begun, and nothing hangs."""
    channels = [*channels_of("facebook", 100), *channels_of("telegram", 100)]
    office = home_of(Office(channels))
    daemon = office.start()
    second = office.loa("run")
    told, following = second.stderr.splitlines()
    assert (second.returncode, second.stdout) == (6, "")
    assert "không chạy hai lần một lúc" in told
    assert following == "Tiếp theo: Xem việc đang làm: loa queue"

    due = office.soon(steps=3)
    office.save(row("TET", due, "Chúc mừng năm mới"))
    office.approve_all_here(f"TET-{_year(due)}")
    office.before(due)
    until(office.shown, "the first post to be out")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=PATIENCE) == 0

    states = Counter(office.states().values())
    assert set(states) <= {DeliveryState.PUBLISHED, DeliveryState.SCHEDULED}
    assert states[DeliveryState.PUBLISHED] == len(office.shown())

    office.start()
    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the rest to be out")
    assert _times_shown(office) == {(each.remote_id, "Chúc mừng năm mới"): 1 for each in channels}


@in_time
def test_after_sigkill_nothing_leaves_twice_and_nothing_is_forgotten(home_of: RunOffice) -> None:
    """Killed with calls under way: what can be read back is published, people are asked about the rest."""
    channels = [each for name in PLATFORMS for each in channels_of(name, 60)]
    office = home_of(Office(channels, more_settings=SETTINGS))
    daemon = office.start()
    office.order("zalo", "_work", replies=0)
    office.order("facebook", "_fault", next="drop_after", count=len(PAGES), on="/feed")
    begin = office.soon(steps=5)
    due = begin + timedelta(seconds=5)
    office.save(
        row("TIN-DAU", begin, "Tin đầu", Kênh=", ".join(PAGES)),
        row("LU", due, "Cảnh báo lũ"),
    )
    office.approve_all_here(f"TIN-DAU-{_year(due)}", f"LU-{_year(due)}")
    office.before(begin)
    until(lambda: len(office.shown()) == len(PAGES), "the first post, of which no answer tells")
    _stop_answers(office, due)
    daemon.kill()
    daemon.wait()
    assert Counter(office.states().values())[DeliveryState.PUBLISHING] == len(channels)

    os.kill(office.standin, signal.SIGCONT)
    office.start()
    until(lambda: _settled(office), "every delivery to end")
    assert set(office.states().values()) == ENDED
    _look_at_both_sides(office)


def _stop_answers(office: Running, due: datetime) -> None:
    """Let requests arrive and no answer come; return when the lanes of two platforms are full."""
    os.kill(office.standin, signal.SIGSTOP)
    office.before(due)
    until(lambda: _unheard(office) >= 2 * LANES, "requests to be under way")


def _look_at_both_sides(office: Running) -> None:
    """What is published is there; what is there once is there; what is on a Page was found there."""
    shown = _times_shown(office)
    assert set(shown.values()) == {1}
    assert sum(line == "Tin đầu" for _account, line in shown) == len(PAGES)
    published = {each.delivery.remote_id for each in office.queue() if each.delivery.state in _OUT}
    there = {each["remote_id"] for each in office.shown()}
    on_pages = {each["remote_id"] for each in office.shown() if each["platform"] == "facebook"}
    assert on_pages <= published <= there


_OUT = {DeliveryState.PUBLISHED}


def _year(due: datetime) -> int:
    return due.astimezone(OFFICE_ZONE).year


def _times_shown(office: Running) -> Counter[tuple[str, str]]:
    """Return (account, first line) -> how often readers see it."""
    return Counter((each["channel"], each["text"].splitlines()[0]) for each in office.shown())


def _settled(office: Running) -> bool:
    """Tell whether nothing moves, and all that lies on a Page has been found there."""
    waits = [each.delivery.looks == 0 for each in office.queue() if each.delivery.state not in _OUT]
    return set(office.states().values()) <= ENDED and not any(waits)


def _unheard(office: Running) -> int:
    """Count the connections to the stand-ins whose bytes nobody has read yet."""
    port = int(office.address.rpartition(":")[2])
    lines = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    queues = [line[4] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "01"]
    return sum(int(queue.partition(":")[2], 16) > 0 for queue in queues)
