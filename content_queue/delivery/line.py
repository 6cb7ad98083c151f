"""A line in which one call at a time stands at the head; what can wait lets the others go first."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_spare: ContextVar[bool] = ContextVar("spare", default=False)


@contextmanager
def sparing(*, spare: bool = True) -> Iterator[None]:
    """Say of all calls made inside whether they can wait for others."""
    token = _spare.set(spare)
    try:
        yield
    finally:
        _spare.reset(token)


def can_wait() -> bool:
    """Tell whether the call that is being made can wait for others."""
    return _spare.get()


class Line:
    """The line of one key. Those that can wait come after all others, each kind in the order it came."""

    def __init__(self) -> None:
        """Begin with nobody in it."""
        self._taken = False
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {False: deque(), True: deque()}

    def locked(self) -> bool:
        """Tell whether somebody stands at its head."""
        return self._taken

    async def __aenter__(self) -> None:
        """Wait for the head of the line."""
        if not self._taken:
            self._taken = True
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting[can_wait()].append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # its turn came at the same moment: the next has it
                self._let_next()
            raise

    async def __aexit__(self, *_error: object) -> None:
        """Let the next one come to the head."""
        self._let_next()

    def _let_next(self) -> None:
        for waiting in self._waiting.values():
            while waiting:
                following = waiting.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._taken = False
