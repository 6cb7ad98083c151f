"""Weekdays as people write them: `thứ Hai`, `Thứ 2`, `T2`, `CN`. Monday is 0, as `date.weekday` counts."""

import re
from collections.abc import Mapping

from content_queue.texts import N_

#: In folded text, with the blank behind it.
WEEKDAY = re.compile(
    r"(?:thu (?P<name>hai|ba|tu|nam|sau|bay|[2-7])|t(?P<digit>[2-7])|(?P<sunday>cn|chu nhat))\b ?"
)
WEEKDAY_NAMES = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)
_SUNDAY = 6
_WEEKDAYS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(("hai 2", "ba 3", "tu 4", "nam 5", "sau 6", "bay 7"))
    for word in words.split()
}


def weekday_of(found: re.Match[str]) -> int:
    """Return the number of the weekday that `WEEKDAY` found."""
    return _SUNDAY if found["sunday"] else _WEEKDAYS[found["name"] or found["digit"]]
