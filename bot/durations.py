"""Durations and clock times as people write them in settings: `20s`, `5m`, `1h`, `7d`, `02:30`."""

import re
from datetime import time, timedelta

from content_queue.texts import _

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def read_duration(written: object) -> timedelta:
    """Read `20s`, `5m`, `1h` or `7d`.

    Raises:
        ValueError: it is something else, or nothing at all.
    """
    told = re.fullmatch(r"([1-9]\d{0,5}) *([smhd])", str(written).strip())
    if not told:
        raise ValueError(_('cần một khoảng thời gian. Ví dụ: "20s", "5m", "1h", "7d"'))
    return int(told[1]) * _UNITS[told[2]]


def write_duration(duration: timedelta) -> str:
    """Write a duration in the largest unit that holds it whole."""
    for letter, unit in reversed(_UNITS.items()):
        if duration % unit == timedelta():
            return f"{duration // unit}{letter}"
    return f"{duration.total_seconds()}s"


def read_clock(written: object) -> time:
    """Read `02:30`.

    Raises:
        ValueError: it is no time of a day.
    """
    told = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(:00)?", str(written).strip())
    if not told:
        raise ValueError(_('cần một giờ trong ngày. Ví dụ: "02:30"'))
    return time(int(told[1]), int(told[2]))
