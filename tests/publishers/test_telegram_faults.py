"""Every fault of Telegram's stand-in, and the state in which a delivery that meets it ends."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import httpx
import pytest

from content_queue.delivery.decide import Rules, after_error
from content_queue.models import Channel, MediaRef, Variant
from content_queue.outcomes import PublishError, Staged
from content_queue.states import DeliveryState
from publishers.http import Shards
from publishers.options import TelegramOptions
from publishers.standin.server import build
from publishers.telegram import TelegramPublisher
from tests.canaries import CANARY_TELEGRAM
from tests.deliveries import a_delivery
from tests.publishers.contract import PNG, Album, Vault
from tests.publishers.serving import serving

D = DeliveryState
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
CHANNEL = Channel("tinh-tg", "ubnd-tinh", "telegram", "@gialai_tinh", token="kenh")
#: Fault word -> how a delivery ends whose one call it hits, and how many posts readers then see.
ENDS: dict[str, tuple[DeliveryState, int]] = {
    "drop_before": (D.UNCONFIRMED, 0),
    "drop_after": (D.UNCONFIRMED, 1),
    "500_before": (D.UNCONFIRMED, 0),
    "500_after": (D.UNCONFIRMED, 1),
    "garbage": (D.UNCONFIRMED, 1),
    "throttle": (D.RETRYING, 0),
}
#: What may become of a bot in a channel -> how a delivery ends there; None: it goes out.
STANDING: dict[str, DeliveryState | None] = {
    "member": None,
    "gone": D.FAILED,
    "no_rights": D.FAILED,
    "kicked": D.FAILED,
    "not_member": D.FAILED,
    "blocked": D.FAILED,
    "not_started": D.FAILED,
    "deactivated": D.FAILED,
}
DELIVERY = a_delivery("telegram", NOW, channel=CHANNEL.name)


class Town:
    """A channel at the stand-in, and the adapter."""

    def __init__(self, url: str, publisher: TelegramPublisher, album: Album) -> None:
        self.url, self.publisher, self.album = url, publisher, album

    def order(self, path: str, **said: object) -> None:
        httpx.post(f"{self.url}/telegram/{path}", json=said, trust_env=False).raise_for_status()

    def seen(self) -> int:
        shown = httpx.get(f"{self.url}/_shown.json", trust_env=False).json()
        return len([post for post in shown if post["visible"]])

    async def ends(self, media: tuple[MediaRef, ...] = ()) -> DeliveryState | None:
        """Publish once; return where that leads a delivery, None where it is out."""
        payload = self.publisher.render(CHANNEL, Variant("vi", "Chào mừng", media=media))
        try:
            await self.publisher.publish(CHANNEL, payload, Staged())
        except PublishError as error:
            return after_error(error, DELIVERY, now=NOW, rules=Rules()).state
        return None


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    with serving(build(tmp_path, now=lambda: datetime.now(UTC), platforms=["telegram"])) as url:
        shards, album = Shards(connections=1), Album()
        options = TelegramOptions(f"{url}/telegram", silent_from=time(), silent_to=time())
        vault = Vault({"kenh": CANARY_TELEGRAM})
        publisher = TelegramPublisher(http=shards, secrets=vault, media=album, options=options)
        yield Town(url, publisher, album)
        await shards.close()


def words(_town: Town) -> tuple[MediaRef, ...]:
    return ()


def an_album(town: Town) -> tuple[MediaRef, ...]:
    return tuple(replace(town.album.keep(PNG + bytes([n])), width=1, height=1) for n in range(2))


@pytest.mark.parametrize("going", [words, an_album])
@pytest.mark.parametrize("word", ENDS)
async def test_a_fault_of_the_one_call(
    town: Town, word: str, going: Callable[[Town], tuple[MediaRef, ...]]
) -> None:
    """What may be out is never sent again blindly, an album as little as words."""
    town.order("_fault", next=word, on="/send")
    assert (await town.ends(going(town)), town.seen()) == ENDS[word]


@pytest.mark.parametrize("standing", STANDING)
async def test_a_bot_that_may_not(town: Town, standing: str) -> None:
    """The channel is closed until a person mends it; once it is, the next post goes out."""
    town.order("_people/standing", chat_id=CHANNEL.remote_id, standing=standing)
    assert await town.ends() == STANDING[standing]
    town.order("_people/standing", chat_id=CHANNEL.remote_id, standing="member")
    assert (await town.ends(), town.seen()) == (None, 1 if STANDING[standing] else 2)
