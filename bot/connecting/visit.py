"""One visit of an officer who connects channels: what is asked, said and kept."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bot.house import House
from content_queue.models import Channel, Grant
from content_queue.store import Connection, tokens
from content_queue.store.audit import Act, note
from content_queue.store.tokens import Given
from content_queue.texts import _


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of one channel; `problem` is empty where it is connected."""

    channel: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """An opened house, the channels to connect, and the officer: asked (`hidden` shows no letters), told."""

    house: House
    channels: Sequence[Channel]
    person: str
    ask: Callable[[str], str]
    ask_hidden: Callable[[str], str]
    say: Callable[[str], None]
    #: Also do again what is there already.
    again: bool = False

    async def keep(self, channel: Channel, grant: Grant) -> None:
        """Keep what opens a channel, durably, and use it from now on."""
        await self.house.ledger.run(partial(self._keep, channel=channel, grant=grant))
        await self.house.ledger.read(self.house.renewals.load)

    def _keep(self, connection: Connection, *, channel: Channel, grant: Grant) -> None:
        now = self.house.clock.now()
        given = Given(channel.token, channel.platform, channel.remote_id, grant, self.person)
        tokens.keep(connection, self.house.renewals.vault, given, now)
        told = {"platform": channel.platform, "account": channel.remote_id, "token": channel.token}
        note(connection, Act(now, self.person, "cli", "connect", channel.name, told))

    def nameless(self) -> Iterator[Joined]:
        """Give the channels of which a token cannot be kept: no name to keep it under, or a shared one."""
        names = Counter(channel.token for channel in self.channels)
        for channel in self.channels:
            if not channel.token:
                yield Joined(channel.name, _("Chưa ghi tên khóa: điền cột token của kênh, ví dụ kenh-01."))
            elif names[channel.token] > 1:
                told = _("Tên khóa “{name}” dùng cho nhiều kênh: mỗi kênh cần một tên khóa riêng.")
                yield Joined(channel.name, told.format(name=channel.token))

    def named(self) -> list[Channel]:
        """Return the channels of which a token can be kept."""
        left_out = {joined.channel for joined in self.nameless()}
        return [channel for channel in self.channels if channel.name not in left_out]
