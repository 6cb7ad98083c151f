"""Open the publishers of an office: each platform's adapter with what it needs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from bot.settings import Settings
from content_queue.models import Channel, MediaRef
from content_queue.ports import Media, Pacer, Publisher, Secrets, Writer
from content_queue.store.broadcasts import count_broadcasts
from publishers import PLATFORMS, publisher_class
from publishers.around import Around, no_time
from publishers.http import Shards
from publishers.memory import Memory
from publishers.options import ZaloOptions
from publishers.unpaced import UNPACED
from publishers.zalo.around import ZaloAround

#: Where, in rehearsal, the stand-ins believe that the office's web server is.
REHEARSAL_PICTURES = "https://anh.example.org"
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
        media=replace(settings.media, public_url=REHEARSAL_PICTURES, listen="127.0.0.1:0"),
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


class Nothing:
    """Neither secrets nor media: for those who only render, which is pure and needs none."""

    def get(self, name: str) -> NoReturn:
        """Know no secret."""
        raise KeyError(name)

    def read(self, ref: MediaRef) -> NoReturn:
        """Hold no file."""
        raise KeyError(ref.name)

    verify = read

    def part(self, ref: MediaRef, start: int, size: int) -> NoReturn:  # noqa: ARG002 - it holds none
        """Hold no file."""
        raise KeyError(ref.name)


@dataclass(frozen=True, slots=True)
class Tools:
    """What publishers work with. `home` is where the office's own pages are written under."""

    home: Path
    http: Shards
    secrets: Secrets
    media: Media
    pacer: Pacer = UNPACED
    #: Return the wall time, aware.
    now: Callable[[], datetime] = no_time
    ledger: Writer | None = None


def open_publisher(platform: str, settings: Settings, tools: Tools) -> Publisher:
    """Return the adapter of one platform."""
    options = getattr(settings, platform)
    make = publisher_class(platform)
    if platform == "site":  # the office's own pages: no network, no account
        publisher: Publisher = make(options=options, home=tools.home, media=tools.media)
    else:
        more = _more(platform, settings, tools)
        publisher = make(http=tools.http, secrets=tools.secrets, media=tools.media, options=options, **more)
    return publisher


def _more(platform: str, settings: Settings, tools: Tools) -> Mapping[str, object]:
    """Return what an adapter asks of the house beside its own means."""
    match platform:
        case "zalo":
            return {"around": _around_zalo(settings, tools)}
        case "telegram":
            return {"around": Around(tools.now, tools.pacer)}
        case "facebook":
            return {"pacer": tools.pacer, "memory": Memory(tools.now)}
    return {"pacer": tools.pacer}


def _around_zalo(settings: Settings, tools: Tools) -> ZaloAround:
    """Return what the adapter of Zalo asks of the house."""
    ledger = tools.ledger
    if ledger is None:
        return ZaloAround(tools.now, tools.pacer, settings.media.public_url)

    async def broadcasts(channel: Channel, since: datetime) -> int:
        return await ledger.read(partial(count_broadcasts, channel=channel.name, since=since))

    return ZaloAround(tools.now, tools.pacer, settings.media.public_url, broadcasts)


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
