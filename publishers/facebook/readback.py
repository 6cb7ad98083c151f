"""Find a post again in what a Page has published. Pure.

A match proves that it is there; no match proves nothing: `published_posts` is ranked, bounded to about
600 posts a year, and nobody has told how late it is.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from content_queue.models import Attempt
from content_queue.outcomes import Receipt

#: What is read of each post; with it come the ids of its photos.
FIELDS = "id,message,created_time,permalink_url,attachments{target,subattachments}"
#: Clocks differ: posts this much older than the attempt still count.
SLACK = timedelta(minutes=5)


def matching(posts: Iterable[Mapping[str, Any]], attempt: Attempt) -> Receipt | None:
    """Return the oldest post that is this attempt's: by photo ids, which prove most, else by message."""
    recent = sorted(
        (post for post in posts if created(post) >= attempt.started_at - SLACK and not owned(post, attempt)),
        key=created,
    )
    photos = frozenset(attempt.staged.get("photos", ()))
    message = normal(attempt.payload.fields.get("message", ""))
    by_photo = [post for post in recent if photos & set(targets(post))]
    by_message = [post for post in recent if message and normal(post.get("message", "")) == message]
    found = by_photo or by_message
    return receipt(found[0]) if found else None


def owned(post: Mapping[str, Any], attempt: Attempt) -> bool:
    """Tell whether a post is known to be another one of ours, of the same words perhaps."""
    return post.get("id") in attempt.owned


def created(post: Mapping[str, Any]) -> datetime:
    """Return when a post was made; the beginning of time if it does not say."""
    try:
        return datetime.fromisoformat(post["created_time"])
    except (KeyError, TypeError, ValueError):
        return datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def normal(message: object) -> str:
    """Return a message as it is compared: NFC, LF, trimmed."""
    return unicodedata.normalize("NFC", str(message)).replace("\r\n", "\n").strip()


def targets(post: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of everything attached to a post."""
    yield from _targets(post.get("attachments"))


def _targets(edge: object) -> Iterator[str]:
    rows: Sequence[Any] = edge.get("data", ()) if isinstance(edge, dict) else ()
    for row in rows:
        yield str(row.get("target", {}).get("id", ""))
        yield from _targets(row.get("subattachments"))


def receipt(post: Mapping[str, Any]) -> Receipt:
    """Return what the platform gave back, from any answer that has an id and perhaps a permalink."""
    remote_id = str(post["id"])
    return Receipt(remote_id, post.get("permalink_url") or f"https://www.facebook.com/{remote_id}")


def next_cursor(answer: Mapping[str, Any]) -> str | None:
    """Return where the list goes on. Only the cursor is taken: the address in `next` holds the token."""
    paging = answer.get("paging", {})
    after: str | None = paging.get("cursors", {}).get("after")
    return after if "next" in paging else None
