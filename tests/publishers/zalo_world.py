"""Zalo as the adapter meets it: the stand-in over real HTTP, a clock that stands, an office that counts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from content_queue.models import Attempt, Channel, MediaRef, Payload, Variant
from content_queue.outcomes import Pending, Receipt, Staged
from publishers.http import Shards
from publishers.options import ZaloOptions
from publishers.standin.server import build
from publishers.standin.shown import Shown
from publishers.zalo import ZaloPublisher
from publishers.zalo.around import ZaloAround
from tests.publishers.contract import Vault
from tests.publishers.serving import serving

OA = "99"
CHANNEL = Channel("Zalo Sở Y tế", "so-y-te", "zalo", OA, token="kenh")
#: 12:00 in Vietnam, on a Friday.
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
PICTURES = "https://anh.gialai.example"
COVER = "https://gialai.example/bia.jpg"
MP4 = b"\0\0\0\x18ftypisom" + b"\0" * 50
FILM = MediaRef("d" * 64, "video/mp4", "phim.mp4", len(MP4))
SAID = Variant("vi", "Tiêm chủng\nĐợt tháng 12 bắt đầu.", author="Sở Y tế")


@dataclass
class Shelf:
    """Files of the office, by hash."""

    files: dict[str, bytes] = field(default_factory=lambda: {FILM.sha256: MP4})

    def read(self, ref: MediaRef) -> bytes:
        return self.files[ref.sha256]

    def verify(self, ref: MediaRef) -> None:
        return

    def part(self, ref: MediaRef, start: int, size: int) -> bytes:
        return self.read(ref)[start : start + size]


@dataclass
class World:
    """The stand-in, and the adapter that speaks to it."""

    url: str
    app: Any
    http: Shards
    web: httpx.AsyncClient
    now: datetime = NOON
    #: What the office's ledger says of broadcasts, and since when it was asked.
    pushed: int = 0
    asked_since: list[datetime] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def publisher(self) -> ZaloPublisher:
        """The adapter as the office has it now."""

        async def broadcasts(_channel: Channel, since: datetime) -> int:
            self.asked_since.append(since)
            return self.pushed

        around = ZaloAround(lambda: self.now, pictures=PICTURES, broadcasts=broadcasts)
        options = replace(ZaloOptions(api_url=self.url, default_cover=COVER), **self.options)
        secrets = Vault({"kenh": f"{OA}:t"})
        return ZaloPublisher(
            http=self.http, secrets=secrets, media=self.shelf, options=options, around=around
        )

    async def fault(self, word: str, on: str = "", count: int = 1) -> None:
        """Order a fault."""
        asked = {"next": word, "count": count, "on": on}
        (await self.web.post(f"{self.url}/_fault", json=asked)).raise_for_status()

    def shown(self) -> list[Shown]:
        """Return what lies at Zalo, hidden or not."""
        found: list[Shown] = self.app.state.standins["zalo"].shown()
        return found

    def messages(self) -> list[list[str]]:
        """Return the articles of each push that arrived."""
        return list(self.app.state.standins["zalo"]._articles.broadcasts.messages.values())

    async def stage(self, payload: Payload) -> Staged:
        """Stage to the end without waiting."""
        memo: Mapping[str, Any] = {}
        for _turn in range(20):
            result = await self.publisher.stage(CHANNEL, payload, memo)
            if isinstance(result, Staged):
                return result
            memo = result.memo
        raise AssertionError("staging never ends")

    async def publish(self, payload: Payload, staged: Staged) -> Receipt:
        """Publish to the end without waiting."""
        for _turn in range(20):
            result = await self.publisher.publish(CHANNEL, payload, staged)
            if isinstance(result, Receipt):
                return result
            staged = Staged(result.memo)
        raise AssertionError("publishing never ends")

    async def until(self, payload: Payload, key: str) -> Pending:
        """Publish until the memo holds something."""
        staged = await self.stage(payload)
        for _turn in range(20):
            result = await self.publisher.publish(CHANNEL, payload, staged)
            assert isinstance(result, Pending)
            if key in result.memo:
                return result
            staged = Staged(result.memo)
        raise AssertionError(f"no {key}")

    async def go_out(self, variant: Variant = SAID) -> Receipt:
        """Render, stage and publish to the end."""
        payload = self.publisher.render(CHANNEL, variant)
        return await self.publish(payload, await self.stage(payload))


def attempt(payload: Payload, staged: Mapping[str, Any]) -> Attempt:
    return Attempt(1, 1, payload, staged, NOON)


@asynccontextmanager
async def zalo_world(folder: Path) -> AsyncIterator[World]:
    """Open a world of its own."""
    async with AsyncExitStack() as stack:
        worlds: list[World] = []
        app = build(folder, now=lambda: worlds[0].now, platforms=["zalo"])
        url = stack.enter_context(serving(app))
        http = Shards(connections=2)
        stack.push_async_callback(http.close)
        web = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        worlds.append(World(f"{url}/zalo", app, http, web))
        yield worlds[0]
