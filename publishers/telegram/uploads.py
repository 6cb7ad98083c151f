"""Files that a bot has brought to Telegram already: they are sent again by their ids, without an upload.

An id is good for the bot that made it, and for no other (Bot API, "Sending files"). Large files are brought
before their time, into the office's own chat, where they are deleted at once: the id stays good.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

#: So many ids are remembered; a restart forgets them all.
MOST = 4096

#: Name of the bot's token, hash of the file, method that sends it.
Key: TypeAlias = tuple[str, str, str]


class Uploads:
    """Ids of files by bot and hash. Of many who need the same file at a time, one brings it."""

    def __init__(self) -> None:
        """Know nothing."""
        self._ids: OrderedDict[Key, str] = OrderedDict()
        self._under_way: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)

    def known(self, key: Key) -> str:
        """Return the id of a file, empty where none is known."""
        return self._ids.get(key, "")

    def keep(self, key: Key, file_id: str) -> None:
        """Remember the id of a file."""
        if file_id:
            self._ids[key] = file_id
            self._ids.move_to_end(key)
        while len(self._ids) > MOST:
            self._ids.popitem(last=False)

    def forget(self, key: Key) -> None:
        """Forget an id that Telegram no longer knows."""
        self._ids.pop(key, None)

    async def once(self, key: Key, bring: Callable[[], Awaitable[str]]) -> str:
        """Return the id of a file, brought now if it is not known."""
        async with self._under_way[key]:
            if not self.known(key):
                self.keep(key, await bring())
        self._under_way.pop(key, None)
        return self.known(key)
