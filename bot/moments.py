"""Times at the edge: how they are shown, and how people type them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.store.approvals import NotAllowedError
from content_queue.texts import _
from schedules.hours import read_time
from schedules.names import fold
from schedules.refusals import ReadError
from schedules.weekdays import WEEKDAY_NAMES

_DATE = re.compile(
    r"\b(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<year>\d{4}))?)(?=$|[\s,;])"
)
_DAY_WORDS: Mapping[str, int] = {"hom nay": 0, "today": 0, "ngay mai": 1, "tomorrow": 1}
_FILLERS = re.compile(r"\b(?:ngay|luc|vao|het|at|on)\b|,")
#: Nothing but a day, or its end.
_WHOLE = re.compile(r"(?:24(?::00| ?h| ?g| ?gio))?")
_AT_ONCE = frozenset({"ngay", "dang ngay", "ngay bay gio", "now"})
#: A day without a year that has passed means next year only if that is nearer than this.
_NEAR = timedelta(days=180)


class Day(click.DateTime):
    """A day on the command line, refused with the ways to write one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day's midnight, without a zone."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(_("không có ngày “{value}”; ghi như 20/11/2026.").format(value=value), param, ctx)


#: A day as an option takes it.
DAY = Day(["%Y-%m-%d", "%d/%m/%Y"])


def show(moment: datetime) -> str:
    """Return `15:00 thứ Sáu 20/11/2026`, local time."""
    local = moment.astimezone(OFFICE_ZONE)
    return f"{_hour(local)} {show_day(local)}"


def show_day(moment: datetime) -> str:
    """Return `thứ Sáu 20/11/2026`, local time."""
    local = moment.astimezone(OFFICE_ZONE)
    return f"{_(WEEKDAY_NAMES[local.weekday()])} {local:%d/%m/%Y}"


def show_hour(moment: datetime) -> str:
    """Return `15:00`, local time, with seconds only where there are some."""
    return _hour(moment.astimezone(OFFICE_ZONE))


def _hour(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def same_hour_tomorrow(due: datetime, now: datetime) -> str:
    """Return an example of a new time that can be sent back as it stands: `21/11 15:00`."""
    return f"{local_day(now, 1)[0]:%d/%m} {due.astimezone(OFFICE_ZONE):%H:%M}"


def iso(moment: datetime | None) -> str | None:
    """Return ISO 8601 with `+07:00`, as other programs rely on it."""
    return moment.astimezone(OFFICE_ZONE).isoformat() if moment else None


def local_day(now: datetime, days: int = 0) -> tuple[datetime, datetime]:
    """Return the first and the last moment of the local day of `now`, `days` later."""
    day = now.astimezone(OFFICE_ZONE).date() + timedelta(days=days)
    first = datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE)
    return first, first + timedelta(days=1, microseconds=-1)


def read_new_time(text: str, now: datetime) -> datetime | None:
    """Read when a post is to go out instead: a moment, or None for at once.

    Raises:
        NotAllowedError: it is neither, or it has passed.
    """
    return None if plain_words(text) in _AT_ONCE else read_moment(text, now)


def read_moment(text: str, now: datetime) -> datetime:
    """Read a day and an hour as people type them: `20/11 15:00`, `15h30 20/11/2026`, `2026-11-20 15:00`.

    Raises:
        NotAllowedError: it is no moment, or it has passed.
    """
    moment = _moment(text, now)
    if moment <= now:
        raise NotAllowedError(
            _("{moment} đã qua. Xin cho một giờ trong tương lai.").format(moment=show(moment))
        )
    return moment


def read_past(text: str, now: datetime) -> datetime:
    """Read when something happened, written like any moment.

    Raises:
        NotAllowedError: it is no moment, or still to come.
    """
    moment = _moment(text, now)
    if moment > now:
        raise NotAllowedError(_("{moment} chưa đến. Xin ghi giờ đã qua.").format(moment=show(moment)))
    return moment


def _moment(text: str, now: datetime) -> datetime:
    day, rest = _day(plain_words(text), now.astimezone(OFFICE_ZONE).date())
    try:
        hour = read_time(_FILLERS.sub(" ", rest).strip())
    except ReadError as error:
        raise NotAllowedError(_unreadable(text)) from error
    return datetime.combine(day, hour, OFFICE_ZONE).astimezone(UTC)


def read_edge(text: str, now: datetime, *, end: bool) -> datetime:
    """Read where a span begins or ends: a moment, or a day that counts whole, as `24/5` or `24h 25/5`.

    Raises:
        NotAllowedError: it is neither.
    """
    day, rest = _day(plain_words(text), now.astimezone(OFFICE_ZONE).date())
    rest = _FILLERS.sub(" ", rest).strip()
    if not _WHOLE.fullmatch(rest):
        return read_moment(text, now)
    midnight = datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE)
    return (midnight + timedelta(days=end or bool(rest))).astimezone(UTC)


def plain_words(text: str) -> str:
    """Fold words but keep the dashes of dates; the `T` of ISO 8601 becomes a blank."""
    words = " ".join(fold(word) if word.isalpha() else word.lower() for word in text.split())
    return re.sub(r"(?<=\d)t(?=\d)", " ", words)


def _day(words: str, today: date) -> tuple[date, str]:
    for word, days in _DAY_WORDS.items():
        if word in words:
            return today + timedelta(days=days), words.replace(word, " ")
    found = _DATE.search(words)
    if found is None:
        return today, words
    rest = words[: found.start()] + " " + words[found.end() :]
    try:
        return _date(found, today), rest
    except ValueError as error:
        raise NotAllowedError(_("Không có ngày {day}.").format(day=found[0])) from error


def _date(found: re.Match[str], today: date) -> date:
    if found["y"]:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    day, month = int(found["day"]), int(found["month"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    this = date(today.year, month, day)
    following = date(today.year + 1, month, day) if (month, day) != (2, 29) else this
    return following if this < today and following - today < _NEAR else this


def _unreadable(text: str) -> str:
    return _("Không đọc được giờ “{text}”. Ví dụ viết đúng: 20/11 15:00 hoặc 20/11/2026 15h30.").format(
        text=text.strip()
    )
