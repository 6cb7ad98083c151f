"""Connect to the platforms as an office has set them; in rehearsal they are the stand-ins."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.platforms import Tools, open_publisher
from bot.settings import Settings
from content_queue.ports import Media, Publisher, Secrets
from publishers import PLATFORMS
from publishers.http import Shards

#: Stands in for the cover an office has not set yet; nobody fetches it in rehearsal.
REHEARSAL_COVER = "https://example.org/anh-bia.jpg"


def rehearsing(settings: Settings, standins: str = "") -> Settings:
    """Return settings whose platforms are the stand-ins at the address `standins`."""
    if not settings.rehearsal:
        return settings
    zalo = settings.zalo
    return replace(
        settings,
        facebook=replace(settings.facebook, api_url=f"{standins}/facebook"),
        telegram=replace(settings.telegram, api_url=f"{standins}/telegram", proxy=""),
        zalo=replace(
            zalo,
            api_url=f"{standins}/zalo",
            oauth_url=f"{standins}/zalo",
            default_cover=zalo.default_cover or REHEARSAL_COVER,
        ),
    )


def open_lines(settings: Settings) -> dict[str, Shards]:
    """Make each platform's HTTP clients; Telegram's may go through a proxy."""
    width = settings.publish.connections
    return {
        platform: Shards(connections=width, proxy=proxy or None)
        for platform, proxy in (("facebook", ""), ("zalo", ""), ("telegram", settings.telegram.proxy))
    }


def connect(
    settings: Settings, home: Path, *, secrets: Secrets, media: Media, lines: Mapping[str, Shards]
) -> dict[str, Publisher]:
    """Make every adapter."""
    return {
        platform: open_publisher(
            platform, settings, Tools(home, lines.get(platform, lines["facebook"]), secrets, media)
        )
        for platform in PLATFORMS
    }
