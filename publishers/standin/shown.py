"""What the stand-ins' page shows of a post: the face every platform gives it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Style:
    """How the letters [first, last) of a text look: `bold`, `italic`, or `text_link` to an address."""

    kind: str
    first: int
    last: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One post as readers of a network would see it; `at` is when it arrived, UTC."""

    platform: str
    channel: str
    remote_id: str
    at: datetime
    text: str
    title: str = ""
    link: str = ""
    #: Paths on this server of the pictures and films, in order; beside them what is to be seen there.
    pictures: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    #: Names and paths of the files that one opens, in order.
    documents: tuple[tuple[str, str], ...] = ()
    styles: tuple[Style, ...] = ()
    #: What stands under it, and what the network calls it: `reel`, `pushed`.
    comments: tuple[str, ...] = ()
    note: str = ""
    visible: bool = True
    reach: dict[str, int] = field(default_factory=dict)
