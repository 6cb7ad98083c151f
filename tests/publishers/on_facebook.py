"""What tests of single deeds at Facebook stand on: the stand-in, a Page, and an adapter with a memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import httpx
import pytest

from content_queue.models import Channel, MediaRef, Payload
from content_queue.outcomes import Pending, Receipt, Staged
from publishers.facebook import FacebookPublisher
from publishers.memory import Memory
from publishers.options import FacebookOptions
from publishers.standin.facebook import FacebookStandin
from publishers.standin.server import Standin
from tests.canaries import CANARY_FACEBOOK
from tests.publishers.contract import House, PublisherContract

Order = Callable[..., None]
PAGE = "100064000000001"


@dataclass
class Watch:
    """A clock that a test turns."""

    at: datetime = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class OnFacebook:
    """Fixtures only; the contract's are borrowed without its tests."""

    platform, committing, token = "facebook", "/feed", CANARY_FACEBOOK
    more_secrets: ClassVar[Mapping[str, str]] = {}
    standins = PublisherContract.standins
    base_url = PublisherContract.base_url
    house = PublisherContract.house
    fault = PublisherContract.fault

    @pytest.fixture
    def standin(self, standins: tuple[str, Standin]) -> FacebookStandin:
        assert isinstance(standins[1], FacebookStandin)
        return standins[1]

    @pytest.fixture
    def watch(self) -> Watch:
        return Watch()

    @pytest.fixture
    def options(self, base_url: str) -> FacebookOptions:
        return FacebookOptions(api_url=base_url)

    @pytest.fixture
    def publisher(self, house: House, options: FacebookOptions, watch: Watch) -> FacebookPublisher:
        tools = {"http": house.http, "secrets": house.secrets, "media": house.media}
        return FacebookPublisher(**tools, options=options, memory=Memory(watch))  # type: ignore[arg-type]

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("UBND xã Ia Grai", "ia-grai", "facebook", PAGE, token="kenh")

    @pytest.fixture
    def take(self, base_url: str) -> Callable[..., None]:
        """Return the way to take numbers away at the stand-in."""

        def order(**names: Any) -> None:
            httpx.post(f"{base_url}/_metrics", json=names, trust_env=False).raise_for_status()

        return order

    @pytest.fixture
    def calls(self, standin: FacebookStandin) -> Callable[[], int]:
        """Return how many calls have come."""
        return lambda: int(standin.counted().get("app:", {}).get("calls", 0))


def keep(house: House, content: bytes, **measures: Any) -> MediaRef:
    """Store a film and return its reference."""
    return replace(house.media.keep(content, "le-hoi.mp4"), mime="video/mp4", **measures)


async def finish(
    publisher: FacebookPublisher, channel: Channel, payload: Payload, outcome: Receipt | Pending
) -> Receipt:
    """Ask until what was accepted has finished, as the delivery does it, without its waiting."""
    for _turn in range(10):
        if isinstance(outcome, Receipt):
            return outcome
        outcome = await publisher.publish(channel, payload, Staged(outcome.memo))
    raise AssertionError("publishing never ends")
