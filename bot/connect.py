"""Connect to the platforms: lines to each, and an adapter at the end of every line."""

from collections.abc import Mapping
from dataclasses import replace

from bot.platforms import Tools, open_publisher
from bot.settings import Settings
from content_queue.ports import Login, Looker, Publisher, Secrets
from publishers import PLATFORMS
from publishers.facebook.login import FacebookLogin, missing_options
from publishers.http import Shards, open_shards
from publishers.zalo.login import ZaloLogin


def open_lines(settings: Settings) -> dict[str, Shards]:
    """Make each platform's HTTP clients, of which Telegram's may go through a proxy, and one for the web."""
    publish = settings.publish
    lines = {
        platform: open_shards(publish.transport, connections=publish.connections, proxy=proxy)
        for platform, proxy in (("facebook", ""), ("zalo", ""), ("telegram", settings.telegram.proxy))
    }
    return {**lines, "web": Shards(connections=1)}


def connect(settings: Settings, tools: Tools, lines: Mapping[str, Shards]) -> dict[str, Publisher]:
    """Make every adapter, each with its own line."""
    return {
        platform: open_publisher(platform, settings, replace(tools, http=lines.get(platform, tools.http)))
        for platform in PLATFORMS
    }


def logins(settings: Settings, lines: Mapping[str, Shards], secrets: Secrets) -> dict[str, Login]:
    """Return how tokens are renewed, for the platforms that let them run out."""
    return {"zalo": ZaloLogin(http=lines["zalo"], secrets=secrets, options=settings.zalo)}


def lookers(settings: Settings, lines: Mapping[str, Shards], secrets: Secrets) -> dict[str, Looker]:
    """Return what asks about tokens themselves, where a platform tells and the office's app is set."""
    if missing_options(settings.facebook):
        return {}
    return {"facebook": FacebookLogin(http=lines["facebook"], secrets=secrets, options=settings.facebook)}
