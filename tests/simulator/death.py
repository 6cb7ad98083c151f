"""How a simulated process dies: at a numbered boundary of what it does to the world, or at any moment."""

import asyncio


class Killed(KeyboardInterrupt):
    """The process is dead; a `KeyboardInterrupt`, because only those leave an event loop at once.

    Tasks that wait for the one that died raise it again: `life` tells which death it is.
    """

    def __init__(self, life: "Life", where: str) -> None:
        super().__init__(where)
        self.life = life


class Life:
    """One life of the daemon's process: from a start to the boundary that is its last.

    A boundary lies before and after each call to a platform, each commit and each work in a thread.
    """

    def __init__(self, *, last: int) -> None:
        """Let the process die at its `last`-th boundary."""
        self.dead = False
        self.crossed = 0
        self._last = last

    def cross(self, where: str) -> None:
        """Pass a boundary.

        Raises:
            Killed: this was the last one.
            CancelledError: the process died before; what is left of it does nothing more.
        """
        if self.dead:
            raise asyncio.CancelledError
        self.crossed += 1
        if self.crossed >= self._last:
            self.kill(where)

    def kill(self, where: str) -> None:
        """Die here.

        Raises:
            Killed: always.
        """
        self.dead = True
        raise Killed(self, where)
