"""What adapters ask of the house beside their own means: the time, and turns inside the limits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from content_queue.ports import Pacer
from publishers.unpaced import UNPACED


def no_time() -> NoReturn:
    """Know no time: for those who only render, which needs none."""
    raise LookupError


@dataclass(frozen=True, slots=True)
class Around:
    """`now` returns the wall time, aware; `pacer` keeps the limits between the requests of one call."""

    now: Callable[[], datetime] = no_time
    pacer: Pacer = UNPACED


#: For adapters that are asked to render only.
NOTHING_AROUND = Around()
