"""Look at every channel once a day: who lost access is told before a post is due, not after."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from content_queue.delivery.ends import tell_ends
from content_queue.delivery.renew import Renewals
from content_queue.delivery.works import Works
from content_queue.models import Channel, Outlook
from content_queue.outcomes import ChannelHealth, NotSentError, PublishError, UnknownOutcomeError
from content_queue.store import Connection, marks, tokens
from content_queue.store.notices import Word, tell
from content_queue.texts import _

#: Mark under which the last look at the channels is kept: name -> ok, problems, time.
HEALTH = "channels"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at one channel found, and what its platform says of the token where it was asked."""

    health: ChannelHealth
    outlook: Outlook | None = None


async def check(works: Works, renewals: Renewals | None = None) -> Mapping[str, ChannelHealth]:
    """Look at all channels, keep what was found, and tell what closed and which access ends soon."""
    found = await look_at(works, [one for one in works.channels.values() if one.mode == "api"], renewals)
    if renewals is not None:
        await works.ledger.run(partial(tell_ends, renewals=renewals))
    return found


async def look_at(
    works: Works, channels: Iterable[Channel], renewals: Renewals | None = None
) -> Mapping[str, ChannelHealth]:
    """Ask each platform about each of these channels, keep what it said, and tell what closed."""
    asked = list(channels)
    found = await asyncio.gather(*(_look(works, channel, renewals) for channel in asked))
    seen = {channel: one for channel, one in zip(asked, found, strict=True) if one is not None}
    await works.ledger.run(partial(_keep, works=works, seen=seen, renewals=renewals))
    return {channel.name: one.health for channel, one in seen.items()}


async def _look(works: Works, channel: Channel, renewals: Renewals | None) -> Seen | None:
    """Return what was found; None where nobody could be asked, which says nothing of the channel."""
    try:
        health = await works.call(channel, partial(works.publisher(channel).check, channel), spare=True)
    except (NotSentError, UnknownOutcomeError):
        return None
    except PublishError as error:
        return Seen(ChannelHealth(ok=False, problems=(str(error),)))
    outlook = await _outlook(works, channel, renewals) if renewals is not None else None
    return Seen(_both(health, outlook), outlook)


async def _outlook(works: Works, channel: Channel, renewals: Renewals) -> Outlook | None:
    """Return what is known of a channel's token itself, None where nobody can tell."""
    token, looker = renewals.known.get(channel.token), renewals.lookers.get(channel.platform)
    if token is None or not token.version:
        return Outlook(ok=True, problems=_unrenewed(channel, renewals))
    if token.lost_at is not None:
        return Outlook(ok=True, problems=(token.reason or "",))
    if looker is None:
        return None
    asked = partial(looker.look, renewals.tokens.get(token.name), token.account)
    try:
        return await works.call(channel, asked, spare=True)
    except PublishError:
        return None


def _unrenewed(channel: Channel, renewals: Renewals) -> tuple[str, ...]:
    """Tell of a token that runs out and lies in a file, where nobody renews it."""
    if channel.platform not in renewals.logins or renewals.vault.rehearsal:
        return ()
    told = _("Khóa của kênh nằm trong tệp nên không tự gia hạn. Hãy gõ: loa channels connect {platform}")
    return (told.format(platform=channel.platform),)


def _both(health: ChannelHealth, outlook: Outlook | None) -> ChannelHealth:
    if outlook is None:
        return health
    problems = tuple(dict.fromkeys((*health.problems, *outlook.problems)))
    return ChannelHealth(health.ok and outlook.ok, health.name, problems)


def _keep(
    connection: Connection, *, works: Works, seen: Mapping[Channel, Seen], renewals: Renewals | None
) -> None:
    now = works.clock.now()
    kept = marks.read_mark(connection, HEALTH, {})
    for channel, found in seen.items():
        health = found.health
        kept[channel.name] = {"ok": health.ok, "problems": list(health.problems), "at": now.isoformat()}
        if renewals is not None and found.outlook is not None and channel.token in renewals.known:
            end = found.outlook.person_by
            tokens.note_end(connection, renewals.vault, renewals.known[channel.token], end=end)
        if not health.ok:
            text = _("Kênh {channel} không đăng được: {problems}")
            said = text.format(channel=channel.name, problems=" ".join(health.problems))
            key = f"channel:{channel.name}:{now:%Y-%m-%d}:{said}"
            tell(connection, Word(key, channel.agency, "", said), now)
    marks.keep_mark(connection, HEALTH, kept)
