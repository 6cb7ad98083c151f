"""Numbers of the channels themselves, and when each channel is asked for them next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from content_queue.models import Channel
from content_queue.outcomes import Reading
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.measured import figures

#: Mark: channel -> when it is asked next.
_PLANNED = "figures"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a channel as read; `value` None has a `reason`."""

    channel: str
    platform: str
    metric: str
    value: int | None
    reason: str | None
    read_at: datetime
    source: str


def keep_figures(
    connection: Connection, channel: Channel, readings: Sequence[Reading], *, now: datetime
) -> None:
    """Store what was read of a channel, beside what was read before."""
    known = {"channel": channel.name, "platform": channel.platform, "read_at": now}
    rows = [
        {**known, "metric": r.metric, "value": r.value, "reason": r.reason, "source": r.source}
        for r in readings
    ]
    if rows:
        connection.execute(insert(figures), rows)


def newest_figures(connection: Connection) -> list[Figure]:
    """Return the last number of each metric of each channel."""
    newest = select(func.max(figures.c.id)).group_by(figures.c.channel, figures.c.metric)
    return _figures(connection, figures.c.id.in_(newest))


def figures_of(connection: Connection, channel: str) -> list[Figure]:
    """Return all numbers of one channel, oldest first."""
    return _figures(connection, figures.c.channel == channel)


def _figures(connection: Connection, wanted: ColumnElement[bool]) -> list[Figure]:
    columns = (figures.c[name] for name in Figure.__slots__)
    rows = connection.execute(select(*columns).where(wanted).order_by(figures.c.id))
    return [Figure(*row) for row in rows]


def planned_figures(connection: Connection) -> dict[str, datetime]:
    """Return when each channel is asked next."""
    told: Mapping[str, str] = read_mark(connection, _PLANNED, {})
    return {channel: datetime.fromisoformat(at) for channel, at in told.items()}


def plan_figures(connection: Connection, times: Mapping[str, datetime]) -> None:
    """Set when these channels are asked next; what is planned for others stays."""
    planned = {**planned_figures(connection), **times}
    keep_mark(connection, _PLANNED, {channel: at.isoformat() for channel, at in planned.items()})
