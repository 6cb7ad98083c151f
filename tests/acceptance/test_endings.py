"""How a daemon ends, well or badly, and what its next one makes of that."""

import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from content_queue.states import DeliveryState
from tests.acceptance.conftest import RunOffice
from tests.acceptance.offices import Office, channels_of, row
from tests.acceptance.running import PATIENCE, Running, until

AHEAD = timedelta(seconds=15)
SETTINGS = "\n[zalo]\nper_app_per_second = 1000\n\n[publish]\nsettle_seconds = 1\n"
ENDED = {DeliveryState.PUBLISHED, DeliveryState.UNCONFIRMED}


def test_sigterm_ends_the_daemon_cleanly_in_the_middle_of_a_burst(home_of: RunOffice) -> None:
    """Only one daemon serves a home; when told to end it finishes what has begun, and nothing hangs."""
    due = (datetime.now(UTC) + AHEAD).replace(microsecond=0)
    channels = [*channels_of("facebook", 100), *channels_of("telegram", 100)]
    office = home_of(Office(channels, [row("TET", due, "Chúc mừng năm mới")]))
    daemon = office.start()
    second = office.loa("run")
    told, following = second.stderr.splitlines()
    assert (second.returncode, second.stdout) == (6, "")
    assert "không chạy hai lần một lúc" in told
    assert following == "Tiếp theo: Xem việc đang làm: loa queue"

    post = next(iter(office.post_states()))
    office.approve_here(post)
    until(office.shown, "the first post to be out")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=PATIENCE) == 0

    states = Counter(office.states().values())
    assert set(states) <= {DeliveryState.PUBLISHED, DeliveryState.SCHEDULED}
    assert states[DeliveryState.PUBLISHED] == len(office.shown())

    office.start()
    until(lambda: set(office.states().values()) == {DeliveryState.PUBLISHED}, "the rest to be out")
    assert _times_shown(office) == Counter({each.remote_id: 1 for each in channels})


def test_after_sigkill_nothing_leaves_twice_and_nothing_is_forgotten(home_of: RunOffice) -> None:
    """Killed with calls under way: what exists and can be read back is published, the rest is asked about."""
    due = (datetime.now(UTC) + AHEAD).replace(microsecond=0)
    channels = [each for name in ("facebook", "zalo", "telegram") for each in channels_of(name, 60)]
    office = home_of(Office(channels, [row("LU", due, "Cảnh báo lũ")], SETTINGS))
    daemon = office.start()
    post = next(iter(office.post_states()))
    office.approve_here(post)
    until(lambda: _staged(office) == 60, "the articles to lie hidden")

    os.kill(office.standin, signal.SIGSTOP)  # requests arrive, and no answer comes
    until(lambda: DeliveryState.PUBLISHING in office.states().values(), "the second")
    until(lambda: _unheard(office) >= 30, "requests to be under way")
    daemon.kill()
    daemon.wait()
    os.kill(office.standin, signal.SIGCONT)
    there = {each["channel"] for each in until(office.shown, "what had left to appear")}
    assert not {DeliveryState.PUBLISHED} & set(office.states().values())

    office.start()
    until(lambda: _settled(office), "every delivery to end")
    assert set(office.states().values()) == ENDED
    assert _most_shown(office) == 1
    published = {each.delivery.channel for each in office.queue() if each.delivery.state in _OUT}
    names = {each.remote_id: each.name for each in channels}
    shown = {names[each["channel"]] for each in office.shown()}
    assert published <= shown
    on_facebook = {names[each] for each in there if names[each].startswith("Facebook")}
    assert on_facebook
    assert on_facebook <= published


_OUT = {DeliveryState.PUBLISHED}


def _times_shown(office: Running) -> Counter[str]:
    return Counter(each["channel"] for each in office.shown())


def _most_shown(office: Running) -> int:
    return max(_times_shown(office).values())


def _staged(office: Running) -> int:
    return sum("id" in (each.delivery.staged or {}) for each in office.queue())


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
