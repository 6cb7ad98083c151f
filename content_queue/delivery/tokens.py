"""Tokens at hand: looked up by name, used side by side, renewed alone."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from content_queue.models import Token
from content_queue.ports import Secrets
from content_queue.store import Connection
from content_queue.store.tokens import Vault, opened


async def _never(_name: str) -> bool:
    """Renew nothing."""
    return False


def _unheard(_secret: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Tokens:
    """Secrets by name: what the ledger keeps sealed, and behind it what lies in files.

    `learn` is told every value that may be used, `forget` every one that opens nothing any more.
    """

    files: Secrets
    learn: Callable[[str], None] = _unheard
    forget: Callable[[str], None] = _unheard
    _held: dict[str, tuple[int, str | None]] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str:
        """Return the token or secret called `name`.

        Raises:
            KeyError: there is none, or no key at hand opens it.
        """
        version, access = self._held.get(name, (0, ""))
        if access is None:
            raise KeyError(name)
        return access if version else self.files.get(name)

    def stale(self, known: Iterable[Token]) -> list[str]:
        """Return the names of what the ledger holds and we do not."""
        return [token.name for token in known if self._held.get(token.name, (0,))[0] != token.version]

    def hold(self, known: Iterable[Token], access: Mapping[str, str | None]) -> None:
        """Take what was opened anew for these tokens."""
        for token in known:
            if token.name in access:
                self._put(token.name, token.version, access[token.name])

    def load(self, connection: Connection, vault: Vault, known: Iterable[Token]) -> None:
        """Open whatever changed since the last time."""
        tokens = list(known)
        stale = self.stale(tokens)
        if stale:
            self.hold(tokens, opened(connection, vault, stale))

    def _put(self, name: str, version: int, access: str | None) -> None:
        old = self._held.get(name, (0, None))[1]
        if access is not None:
            self.learn(access)
        if old is not None and old != access:
            self.forget(old)
        self._held[name] = (version, access)


class Gate:
    """Lets calls with a token go side by side, and its renewal alone: the old token dies in it.

    Whoever wants to use a token waits while it is renewed; a renewal waits for what is under way.
    """

    def __init__(self) -> None:
        #: Asked for a token that its platform refuses: whether it is being renewed, so that waiting helps.
        self.revive: Callable[[str], Awaitable[bool]] = _never
        self._using: Counter[str] = Counter()
        self._closed: dict[str, asyncio.Event] = {}
        self._idle: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def using(self, name: str) -> AsyncIterator[None]:
        """Use a token; wait while it is renewed."""
        while name in self._closed:
            await self._closed[name].wait()
        self._using[name] += 1
        try:
            yield
        finally:
            self._using[name] -= 1
            if not self._using[name]:
                del self._using[name]
                if name in self._idle:
                    self._idle[name].set()

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """Renew a token; nobody uses it meanwhile. There is one renewer, so nobody else is here."""
        over = self._closed[name] = asyncio.Event()
        try:
            if self._using[name]:
                idle = self._idle[name] = asyncio.Event()
                await idle.wait()
            yield
        finally:
            self._idle.pop(name, None)
            del self._closed[name]
            over.set()
