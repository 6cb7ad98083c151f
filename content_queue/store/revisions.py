"""What people were shown of a post, and what of it before: so that a changed post says what changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from content_queue.models import Payload, Post
from content_queue.states import DeliveryState
from content_queue.store.deliveries import payloads
from content_queue.store.marks import keep_mark, read_mark
from content_queue.store.posts import deliveries_of

#: A look at a post: its hash, its time, and [platform, locale, variant, channels] of each text.
_Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """What goes to so many channels of one platform in one language; `payload` None while it is awaited."""

    platform: str
    locale: str
    payload: Payload | None
    channels: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A post as it was, or is: when it goes out, and its texts."""

    due: datetime
    texts: Sequence[Text]


def keep_shown(connection: Connection, post: Post) -> None:
    """Remember what people are shown of a post now; what they were shown last becomes what was before."""
    kept: Mapping[str, _Kept] = read_mark(connection, _key(post), {})
    if kept and kept["now"]["hash"] == post.content_hash:
        return
    before = {"before": kept["now"]} if kept else {}
    keep_mark(connection, _key(post), {"now": _as_kept(connection, post), **before})


def shown_before(connection: Connection, post: Post) -> Revision | None:
    """Return what people were shown of a post before it became what it is, None where nothing else was."""
    kept: Mapping[str, _Kept] = read_mark(connection, _key(post), {})
    last = [kept[name] for name in ("now", "before") if name in kept]
    found = next((each for each in last if each["hash"] != post.content_hash), None)
    return _read(connection, found) if found else None


def as_it_is(connection: Connection, post: Post) -> Revision:
    """Return a post as it stands."""
    return _read(connection, _as_kept(connection, post))


def _as_kept(connection: Connection, post: Post) -> _Kept:
    rows = [row for row in deliveries_of(connection, post.id) if row.state != DeliveryState.CANCELLED]
    counted = Counter((row.platform, row.locale, row.variant) for row in rows)
    texts = [[*key, count] for key, count in counted.items()]
    return {"hash": post.content_hash, "due": post.due.isoformat(), "texts": texts}


def _read(connection: Connection, kept: _Kept) -> Revision:
    found = payloads(connection, [variant for _p, _l, variant, _c in kept["texts"] if variant])
    texts = [
        Text(platform, locale, found.get(variant or ""), count)
        for platform, locale, variant, count in kept["texts"]
    ]
    return Revision(datetime.fromisoformat(kept["due"]), texts)


def _key(post: Post) -> str:
    return f"shown:{post.id}"
