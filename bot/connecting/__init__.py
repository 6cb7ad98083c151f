"""Lead an officer from a list of channels to channels that are open: one way for each platform."""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module

from bot.connecting.visit import Joined, Visit

#: platform -> "module:function" that leads there. Imported when it is asked for.
WAYS: Mapping[str, str] = {
    "facebook": "bot.connecting.facebook:join",
    "telegram": "bot.connecting.telegram:join",
    "zalo": "bot.connecting.zalo:join",
}

__all__ = ["WAYS", "Joined", "Visit", "way_to"]


def way_to(platform: str) -> Callable[[Visit], Awaitable[list[Joined]]]:
    """Import and return what leads an officer to a platform."""
    module, _, name = WAYS[platform].partition(":")
    found: Callable[[Visit], Awaitable[list[Joined]]] = getattr(import_module(module), name)
    return found
