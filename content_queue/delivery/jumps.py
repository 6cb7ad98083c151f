"""Jumps of the wall clock, seen against the steady one: far ahead, nothing is claimed until a person says so.

Downtime is no jump, for nobody looked meanwhile; nor is a suspended machine's: the steady clock counts it.
Small steps, as a time server makes them, are nothing. Back, nothing leaves again: the ledger knows what left.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from content_queue.delivery.works import Works
from content_queue.ports import Clock
from content_queue.store import Connection
from content_queue.store.approvals import PROVINCE
from content_queue.store.audit import DAEMON
from content_queue.store.deliveries import count_ready
from content_queue.store.holds import Order, begin_hold, own_pause
from content_queue.store.notices import Word, tell
from content_queue.texts import _

log = logging.getLogger(__name__)
#: A wall clock that moved by more than this against the steady one has jumped.
FAR = timedelta(hours=1)
#: A step that is worth a line in the log.
STEP = timedelta(seconds=1)
#: Steady seconds after which people are told again of a pause that nobody has ended.
REMIND = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Both clocks, read together."""

    wall: datetime
    steady: float


def moment(clock: Clock) -> Moment:
    """Read both clocks."""
    return Moment(clock.now(), clock.monotonic())


def step(before: Moment, after: Moment) -> timedelta:
    """Return how far the wall clock moved by itself between two moments."""
    return (after.wall - before.wall) - timedelta(seconds=after.steady - before.steady)


class ClockWatch:
    """Looks at the clock before anything is claimed by it."""

    def __init__(self, works: Works) -> None:
        """Begin with the clock as it is."""
        self._works = works
        self._last = moment(works.clock)
        #: Whether the last look let deliveries be claimed.
        self.trusted = True
        self._told_at: float | None = None  # the steady second at which people last heard of a pause

    async def look(self) -> bool:
        """Tell whether deliveries may be claimed now; a jump ahead begins a pause that a person ends.

        A look that could not be kept is made again, from where the last one stood.
        """
        now = moment(self._works.clock)
        moved = step(self._last, now)
        if abs(moved) > STEP:
            told = {"action": "clock_stepped", "seconds": round(moved.total_seconds())}
            log.warning("The wall clock was moved", extra=told)
        if abs(moved) > FAR:
            change = _pause if moved > FAR else _warn
            await self._works.ledger.run(lambda connection: change(connection, moved, now.wall))
        self._last = now
        pause = await self._works.ledger.read(own_pause)
        self.trusted = pause is None
        await self._remind(pause, now)
        return self.trusted

    async def _remind(self, pause: int | None, now: Moment) -> None:
        """Tell people again of a pause that goes on: what falls due in it waits without a word."""
        if pause is None or self._told_at is None:
            self._told_at = None if pause is None else now.steady
        elif now.steady - self._told_at >= REMIND:
            await self._works.ledger.run(lambda connection: _still(connection, pause, now.wall))
            self._told_at = now.steady


def _pause(connection: Connection, moved: timedelta, now: datetime) -> None:
    if own_pause(connection) is not None:
        return
    reason = _("đồng hồ máy chủ vừa nhảy tới trước {span}").format(span=_span(moved))
    number = begin_hold(connection, Order({}, reason, "", DAEMON, DAEMON), now)
    text = _(
        "Đồng hồ máy chủ vừa nhảy tới trước {span}, nên loa tạm dừng đăng để không đăng nhầm giờ. "
        "Xin cán bộ CNTT xem lại giờ máy. Giờ đã đúng thì chấm dứt tạm dừng: /tiep_tuc {number}\n"
        "Chưa bài nào bị bỏ: khi đó bài còn trong khung giờ sẽ lên, bài quá khung giờ thì loa hỏi."
    )
    word = text.format(span=_span(moved), number=number)
    tell(connection, Word(f"clock:{number}", PROVINCE, "", word), now)


def _still(connection: Connection, number: int, now: datetime) -> None:
    text = _(
        "loa vẫn đang tạm dừng đăng vì đồng hồ máy chủ đã nhảy: {count} lượt đăng đã đến giờ mà chưa lên. "
        "Xin cán bộ CNTT xem lại giờ máy. Giờ đã đúng thì chấm dứt tạm dừng: /tiep_tuc {number}"
    )
    word = text.format(count=count_ready(connection, now), number=number)
    tell(connection, Word(f"clock:{number}:{now.isoformat()}", PROVINCE, "", word), now)


def _warn(connection: Connection, moved: timedelta, now: datetime) -> None:
    text = _(
        "Đồng hồ máy chủ vừa lùi lại {span}. Không bài nào đăng lại lần nữa; bài chưa đăng sẽ lên theo "
        "giờ máy hiện nay. Xin cán bộ CNTT xem lại giờ máy."
    )
    word = text.format(span=_span(moved))
    tell(connection, Word(f"clock back:{now.isoformat()}", PROVINCE, "", word), now)


def _span(moved: timedelta) -> str:
    minutes = round(abs(moved) / timedelta(minutes=1))
    return _("{hours} giờ {minutes} phút").format(hours=minutes // 60, minutes=minutes % 60)
