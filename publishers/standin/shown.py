"""What the stand-ins' page shows of a post: the face every platform gives it."""

from dataclasses import dataclass, field
from datetime import datetime


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
    #: Paths on this server of the pictures, in order.
    pictures: tuple[str, ...] = ()
    visible: bool = True
    reach: dict[str, int] = field(default_factory=dict)
