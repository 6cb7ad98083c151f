"""Planned posts and deliveries as rows of the ledger."""

from datetime import datetime, timedelta
from typing import Any

from content_queue.localize import parse, plain
from content_queue.models import ComposedDelivery, ComposedPost
from content_queue.states import DeliveryState
from content_queue.store.calendar import Change


def post_values(item: ComposedPost) -> dict[str, Any]:
    """Return what a post is kept with, apart from where it stands."""
    entry = item.post.entry
    rendered = next((d.payload.text for d in item.deliveries if d.payload is not None), "")
    written = plain(parse(next(iter(entry.texts.values()), "")))
    summary = (rendered or entry.title or written).strip().splitlines()
    return {
        "calendar_due": item.post.due,
        "agency": entry.agency,
        "author": entry.author,
        "campaign": entry.campaign,
        "occasion": item.post.facts.occasion,
        "tags": list(entry.tags),
        "summary": summary[0][:120] if summary else "",
        "reason": "\n".join(item.problems) or None,
    }


def delivery_values(post: str, wanted: ComposedDelivery, due: datetime, window: timedelta) -> dict[str, Any]:
    """Return a new delivery of a post that is due at `due`."""
    due += wanted.after
    return {
        "post": post,
        "channel": wanted.channel,
        "platform": wanted.platform,
        "locale": wanted.locale,
        "variant": hash_of(wanted),
        "state": DeliveryState.SCHEDULED,
        "due": due,
        "planned": due,
        "ready_at": due,
        "window_end": due + window,
    }


def hash_of(wanted: ComposedDelivery) -> str | None:
    """Return the hash of what would leave, None while a text is awaited."""
    return wanted.payload.sha256() if wanted.payload else None


def change_of(item: ComposedPost, kind: str) -> Change:
    """Return the change that people are told of."""
    entry = item.post.entry
    return Change(item.post.id, kind, entry.agency, entry.author, item.post.due, item.problems)
