"""Posts as files: one JSON file beside each page. Everything else is made from them again.

`<folder>/<channel>/<page>.json` is the post, and published is what has one; `<page>.html` is written
before it, indexes and feeds after it, so that a crash between them heals with the next post.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from content_queue.models import Payload
from publishers.site.files import write
from publishers.site.page import picture_name

#: Where readers live.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: What a channel's folder may be called: it is part of an address.
NAME = r"[a-z0-9][a-z0-9_-]*"
#: Characters of the payload's hash in a page's name.
HASH = 12


@dataclass(frozen=True, slots=True)
class Post:
    """One page: its name, when it appeared and last changed (UTC), folder and name of its channel."""

    page: str
    at: datetime
    channel: str
    channel_name: str
    payload: Payload
    changed: datetime

    @property
    def fields(self) -> Mapping[str, Any]:
        """Return heading, paragraphs, link, hashtags and author."""
        return self.payload.fields


def page_name(payload: Payload, at: datetime) -> str:
    """Name a page: its local day and its content, so that the same thing said twice a day is one page."""
    return f"{at.astimezone(ZONE):%Y-%m-%d}-{payload.sha256()[:HASH]}"


def place(folder: Path, channel: str, page: str) -> Path:
    """Return where a post is stored."""
    return folder / channel / f"{page}.json"


def keep(folder: Path, post: Post) -> None:
    """Store a post: from now on it is published."""
    stored = {
        "page": post.page,
        "at": post.at.isoformat(),
        "changed": post.changed.isoformat(),
        "channel": post.channel,
        "channel_name": post.channel_name,
        "payload": post.payload.as_json(),
    }
    write(place(folder, post.channel, post.page), json.dumps(stored, ensure_ascii=False).encode())


def drop(folder: Path, channel: str, page: str) -> None:
    """Take a post away: its file first, for what has none is not published; then page and pictures."""
    stored = place(folder, channel, page)
    stored.unlink(missing_ok=True)
    stored.with_suffix(".html").unlink(missing_ok=True)
    shown = {
        picture_name(ref)
        for path in folder.glob("*/????-??-??-*.json")
        for ref in load(path).payload.media
        if not ref.url
    }
    for picture in (folder / "pictures").glob("*"):
        if picture.name not in shown:
            picture.unlink(missing_ok=True)


def load(path: Path) -> Post:
    """Return a stored post."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(stored["at"])
    payload = Payload.from_json(stored["payload"])
    changed = datetime.fromisoformat(stored.get("changed", stored["at"]))
    return Post(stored["page"], at, stored["channel"], stored["channel_name"], payload, changed)


def posts(folder: Path, channel: str) -> Sequence[Post]:
    """Return the posts of a channel, newest first."""
    found = [load(path) for path in (folder / channel).glob("????-??-??-*.json")]
    return sorted(found, key=lambda post: (post.at, post.page), reverse=True)
