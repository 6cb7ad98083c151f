"""Look at every channel once a day: who lost access is told before a post is due, not after."""

import asyncio
from functools import partial

from content_queue.delivery.works import Works
from content_queue.models import Channel
from content_queue.outcomes import ChannelHealth, NotSentError, PublishError, UnknownOutcomeError
from content_queue.store import Connection, marks
from content_queue.store.notices import Word, tell
from content_queue.texts import _

#: Mark under which the last look at the channels is kept: name -> ok, problems, time.
HEALTH = "channels"


async def check(works: Works) -> None:
    """Ask each platform about each channel, keep what it said, and tell what closed."""
    channels = [channel for channel in works.channels.values() if channel.mode == "api"]
    found = await asyncio.gather(*(_look(works, channel) for channel in channels))
    told = {channel: health for channel, health in zip(channels, found, strict=True) if health is not None}
    await works.ledger.run(partial(_keep, works=works, told=told))


async def _look(works: Works, channel: Channel) -> ChannelHealth | None:
    """Return what was found; None where nobody could be asked, which says nothing of the channel."""
    try:
        return await works.call(channel, partial(works.publisher(channel).check, channel), spare=True)
    except (NotSentError, UnknownOutcomeError):
        return None
    except PublishError as error:
        return ChannelHealth(ok=False, problems=(str(error),))


def _keep(connection: Connection, works: Works, told: dict[Channel, ChannelHealth]) -> None:
    now = works.clock.now()
    kept = marks.read_mark(connection, HEALTH, {})
    for channel, health in told.items():
        kept[channel.name] = {"ok": health.ok, "problems": list(health.problems), "at": now.isoformat()}
        if not health.ok:
            text = _("Kênh {channel} không đăng được: {problems}")
            said = text.format(channel=channel.name, problems=" ".join(health.problems))
            key = f"channel:{channel.name}:{now:%Y-%m-%d}:{said}"
            tell(connection, Word(key, channel.agency, "", said), now)
    marks.keep_mark(connection, HEALTH, kept)
