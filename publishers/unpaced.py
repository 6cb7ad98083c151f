"""A pacer for those who make no calls that count: previews, and adapters under test."""

from collections.abc import Sequence

from content_queue.ports import Limit, Pacer, Usage


class Unpaced:
    """Let every request begin at once and forget what is told."""

    async def turn(self, limits: Sequence[Limit]) -> None:
        """Wait for nothing."""

    def told(self, key: str, usage: Usage) -> None:
        """Take note of nothing."""


UNPACED: Pacer = Unpaced()
