"""Find a post again in what a Page has published.

A match proves that it is there; no match proves nothing: `published_posts` is ranked, bounded to about
600 posts a year, and nobody has told how late it is.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from content_queue.models import Attempt
from content_queue.outcomes import Receipt
from publishers.facebook.errors import envelope
from publishers.facebook.graph import GraphError
from publishers.facebook.page import Page

#: What is read of each post; with it come the ids of its photos.
FIELDS = "id,message,created_time,permalink_url,attachments{target,subattachments}"
#: Pages of `published_posts` that are read, posts on each (Meta's maximum), and on a smaller one.
PAGES, PAGE_SIZE, SMALL = 3, 100, 25
#: What code 1 says to a question for too much.
TOO_MUCH = "reduce the amount of data"
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
    for row in _rows(edge):
        yield str(row.get("target", {}).get("id", ""))
        yield from _targets(row.get("subattachments"))


def _rows(edge: object) -> Sequence[Any]:
    return edge.get("data", ()) if isinstance(edge, dict) else ()


def own_media(post: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the photos and films that hang on a post; not its album, nor what it links to."""
    yield from _own_media(post.get("attachments"))


def _own_media(edge: object) -> Iterator[str]:
    for row in _rows(edge):
        if row.get("media_type") in {"photo", "video"} and row.get("target", {}).get("id"):
            yield str(row["target"]["id"])
        yield from _own_media(row.get("subattachments"))


async def published(page: Page) -> list[Mapping[str, Any]]:
    """Return a Page's latest posts; an empty page of the list may still be followed by others."""
    posts: list[Mapping[str, Any]] = []
    after, size = None, PAGE_SIZE
    for _turn in range(PAGES):
        answer = await _listed(page, after, size)
        if answer is None:  # too much for Facebook at once
            size = SMALL
            continue
        posts += answer.get("data", ())
        after = next_cursor(answer)
        if after is None:
            break
    return posts


async def _listed(page: Page, after: str | None, size: int) -> Mapping[str, Any] | None:
    """Return one page of the list, None where Facebook asks for a smaller one."""
    with page.repeatable():
        try:
            answer: dict[str, Any] = await page.graph.get_connections(
                page.id, "published_posts", fields=FIELDS, limit=size, after=after
            )
        except GraphError as error:
            if size > SMALL and TOO_MUCH in str(envelope(error.body).get("message", "")):
                return None
            raise
    return answer


def receipt(post: Mapping[str, Any]) -> Receipt:
    """Return what the platform gave back, from any answer that has an id and perhaps a permalink."""
    remote_id = str(post["id"])
    return Receipt(remote_id, post.get("permalink_url") or f"https://www.facebook.com/{remote_id}")


def next_cursor(answer: Mapping[str, Any]) -> str | None:
    """Return where the list goes on. Only the cursor is taken: the address in `next` holds the token."""
    paging = answer.get("paging", {})
    after: str | None = paging.get("cursors", {}).get("after")
    return after if "next" in paging else None
