"""How it goes out: one adapter a platform, and the stand-in platforms.

Adapters translate; they keep no state, never wait, retry or poll. See `content_queue.ports.Publisher`.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

#: platform -> "module:Class". Imported on first use.
PLATFORMS: Mapping[str, str] = {
    "facebook": "publishers.facebook:FacebookPublisher",
    "site": "publishers.site:SitePublisher",
    "telegram": "publishers.telegram:TelegramPublisher",
    "zalo": "publishers.zalo:ZaloPublisher",
}


def publisher_class(platform: str) -> Any:
    """Import and return the adapter class of a platform."""
    module, _, name = PLATFORMS[platform].partition(":")
    return getattr(import_module(module), name)
