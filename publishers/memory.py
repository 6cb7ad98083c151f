"""What was learned of a channel and holds for a while: adapters themselves keep nothing between calls."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any


class Memory:
    """Values by key, each until its time; a restart forgets them, and they are learned anew."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Reckon by the wall time."""
        self._now = now
        self._kept: dict[Hashable, tuple[datetime, Any]] = {}

    def keep(self, key: Hashable, value: Any, wait: timedelta) -> None:
        """Remember a value for so long."""
        self._kept[key] = (self._now() + wait, value)

    def recall(self, key: Hashable) -> Any:
        """Return a value, None where there is none any more."""
        until, value = self._kept.get(key, (None, None))
        if until is not None and until <= self._now():
            del self._kept[key]
            return None
        return value


def forgetful() -> Memory:
    """Return a memory for those who are asked once: previews, and adapters under test."""
    return Memory(lambda: datetime(1, 1, 1, tzinfo=UTC))
