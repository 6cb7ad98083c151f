"""Waits that platforms asked for: kept, so that a restart does not shorten them and people can see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from content_queue.delivery.pacer import Pacer
from content_queue.ports import Limit
from content_queue.store import Connection, marks

#: Mark under which they are kept: pacing key -> until when.
PAUSES = "pauses"
#: Shorter ones are over before anybody looks.
LONG = timedelta(minutes=1)


def note_pause(connection: Connection, *, key: str, until: datetime, now: datetime) -> None:
    """Keep that a key waits until a moment; what is over is forgotten."""
    kept = {name: at for name, at in pauses(connection).items() if at > now}
    kept[key] = max(until, kept.get(key, until))
    marks.keep_mark(connection, PAUSES, {name: at.isoformat() for name, at in kept.items()})


def pauses(connection: Connection) -> Mapping[str, datetime]:
    """Return until when each key waits, or waited."""
    told: Mapping[str, str] = marks.read_mark(connection, PAUSES, {})
    return {key: datetime.fromisoformat(at) for key, at in told.items()}


def paused_until(kept: Mapping[str, datetime], limits: Sequence[Limit], now: datetime) -> datetime | None:
    """Return when a call with these limits may begin, None if it may now. Pure."""
    ends = [kept[limit.key] for limit in limits if limit.key in kept and kept[limit.key] > now]
    return max(ends, default=None)


def resume(pacer: Pacer, kept: Mapping[str, datetime], now: datetime) -> None:
    """Wait on, after a restart, for what was asked for before it."""
    for key, until in kept.items():
        if until > now:
            pacer.stop(key, until - now)
