"""Turn posts into pages, indexes and feeds. Text is data: every template escapes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from content_queue.localize import date_words, form_for, weekday
from content_queue.models import Channel
from publishers.options import SiteOptions
from publishers.site.files import moment, write, write_if_new
from publishers.site.page import picture_name
from publishers.site.shelf import ZONE, Post, posts

#: Posts of a feed and of the overall index; and how many of them each channel offers.
LATEST, OFFERED = 30, 10
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Card:
    """What an index shows of a post; `href` is relative to the overall index."""

    href: str
    heading: str
    opening: str
    locale: str
    at: datetime
    channel: str
    channel_name: str


def print_page(folder: Path, post: Post, options: SiteOptions) -> None:
    """Write the page of a post."""
    write(
        folder / post.channel / f"{post.page}.html",
        _filled("post.html", post=post, up="../", options=options),
    )


def print_channel(folder: Path, channel: Channel, options: SiteOptions) -> None:
    """Write the index and the feed of a channel, and pages that a crash left unwritten."""
    found = posts(folder, channel.remote_id)
    home, name = folder / channel.remote_id, channel.name
    base = f"{options.base_url.rstrip('/')}/{channel.remote_id}"
    cards = [card(post) for post in found]
    updated = max((post.changed for post in found), default=moment(folder))
    for post in found:
        if not (home / f"{post.page}.html").is_file():
            print_page(folder, post, options)
    write(home / "index.html", _filled("channel.html", cards=cards, name=name, up="../", options=options))
    write(home / "feed.xml", _filled("feed.xml", posts=found[:LATEST], updated=updated, base=base, name=name))
    offered = [_stored(one) for one in cards[:OFFERED]]
    write(home / "channel.json", json.dumps(offered, ensure_ascii=False).encode())


def print_front(folder: Path, options: SiteOptions) -> None:
    """Write the overall index from what each channel offers, and the style sheet."""
    offered = [
        _loaded(one) for path in folder.glob("*/channel.json") for one in json.loads(path.read_bytes())
    ]
    cards = sorted(offered, key=lambda one: (one.at, one.href), reverse=True)
    channels = {one.channel: one.channel_name for one in reversed(cards)}  # a renamed one by its newest name
    front = _filled("index.html", cards=cards[:LATEST], channels=channels, up="", options=options)
    write(folder / "index.html", front)
    write_if_new(folder / "style.css", (TEMPLATES / "style.css").read_bytes())


def card(post: Post) -> Card:
    """Return what an index shows of a post."""
    opening: Sequence[str] = post.fields["paragraphs"]
    return Card(
        f"{post.channel}/{post.page}.html",
        post.fields["heading"],
        opening[0] if opening else "",
        post.payload.locale,
        post.at,
        post.channel,
        post.channel_name,
    )


def day_words(at: datetime, locale: str) -> str:
    """Write the local day and time of a page: `Thứ Bảy, 21/11/2026, 07:30`."""
    form, local = form_for(locale), at.astimezone(ZONE)
    return f"{weekday(local.date(), form)}, {date_words(local.date(), form)}, {local:%H:%M}"


def _stored(one: Card) -> dict[str, str]:
    return {name: str(getattr(one, name)) for name in Card.__slots__} | {"at": one.at.isoformat()}


def _loaded(stored: dict[str, str]) -> Card:
    words = {name: stored[name] for name in Card.__slots__ if name != "at"}
    return Card(**words, at=datetime.fromisoformat(stored["at"]))


def _filled(template: str, **facts: object) -> bytes:
    return _templates().get_template(template).render(**facts).encode()


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["day_words"] = day_words
    templates.filters["picture_name"] = picture_name
    return templates
