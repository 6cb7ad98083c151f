"""Open the publishers of an office: each platform's adapter with what it needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from bot.settings import Settings
from content_queue.models import MediaRef
from content_queue.ports import Media, Pacer, Publisher, Secrets
from publishers import PLATFORMS, publisher_class
from publishers.http import Shards
from publishers.options import ZaloOptions
from publishers.unpaced import UNPACED

#: Stands in for the cover an office has not set yet; nobody fetches it in rehearsal.
REHEARSAL_COVER = "https://example.org/anh-bia.jpg"
#: Stands in for the address that people come back to from Zalo; they copy it and never open it.
REHEARSAL_CALLBACK = "https://example.org/zalo"


def rehearsing(settings: Settings, standins: str = "") -> Settings:
    """Return settings whose platforms, in rehearsal, are the stand-ins at the address `standins`."""
    if not settings.rehearsal:
        return settings
    address = f"{standins}/zalo"
    return replace(
        settings,
        facebook=replace(
            settings.facebook, api_url=f"{standins}/facebook", app_id=settings.facebook.app_id or "1"
        ),
        telegram=replace(settings.telegram, api_url=f"{standins}/telegram", proxy=""),
        zalo=replace(_rehearsed(settings.zalo), api_url=address, oauth_url=address),
    )


def _rehearsed(zalo: ZaloOptions) -> ZaloOptions:
    """Return options with whatever an office has not set yet and stand-ins ask for."""
    return replace(
        zalo,
        default_cover=zalo.default_cover or REHEARSAL_COVER,
        app_id=zalo.app_id or "1",
        app_secret=zalo.app_secret or "zalo-app",
        callback_url=zalo.callback_url or REHEARSAL_CALLBACK,
    )


@dataclass(frozen=True, slots=True)
class Tools:
    """What publishers work with. `home` is where the office's own pages are written under."""

    home: Path
    http: Shards
    secrets: Secrets
    media: Media
    pacer: Pacer = UNPACED


class Nothing:
    """Neither secrets nor media: for those who only render, which is pure and needs none."""

    def get(self, name: str) -> NoReturn:
        """Know no secret."""
        raise KeyError(name)

    def read(self, ref: MediaRef) -> NoReturn:
        """Hold no picture."""
        raise KeyError(ref.name)


def open_publisher(platform: str, settings: Settings, tools: Tools) -> Publisher:
    """Return the adapter of one platform."""
    options = getattr(settings, platform)
    make = publisher_class(platform)
    if platform == "site":  # the office's own pages: no network, no account
        publisher: Publisher = make(options=options, home=tools.home, media=tools.media)
    else:
        more = {"options": options, "pacer": tools.pacer}
        publisher = make(http=tools.http, secrets=tools.secrets, media=tools.media, **more)
    return publisher


class Renderers(Mapping[str, Publisher]):
    """Publishers by platform, imported when first asked for, that can render and nothing else."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self._settings = rehearsing(settings)
        self._tools = Tools(home, Shards(connections=1), Nothing(), Nothing())
        self._opened: dict[str, Publisher] = {}

    def __getitem__(self, platform: str) -> Publisher:
        if platform not in self._opened:
            self._opened[platform] = open_publisher(platform, self._settings, self._tools)
        return self._opened[platform]

    def __iter__(self) -> Iterator[str]:
        return iter(PLATFORMS)

    def __len__(self) -> int:
        return len(PLATFORMS)
